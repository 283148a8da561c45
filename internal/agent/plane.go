package agent

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// plane is the agent's view of the service endpoints.
type plane struct {
	cfg  Config
	http *http.Client
}

// refusal is an answer of the plane that is no success.
type refusal struct {
	Status        int
	Code, Message string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("refused with %d %s: %s", r.Status, r.Code, r.Message)
}

func openPlane(cfg Config) (*plane, error) {
	trust := &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.CA != nil {
		trust.RootCAs = x509.NewCertPool()
		if !trust.RootCAs.AppendCertsFromPEM(cfg.CA) {
			return nil, errors.New("agent: no certificate in the given CA")
		}
	}
	// HTTP/1.1 only: the control channel is an upgrade, and one protocol
	// keeps the agent small.
	return &plane{cfg: cfg, http: &http.Client{Transport: &http.Transport{
		DialContext: cfg.Dial, TLSClientConfig: trust, TLSHandshakeTimeout: 10 * time.Second,
		MaxIdleConns: 2, IdleConnTimeout: 20 * time.Second,
		WriteBufferSize: 2 << 10, ReadBufferSize: 2 << 10,
	}}}, nil
}

func (p *plane) close() { p.http.CloseIdleConnections() }

// signer signs a request of which the body is known.
type signer func(r *http.Request, body []byte) error

// unsigned is for the one call that proves itself by an activation.
func unsigned(*http.Request, []byte) error { return nil }

// call makes a call of the ssm service (JSON 1.1); target names the operation.
func (p *plane) call(ctx context.Context, target string, in, out any, sign signer) error {
	return p.callAt(ctx, "ssm", target, in, out, sign)
}

// callAt makes a call of a service that speaks JSON 1.1.
func (p *plane) callAt(ctx context.Context, service, target string, in, out any, sign signer) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", target, err)
	}
	header := http.Header{
		"Content-Type": {"application/x-amz-json-1.1"},
		"X-Amz-Target": {target},
	}
	answer, err := p.post(ctx, "https://"+p.cfg.host(service)+"/", header, body, http.StatusOK, sign)
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	if len(answer) == 0 { // the answer of operations that have nothing to say
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: read the answer: %w", target, err)
	}
	return nil
}

// post sends a body and returns the answer's, if its status is the wanted one.
func (p *plane) post(ctx context.Context, url string, header http.Header, body []byte, want int, sign signer) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = header
	r.Header.Set("User-Agent", "tamachi-agent/"+p.cfg.Version)
	if err := sign(r, body); err != nil {
		return nil, err
	}
	res, err := p.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxFrame))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != want {
		return nil, readRefusal(res.StatusCode, answer)
	}
	return answer, nil
}

func readRefusal(status int, body []byte) *refusal {
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Upper   string `json:"Message"`
	}
	r := &refusal{Status: status}
	if json.Unmarshal(body, &fault) == nil {
		r.Code = fault.Type[strings.LastIndexByte(fault.Type, '#')+1:]
		r.Message = fault.Message + fault.Upper
	}
	if r.Code == "" && bytes.Contains(body, []byte("<AccessDeniedException>")) {
		r.Code = "AccessDeniedException"
	}
	return r
}
