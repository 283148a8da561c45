// Package config is the one place that reads our own settings: defaults, the
// environment, and whether they make sense. Flags are laid over it in
// cmd/tamachi.
package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Config is what a plane is started with.
type Config struct {
	// Data is the folder that holds everything the plane knows. TAMACHI_DATA,
	// else ./data.
	Data string
	// Listen is the address that answers HTTP and TLS, told apart by the first
	// byte. Default 127.0.0.1:4566.
	Listen string
	// DNS is the address at which the plane answers DNS questions about Domain,
	// by UDP and TCP; empty for none.
	DNS string
	// Domain is the service domain: nodes and other machines reach the plane
	// as <service>.<region>.<domain>. Default tamachi.internal.
	Domain string
	// Region is the Region of requests that name none. Default ap-northeast-1.
	Region string
	// Account is the management account of a new data folder: twelve digits.
	// TAMACHI_ACCOUNT; empty for a random one.
	Account string
	// Throttle is a profile of quotas: aws-strict refuses calls beyond AWS's
	// own, empty none. TAMACHI_THROTTLE.
	Throttle string
	// DesktopQuota is how many WorkSpaces an account may have in a Region under
	// Throttle aws-strict. Default 1, as on AWS. TAMACHI_DESKTOP_QUOTA.
	DesktopQuota int
	// Desktops is where desktops run: local, on this machine, or incus, as
	// containers of an Incus server. TAMACHI_DESKTOPS; default local.
	Desktops string
	// Incus is that server: unix:PATH, or https://HOST:PORT. TAMACHI_INCUS;
	// empty for the socket of this machine's. IncusKeys is a folder with
	// client.crt, client.key and server.crt for https (TAMACHI_INCUS_KEYS),
	// IncusPool the storage pool (TAMACHI_INCUS_POOL; empty for "default").
	Incus, IncusKeys, IncusPool string
	// IncusPlane is the address at which desktops of a server elsewhere reach
	// the plane, by the port of Listen. TAMACHI_INCUS_PLANE; empty where the
	// server is on this machine.
	IncusPlane string
	// Image is the variant of the desktops' image that is made ready at the
	// start: small (of the Value bundle) or office (of the others). The other
	// one is made when it is first needed. Default small.
	Image string
	// ImageCache is where built images are kept, shared by data folders.
	// Default /var/cache/tamachi/images.
	ImageCache string
	// Outbound are the ranges, separated by commas, that desktops may reach
	// through this machine by the internet and NAT gateways of their networks:
	// 0.0.0.0/0, or those of the office. This machine passes packets on then.
	// TAMACHI_OUTBOUND; empty for none.
	Outbound string
	// MasterPassphraseFile is a file with the passphrase from which the master
	// key is derived that seals the secrets in the store; without it the master
	// key is the file keys/master.key of the data folder.
	// TAMACHI_MASTER_PASSPHRASE_FILE.
	MasterPassphraseFile string
	// OldMasterPassphraseFile is a file with the passphrase until now, when it
	// is being changed, or given up for a key file.
	// TAMACHI_OLD_MASTER_PASSPHRASE_FILE.
	OldMasterPassphraseFile string
	// URL is where people's browsers reach the plane, for links in mails:
	// https://desk.example.com. TAMACHI_URL; empty for its own address, which
	// is good on this machine only.
	URL string
	// Mail is where notices go: empty for .eml files in the folder outbox of the
	// data folder; smtp://[USER@]HOST[:PORT] for a relay with STARTTLS,
	// smtps:// for one with TLS from the first byte, smtp://HOST?tls=none for
	// one on this machine or network without TLS. TAMACHI_MAIL.
	Mail string
	// MailPasswordFile is a file with the password of Mail's USER.
	// TAMACHI_MAIL_PASSWORD_FILE.
	MailPasswordFile string
	// MailCAFile is a file with the certificates (PEM) that vouch for the relay;
	// empty for those of the machine. TAMACHI_MAIL_CA_FILE.
	MailCAFile string
	// MailDomain is the domain below which senders' addresses are, such as
	// no-reply@d-0123456789.<MailDomain>. TAMACHI_MAIL_DOMAIN; empty for Domain.
	MailDomain string
	// MailBounces is where mails come back that could not be delivered after the
	// relay took them, as ADDRESS=FOLDER: the address is their sender on the
	// envelope, the folder the Maildir to which a mail server delivers what comes
	// there. TAMACHI_MAIL_BOUNCES; empty where nobody collects them.
	MailBounces string
	// Lab makes a test double of the plane: everything in memory, desktops and
	// their nodes fakes, loopback only, signatures unchecked. Default false.
	Lab bool
	// Tally is a file in which a plane under test notes the operations that
	// clients tried. TAMACHI_TALLY; empty but in `make test`.
	Tally string
}

