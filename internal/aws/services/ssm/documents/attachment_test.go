package documents_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// warehouse is a plane with a bucket of package files.
type warehouse struct {
	client
	s3 *s3.Client
}

func openWarehouse(t *testing.T) *warehouse {
	t.Helper()
	cfg := apitest.Start(t, apitest.Options{}).Config()
	w := &warehouse{client{ssm.NewFromConfig(cfg), t}, s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })}
	_, err := w.s3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: aws.String("files"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(cfg.Region)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *warehouse) put(key, body string) {
	w.t.Helper()
	_, err := w.s3.PutObject(w.t.Context(), &s3.PutObjectInput{Bucket: aws.String("files"), Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		w.t.Fatal(err)
	}
}

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func manifest(version, file, body string) string {
	sum := sha256.Sum256([]byte(body))
	return fmt.Sprintf(`{"schemaVersion":"2.0","version":"%s","packages":{"_any":{"_any":{"_any":{"file":"%s"}}}},"files":{"%s":{"checksums":{"sha256":"%s"},"size":%d}}}`,
		version, file, file, hex.EncodeToString(sum[:]), len(body))
}

func packaged(name string, sources ...types.AttachmentsSource) func(*ssm.CreateDocumentInput) {
	return func(in *ssm.CreateDocumentInput) {
		in.DocumentType, in.Attachments, in.VersionName = types.DocumentTypePackage, sources, aws.String(name)
	}
}

func from(key types.AttachmentsSourceKey, value string) types.AttachmentsSource {
	return types.AttachmentsSource{Key: key, Values: []string{value}}
}

// read gets an attachment by the URL that GetDocument answers.
func (w *warehouse) read(url string) (string, int) {
	w.t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}} //nolint:gosec // who answers is not in question
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, url, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(body), res.StatusCode
}

func (w *warehouse) get(name, label string) *ssm.GetDocumentOutput {
	w.t.Helper()
	in := &ssm.GetDocumentInput{Name: &name}
	if label != "" {
		in.VersionName = &label
	}
	out, err := w.GetDocument(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestAPackageHasItsFiles(t *testing.T) {
	w := openWarehouse(t)
	one, two := zipped(t, map[string]string{"install.sh": "echo 1"}), zipped(t, map[string]string{"install.sh": "echo 2"})
	w.put("v1/app.zip", one)
	w.put("v2/app.zip", two)
	made := w.mustCreate("app", manifest("1.0", "app.zip", one), packaged("1.0", from("SourceUrl", "s3://files/v1")))
	if made.Status != types.DocumentStatusCreating || len(made.AttachmentsInformation) != 1 || *made.AttachmentsInformation[0].Name != "app.zip" {
		t.Errorf("created %+v", made)
	}
	_, err := w.update("app", manifest("2.0", "app.zip", two), func(in *ssm.UpdateDocumentInput) {
		in.VersionName, in.Attachments = aws.String("2.0"), []types.AttachmentsSource{from("S3FileUrl", "s3://files/v2/app.zip")}
	})
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range map[string]string{"1.0": one, "2.0": two} {
		got := w.get("app", label)
		if got.Status != types.DocumentStatusActive || len(got.AttachmentsContent) != 1 {
			t.Fatalf("version %s: %+v", label, got)
		}
		f := got.AttachmentsContent[0]
		body, status := w.read(*f.Url)
		sum := sha256.Sum256([]byte(want))
		if status != http.StatusOK || body != want || *f.Hash != hex.EncodeToString(sum[:]) || f.Size != int64(len(want)) || f.HashType != types.AttachmentHashTypeSha256 {
			t.Errorf("version %s: %d bytes with status %d, %+v", label, len(body), status, f)
		}
	}
	url := *w.get("app", "1.0").AttachmentsContent[0].Url
	if _, status := w.read(url[:len(url)-2]); status != http.StatusForbidden {
		t.Errorf("a changed URL: status %d", status)
	}
	// The same file in another document, after the bucket's is gone.
	if _, err := w.s3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("files"), Key: aws.String("v1/app.zip")}); err != nil {
		t.Fatal(err)
	}
	w.mustCreate("other", manifest("1.0", "app.zip", one), packaged("1", from("AttachmentReference", "app/1/app.zip")))
	if body, _ := w.read(*w.get("other", "").AttachmentsContent[0].Url); body != one {
		t.Errorf("the reused file has %d bytes", len(body))
	}
	if _, err := w.DeleteDocument(t.Context(), &ssm.DeleteDocumentInput{Name: aws.String("app")}); err != nil {
		t.Fatal(err)
	}
	if _, status := w.read(url); status != http.StatusForbidden {
		t.Errorf("a file of a deleted document: status %d", status)
	}
}

