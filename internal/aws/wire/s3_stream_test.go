package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// zeros yields n zero bytes without holding them.
func zeros(n int64) io.Reader { return io.LimitReader(zeroReader{}, n) }

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// sink is a room whose objects are counted, never kept.
func sink(p *plane, peak *uint64) {
	put := p.gate.table["s3"]["PutObject"]
	put.Invoke = func(_ context.Context, in any) (any, error) {
		n, err := io.Copy(io.Discard, in.(*s3.PutObjectInput).Body)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		*peak = max(*peak, m.HeapInuse)
		return &s3.PutObjectOutput{ETag: aws.String(fmt.Sprint(n))}, err
	}
	p.gate.table["s3"]["PutObject"] = put
	get := p.gate.table["s3"]["GetObject"]
	get.Invoke = func(context.Context, any) (any, error) {
		return &s3.GetObjectOutput{Body: io.NopCloser(zeros(64 << 20)), ContentLength: aws.Int64(64 << 20)}, nil
	}
	p.gate.table["s3"]["GetObject"] = get
}

// An object of 64 MB goes in and out without ever being in memory.
func TestBodiesAreNeverInMemory(t *testing.T) {
	p, _ := startS3(t)
	var peak uint64
	sink(p, &peak)
	runtime.GC() // what other tests left
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, scheme := range []string{"http", "https"} {
		req, err := http.NewRequestWithContext(t.Context(), "PUT", scheme+"://"+p.addr+"/b/k", zeros(64<<20))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = 64 << 20
		signedS3(t, req, "UNSIGNED-PAYLOAD")
		if a := exchange(t, p.client(t), req); a.status != 200 || a.header.Get("Etag") != "67108864" {
			t.Errorf("%s: got %d %s %v", scheme, a.status, a.body, a.header)
		}
		req, err = http.NewRequestWithContext(t.Context(), "GET", scheme+"://"+p.addr+"/b/k", nil)
		if err != nil {
			t.Fatal(err)
		}
		signedS3(t, req, sha(""))
		resp, err := p.client(t).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil || n != 64<<20 || resp.ContentLength != 64<<20 {
			t.Errorf("%s: got %d of %d bytes, %v", scheme, n, resp.ContentLength, err)
		}
	}
	if peak > before.HeapInuse+32<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before.HeapInuse, peak)
	}
}

