package eximtest

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// What the server is.
const (
	User     = "desk"     // who may send mails
	Password = "Sesame-1" // by a login, once the connection is encrypted
	Nobody   = "nobody"   // the mailbox, of any domain, that is refused for good
	Busy     = "busy"     // the one that is refused for now
	Vanished = "vanished" // the one that is taken, and found to be none only then
	Bounces  = "bounces"  // the one whose mails are in a Maildir of their own
)

// T is what a server needs of a test; a testing.TB has it.
type T interface {
	Helper()
	Cleanup(end func())
	Fatalf(format string, args ...any)
}

// Server is a mail server.
type Server struct {
	t    T
	dir  string
	port int
	cmd  *exec.Cmd
	done chan error
}

// Start runs a server until the test ends.
func Start(t T) *Server {
	t.Helper()
	s := &Server{t: t}
	if os.Geteuid() != 0 {
		t.Fatalf("exim: a mail server delivers as other users: run this as root")
	}
	if _, err := exec.LookPath("exim4"); err != nil {
		t.Fatalf("exim: %v; run: apt-get install exim4-daemon-light", err)
	}
	var err error
	s.dir, err = os.MkdirTemp("", "tamachi-exim-") // not the test's folder, which only root may enter
	s.must("make a folder", err)
	s.must("open the folder", os.Chmod(s.dir, 0o755)) //nolint:gosec // for Exim's user
	t.Cleanup(func() {
		s.Stop()
		s.must("remove the folder", os.RemoveAll(s.dir))
	})
	s.prepare()
	s.Resume()
	return s
}

func (s *Server) must(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("exim: %s: %v", what, err)
	}
}

// prepare makes the folders of Exim's user, the certificate and a port.
func (s *Server) prepare() {
	s.t.Helper()
	who, err := user.Lookup("Debian-exim")
	s.must("find its user", err)
	uid, err := strconv.Atoi(who.Uid)
	s.must("read its user", err)
	gid, err := strconv.Atoi(who.Gid)
	s.must("read its group", err)
	for _, name := range []string{"spool", "log", "mail", "mail/tmp", "mail/new", "mail/cur", "bounces", "bounces/tmp", "bounces/new", "bounces/cur"} {
		path := filepath.Join(s.dir, name)
		s.must("make a folder", os.Mkdir(path, 0o750))
		s.must("give it a folder", os.Chown(path, uid, gid))
	}
	key, cert := s.certificate()
	path := filepath.Join(s.dir, "key.pem")
	s.must("write the key", os.WriteFile(path, key, 0o640)) //nolint:gosec // for Exim's user, below
	s.must("give it the key", os.Chown(path, 0, gid))
	s.must("write the certificate", os.WriteFile(s.CA(), cert, 0o644)) //nolint:gosec // public
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	s.must("find a port", err)
	s.port = l.Addr().(*net.TCPAddr).Port
	s.must("leave the port", l.Close())
	s.must("write the configuration", os.WriteFile(s.configuration(), []byte(strings.NewReplacer("DIR", s.dir, "PORT", strconv.Itoa(s.port)).Replace(configuration)), 0o644)) //nolint:gosec // for Exim's user
}

func (s *Server) configuration() string { return filepath.Join(s.dir, "exim.conf") }

// CA is the file with the certificate that vouches for the server's.
func (s *Server) CA() string { return filepath.Join(s.dir, "cert.pem") }

// Bounces is the Maildir of the mailbox of that name.
func (s *Server) Bounces() string { return filepath.Join(s.dir, "bounces") }

// Port is where it listens.
func (s *Server) Port() int { return s.port }

// configuration takes mails from who has logged in and keeps them all in one
// folder. Source: Specification of the Exim Mail Transfer Agent, 14, 42, 33.
const configuration = `
primary_hostname = mail.example.com
spool_directory = DIR/spool
log_file_path = DIR/log/%slog
pid_file_path = DIR/spool/exim.pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = PORT
host_lookup =
rfc1413_query_timeout = 0s
keep_environment =
tls_certificate = DIR/cert.pem
tls_privatekey = DIR/key.pem
tls_advertise_hosts = *
auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl
rcpt:
  deny local_parts = nobody
       message = there is no such mailbox here
  defer local_parts = busy
        message = the mailbox is busy, come again
  require message = log in first
          authenticated = *
  accept

begin routers
vanished:
  driver = redirect
  local_parts = vanished
  data = :fail: the mailbox was given up
  allow_fail
bounces:
  driver = accept
  local_parts = bounces
  transport = bounces
all:
  driver = accept
  transport = folder

begin transports
folder:
  driver = appendfile
  directory = DIR/mail
  maildir_format
  user = Debian-exim
  group = Debian-exim
  envelope_to_add
  return_path_add
  delivery_date_add

bounces:
  driver = appendfile
  directory = DIR/bounces
  maildir_format
  user = Debian-exim
  group = Debian-exim
  return_path_add

begin retry
* * F,1h,1m

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${if and{{eq{$auth2}{desk}}{eq{$auth3}{Sesame-1}}}}
  server_set_id = $auth2
`

// Resume starts the server again, on the same port with the same mailboxes, and
// waits until it greets.
func (s *Server) Resume() {
	s.t.Helper()
	log, err := os.OpenFile(filepath.Join(s.dir, "daemon.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	s.must("open the log", err)
	defer log.Close()
	s.cmd = exec.Command("exim4", "-C", s.configuration(), "-bdf", "-q1m") //nolint:gosec // our own file
	s.cmd.Stdout, s.cmd.Stderr = log, log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	s.must("start", s.cmd.Start())
	s.done = make(chan error, 1)
	cmd, done := s.cmd, s.done
	go func() { done <- cmd.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(time.Minute)
	for !s.greets() {
		select {
		case err := <-s.done:
			text, _ := os.ReadFile(log.Name())
			s.t.Fatalf("exim: ended before it greeted: %v\n%s%s", err, text, s.Log())
		case <-late:
			s.t.Fatalf("exim: no greeting within a minute\n%s", s.Log())
		case <-tick.C:
		}
	}
}

func (s *Server) greets() bool {
	c, err := new(net.Dialer).DialContext(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
	if err != nil {
		return false
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second)) //nolint:forbidigo // a socket's own clock
	line, err := bufio.NewReader(c).ReadString('\n')
	_, _ = io.WriteString(c, "QUIT\r\n")
	return err == nil && strings.HasPrefix(line, "220 ")
}

// Stop ends the server; what it has taken it keeps.
func (s *Server) Stop() {
	if s.cmd == nil {
		return
	}
	_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) // its own group: what delivers for it too
	<-s.done
	s.cmd = nil
}

// Log is what it says that it did.
func (s *Server) Log() string {
	text, err := os.ReadFile(filepath.Join(s.dir, "log", "mainlog"))
	if err != nil {
		return ""
	}
	return string(text)
}

// certificate is for 127.0.0.1, signed by itself.
func (s *Server) certificate() (key, cert []byte) {
	s.t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	s.must("make a key", err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example.com"},
		NotBefore: time.Unix(0, 0), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		DNSNames: []string{"mail.example.com", "localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	s.must("make a certificate", err)
	b, err := x509.MarshalPKCS8PrivateKey(private)
	s.must("write the key", err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
