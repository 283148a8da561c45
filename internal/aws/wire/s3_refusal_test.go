package wire_test

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/api"
)

// s3Call is a signed request for S3 and how it is answered.
type s3Call struct {
	name, method, url, body string
	header                  []string
	unsigned                bool
	status                  int
	code                    string
	said                    map[string]string // further members of the error
}

func (c s3Call) request(t testing.TB, p *plane) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), c.method, "http://"+p.addr+c.url, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(c.header); i += 2 {
		req.Header.Add(c.header[i], c.header[i+1])
	}
	if !c.unsigned {
		signedS3(t, req, sha(c.body))
	}
	return req
}

const (
	tagging     = `<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`
	otherDigest = "1B2M2Y8AsgTpgAmY7PhCfg=="
)

func digestOf(text string) string {
	sum := md5.Sum([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestS3Refusals(t *testing.T) {
	p, _ := startS3(t)
	for _, c := range []s3Call{
		{name: "an object that is not there", method: "GET", url: "/b/none", status: 404, code: "NoSuchKey"},
		{name: "a method that an object does not have", method: "PATCH", url: "/b/k", status: 405, code: "MethodNotAllowed", said: map[string]string{"Method": "PATCH", "ResourceType": "OBJECT"}},
		{name: "a method that a bucket does not have", method: "POST", url: "/b", status: 405, code: "MethodNotAllowed", said: map[string]string{"ResourceType": "BUCKET"}},
		{name: "a method that the service does not have", method: "DELETE", url: "/", status: 405, code: "MethodNotAllowed", said: map[string]string{"ResourceType": "SERVICE"}},
		{name: "a part of an object that cannot be written", method: "PUT", url: "/b/k?torrent", body: "x", status: 405, code: "MethodNotAllowed"},
		{name: "an upload without a part number", method: "PUT", url: "/b/k?uploadId=1", body: "x", status: 405, code: "MethodNotAllowed"},
		{name: "a question of a browser", method: "OPTIONS", url: "/b/k", unsigned: true, status: 403, code: "AccessForbidden"},
		{name: "an operation without a row", method: "GET", url: "/b?cors", status: 501, code: "NotImplemented"},
		{name: "a document that is none", method: "PUT", url: "/b?tagging", body: "<Tagging>", header: []string{"Content-MD5", digestOf("<Tagging>")}, status: 400, code: "MalformedXML"},
		{name: "no document", method: "PUT", url: "/b?tagging", header: []string{"Content-MD5", digestOf("")}, status: 400, code: "MissingRequestBodyError"},
		{name: "a document without checksum", method: "PUT", url: "/b?tagging", body: tagging, status: 400, code: "InvalidRequest"},
		{
			name: "a document of another digest", method: "PUT", url: "/b?tagging", body: tagging, header: []string{"Content-MD5", otherDigest},
			status: 400, code: "BadDigest", said: map[string]string{"ExpectedDigest": otherDigest, "CalculatedDigest": digestOf(tagging)},
		},
		{name: "a digest that is none", method: "PUT", url: "/b?tagging", body: tagging, header: []string{"Content-MD5", "x"}, status: 400, code: "InvalidDigest"},
		{name: "a document of another CRC", method: "PUT", url: "/b?tagging", body: tagging, header: []string{"X-Amz-Checksum-Crc32", "AAAAAA=="}, status: 400, code: "BadDigest"},
		{name: "a CRC that is none", method: "PUT", url: "/b?tagging", body: tagging, header: []string{"X-Amz-Checksum-Crc32", "AA"}, status: 400, code: "InvalidRequest"},
		{name: "a number in words", method: "GET", url: "/b?list-type=2&max-keys=ten", status: 400, code: "InvalidArgument", said: map[string]string{"ArgumentName": "max-keys", "ArgumentValue": "ten"}},
		{name: "a document that is too large", method: "PUT", url: "/b?tagging", body: strings.Repeat("x", 9<<20), status: 400, code: "MaxMessageLengthExceeded"},
		{name: "a list of buckets for nobody", method: "GET", url: "/", unsigned: true, status: 403, code: "AccessDenied"},
		{name: "a signature of old", method: "GET", url: "/b/k", unsigned: true, header: []string{"Authorization", "AWS AKIA:c2ln"}, status: 400, code: "InvalidRequest"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := exchange(t, p.client(t), c.request(t, p))
			if a.status != c.status || a.code != c.code {
				t.Errorf("got %d %s (%s), want %d %s", a.status, a.code, a.body, c.status, c.code)
			}
			for name, want := range c.said {
				if !strings.Contains(a.body, "<"+name+">"+want+"</"+name+">") {
					t.Errorf("want %s %s in %s", name, want, a.body)
				}
			}
			var doc struct{ Code, Message, RequestId, HostId string }
			if err := xml.Unmarshal([]byte(a.body), &doc); err != nil || doc.Message == "" || doc.RequestId != a.header.Get("X-Amz-Request-Id") || doc.HostId != a.header.Get("X-Amz-Id-2") {
				t.Errorf("the document %+v (%v) does not agree with the headers %v", doc, err, a.header)
			}
			if a.header.Get("X-Amzn-Requestid") != "" || a.header.Get("Content-Type") != "application/xml" {
				t.Errorf("headers: %v", a.header)
			}
		})
	}
}

// The checksums were computed elsewhere.
func TestS3DocumentsWithTheirChecksums(t *testing.T) {
	p, _ := startS3(t)
	for _, header := range [][]string{
		{"Content-MD5", digestOf(tagging)},
		{"X-Amz-Checksum-Crc32", "Mr5yoA=="},
		{"X-Amz-Checksum-Crc32c", "9XKcdg=="},
		{"X-Amz-Checksum-Crc64nvme", "2lbKwPvJAPI="},
		{"X-Amz-Checksum-Sha1", "HWMBe4G3SUU640eJzIYAL5jpxLY="},
		{"X-Amz-Checksum-Sha256", "WDsnQSerDXwWGU7UcIQoW463rzj1z0Jg5kVXwgCWL2I="},
	} {
		c := s3Call{method: "PUT", url: "/b?tagging", body: tagging, header: header}
		if a := exchange(t, p.client(t), c.request(t, p)); a.status != 200 {
			t.Errorf("%s: got %d %s", header[0], a.status, a.body)
		}
	}
}

// A failed HEAD has no document, and 304 neither.
func TestS3AnswersWithoutBody(t *testing.T) {
	p, room := startS3(t)
	room.objects["b/k"] = stored{in: &s3.PutObjectInput{}, body: []byte("hello")}
	for _, c := range []struct {
		call   s3Call
		status int
		length string
	}{
		{s3Call{method: "HEAD", url: "/b/none"}, 404, ""},
		{s3Call{method: "HEAD", url: "/b/k"}, 200, "5"},
		{s3Call{method: "GET", url: "/b/k", header: []string{"If-None-Match", `"e"`}}, 304, ""},
	} {
		resp, err := p.client(t).Do(c.call.request(t, p))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || len(body) != 0 || resp.Header.Get("Content-Length") != c.length {
			t.Errorf("%s %s: got %d, length %q, %q, %v", c.call.method, c.call.url, resp.StatusCode, resp.Header.Get("Content-Length"), body, err)
		}
	}
}

func TestBucketsInTheHostName(t *testing.T) {
	p, room := startS3(t)
	for _, c := range []struct {
		name, host, path string
		want             string // of the object that is written
	}{
		{"by region", "my.bucket.s3.us-east-1." + domain, "/k", "my.bucket/k"},
		{"by region and port", "my.bucket.s3.us-east-1." + domain + ":4566", "/k", "my.bucket/k"},
		{"dual stack", "my-bucket.s3.dualstack.us-east-1." + domain, "/k", "my-bucket/k"},
		{"without a region", "my-bucket.s3." + domain, "/k", "my-bucket/k"},
		{"in capitals, with the root's dot", "My-Bucket.S3." + domain + ".", "/k", "my-bucket/k"},
		{"before localhost", "my-bucket.localhost:4566", "/k", "my-bucket/k"},
		{"a key like our pages", "my-bucket.s3." + domain, "/_tamachi/ready", "my-bucket/_tamachi/ready"},
		{"a key like the agents' channel", "my-bucket.s3." + domain, "/v1/control-channel/x", "my-bucket/v1/control-channel/x"},
		{"a key that begins with a slash", "my-bucket.s3." + domain, "//k", "my-bucket//k"},
		{"a bucket called s3", "s3.s3." + domain, "/k", "s3/k"},
		{"the service's own name", "s3.us-east-1." + domain, "/b/k", "b/k"},
		{"the service's own name without a region", "s3." + domain, "/b/k", "b/k"},
		{"localhost", "localhost:4566", "/b/k", "b/k"},
		{"an address", "127.0.0.1:4566", "/b/k", "b/k"},
		{"a stranger's name", "example.com", "/b/k", "b/k"},
	} {
		t.Run(c.name, func(t *testing.T) {
			clear(room.objects)
			req, err := http.NewRequestWithContext(t.Context(), "PUT", "http://"+p.addr, strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			req.URL.Path, req.Host = c.path, c.host
			signedS3(t, req, sha("x"))
			if a := exchange(t, p.client(t), req); a.status != 200 {
				t.Fatalf("got %d %s", a.status, a.body)
			}
			if _, ok := room.objects[c.want]; !ok || len(room.objects) != 1 {
				t.Errorf("the room has %v, want %s", room.objects, c.want)
			}
		})
	}
}

func TestAnonymousRequestsReachS3AsNobodys(t *testing.T) {
	p, room := startS3(t)
	c := s3Call{method: "PUT", url: "/b/k", body: "x", unsigned: true}
	if a := exchange(t, p.client(t), c.request(t, p)); a.status != 200 {
		t.Fatalf("got %d %s", a.status, a.body)
	}
	if who := room.callers[0]; who.Type != api.AWSAccount || who.Account != "" {
		t.Errorf("got %+v, want nobody", who)
	}
	browser := raw{method: "GET", url: "/", header: []string{"Accept", "text/html,application/xhtml+xml"}}
	if a := browser.send(t, p); a.body != "page /" {
		t.Errorf("a browser at the root: got %s, want the page", a.body)
	}
}

func TestPresignedURLs(t *testing.T) {
	p, room := startS3(t)
	links := s3.NewPresignClient(p.s3(t, "http"))
	put, err := links.PresignPutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String("a b/藤"), ContentType: aws.String("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	follow := func(link *v4.PresignedHTTPRequest, body string) answer {
		req, err := http.NewRequestWithContext(t.Context(), link.Method, link.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range link.SignedHeader {
			if name != "Host" && name != "Content-Length" {
				req.Header[name] = values
			}
		}
		return exchange(t, p.client(t), req)
	}
	if a := follow(put, "by a link"); a.status != 200 || string(room.objects["b/a b/藤"].body) != "by a link" {
		t.Fatalf("put: got %d %s, the room has %v", a.status, a.body, room.objects)
	}
	get, err := links.PresignGetObject(t.Context(), &s3.GetObjectInput{
		Bucket: aws.String("b"), Key: aws.String("a b/藤"), ResponseContentType: aws.String("application/x-special; a=b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if a := follow(get, ""); a.body != "by a link" || a.header.Get("Content-Type") != "application/x-special; a=b" {
		t.Errorf("get: got %d %q %v", a.status, a.body, a.header)
	}
	get.URL = strings.Replace(get.URL, "x-special", "x-evil", 1)
	if a := follow(get, ""); a.code != "SignatureDoesNotMatch" {
		t.Errorf("a changed link: got %d %s", a.status, a.body)
	}
}
