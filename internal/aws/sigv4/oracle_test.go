package sigv4_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"pgregory.net/rapid"
)

// drawn is a random request and who signs it.
type drawn struct {
	method, url, body string
	header            []string
	service           string
	who               aws.Credentials
}

var (
	segment = rapid.StringMatching(`[A-Za-z0-9_~ +:@é%&=-]{1,12}`)
	text    = rapid.StringMatching(`[ -~]{0,30}`)
)

func draw(t *rapid.T) drawn {
	d := drawn{
		method:  rapid.SampledFrom([]string{"GET", "POST", "PUT", "DELETE"}).Draw(t, "method"),
		service: rapid.SampledFrom([]string{"sts", "workspaces", "ds-data", "s3"}).Draw(t, "service"),
		who:     rapid.SampledFrom([]aws.Credentials{longTerm, session}).Draw(t, "who"),
	}
	path := "/"
	for i, s := range rapid.SliceOfN(segment, 0, 4).Draw(t, "path") {
		if i > 0 {
			path += "/"
		}
		if d.service == "s3" { // its clients encode every reserved character
			path += strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
		} else {
			path += url.PathEscape(s)
		}
	}
	// Names are plain: the SDK sorts them before encoding, AWS after it.
	q := url.Values{}
	for _, k := range rapid.SliceOfN(rapid.StringMatching(`[A-Za-z][A-Za-z0-9]{0,6}`), 0, 4).Draw(t, "query") {
		q.Set(k, rapid.OneOf(text, segment).Draw(t, "value"))
	}
	d.url = "http://127.0.0.1:4566" + path
	if len(q) > 0 {
		d.url += "?" + q.Encode()
	}
	if d.method == "POST" || d.method == "PUT" {
		d.body = rapid.String().Draw(t, "body")
	}
	if rapid.Bool().Draw(t, "target") {
		d.header = append(d.header, "X-Amz-Target", "WorkspacesService.DescribeWorkspaces")
	}
	for range rapid.IntRange(0, 3).Draw(t, "extra headers") {
		d.header = append(d.header, "X-Extra-"+rapid.StringMatching(`[A-Z][a-z]{0,4}`).Draw(t, "name"), text.Draw(t, "header"))
	}
	if rapid.Bool().Draw(t, "unsigned payload") {
		d.header = append(d.header, "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	}
	return d
}

func (d drawn) payload() string {
	if len(d.header) > 1 && d.header[len(d.header)-1] == "UNSIGNED-PAYLOAD" {
		return "UNSIGNED-PAYLOAD"
	}
	return hash(d.body)
}

func (d drawn) options(o *v4.SignerOptions) { o.DisableURIPathEscaping = d.service == "s3" }

// Whatever the SDK's signer signs is accepted.
func TestSDKSignerIsAccepted(t *testing.T) {
	v := verifier(newKeyring())
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		r := newRequest(t, d.method, d.url, d.body, d.header...)
		at := now.Add(time.Duration(rapid.IntRange(-900, 900).Draw(rt, "skew")) * time.Second)
		if err := v4.NewSigner().SignHTTP(context.Background(), d.who, r, d.payload(), d.service, "us-east-1", at, d.options); err != nil {
			rt.Fatal(err)
		}
		got, body := received(t, r)
		if _, err := v.Verify(context.Background(), got, body, d.service); err != nil {
			rt.Fatalf("got %v for %s %s, want it accepted", err, d.method, d.url)
		}
	})
}

// Whatever the SDK presigns is accepted until it expires.
func TestSDKPresignerIsAccepted(t *testing.T) {
	v := verifier(newKeyring())
	rapid.Check(t, func(rt *rapid.T) {
		d := draw(rt)
		lifetime := rapid.IntRange(1, 604800).Draw(rt, "lifetime")
		age := rapid.IntRange(0, lifetime).Draw(rt, "age")
		u, _ := url.Parse(d.url)
		q := u.Query()
		q.Set("X-Amz-Expires", strconv.Itoa(lifetime))
		u.RawQuery = q.Encode()
		r := newRequest(t, d.method, u.String(), d.body)
		payload := hash(d.body)
		if d.service == "s3" {
			payload = "UNSIGNED-PAYLOAD"
		}
		signed, header, err := v4.NewSigner().PresignHTTP(context.Background(), d.who, r, payload, d.service, "us-east-1",
			now.Add(-time.Duration(age)*time.Second), d.options)
		if err != nil {
			rt.Fatal(err)
		}
		sent := newRequest(t, d.method, signed, d.body)
		for k, vs := range header {
			if !strings.EqualFold(k, "host") && !strings.EqualFold(k, "content-length") {
				sent.Header[http.CanonicalHeaderKey(k)] = vs
			}
		}
		got, body := received(t, sent)
		if _, err := v.Verify(context.Background(), got, body, d.service); err != nil {
			rt.Fatalf("got %v for %s, want it accepted", err, signed)
		}
	})
}
