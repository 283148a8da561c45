package wire_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// One recorded request for each line of the routing order, by what the
// clients really send.
func TestRequestsFindTheirService(t *testing.T) {
	const scope = "AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/%/aws4_request, SignedHeaders=host, Signature=0"
	signed := func(name string) string { return strings.Replace(scope, "%", name, 1) }
	for _, c := range []struct {
		name, method, host, target, auth, url, form string
		want                                        string // service:operation at the gate's door, or a page
	}{
		{"a page", "GET", "localhost", "", "", "/_tamachi/morning", "", "page /_tamachi/morning"},
		{"the root in a browser", "GET", "localhost", "", "", "/", "", "page /"},
		{"the agent's channel, signed", "GET", "localhost", "", signed("ssmmessages"), "/v1/control-channel/mi-1", "", "ssmmessages:OpenControlChannel"},
		{"the agent's channel, unsigned", "GET", "localhost", "", "", "/v1/control-channel/mi-1", "", "ssmmessages:OpenControlChannel"},
		{"a credential scope", "POST", "localhost", "WorkspacesService.DescribeWorkspaces", signed("workspaces"), "/", "", "workspaces:DescribeWorkspaces"},
		{"a credential scope in the query", "GET", "localhost", "", "", "/?X-Amz-Credential=AKIA/20261122/us-east-1/sts/aws4_request&Action=GetCallerIdentity&Version=2011-06-15", "", "sts:GetCallerIdentity"},
		{"a scope of ours before the target", "POST", "localhost", "WorkspacesService.DescribeWorkspaces", signed("sts"), "/", "", "sts:"},
		{"a target without signature", "POST", "localhost", "AmazonSSM.RegisterManagedInstance", "", "/", "", "ssm:RegisterManagedInstance"},
		{"a target under a stranger's scope", "POST", "localhost", "WorkspacesService.DescribeWorkspaces", signed("s3"), "/", "", "workspaces:DescribeWorkspaces"},
		{"a host label", "POST", "workspaces.us-east-1.tamachi.internal:4566", "", "", "/", "", "workspaces:"},
		{"a host label of another domain", "POST", "workspaces.us-east-1.amazonaws.com", "", "", "/", "", ":"},
		{"a host label of a region that is not ours", "POST", "workspaces.mars-1.tamachi.internal", "", "", "/", "", ":"},
		{"a form without signature", "POST", "localhost", "", "", "/", "Action=GetCallerIdentity&Version=2011-06-15", "sts:GetCallerIdentity"},
		{"a form of another service", "POST", "localhost", "", "", "/", "Action=ListUsers&Version=2010-05-08", ":"},
		{"a REST path", "POST", "localhost", "", signed("ds-data"), "/Users/DescribeUser?DirectoryId=d-1", "", "ds-data:DescribeUser"},
		{"a scope that is cut short", "POST", "localhost", "", "AWS4-HMAC-SHA256 Credential=AKIA/us-east-1", "/", "", ":"},
		{"nothing at all", "PUT", "localhost", "", "", "/bucket/key", "", ":"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log syncBuffer
			door := newDoor(t, &rows{table: table(block{})}, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			r := httptest.NewRequestWithContext(t.Context(), c.method, c.url, strings.NewReader(c.form))
			r.Host = c.host
			for name, value := range map[string]string{"X-Amz-Target": c.target, "Authorization": c.auth} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
			if c.form != "" {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
			}
			w := httptest.NewRecorder()
			door.ServeHTTP(w, r)
			got := w.Body.String()
			if _, action, ok := strings.Cut(log.String(), "action="); ok {
				got = strings.Fields(action)[0]
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever a stranger sends is answered with an error of his, in time.
func FuzzDoor(f *testing.F) {
	f.Add("POST", "/", "WorkspacesService.DescribeWorkspaces", "", "application/x-amz-json-1.1", "localhost", []byte("{}"))
	f.Add("POST", "/", "", "AWS4-HMAC-SHA256 Credential=AKIAADMINISTRATOR/20261122/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0", "application/x-www-form-urlencoded", "", []byte("Action=GetCallerIdentity&Version=2011-06-15"))
	f.Add("GET", "/v1/control-channel/mi-0?role=subscribe", "", "", "", "ssmmessages.us-east-1.tamachi.internal", []byte(nil))
	f.Add("POST", "/", "AmazonSSM.RegisterManagedInstance", "", "", "", []byte(`{"ActivationId":1}`))
	f.Add("PUT", "/%2e%2e//x?X-Amz-Credential=////&X-Amz-Algorithm=", "x", "x", "gzip", "[::1", []byte{0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, method, target, amz, auth, kind, host string, body []byte) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Path == "" {
			return
		}
		door := newDoor(t, &rows{table: table(block{})}, slog.New(slog.DiscardHandler))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(string(body)))
		r.Method, r.URL, r.Host = method, u, host
		r.Header = http.Header{"X-Amz-Target": {amz}, "Authorization": {auth}, "Content-Type": {kind}}
		if kind == "gzip" {
			r.Header.Set("Content-Encoding", kind)
		}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		if forPublic := strings.HasSuffix(amz, ".RegisterManagedInstance"); w.Code >= 500 || w.Code < 400 && !forPublic && !strings.HasPrefix(w.Body.String(), "page ") {
			t.Errorf("got %d %s, want a refusal", w.Code, w.Body)
		}
	})
}

// BenchmarkDescribeWorkspaces measures the way from request to gate and back:
// signature and codec, without socket and store.
func BenchmarkDescribeWorkspaces(b *testing.B) {
	door := newDoor(b, &rows{table: table(block{})}, slog.New(slog.DiscardHandler))
	const body = `{"WorkspaceIds":["ws-c8wvb67py"]}`
	call := describe(body)
	call.url = "http://localhost:4566/"
	signed := call.request(b, nil)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header, r.Host = signed.Header, signed.URL.Host
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Body)
		}
	}
}
