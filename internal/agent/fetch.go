package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"time"
)

// visitor makes a client for servers of others: it trusts what the machine
// trusts, and the plane's authority.
func (p *plane) visitor() *http.Client {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if p.cfg.CA != nil {
		pool.AppendCertsFromPEM(p.cfg.CA)
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: p.cfg.Dial, DisableKeepAlives: true, TLSHandshakeTimeout: 10 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool},
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errors.New("too many redirects")
			}
			if via[0].URL.Scheme == "https" && r.URL.Scheme != "https" {
				return errors.New("a redirect leads from https to http")
			}
			if r.URL.Host != via[0].URL.Host {
				r.Header.Del("Authorization")
			}
			return nil
		},
	}
}

// fetch gets a URL of a server that need not be the plane.
func (a *agent) fetch(ctx context.Context, from *url.URL, user, password string) (io.ReadCloser, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, from.String(), nil)
	if err != nil {
		return nil, errors.New("the URL cannot be used")
	}
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	r.Header.Set("User-Agent", "tamachi-agent/"+a.cfg.Version)
	res, err := a.plane.visitor().Do(r)
	if err != nil {
		if u := (*url.Error)(nil); errors.As(err, &u) {
			err = u.Err // without the URL, which may be signed
		}
		return nil, fmt.Errorf("get %s: %w", from.Host, err)
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("get %s: the answer is %s", from.Host, res.Status)
	}
	return res.Body, nil
}

// downloadHTTP gets a file of a web server.
func (a *agent) downloadHTTP(ctx context.Context, info source, to string, folder bool) error {
	u, err := url.Parse(info.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("the URL cannot be used: it must begin with https:// or http://")
	}
	if u.Scheme == "http" && !truth(info.Insecure) {
		return errors.New("non secure URL provided and insecure download is not allowed. Provide a secure URL or set 'allowInsecureDownload' to true")
	}
	switch info.Auth {
	case "", "None":
		info.User = ""
	case "Basic":
	default:
		return fmt.Errorf("the authMethod %q is not known to this agent: use None or Basic", info.Auth)
	}
	body, err := a.fetch(ctx, u, info.User, info.Password)
	if err != nil {
		return err
	}
	defer body.Close()
	if folder {
		name := path.Base(u.Path)
		if name == "." || name == "/" {
			name = "content"
		}
		to = filepath.Join(to, name)
	}
	return saveFile(to, body)
}
