package house_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"tamachi/internal/aws/apitest"
)

// TestABrowserFindsTheStartPage: the root leads a browser to the plane's own
// page, in both languages; another client's root is S3's.
func TestABrowserFindsTheStartPage(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	fetch := func(path, accept string) (*http.Response, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.HTTP()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept", accept)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(text)
	}
	res, text := fetch("/", "text/html,application/xhtml+xml")
	if res.Request.URL.Path != "/_tamachi/" || res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("the root in a browser: %s %d %s, want the start page", res.Request.URL, res.StatusCode, res.Header.Get("Content-Type"))
	}
	for _, want := range []string{"日本語", "English", "/_tamachi/ca.pem", "tamachi env"} {
		if !strings.Contains(text, want) {
			t.Errorf("the start page lacks %q", want)
		}
	}
	if res, text := fetch("/_tamachi/ca.pem", "*/*"); res.StatusCode != http.StatusOK || !strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----") {
		t.Errorf("what the page links to: %d %.40s, want the CA's certificate", res.StatusCode, text)
	}
	if res, text := fetch("/", "*/*"); res.StatusCode != http.StatusForbidden || !strings.Contains(text, "AccessDenied") {
		t.Errorf("the root of another client: %d %s, want S3's AccessDenied", res.StatusCode, text)
	}
}
