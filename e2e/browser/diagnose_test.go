package browser_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"tamachi/e2e/browser"
	"tamachi/internal/webaccess"
)

// A person finds out with their own browser what is blocked: nothing, then a
// proxy that carries no WebSocket, then one that shows a page of its own.
func TestThePageOfWaysInNamesWhatIsBlocked(t *testing.T) {
	t.Parallel()
	_, base := serve(t, nil)
	plane, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	stranger := false
	forward := httputil.NewSingleHostReverseProxy(plane)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" || stranger && strings.HasSuffix(r.URL.Path, "/now") {
			http.Error(w, "the proxy does not carry that", http.StatusForbidden)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	do := start(t, browser.Options{Locale: "ja-JP", Phone: true})
	blocked := func(way, cause, says string) {
		t.Helper()
		do(browser.Order{Do: "shown", Selector: "html[data-status=blocked]"})
		if got := do(browser.Order{Do: "text", Selector: "#way-" + way + " [data-cause=" + cause + "]"}).Text; !strings.Contains(got, says) {
			t.Errorf("%s: want %q in what is said, got %q", way, says, got)
		}
	}
	do(browser.Order{Do: "open", URL: base + webaccess.Prefix + "diagnose"})
	do(browser.Order{Do: "shown", Selector: "html[data-status=fine]"})
	do(browser.Order{Do: "shot", Path: out(t, "diagnose-phone.png")})
	if got := do(browser.Order{Do: "text", Selector: "table"}).Text; !strings.Contains(got, plane.Hostname()) || !strings.Contains(got, "TCP "+plane.Port()) {
		t.Errorf("the request to the firewall's keepers: got %q", got)
	}
	do(browser.Order{Do: "complaints"})

	do(browser.Order{Do: "open", URL: proxy.URL + webaccess.Prefix + "diagnose"})
	blocked("stream", "closed", "Upgrade 要求を中継していません")
	stranger = true
	do(browser.Order{Do: "resize", Width: 1280, Height: 800})
	do(browser.Order{Do: "click", Selector: "#again"})
	do(browser.Order{Do: "shown", Selector: "#way-page[data-verdict=blocked]"})
	blocked("page", "stranger", "Tamachi 以外の応答")
	do(browser.Order{Do: "shot", Path: out(t, "diagnose-blocked.png")})
}
