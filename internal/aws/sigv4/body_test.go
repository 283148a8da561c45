package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/sigv4"
	"tamachi/internal/clock"
)

// chunker plays a client that sends its body in chunks.
type chunker struct {
	signing               []byte
	scope, date, previous string
	signed                bool
}

func hmacOf(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func newChunker(secret, seed string, at time.Time) *chunker {
	day := at.Format("20060102")
	key := hmacOf(hmacOf(hmacOf(hmacOf([]byte("AWS4"+secret), day), "us-east-1"), "s3"), "aws4_request")
	return &chunker{
		signing: key, scope: day + "/us-east-1/s3/aws4_request", date: at.Format("20060102T150405Z"),
		previous: seed, signed: true,
	}
}

func (c *chunker) sign(kind, rest string) string {
	text := kind + "\n" + c.date + "\n" + c.scope + "\n" + c.previous + "\n" + rest
	c.previous = hex.EncodeToString(hmacOf(c.signing, text))
	return c.previous
}

func (c *chunker) chunk(data string) string {
	size := strconv.FormatInt(int64(len(data)), 16)
	if c.signed {
		size += ";chunk-signature=" + c.sign("AWS4-HMAC-SHA256-PAYLOAD", hash("")+"\n"+hash(data))
	}
	if data == "" {
		return size + "\r\n"
	}
	return size + "\r\n" + data + "\r\n"
}

// trailers ends a body: each is "name:value".
func (c *chunker) trailers(lines ...string) string {
	var text, canonical string
	for _, l := range lines {
		text += l + "\r\n"
		canonical += l + "\n"
	}
	if c.signed && len(lines) > 0 {
		text += "x-amz-trailer-signature:" + c.sign("AWS4-HMAC-SHA256-TRAILER", hash(canonical)) + "\r\n"
	}
	return text + "\r\n"
}

// The example of AWS's own page: "Signature Calculations for the Authorization
// Header: Transferring Payload in Multiple Chunks".
func TestAWSsExampleOfChunks(t *testing.T) {
	keys := newKeyring()
	keys.keys["AKIAIOSFODNN7EXAMPLE"] = sigv4.Key{Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
	at := time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)
	r := newRequest(t, "PUT", "https://s3.amazonaws.com/examplebucket/chunkObject.txt", "",
		"X-Amz-Date", "20130524T000000Z", "X-Amz-Storage-Class", "REDUCED_REDUNDANCY",
		"X-Amz-Content-Sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding", "aws-chunked",
		"X-Amz-Decoded-Content-Length", "66560", "Content-Length", "66824",
		"Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"+
			"SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,"+
			"Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")
	_, payload, err := sigv4.New(keys, clock.NewFrozen(at), nil).Prove(t.Context(), r, "s3")
	if err != nil {
		t.Fatal(err)
	}
	body := "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + strings.Repeat("a", 65536) + "\r\n" +
		"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + strings.Repeat("a", 1024) + "\r\n" +
		"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
	if len(body) != 66824 {
		t.Fatalf("the example has %d bytes", len(body))
	}
	got, err := io.ReadAll(payload.Open(strings.NewReader(body)))
	if err != nil || len(got) != 66560 || payload.Length() != 66560 {
		t.Errorf("got %d bytes, %v, want 66,560", len(got), err)
	}
}

// upload is a signed request whose body is said to be of a kind.
func upload(t testing.TB, kind string, decoded int, header ...string) (*http.Request, string) {
	t.Helper()
	r := newRequest(t, "PUT", "http://127.0.0.1:4566/bucket/key", "", append(header, "X-Amz-Content-Sha256", kind)...)
	if strings.HasPrefix(kind, "STREAMING") {
		r.Header.Set("X-Amz-Decoded-Content-Length", strconv.Itoa(decoded))
	}
	err := v4.NewSigner().SignHTTP(context.Background(), longTerm, r, kind, "s3", "us-east-1", now,
		func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
	if err != nil {
		t.Fatal(err)
	}
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		t.Fatal(err)
	}
	got, err := http.ReadRequest(bufio.NewReader(&wire))
	if err != nil {
		t.Fatal(err)
	}
	_, seed, _ := strings.Cut(got.Header.Get("Authorization"), "Signature=")
	return got, seed
}

// open reads a body as the operation would; part is how much a read yields.
func open(t testing.TB, r *http.Request, body string) (string, *sigv4.Body, error) {
	t.Helper()
	_, payload, err := verifier(newKeyring()).Prove(context.Background(), r, "s3")
	if err != nil {
		t.Fatalf("prove: %v", err)
	}
	b := payload.Open(iotest.OneByteReader(strings.NewReader(body)))
	text, err := io.ReadAll(b)
	return string(text), b, err
}

const (
	signedChunks   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	signedTrailer  = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	plainTrailer   = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	crc, crcOfThat = "x-amz-checksum-crc32", "x-amz-checksum-crc32:AAAAAA=="
)

var big = strings.Repeat("0123456789abcdef", 512) // as large as a signed chunk must be

func TestBodiesAreReadAsTheirHeaderSays(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		decoded    string
		header     []string
		body       func(*chunker) string
		trailer    string
	}{
		{"a hash", hash("hello"), "hello", nil, func(*chunker) string { return "hello" }, ""},
		{"the hash of nothing", hash(""), "", nil, func(*chunker) string { return "" }, ""},
		{"no hash", "UNSIGNED-PAYLOAD", "hello", nil, func(*chunker) string { return "hello" }, ""},
		{"one signed chunk", signedChunks, "hello", nil, func(c *chunker) string { return c.chunk("hello") + c.chunk("") + "\r\n" }, ""},
		{
			"several signed chunks", signedChunks, big + big + "x", nil,
			func(c *chunker) string { return c.chunk(big) + c.chunk(big) + c.chunk("x") + c.chunk("") + "\r\n" }, "",
		},
		{"no data at all", signedChunks, "", nil, func(c *chunker) string { return c.chunk("") + "\r\n" }, ""},
		{
			"signed chunks and a trailer", signedTrailer, "hello",
			[]string{"X-Amz-Trailer", crc},
			func(c *chunker) string { return c.chunk("hello") + c.chunk("") + c.trailers(crcOfThat) }, "AAAAAA==",
		},
		{
			"unsigned chunks and a trailer", plainTrailer, "hello you",
			[]string{"X-Amz-Trailer", crc},
			func(c *chunker) string {
				c.signed = false
				return c.chunk("hello") + c.chunk(" you") + c.chunk("") + c.trailers(crcOfThat)
			}, "AAAAAA==",
		},
		{
			"unsigned chunks without a trailer", plainTrailer, "hello", nil,
			func(c *chunker) string {
				c.signed = false
				return c.chunk("hello") + c.chunk("") + c.trailers()
			}, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, seed := upload(t, c.kind, len(c.decoded), c.header...)
			text, b, err := open(t, r, c.body(newChunker(longTerm.SecretAccessKey, seed, now)))
			if err != nil || text != c.decoded || b.Trailer("X-Amz-Checksum-Crc32") != c.trailer {
				t.Errorf("got %d bytes, trailer %q, %v, want %d and %q", len(text), b.Trailer(crc), err, len(c.decoded), c.trailer)
			}
			if _, err := b.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
				t.Errorf("read after the end: %v", err)
			}
		})
	}
}