func TestAPackageThatCannotBeReadIsFailed(t *testing.T) {
	w := openWarehouse(t)
	body := zipped(t, map[string]string{"install.sh": "x"})
	w.put("app.zip", body)
	w.put("bad.zip", "something else")
	for _, row := range []struct {
		name, manifest string
		source         types.AttachmentsSource
		why            string
	}{
		{"none", manifest("1", "none.zip", body), from("SourceUrl", "s3://files"), "NoSuchKey"},
		{"nowhere", manifest("1", "app.zip", body), from("SourceUrl", "s3://nowhere"), "NoSuchBucket"},
		{"bad", manifest("1", "bad.zip", body), from("SourceUrl", "s3://files/"), "The checksum of the attachment bad.zip"},
		{"missing", manifest("1", "app.zip", body), from("S3FileUrl", "s3://files/bad.zip"), "The file app.zip of the manifest is not among the attachments."},
		{"reference", manifest("1", "app.zip", body), from("AttachmentReference", "gone/1/app.zip"), "refers to a document version that isn't there"},
	} {
		w.mustCreate(row.name, row.manifest, packaged("1", row.source))
		got := w.describe(row.name, "")
		if got.Status != types.DocumentStatusFailed || !strings.Contains(*got.StatusInformation, row.why) {
			t.Errorf("%s: %s because %s, want %q", row.name, got.Status, aws.ToString(got.StatusInformation), row.why)
		}
		list, err := w.ListDocumentVersions(t.Context(), &ssm.ListDocumentVersionsInput{Name: &row.name})
		if err != nil || list.DocumentVersions[0].Status != types.DocumentStatusFailed {
			t.Errorf("%s: listed as %+v, %v", row.name, list, err)
		}
	}
	for _, row := range []struct {
		name, manifest string
		source         types.AttachmentsSource
		code           string
	}{
		{"a manifest that names no file", strings.Replace(manifest("1", "app.zip", body), `"file":"app.zip"`, `"file":"x.zip"`, 1), from("SourceUrl", "s3://files"), "InvalidDocumentContent"},
		{"a manifest without digests", strings.Replace(manifest("1", "app.zip", body), "sha256", "md5", 1), from("SourceUrl", "s3://files"), "InvalidDocumentContent"},
		{"a place that is none", manifest("1", "app.zip", body), from("SourceUrl", "ftp://files"), "ValidationException"},
		{"a file without a name", manifest("1", "app.zip", body), from("S3FileUrl", "s3://files/a/"), "ValidationException"},
		{"a reference that is none", manifest("1", "app.zip", body), from("AttachmentReference", "app.zip"), "ValidationException"},
	} {
		_, err := w.create("refused", row.manifest, packaged("1", row.source))
		if err == nil {
			t.Errorf("%s: was created", row.name)
			continue
		}
		apitest.Refused(t, "create", err, row.code, "")
	}
}

// TestAFileOfAnyDocument attaches a script to a command document.
func TestAFileOfAnyDocument(t *testing.T) {
	w := openWarehouse(t)
	w.put("a/script.py", "print()")
	w.mustCreate("doc", shell("echo"), func(in *ssm.CreateDocumentInput) {
		in.Attachments = []types.AttachmentsSource{from("S3FileUrl", "https://s3.amazonaws.com/files/a/script.py")}
	})
	got := w.get("doc", "")
	if len(got.AttachmentsContent) != 1 || *got.AttachmentsContent[0].Name != "script.py" || got.Status != types.DocumentStatusActive {
		b, _ := json.Marshal(got)
		t.Errorf("got %s", b)
	}
}
