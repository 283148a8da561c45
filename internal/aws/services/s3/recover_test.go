package s3_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/apitest"
)

// A start after a crash: a body whose record was committed is kept, one whose
// record was not is removed.
func TestBodiesAfterACrash(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	bucket := made(t, p, c, "the-bucket")
	put(t, c, bucket, "k", "durable")
	p.Stop()
	fresh := filepath.Join(p.Data, "blobs", "fresh")
	kept, err := filepath.Glob(filepath.Join(p.Data, "blobs", "kept", "*", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("bodies: got %v, %v, want one", kept, err)
	}
	// As if the plane had died between the commit and the settling ...
	must(t, "move", os.Rename(kept[0], filepath.Join(fresh, filepath.Base(kept[0]))))
	// ... and another time between the body and the commit.
	orphan := filepath.Join(fresh, strings.Repeat("0", 32))
	must(t, "write", os.WriteFile(orphan, []byte("x"), 0o600))
	p.Restart()
	if got := get(t, client(p), &s3.GetObjectInput{Bucket: &bucket, Key: name("k")}); got != "durable" {
		t.Errorf("the object holds %q", got)
	}
	if left, err := os.ReadDir(fresh); err != nil || len(left) != 0 {
		t.Errorf("fresh bodies are left: %v, %v", left, err)
	}
}

// An upload that breaks off leaves nothing.
func TestBrokenUploads(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	c := client(p)
	bucket := made(t, p, c, "the-bucket")
	put(t, c, bucket, "k", "before")
	up, err := s3.NewPresignClient(c).PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: name("k")})
	must(t, "presign", err)
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), up.Method, up.URL, r)
	must(t, "request", err)
	req.ContentLength = 1 << 20
	go func() {
		_, _ = w.Write(make([]byte, 200_000))
		w.CloseWithError(io.ErrClosedPipe)
	}()
	resp, err := http.DefaultClient.Do(req)
	if err == nil {
		resp.Body.Close()
		t.Errorf("half an upload is answered with %s", resp.Status)
	}
	if got := get(t, c, &s3.GetObjectInput{Bucket: &bucket, Key: name("k")}); got != "before" {
		t.Errorf("the object holds %q", got)
	}
	p.Restart() // ends the handler of the broken request
	for _, dir := range []string{"writing", "fresh"} {
		if left, err := os.ReadDir(filepath.Join(p.Data, "blobs", dir)); err != nil || len(left) != 0 {
			t.Errorf("%s: left %v, %v", dir, left, err)
		}
	}
}
