package load

import (
	"bufio"
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func requests(t *testing.T, url string, header http.Header, bodies ...string) [][]byte {
	t.Helper()
	var out [][]byte
	for _, body := range bodies {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(r.Header, header)
		out = append(out, Raw(r, []byte(body)))
	}
	return out
}

func TestRunCountsAnswersAndRefusesWrongOnes(t *testing.T) {
	var calls, closes atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		n := calls.Add(1)
		if r.Header.Get("X-Wrong") != "" {
			w.WriteHeader(http.StatusTeapot)
		}
		if n%10 == 0 {
			closes.Add(1)
			w.Header().Set("Connection", "close")
		}
		_, _ = w.Write(append([]byte("hello "), body...))
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	got, err := run(t.Context(), Job{
		Address: address, Connections: 4, Long: 200 * time.Millisecond, Want: "hello",
		Requests: requests(t, server.URL, nil, "a", "b", "c"),
	})
	if err != nil {
		t.Fatal(err)
	}
	// A call that the end of the run cut off is not counted; there is at most
	// one a connection.
	if n := int(calls.Load()); got.Calls == 0 || n-got.Calls > 4 || got.PerSecond <= 0 || got.P99 < got.P50 {
		t.Errorf("want about %d calls and sorted times, got %+v", n, got)
	}
	if closes.Load() == 0 {
		t.Error("no connection was closed by the server, which this test is about too")
	}
	for name, row := range map[string]struct {
		header http.Header
		want   string
	}{
		"another status": {http.Header{"X-Wrong": {"1"}}, "hello"},
		"another body":   {nil, "goodbye"},
	} {
		_, err := run(t.Context(), Job{
			Address: address, Connections: 2, Long: time.Second, Want: row.want, Requests: requests(t, server.URL, row.header, "x"),
		})
		if err == nil || !strings.Contains(err.Error(), "answered") {
			t.Errorf("%s: want the answer as error, got %v", name, err)
		}
	}
}

func TestAJobArrivesAsItWasSent(t *testing.T) {
	want := Job{
		Address: "127.0.0.1:1", Connections: 8, Long: 3 * time.Second, Want: "Version",
		Requests: [][]byte{[]byte("POST / HTTP/1.1\r\n\r\n"), {0, 1, '\n', 255}, {}},
	}
	var b bytes.Buffer
	if err := write(&b, want); err != nil {
		t.Fatal(err)
	}
	got, err := read(bufio.NewReader(&b))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestAnswersAreReadHoweverTheirLengthIsTold(t *testing.T) {
	for name, row := range map[string]struct {
		wire string
		want answer
	}{
		"a length":               {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", answer{"200", false, []byte("hello")}},
		"chunks":                 {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", answer{"200", false, []byte("hello")}},
		"the end":                {"HTTP/1.1 404 Not Found\r\n\r\nhello", answer{"404", true, []byte("hello")}},
		"a connection that ends": {"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: 5\r\n\r\nhello", answer{"200", true, []byte("hello")}},
	} {
		in := bufio.NewReader(strings.NewReader(row.wire))
		got, err := readAnswer(in)
		if diff := cmp.Diff(row.want, got, cmp.AllowUnexported(answer{})); err != nil || diff != "" || in.Buffered() != 0 {
			t.Errorf("%s: %v, %d bytes left\n%s", name, err, in.Buffered(), diff)
		}
	}
	for name, wire := range map[string]string{
		"no status line":      "SSH-2.0\r\n",
		"a length below zero": "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
		"a body cut off":      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
	} {
		if got, err := readAnswer(bufio.NewReader(strings.NewReader(wire))); err == nil {
			t.Errorf("%s: want an error, got %+v", name, got)
		}
	}
}
