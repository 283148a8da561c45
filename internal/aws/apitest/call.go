package apitest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"tamachi/internal/clock"
)

// Post makes one call of a service for which there is no SDK for Go, signed by
// the SDK's signer as the administrator, and returns the answer, or the code of
// the error with it. target is "Tamachi.OpenDesktop" of a service of JSON 1.1,
// or the path of one of JSON over REST.
func (p *Plane) Post(service, target string, in map[string]any) (out map[string]any, fault string) {
	p.t.Helper()
	return p.PostAs(p.Config(), service, target, in)
}

// PostAs is Post signed as somebody else.
func (p *Plane) PostAs(cfg aws.Config, service, target string, in map[string]any) (out map[string]any, fault string) {
	p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		p.t.Fatal(err)
	}
	path, kind := "/", "application/x-amz-json-1.1"
	if strings.HasPrefix(target, "/") {
		path, kind = target, "application/json"
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.Access().HTTP+path, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	if path == "/" {
		req.Header.Set("X-Amz-Target", target)
	}
	now := clock.Clock(clock.Real{})
	if p.clock != nil {
		now = p.clock
	}
	creds, err := cfg.Credentials.Retrieve(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(p.t.Context(), creds, req, hex.EncodeToString(sum[:]), service, cfg.Region, now.Now()); err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	out = map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		p.t.Fatalf("%s: %v in %s", target, err, text)
	}
	fault, _, _ = strings.Cut(resp.Header.Get("X-Amzn-ErrorType"), ":")
	if fault == "" {
		fault, _ = out["__type"].(string)
	}
	return out, fault[strings.LastIndexByte(fault, '#')+1:]
}