// Default returns the settings that hold when nothing is said. getenv is
// os.Getenv, or a test's.
func Default(getenv func(string) string) Config {
	c := Config{
		Data: "data", Listen: "127.0.0.1:4566", Domain: "tamachi.internal",
		Region: "ap-northeast-1", Desktops: "local", Image: "small", ImageCache: "/var/cache/tamachi/images",
	}
	if d := getenv("TAMACHI_DATA"); d != "" {
		c.Data = d
	}
	c.Account = getenv("TAMACHI_ACCOUNT")
	c.Throttle = getenv("TAMACHI_THROTTLE")
	c.DesktopQuota = 1
	if n := getenv("TAMACHI_DESKTOP_QUOTA"); n != "" {
		c.DesktopQuota, _ = strconv.Atoi(n) // what is no number is 0, which Validate refuses
	}
	if d := getenv("TAMACHI_DESKTOPS"); d != "" {
		c.Desktops = d
	}
	c.Incus, c.IncusKeys = getenv("TAMACHI_INCUS"), getenv("TAMACHI_INCUS_KEYS")
	c.IncusPool, c.IncusPlane = getenv("TAMACHI_INCUS_POOL"), getenv("TAMACHI_INCUS_PLANE")
	c.Tally = getenv("TAMACHI_TALLY")
	c.Outbound = getenv("TAMACHI_OUTBOUND")
	c.MasterPassphraseFile = getenv("TAMACHI_MASTER_PASSPHRASE_FILE")
	c.OldMasterPassphraseFile = getenv("TAMACHI_OLD_MASTER_PASSPHRASE_FILE")
	c.URL, c.Mail, c.MailDomain = getenv("TAMACHI_URL"), getenv("TAMACHI_MAIL"), getenv("TAMACHI_MAIL_DOMAIN")
	c.MailPasswordFile, c.MailCAFile = getenv("TAMACHI_MAIL_PASSWORD_FILE"), getenv("TAMACHI_MAIL_CA_FILE")
	c.MailBounces = getenv("TAMACHI_MAIL_BOUNCES")
	return c
}

var (
	domainName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$`)
	accountID  = regexp.MustCompile(`^\d{12}$`)
	regionName = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-\d$`)
)

// Region tells whether a name is formed as AWS's Regions are: ap-northeast-1.
func Region(name string) bool { return len(name) <= 32 && regionName.MatchString(name) }

// Validate makes Data absolute and says, in one clause, what does not make
// sense.
func (c *Config) Validate() error {
	abs, err := filepath.Abs(c.Data)
	if err != nil {
		return fmt.Errorf("data folder %q: %w", c.Data, err)
	}
	c.Data = abs
	host, err := c.validateListen()
	if err != nil {
		return err
	}
	if err := errors.Join(c.validateDNS(), c.validateDesktops(host)); err != nil {
		return err
	}
	if c.Lab && !loopback(host) {
		return fmt.Errorf("--listen %q: a lab checks no signature, so it listens on loopback only", c.Listen)
	}
	if err := c.validateNames(); err != nil {
		return err
	}
	for part := range strings.SplitSeq(c.Outbound, ",") {
		if p, err := netip.ParsePrefix(strings.TrimSpace(part)); c.Outbound != "" && (err != nil || !p.Addr().Is4()) {
			return fmt.Errorf("--outbound %q: want ranges of IPv4 addresses, such as 0.0.0.0/0 or 10.0.0.0/8,192.168.0.0/16", c.Outbound)
		}
	}
	return c.validateMail()
}