func TestBodiesThatAreNotWhatTheyWereSaidToBe(t *testing.T) {
	const incomplete, mismatch, trailer = "IncompleteBody", "SignatureDoesNotMatch", "MalformedTrailerError"
	for _, c := range []struct {
		name, kind, code string
		body             func(*chunker) string
	}{
		{"another body than its hash", hash("hello"), "XAmzContentSHA256Mismatch", func(*chunker) string { return "hellO" }},
		{"a shorter body than its hash", hash("hello"), "XAmzContentSHA256Mismatch", func(*chunker) string { return "hell" }},
		{"no chunks at all", signedChunks, incomplete, func(*chunker) string { return "" }},
		{"a body that is not in chunks", signedChunks, incomplete, func(*chunker) string { return "hello" }},
		{"chunks without signatures", signedChunks, incomplete, func(c *chunker) string {
			c.signed = false
			return c.chunk("hello") + c.chunk("") + "\r\n"
		}},
		{"a chunk that was changed", signedChunks, mismatch, func(c *chunker) string {
			return strings.Replace(c.chunk("hello"), "hello", "hellO", 1) + c.chunk("") + "\r\n"
		}},
		{"two chunks in the other order", signedChunks, mismatch, func(c *chunker) string {
			first, second := c.chunk(big), c.chunk(big[1:]+"!")
			return second + first + c.chunk("") + "\r\n"
		}},
		{"a last chunk of somebody else", signedChunks, mismatch, func(c *chunker) string {
			first := c.chunk("hello")
			c.signing = []byte("not the key")
			return first + c.chunk("") + "\r\n"
		}},
		{"a chunk left out", signedChunks, mismatch, func(c *chunker) string {
			c.chunk("hello")
			return c.chunk("") + "\r\n"
		}},
		{"cut within a chunk", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hello")[:87] }},
		{"cut after a chunk", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hello") }},
		{"cut before the last line", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hello") + c.chunk("") }},
		{"more after the end", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hello") + c.chunk("") + "\r\nmore" }},
		{"more data than announced", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hello, you") + c.chunk("") + "\r\n" }},
		{"less data than announced", signedChunks, incomplete, func(c *chunker) string { return c.chunk("hell") + c.chunk("") + "\r\n" }},
		{"small chunks before the last", signedChunks, "InvalidChunkSizeError", func(c *chunker) string { return c.chunk("he") + c.chunk("llo") + c.chunk("") + "\r\n" }},
		{"a size that is no number", signedChunks, incomplete, func(c *chunker) string { return "+5" + c.chunk("hello")[1:] }},
		{"an enormous size", signedChunks, incomplete, func(c *chunker) string { return strings.Repeat("f", 16) + c.chunk("hello")[1:] }},
		{"an endless chunk header", signedChunks, incomplete, func(*chunker) string { return "5;" + strings.Repeat("x", 9000) }},
		{"a trailer that was changed", signedTrailer, mismatch, func(c *chunker) string {
			return c.chunk("hello") + c.chunk("") + strings.Replace(c.trailers(crcOfThat), "AAAAAA", "AAAAAB", 1)
		}},
		{"a trailer without its signature", signedTrailer, mismatch, func(c *chunker) string {
			return c.chunk("hello") + c.chunk("") + crcOfThat + "\r\n\r\n"
		}},
		{"an announced trailer that is missing", signedTrailer, trailer, func(c *chunker) string {
			return c.chunk("hello") + c.chunk("") + c.trailers()
		}},
		{"a trailer that was not announced", plainTrailer, trailer, func(c *chunker) string {
			c.signed = false
			return c.chunk("hello") + c.chunk("") + c.trailers(crcOfThat, "x-amz-checksum-sha1:x")
		}},
		{"a trailer twice", plainTrailer, trailer, func(c *chunker) string {
			c.signed = false
			return c.chunk("hello") + c.chunk("") + c.trailers(crcOfThat, crcOfThat)
		}},
		{"an endless trailer", plainTrailer, incomplete, func(c *chunker) string {
			c.signed = false
			return c.chunk("hello") + c.chunk("") + crc + ":" + strings.Repeat("x", 5000)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, seed := upload(t, c.kind, len("hello"), trailerHeader(c.kind)...)
			if strings.HasPrefix(c.name, "two chunks") {
				r, seed = upload(t, c.kind, 2*len(big))
			}
			_, b, err := open(t, r, c.body(newChunker(longTerm.SecretAccessKey, seed, now)))
			wantCode(t, err, c.code)
			if _, again := b.Read(make([]byte, 1)); again == nil || errors.Is(again, io.EOF) {
				t.Errorf("a further read: got %v, want the error again", again)
			}
		})
	}
}

func trailerHeader(kind string) []string {
	if strings.HasSuffix(kind, "TRAILER") {
		return []string{"X-Amz-Trailer", crc}
	}
	return nil
}

func wantCode(t testing.TB, err error, code string) {
	t.Helper()
	var told smithy.APIError
	if !errors.As(err, &told) || told.ErrorCode() != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// Whatever bit of a signed body is turned, the operation never gets other data
// than were signed.
func TestEachBitOfSignedChunks(t *testing.T) {
	r, seed := upload(t, signedTrailer, 5, "X-Amz-Trailer", crc)
	c := newChunker(longTerm.SecretAccessKey, seed, now)
	good := c.chunk("hello") + c.chunk("") + c.trailers(crcOfThat)
	for i := range good {
		for bit := range 8 {
			bad := []byte(good)
			bad[i] ^= 1 << bit
			text, b, err := open(t, r, string(bad))
			if err == nil && (text != "hello" || b.Trailer(crc) != "AAAAAA==") {
				t.Fatalf("byte %d, bit %d: got %q, %q", i, bit, text, b.Trailer(crc))
			}
		}
	}
}

// A reader's own error that is fit for the caller stays as it is.
func TestAReadersErrorReachesTheCaller(t *testing.T) {
	r, _ := upload(t, "UNSIGNED-PAYLOAD", 0)
	_, payload, err := verifier(newKeyring()).Prove(t.Context(), r, "s3")
	if err != nil {
		t.Fatal(err)
	}
	late := &smithy.GenericAPIError{Code: "RequestTimeout"}
	_, err = io.ReadAll(payload.Open(iotest.ErrReader(fmt.Errorf("read: %w", late))))
	wantCode(t, err, "RequestTimeout")
	_, err = io.ReadAll(payload.Open(iotest.ErrReader(io.ErrUnexpectedEOF)))
	wantCode(t, err, "IncompleteBody")
}

// FuzzBody wants a reader of any bytes to end, with what its header announced
// or an error that is fit for the caller.
func FuzzBody(f *testing.F) {
	for i, kind := range []string{signedChunks, signedTrailer, plainTrailer} {
		_, seed := upload(f, kind, 5, trailerHeader(kind)...)
		c := newChunker(longTerm.SecretAccessKey, seed, now)
		c.signed = kind != plainTrailer
		body := c.chunk("hello") + c.chunk("")
		if kind == signedChunks {
			body += "\r\n"
		} else {
			body += c.trailers(crcOfThat)
		}
		f.Add(i, []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind int, body []byte) {
		which := []string{signedChunks, signedTrailer, plainTrailer}[uint(kind)%3]
		r, _ := upload(t, which, 5, trailerHeader(which)...)
		text, _, err := open(t, r, string(body))
		if err == nil && len(text) != 5 {
			t.Errorf("%d bytes were taken for 5", len(text))
		}
		if err != nil {
			var told smithy.APIError
			if !errors.As(err, &told) {
				t.Errorf("%v is not for the caller", err)
			}
		}
	})
}

func BenchmarkBody(b *testing.B) {
	data := strings.Repeat("x", 64<<10)
	for _, kind := range []string{"UNSIGNED-PAYLOAD", hash(data), signedChunks} {
		r, seed := upload(b, kind, len(data))
		body := data
		if kind == signedChunks {
			c := newChunker(longTerm.SecretAccessKey, seed, now)
			body = c.chunk(data) + c.chunk("") + "\r\n"
		}
		b.Run(kind[:9], func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				_, payload, err := verifier(newKeyring()).Prove(b.Context(), r, "s3")
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, payload.Open(strings.NewReader(body))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
