package diagnose

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"
)

// Verdict is how one way in is.
type Verdict string

// The verdicts.
const (
	Open    Verdict = "open"
	Blocked Verdict = "blocked"
	Unknown Verdict = "unknown" // nothing could be tried, since what comes before is blocked
)

// Way is one of the ways in, and what was found.
type Way struct {
	Name    string   `json:"name"` // name, port, certificate, page, stream, clock
	Verdict Verdict  `json:"verdict"`
	Millis  int64    `json:"millis"`
	Cause   string   `json:"cause,omitempty"` // key of a sentence
	Detail  string   `json:"detail,omitempty"`
	Found   []string `json:"found,omitempty"` // addresses, the certificate's issuer
}

// Client is all that was found.
type Client struct {
	URL  string `json:"url"`
	Host string `json:"host"`
	Port string `json:"port"`
	Ways []Way  `json:"ways"`
}

// Good tells whether nothing is blocked.
func (c *Client) Good() bool {
	return !slices.ContainsFunc(c.Ways, func(w Way) bool { return w.Verdict != Open })
}

// Tools are what the ways are gone with.
type Tools struct {
	Resolve func(ctx context.Context, host string) ([]string, error)
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Roots   *x509.CertPool // nil: those of the machine
	Now     func() time.Time
	Patient time.Duration // with each way
}

// The paths of a plane that are asked for.
const (
	readyPath = "/_tamachi/ready"
	probePath = "/_tamachi/desktop/probe"
)

// mostSkew is the largest difference of clocks that signatures and codes of
// authenticator apps stand (Signature Version 4: five minutes; RFC 6238: a step
// or two of 30 seconds).
const mostSkew = 45 * time.Second

// step goes one way.
type step struct {
	name string
	do   func(ctx context.Context, w *Way) error
}

// try goes the ways in to a plane, one after the other.
func try(ctx context.Context, t Tools, address string) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a plane, as in https://desktops.example.com", address)
	}
	c := &Client{URL: u.Scheme + "://" + u.Host, Host: u.Hostname(), Port: u.Port()}
	if c.Port == "" {
		c.Port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	p := &path{Tools: t, client: c, web: &http.Client{Transport: &http.Transport{
		DialContext: t.Dial, TLSClientConfig: &tls.Config{RootCAs: t.Roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}}
	steps := []step{{"name", p.name}, {"port", p.port}, {"certificate", p.certificate}, {"page", p.page}, {"stream", p.stream}, {"clock", p.clock}}
	if u.Scheme == "http" {
		steps = slices.DeleteFunc(steps, func(s step) bool { return s.name == "certificate" })
	}
	for _, s := range steps {
		c.Ways = append(c.Ways, p.try(ctx, s))
	}
	return c, nil
}

// path is one client on its way in.
type path struct {
	Tools
	client  *Client
	web     *http.Client
	blocked bool
	skew    time.Duration // of the plane's clock
	dated   bool
}

// try goes one way, unless one before it is blocked.
func (p *path) try(ctx context.Context, s step) Way {
	w := Way{Name: s.name, Verdict: Unknown}
	if p.blocked {
		return w
	}
	ctx, cancel := context.WithTimeout(ctx, p.Patient)
	defer cancel()
	begin := p.Now()
	err := s.do(ctx, &w)
	w.Millis = p.Now().Sub(begin).Milliseconds()
	w.Verdict = Open
	if err != nil {
		w.Verdict, w.Detail = Blocked, err.Error()
		if w.Cause == "" {
			w.Cause = s.name
		}
		p.blocked = s.name != "stream" && s.name != "clock"
	}
	return w
}

func (p *path) name(ctx context.Context, w *Way) (err error) {
	w.Found, err = p.Resolve(ctx, p.client.Host)
	return err
}

func (p *path) port(ctx context.Context, w *Way) error {
	conn, err := p.Dial(ctx, "tcp", net.JoinHostPort(p.client.Host, p.client.Port))
	if err != nil {
		w.Cause = "port"
		if errors.Is(err, context.DeadlineExceeded) {
			w.Cause = "silent" // a firewall that drops, mostly
		}
		return err
	}
	return conn.Close()
}

// certificate looks at what the plane, or somebody before it, shows.
func (p *path) certificate(ctx context.Context, w *Way) error {
	conn, err := p.Dial(ctx, "tcp", net.JoinHostPort(p.client.Host, p.client.Port))
	if err != nil {
		return err
	}
	defer conn.Close()
	var shown []*x509.Certificate
	t := tls.Client(conn, &tls.Config{
		ServerName: p.client.Host, RootCAs: p.Roots, MinVersion: tls.VersionTLS12, Time: p.Now,
		InsecureSkipVerify: true, //nolint:gosec // verified below, so that what is wrong can be named
		VerifyConnection: func(s tls.ConnectionState) error {
			shown = s.PeerCertificates
			return nil
		},
	})
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	between := x509.NewCertPool()
	for _, c := range shown[1:] {
		between.AddCert(c)
	}
	w.Found = []string{"issuer: " + shown[0].Issuer.String()}
	_, err = shown[0].Verify(x509.VerifyOptions{DNSName: p.client.Host, Roots: p.Roots, Intermediates: between, CurrentTime: p.Now()})
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		w.Cause = "issuer" // the plane's CA is not installed, or a proxy reads along
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		w.Cause = "hostname"
	}
	if i, ok := errors.AsType[x509.CertificateInvalidError](err); ok && i.Reason == x509.Expired {
		w.Cause = "expired"
	}
	return err
}

// page asks for what anybody may have, and reads the plane's clock.
func (p *path) page(ctx context.Context, w *Way) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.client.URL+readyPath, nil)
	if err != nil {
		return err
	}
	res, err := p.web.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		p.skew, p.dated = p.Now().Sub(at), true
	}
	if res.StatusCode != http.StatusOK {
		w.Cause = "stranger"
		return fmt.Errorf("%s answers %s", readyPath, res.Status)
	}
	return nil
}

// stream sends a word through a WebSocket, and wants it back.
func (p *path) stream(ctx context.Context, _ *Way) error {
	c, _, err := websocket.Dial(ctx, p.client.URL+probePath, &websocket.DialOptions{ //nolint:bodyclose // the package closes it (Dial)
		HTTPClient: p.web, HTTPHeader: http.Header{"Origin": {p.client.URL}},
	})
	if err != nil {
		return err
	}
	defer c.CloseNow() //nolint:errcheck // what counts has come back, or has not
	const word = "tamachi"
	if err := c.Write(ctx, websocket.MessageBinary, []byte(word)); err != nil {
		return err
	}
	_, r, err := c.Reader(ctx)
	if err != nil {
		return err
	}
	back, err := io.ReadAll(io.LimitReader(r, 64))
	if err == nil && string(back) != word {
		err = fmt.Errorf("%q came back as %q", word, back)
	}
	return err
}

func (p *path) clock(_ context.Context, w *Way) error {
	if !p.dated {
		return errors.New("the plane tells no time")
	}
	w.Found = []string{strings.TrimSuffix(p.skew.Round(time.Second).String(), "0s")}
	if p.skew.Abs() > mostSkew {
		return fmt.Errorf("this machine's clock differs by %s", p.skew.Round(time.Second))
	}
	return nil
}
