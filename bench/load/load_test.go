package load

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunCountsAnswersAndRefusesWrongOnes(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.Header.Get("X-Wrong") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = w.Write([]byte("hello"))
	}))
	defer server.Close()
	got, err := Run(t.Context(), Request{URL: server.URL}, 4, 200*time.Millisecond, "hello")
	if err != nil {
		t.Fatal(err)
	}
	// A call that the end of the run cut off is not counted; there is at most
	// one a worker.
	if n := int(calls.Load()); got.Calls == 0 || n-got.Calls > 4 || got.PerSecond <= 0 || got.P99 < got.P50 {
		t.Errorf("want about %d calls and sorted times, got %+v", n, got)
	}
	for name, r := range map[string]Request{
		"another status": {URL: server.URL, Header: http.Header{"X-Wrong": {"1"}}},
		"another body":   {URL: server.URL},
	} {
		want := map[string]string{"another status": "hello", "another body": "goodbye"}[name]
		if _, err := Run(t.Context(), r, 2, time.Second, want); err == nil || !strings.Contains(err.Error(), "answered") {
			t.Errorf("%s: want the answer as error, got %v", name, err)
		}
	}
}