// The room's refusal reaches a client that is still sending.
func TestARefusalReachesASenderEarly(t *testing.T) {
	p, _ := startS3(t)
	req, err := http.NewRequestWithContext(t.Context(), "PUT", "http://"+p.addr+"/b/refuse-early", zeros(20<<20))
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = 20 << 20
	signedS3(t, req, "UNSIGNED-PAYLOAD")
	if a := exchange(t, p.client(t), req); a.status != 403 || a.code != "QuotaExceeded" {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

// A client that asks first is told at once, and never sends.
func TestExpectContinue(t *testing.T) {
	p, room := startS3(t)
	send := func(key, body string, wrong bool) string {
		req, err := http.NewRequestWithContext(t.Context(), "PUT", "http://"+p.addr+"/b/"+key, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = int64(len(body))
		signedS3(t, req, "UNSIGNED-PAYLOAD")
		if wrong {
			req.Header.Set("Authorization", strings.Replace(req.Header.Get("Authorization"), "Signature=", "Signature=0", 1))
		}
		conn, err := net.Dial("tcp", p.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		var head bytes.Buffer
		fmt.Fprintf(&head, "PUT /b/%s HTTP/1.1\r\nHost: %s\r\nExpect: 100-continue\r\nContent-Length: %d\r\n", key, p.addr, len(body))
		if err := req.Header.Write(&head); err != nil {
			t.Fatal(err)
		}
		head.WriteString("\r\n")
		if _, err := conn.Write(head.Bytes()); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(conn)
		first, err := lines.ReadString('\n')
		if err != nil || !strings.Contains(first, "100") {
			return first
		}
		if _, err := lines.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatal(err)
		}
		last, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		return first + last
	}
	if got := send("k", "hello", false); got != "HTTP/1.1 100 Continue\r\nHTTP/1.1 200 OK\r\n" || string(room.objects["b/k"].body) != "hello" {
		t.Errorf("got %q", got)
	}
	for key, wrong := range map[string]bool{"k": true, "refuse-early": false} {
		if got := send(key, "hello", wrong); got != "HTTP/1.1 403 Forbidden\r\n" {
			t.Errorf("%s: got %q, want the refusal at once", key, got)
		}
	}
}

// An answer that breaks off must not look like a whole one.
func TestAStreamThatFailsIsCut(t *testing.T) {
	p, room := startS3(t)
	room.objects["b/breaks"] = stored{in: &s3.PutObjectInput{}, body: []byte("hello")}
	resp, err := p.client(t).Do(s3Call{method: "GET", url: "/b/breaks"}.request(t, p))
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want a body cut short", err)
	}
	if log := p.log.String(); !strings.Contains(log, "disk on fire") {
		t.Errorf("the log says nothing: %s", log)
	}
}

// A damaged upload is refused, and so is one that is cut short.
func TestDamagedUploads(t *testing.T) {
	p, room := startS3(t)
	req := s3Call{method: "PUT", url: "/b/k", body: "hello"}.request(t, p)
	req.Body = io.NopCloser(strings.NewReader("hellO"))
	if a := exchange(t, p.client(t), req); a.status != 400 || a.code != "XAmzContentSHA256Mismatch" {
		t.Errorf("got %d %s", a.status, a.body)
	}
	req, err := http.NewRequestWithContext(t.Context(), "PUT", "http://"+p.addr+"/b/k", io.MultiReader(strings.NewReader("he"), zeros(3)))
	if err != nil {
		t.Fatal(err)
	}
	signedS3(t, req, "UNSIGNED-PAYLOAD")
	if a := exchange(t, p.client(t), req); a.status != 411 || a.code != "MissingContentLength" {
		t.Errorf("an upload of unknown length: got %d %s", a.status, a.body)
	}
	if len(room.objects) != 0 {
		t.Errorf("the room took %v", room.objects)
	}
}

// Documents and other services' bodies may come in chunks too.
func TestChunksWhereNoStreamIsWanted(t *testing.T) {
	p, _ := startS3(t)
	chunked := func(method, url, body, service string, header ...string) answer {
		t.Helper()
		text := fmt.Sprintf("%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n", len(body), body, crcOf(body))
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+p.addr+url, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		req.Header.Set("X-Amz-Decoded-Content-Length", fmt.Sprint(len(body)))
		req.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		req.Header.Set("Content-Encoding", "aws-chunked")
		signFor(t, req, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", service)
		return exchange(t, p.client(t), req)
	}
	if a := chunked("PUT", "/b?tagging", tagging, "s3"); a.status != 200 {
		t.Errorf("a document of S3: got %d %s", a.status, a.body)
	}
	if a := chunked("POST", "/", `{"WorkspaceIds":["ws-7"]}`, "workspaces", "X-Amz-Target", "WorkspacesService.DescribeWorkspaces"); a.status != 200 || !strings.Contains(a.body, "ws-7") {
		t.Errorf("JSON: got %d %s", a.status, a.body)
	}
	if a := chunked("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", "sts", "Content-Type", "application/x-www-form-urlencoded"); a.status != 200 {
		t.Errorf("a form: got %d %s", a.status, a.body)
	}
}

// A sender may be slow, but not silent.
func TestASlowSenderIsHeardASilentOneIsNot(t *testing.T) {
	room := newBucketRoom()
	for _, c := range []struct {
		name   string
		pause  time.Duration
		status int
		code   string
	}{
		{"slow: 80 seconds in all", 20 * time.Second, 200, ""},
		{"silent", 31 * time.Second, 400, "RequestTimeout"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				door := newDoor(t, &rows{table: room.rows()}, slog.New(slog.DiscardHandler), "s3")
				w := &deadlined{ResponseRecorder: httptest.NewRecorder(), ended: make(chan struct{})}
				r := httptest.NewRequestWithContext(t.Context(), "PUT", "http://localhost:4566/b/k", &haltingReader{c.pause, 4, w.ended})
				r.ContentLength = 4
				signedS3(t, r, "UNSIGNED-PAYLOAD")
				door.ServeHTTP(w, r)
				if w.Code != c.status || !strings.Contains(w.Body.String(), c.code) {
					t.Errorf("got %d %s, want %d %s", w.Code, w.Body, c.status, c.code)
				}
			})
		})
	}
	if string(room.objects["b/k"].body) != "xxxx" {
		t.Errorf("the room has %v", room.objects)
	}
}

// deadlined is an answer whose request's body ends at its read deadline.
type deadlined struct {
	*httptest.ResponseRecorder
	ended chan struct{}
}

func (d *deadlined) SetReadDeadline(time.Time) error {
	close(d.ended)
	return nil
}

// haltingReader yields a byte after each pause.
type haltingReader struct {
	pause time.Duration
	left  int
	ended chan struct{}
}

func (h *haltingReader) Read(p []byte) (int, error) {
	if h.left == 0 {
		return 0, io.EOF
	}
	select {
	case <-time.After(h.pause):
		h.left--
		p[0] = 'x'
		return 1, nil
	case <-h.ended:
		return 0, os.ErrDeadlineExceeded
	}
}

func crcOf(text string) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(text))))
}
