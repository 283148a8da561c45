package wire_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// raw is a request that no client would send by itself.
type raw struct {
	method, url, body string
	header            []string
	service           string // signing name; "" for an unsigned request
	as                *aws.Credentials
	age               time.Duration
}

// answer is what came back.
type answer struct {
	status       int
	code, text   string
	body         string
	header       http.Header
	majorVersion int
}

func (r raw) request(t testing.TB, p *plane) *http.Request {
	t.Helper()
	if r.method == "" {
		r.method = http.MethodPost
	}
	if !strings.Contains(r.url, "://") {
		r.url = "http://" + p.addr + r.url
	}
	req, err := http.NewRequestWithContext(context.Background(), r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(r.header); i += 2 {
		req.Header.Add(r.header[i], r.header[i+1])
	}
	if r.service == "" {
		return req
	}
	who := administrator
	if r.as != nil {
		who = *r.as
	}
	sum := sha256.Sum256([]byte(r.body))
	err = v4.NewSigner().SignHTTP(context.Background(), who, req, hex.EncodeToString(sum[:]), r.service, region, time.Now().Add(-r.age))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func (r raw) send(t *testing.T, p *plane) answer {
	t.Helper()
	return exchange(t, p.client(t), r.request(t, p))
}

func exchange(t *testing.T, c *http.Client, req *http.Request) answer {
	t.Helper()
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, body: string(body), header: resp.Header, majorVersion: resp.ProtoMajor}
	var fault struct {
		Type    string `json:"__type"`
		Message string
	}
	if json.Unmarshal(body, &fault) == nil {
		a.code, a.text = fault.Type, fault.Message
	}
	if _, rest, ok := strings.Cut(a.body, "<Code>"); ok {
		a.code, _, _ = strings.Cut(rest, "</Code>")
	}
	if a.code == "" {
		a.code = resp.Header.Get("X-Amzn-Errortype")
	}
	return a
}

// describe is a good raw call.
func describe(body string) raw {
	return raw{
		url: "/", body: body, service: "workspaces",
		header: []string{"X-Amz-Target", "WorkspacesService.DescribeWorkspaces", "Content-Type", "application/x-amz-json-1.1"},
	}
}