// validateListen reads the host of Listen.
func (c *Config) validateListen() (host string, err error) {
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", fmt.Errorf("--listen %q: want ADDRESS:PORT, such as 127.0.0.1:4566", c.Listen)
	}
	if net.ParseIP(host) == nil && host != "localhost" && host != "" {
		return "", fmt.Errorf("--listen %q: the address must be an IP address or localhost", c.Listen)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("--listen %q: the port must be a number from 0 to 65535", c.Listen)
	}
	return host, nil
}

// validateNames looks at what names the plane, and at what is chosen by a word or
// a number.
func (c *Config) validateNames() error {
	if c.DesktopQuota < 1 {
		return errors.New("TAMACHI_DESKTOP_QUOTA: want a number of desktops, 1 at least")
	}
	if !domainName.MatchString(c.Domain) || len(c.Domain) > 100 {
		return fmt.Errorf("--domain %q: want a domain name with a dot, such as tamachi.internal", c.Domain)
	}
	if !Region(c.Region) {
		return fmt.Errorf("--region %q: want a Region name such as ap-northeast-1", c.Region)
	}
	if c.Account != "" && !accountID.MatchString(c.Account) {
		return fmt.Errorf("--account %q: want the twelve digits of an account", c.Account)
	}
	if c.Throttle != "" && c.Throttle != "aws-strict" {
		return fmt.Errorf("--throttle %q: want aws-strict, or nothing", c.Throttle)
	}
	if c.Image != "office" && c.Image != "small" {
		return fmt.Errorf("--image %q: want office or small", c.Image)
	}
	return nil
}

// OutboundRanges are the ranges of Outbound, which Validate has looked at.
func (c *Config) OutboundRanges() []netip.Prefix {
	var out []netip.Prefix
	for part := range strings.SplitSeq(c.Outbound, ",") {
		if p, err := netip.ParsePrefix(strings.TrimSpace(part)); err == nil {
			out = append(out, p.Masked())
		}
	}
	return out
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// validateDesktops looks at where desktops run; host is that of Listen.
func (c *Config) validateDesktops(host string) error {
	if c.Desktops != "local" && c.Desktops != "incus" {
		return fmt.Errorf("--desktops %q: want local or incus", c.Desktops)
	}
	if c.Incus != "" && !strings.HasPrefix(c.Incus, "unix:/") && !strings.HasPrefix(c.Incus, "https://") {
		return fmt.Errorf("TAMACHI_INCUS %q: want unix:PATH or https://HOST:PORT", c.Incus)
	}
	far := c.Desktops == "incus" && strings.HasPrefix(c.Incus, "https://")
	if far && c.IncusKeys == "" {
		return errors.New("TAMACHI_INCUS_KEYS: want the folder with client.crt, client.key and server.crt for the Incus server")
	}
	if _, err := netip.ParseAddr(c.IncusPlane); err != nil && (far || c.IncusPlane != "") {
		return fmt.Errorf("TAMACHI_INCUS_PLANE %q: want the IP address at which desktops reach this plane", c.IncusPlane)
	}
	if c.IncusPlane != "" && loopback(host) {
		return fmt.Errorf("--listen %q: desktops of another machine cannot reach a loopback address", c.Listen)
	}
	return nil
}

func (c *Config) validateDNS() error {
	if c.DNS == "" {
		return nil
	}
	if at, err := netip.ParseAddrPort(c.DNS); err != nil || at.Addr().IsUnspecified() {
		return fmt.Errorf("--dns %q: want the IP address and port of this machine that shall answer, such as 10.0.0.5:53", c.DNS)
	}
	if c.Lab {
		return fmt.Errorf("--dns %q: a lab has no nodes of its own, so it answers no names", c.DNS)
	}
	return nil
}
