package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"
)

// ErrOwn reports an address of the house itself.
var ErrOwn = errors.New("the endpoint is an address of this plane")

// Limits of what an endpoint may do.
const (
	mostAnswer  = 64 << 10
	mostHeader  = 32 << 10
	longestURL  = 2048
	connections = 4 // to one host
)

// Options say what a client trusts and where it does not go.
type Options struct {
	Roots *x509.CertPool // nil for those of the system
	// Own tells whether the house answers at an address; nil is nowhere.
	Own func(netip.AddrPort) bool
}

// Client sends requests. It is safe for concurrent use.
type Client struct{ http *http.Client }

// New returns a client.
func New(o Options) *Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("dial %s: %w", address, err)
		}
		if o.Own != nil && o.Own(netip.AddrPortFrom(at.Addr().Unmap(), at.Port())) {
			return ErrOwn
		}
		return nil
	}}
	transport := &http.Transport{
		DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
		TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: mostHeader, MaxConnsPerHost: connections, MaxIdleConnsPerHost: 1,
		IdleConnTimeout: 30 * time.Second, DisableCompression: true,
	}
	return &Client{&http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Check says why a URL is none that can be posted to.
func Check(text string) error {
	u, err := url.Parse(text)
	switch {
	case len(text) > longestURL:
		return fmt.Errorf("a URL can have %d characters", longestURL)
	case err != nil || u.Host == "" || u.Hostname() == "":
		return errors.New("it is no URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return errors.New("it is no URL of http or https")
	case u.Fragment != "":
		return errors.New("a URL of an endpoint has no fragment")
	}
	return nil
}

// Do sends a request and returns the status of the answer and its body, which is
// read up to a bound. What takes longer than a time is an error.
func (c *Client) Do(ctx context.Context, method, to string, header map[string]string, body []byte, most time.Duration) (status int, answer []byte, err error) {
	if err := Check(to); err != nil {
		return 0, nil, err
	}
	ctx, done := context.WithTimeout(ctx, most)
	defer done()
	r, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("make a request to %s: %w", to, err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if u := r.URL.User; u != nil { // user:password@ of the endpoint
		password, _ := u.Password()
		r.SetBasicAuth(u.Username(), password)
	}
	res, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(res.Body, mostAnswer))
	if err != nil {
		return 0, nil, fmt.Errorf("read the answer of an endpoint: %w", err)
	}
	return res.StatusCode, answer, nil
}
