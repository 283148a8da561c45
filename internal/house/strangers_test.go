package house_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/agent/simulator"
)

func (y *yard) request(n *simulator.Node, method, service, path, body string) simulator.Answer {
	y.t.Helper()
	got, err := n.Request(y.t.Context(), method, service, path, body)
	if err != nil {
		y.t.Fatal(err)
	}
	return got
}

// status is how the plane answers a request that a node signs.
func (y *yard) status(n *simulator.Node, method, service, path, body string) int {
	y.t.Helper()
	return y.request(n, method, service, path, body).Status
}

// sessions has others than the session's node ask for its data channel.
func (y *yard) sessions(node, other *simulator.Node, refused ...*simulator.Node) {
	y.t.Helper()
	ctx := y.t.Context()
	ch, err := node.Open(ctx)
	if err != nil {
		y.t.Fatal(err)
	}
	defer ch.Close()
	var session *ssm.StartSessionOutput
	y.eventually("a session", func() bool { // once the plane has noted the channel
		session, err = ssm.NewFromConfig(y.Config()).StartSession(ctx, &ssm.StartSessionInput{Target: &node.ID})
		return err == nil
	})
	path := "/v1/data-channel/" + *session.SessionId
	const body = `{"MessageSchemaVersion":"1.0","RequestId":"1","ClientId":""}`
	for _, n := range append(refused, other) {
		if got := y.status(n, http.MethodPost, "ssmmessages", path, body); got < 400 || got > 403 {
			y.t.Errorf("%s asks for the data channel of another's session: got %d", n.ID, got)
		}
	}
	if got := y.status(node, http.MethodPost, "ssmmessages", path, body); got != http.StatusCreated {
		y.t.Errorf("the node itself: got %d", got)
	}
	if got := y.status(node, http.MethodPost, "ssmmessages", "/v1/data-channel/nobody-0123456789abcdef0", body); got < 400 || got > 404 {
		y.t.Errorf("the data channel of no session: got %d", got)
	}
}

func (y *yard) bucket(name string) {
	y.t.Helper()
	_, err := s3.NewFromConfig(y.Config()).CreateBucket(y.t.Context(), &s3.CreateBucketInput{
		Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(y.Access().Region)},
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// outputs has those without credentials that count write where output goes.
func (y *yard) outputs(refused ...*simulator.Node) {
	y.t.Helper()
	for _, n := range refused {
		if got := y.status(n, http.MethodPut, "s3", "/output/x", "text"); got != http.StatusForbidden && got != http.StatusBadRequest {
			y.t.Errorf("%s writes an object: got %d", n.ID, got)
		}
		if got := refusal(n.Call(y.t.Context(), "logs", "Logs_20140328.CreateLogGroup", map[string]any{"logGroupName": "x"}, nil)); !strings.Contains(got, "Token") && got != "UnrecognizedClientException" {
			y.t.Errorf("%s writes a log: got %s", n.ID, got)
		}
	}
}

// keys has a node sign with a key that is not its own, or not any more.
func (y *yard) keys(node, other *simulator.Node) {
	y.t.Helper()
	ctx := y.t.Context()
	before, liar := *node, *node
	liar.ID = other.ID
	if _, err := liar.Renew(ctx); refusal(err) == "<nil>" {
		y.t.Error("a node got the credentials of another with its own key")
	}
	if err := node.Rotate(ctx); err != nil {
		y.t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"credentials": func() error { _, err := before.Renew(ctx); return err },
		"another key": func() error { return before.Rotate(ctx) },
	} {
		if got := refusal(call()); got == "<nil>" {
			y.t.Errorf("%s by a key that was replaced were given", name)
		}
	}
	if _, err := node.Renew(ctx); err != nil {
		y.t.Errorf("the new key: got %v", err)
	}
}

// TestASnapshotIsWhereTheNodeReachesIt reads a patch snapshot as a node does,
// by the name that it knows the plane by, and without its token.
func TestASnapshotIsWhereTheNodeReachesIt(t *testing.T) {
	y, ctx := openYard(t), t.Context()
	node := y.node()
	var out struct{ SnapshotDownloadUrl string }
	in := map[string]any{"InstanceId": node.ID, "SnapshotId": "11111111-1111-4111-8111-111111111111"}
	if err := node.Call(ctx, "ssm", "AmazonSSM.GetDeployablePatchSnapshotForInstance", in, &out); err != nil {
		t.Fatal(err)
	}
	at, err := url.Parse(out.SnapshotDownloadUrl)
	if want := "ssm." + y.Access().Region + ".tamachi.internal:4566"; err != nil || at.Scheme != "https" || at.Host != want {
		t.Fatalf("got %s (%v), want one at https://%s", out.SnapshotDownloadUrl, err, want)
	}
	ca, err := os.ReadFile(y.Access().CAFile)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(y.HTTP(), "http://"))
		},
	}}
	defer client.CloseIdleConnections()
	read := func(u string) (int, string) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(text)
	}
	if code, text := read(at.String()); code != http.StatusOK || !strings.Contains(text, node.ID) {
		t.Errorf("the snapshot: got %d %s", code, text)
	}
	folder := at.String()[:strings.LastIndexByte(at.String(), '/')+1]
	for name, u := range map[string]string{"a stranger's token": folder + strings.Repeat("0", 32), "no token": folder, "a part of it": at.String()[:len(at.String())-1]} {
		if code, _ := read(u); code != http.StatusNotFound {
			t.Errorf("%s: got %d", name, code)
		}
	}
	y.clk.Advance(25 * time.Hour)
	if code, _ := read(at.String()); code != http.StatusNotFound {
		t.Errorf("a day later: got %d", code)
	}
}
