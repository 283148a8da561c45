package join

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Plane is the plane that a host joins.
type Plane struct {
	Endpoint       string // as given: http://10.0.0.5:4566
	Region, Domain string
	Address        netip.Addr
	Port           int
	CA             []byte // PEM
	// direct leaves the host's names out: those that were just written take
	// some seconds until this process sees them.
	direct bool
}

// discover asks a plane what a node must know. The certificate authority must
// have the fingerprint that its owner gave, so that it may come over plain
// HTTP.
func discover(ctx context.Context, endpoint, fingerprint string) (*Plane, error) {
	at, err := url.Parse(endpoint)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("--endpoint %q: want http://ADDRESS:PORT", endpoint)
	}
	p := &Plane{Endpoint: strings.TrimSuffix(endpoint, "/"), direct: true}
	if p.Port, err = port(at); err != nil {
		return nil, err
	}
	found, err := lookUp(ctx, at.Hostname())
	if ip, no := netip.ParseAddr(at.Hostname()); no == nil {
		found, err = []netip.Addr{ip.Unmap()}, nil
	}
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("the plane's host %s does not resolve: %w", at.Hostname(), err)
	}
	p.Address = found[0]
	// The fingerprint decides, not the connection.
	client := &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // the CA's fingerprint is compared
	defer client.CloseIdleConnections()
	if p.CA, err = get(ctx, client, p.Endpoint+"/_tamachi/ca.pem"); err != nil {
		return nil, fmt.Errorf("the plane does not answer at %s: %w; is it started with --listen on an address that this host reaches, and is no firewall between?", p.Endpoint, err)
	}
	if err := pinned(p.CA, fingerprint); err != nil {
		return nil, err
	}
	// Only what carries no secret comes this way, and TLS proves it later.
	facts, err := get(ctx, client, p.Endpoint+"/_tamachi/node.json")
	if err != nil {
		return nil, fmt.Errorf("ask the plane for its names: %w", err)
	}
	var said struct{ Region, Domain string }
	if err := json.Unmarshal(facts, &said); err != nil || said.Region == "" || said.Domain == "" {
		return nil, fmt.Errorf("%s is no plane of Tamachi", p.Endpoint)
	}
	p.Region, p.Domain = said.Region, said.Domain
	return p, nil
}

func port(at *url.URL) (int, error) {
	switch {
	case at.Port() != "":
		return strconv.Atoi(at.Port())
	case at.Scheme == "http":
		return 80, nil
	}
	return 443, nil
}

func get(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("it answered %s", res.Status)
	}
	return body, err
}

// pinned compares a certificate with its owner's fingerprint: SHA-256, hex,
// colons or not.
func pinned(ca []byte, fingerprint string) error {
	block, rest := pem.Decode(ca)
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return errors.New("the plane gave no single certificate")
	}
	sum := sha256.Sum256(block.Bytes)
	have := hex.EncodeToString(sum[:])
	want := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(fingerprint), "sha256:"), ":", ""))
	if have != want {
		return fmt.Errorf("the certificate authority at the endpoint has the fingerprint %s, not %s: this is another plane, or somebody is in between", have, want)
	}
	return nil
}

// client trusts the plane's CA, or, where that is not known any more, what the
// host trusts.
func (p *Plane) client() (*http.Client, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if p.CA != nil {
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(p.CA) {
			return nil, errors.New("no certificate in the plane's CA")
		}
	}
	dial := (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	if p.direct {
		dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
			at := netip.AddrPortFrom(p.Address, uint16(p.Port)) //nolint:gosec // from a URL's port
			return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, at.String())
		}
	}
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{TLSClientConfig: trust, DisableKeepAlives: true, DialContext: dial}}, nil
}

// url is the address of a service by its name.
func (p *Plane) url(service string) string {
	return "https://" + net.JoinHostPort(p.name(service), strconv.Itoa(p.Port)) + "/"
}

// serviceDomain is what amazon-ssm-agent wants to know.
func (p *Plane) serviceDomain() string {
	if p.Port == 443 {
		return p.Domain
	}
	return p.Domain + ":" + strconv.Itoa(p.Port)
}
