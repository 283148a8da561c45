package restxml_test

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/restxml"
)

func service(t testing.TB) *model.Service {
	t.Helper()
	svc, err := model.Load("s3")
	if err != nil {
		t.Fatal(err)
	}
	return svc
}

func request(t testing.TB, method, target string, header ...string) *codec.Request {
	t.Helper()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatal(err)
	}
	r := &codec.Request{Method: method, Path: u.EscapedPath(), Query: u.Query(), Header: http.Header{}}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestOperationsOfS3AreTold(t *testing.T) {
	for _, c := range []struct {
		method, target string
		header         []string
		want           string
	}{
		{"GET", "/", nil, "ListBuckets"},
		{"POST", "/", nil, ""},
		{"GET", "/b", nil, "ListObjects"},
		{"GET", "/b/", nil, "ListObjects"},
		{"GET", "/b?list-type=2", nil, "ListObjectsV2"},
		{"GET", "/b/?list-type=2&prefix=a", nil, "ListObjectsV2"},
		{"GET", "/b?list-type=1", nil, "ListObjects"},
		{"GET", "/b?versions", nil, "ListObjectVersions"},
		{"GET", "/b?uploads", nil, "ListMultipartUploads"},
		{"GET", "/b?acl", nil, "GetBucketAcl"},
		{"GET", "/b?acl=", nil, "GetBucketAcl"},
		{"GET", "/b?lifecycle", nil, "GetBucketLifecycleConfiguration"},
		{"GET", "/b?metrics", nil, "ListBucketMetricsConfigurations"},
		{"GET", "/b?metrics&id=1", nil, "GetBucketMetricsConfiguration"},
		{"PUT", "/b", nil, "CreateBucket"},
		{"PUT", "/b?versioning", nil, "PutBucketVersioning"},
		{"DELETE", "/b", nil, "DeleteBucket"},
		{"DELETE", "/b?policy", nil, "DeleteBucketPolicy"},
		{"DELETE", "/b?versioning", nil, ""},
		{"HEAD", "/b", nil, "HeadBucket"},
		{"POST", "/b?delete", nil, "DeleteObjects"},
		{"POST", "/b", nil, ""},
		{"GET", "/b/k", nil, "GetObject"},
		{"GET", "/b//", nil, "GetObject"},
		{"GET", "/b/k?acl", nil, "GetObjectAcl"},
		{"GET", "/b/k?uploadId=1", nil, "ListParts"},
		{"GET", "/b/k?partNumber=1", nil, "GetObject"},
		{"HEAD", "/b/k", nil, "HeadObject"},
		{"PUT", "/b/k", nil, "PutObject"},
		{"PUT", "/b/k", []string{"X-Amz-Copy-Source", "/a/b"}, "CopyObject"},
		{"PUT", "/b/k?partNumber=1&uploadId=x", nil, "UploadPart"},
		{"PUT", "/b/k?partNumber=1&uploadId=x", []string{"X-Amz-Copy-Source", "/a/b"}, "UploadPartCopy"},
		{"PUT", "/b/k?partNumber=1", nil, ""},
		{"PUT", "/b/k?uploadId=x", nil, ""},
		{"PUT", "/b/k?tagging", nil, "PutObjectTagging"},
		{"PUT", "/b/k?torrent", nil, ""},
		{"PUT", "/b/k?x-id=PutObject", nil, "PutObject"},
		{"POST", "/b/k?uploads", nil, "CreateMultipartUpload"},
		{"POST", "/b/k?uploadId=x", nil, "CompleteMultipartUpload"},
		{"POST", "/b/k", nil, ""},
		{"DELETE", "/b/k", nil, "DeleteObject"},
		{"DELETE", "/b/k?uploadId=x", nil, "AbortMultipartUpload"},
		{"DELETE", "/b/k?versionId=x", nil, "DeleteObject"},
		{"PATCH", "/b/k", nil, ""},
	} {
		got, ok := restxml.Codec{}.Operation(service(t), request(t, c.method, c.target, c.header...))
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s %s %v: want %q, got %q", c.method, c.target, c.header, c.want, got)
		}
	}
}

func TestDocumentsThatAreRefused(t *testing.T) {
	const good = `<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`
	for _, c := range []struct{ name, text, code string }{
		{"a good one", good, ""},
		{"with a declaration, comments and blanks", `<?xml version="1.0"?> <!-- x --> ` + strings.ReplaceAll(good, "><", "> <!-- y --> <") + "\n", ""},
		{"with a prefix", `<s:Tagging xmlns:s="http://s3.amazonaws.com/doc/2006-03-01/"><s:TagSet></s:TagSet></s:Tagging>`, ""},
		{"an empty text", `<Tagging><TagSet><Tag><Key>a</Key><Value/></Tag></TagSet></Tagging>`, ""},
		{"nothing", "", "MissingRequestBodyError"},
		{"blanks", " ", "MalformedXML"},
		{"no XML", "{}", "MalformedXML"},
		{"another root", strings.ReplaceAll(good, "Tagging", "Tags"), "MalformedXML"},
		{"an element that is not known", strings.Replace(good, "<Key>", "<Color>x</Color><Key>", 1), "MalformedXML"},
		{"text where elements belong", strings.Replace(good, "<Tag>", "text<Tag>", 1), "MalformedXML"},
		{"elements where text belongs", strings.Replace(good, ">a<", "><b/><", 1), "MalformedXML"},
		{"a required element left out", strings.Replace(good, "<Key>a</Key>", "", 1), "MalformedXML"},
		{"more after the end", good + "<x/>", "MalformedXML"},
		{"cut short", good[:40], "MalformedXML"},
		{"a document type", `<!DOCTYPE x [<!ENTITY a "b">]>` + good, "MalformedXML"},
		{"an entity", strings.Replace(good, ">a<", ">&a;<", 1), "MalformedXML"},
		{"no UTF-8", strings.Replace(good, ">a<", ">\xff<", 1), "MalformedXML"},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?>` + good, "MalformedXML"},
		{"a processing instruction", `<?php x?>` + good, "MalformedXML"},
		{"deep nesting", strings.Repeat("<Tagging>", 10_000), "MalformedXML"},
	} {
		r := request(t, "PUT", "/b?tagging")
		r.Body = []byte(c.text)
		var in s3.PutBucketTaggingInput
		_, err := restxml.Codec{}.Decode(service(t), service(t).Operations["PutBucketTagging"], r, &in)
		fault, _ := errors.AsType[*codec.Fault](err)
		if c.code == "" && err != nil || c.code != "" && (fault == nil || fault.Code != c.code) {
			t.Errorf("%s: want %q, got %v", c.name, c.code, err)
		}
	}
}

func TestAnObjectWithoutBucketIsRefused(t *testing.T) {
	var in s3.PutObjectInput
	_, err := restxml.Codec{}.Decode(service(t), service(t).Operations["PutObject"], request(t, "PUT", "//k"), &in)
	if fault, ok := errors.AsType[*codec.Fault](err); !ok || fault.Code != "InvalidBucketName" {
		t.Errorf("got %v, want InvalidBucketName", err)
	}
}

func TestConditionsThatCannotBeReadAreVoid(t *testing.T) {
	r := request(t, "GET", "/b/k", "If-Modified-Since", "yesterday")
	var in s3.GetObjectInput
	if _, err := (restxml.Codec{}).Decode(service(t), service(t).Operations["GetObject"], r, &in); err != nil || in.IfModifiedSince != nil || *in.Key != "k" {
		t.Errorf("got %+v, %v", in, err)
	}
}

func TestAnswersLookLikeS3s(t *testing.T) {
	for _, c := range []struct {
		op   string
		out  any
		want string
	}{
		{"GetBucketLocation", &s3.GetBucketLocationOutput{}, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`},
		{"ListBuckets", &s3.ListBucketsOutput{Buckets: []s3types.Bucket{{Name: aws.String("a")}}}, `<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Buckets><Bucket><Name>a</Name></Bucket></Buckets></ListAllMyBucketsResult>`},
		{"CopyObject", &s3.CopyObjectOutput{CopyObjectResult: &s3types.CopyObjectResult{ETag: aws.String("e")}}, `<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ETag>e</ETag></CopyObjectResult>`},
		{
			"GetBucketAcl", &s3.GetBucketAclOutput{Grants: []s3types.Grant{{Grantee: &s3types.Grantee{Type: "Group", URI: aws.String("u")}}}},
			`<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><AccessControlList><Grant>` +
				`<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee></Grant></AccessControlList></AccessControlPolicy>`,
		},
		{"DeleteObject", &s3.DeleteObjectOutput{}, ""},
	} {
		r, err := restxml.Codec{}.Encode(service(t), service(t).Operations[c.op], c.out, "id")
		got := strings.TrimPrefix(string(r.Body), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
		if err != nil || got != c.want {
			t.Errorf("%s: %v\nwant %s\ngot  %s", c.op, err, c.want, got)
		}
	}
}

// FuzzOperation wants any path and query to be for an operation of its method,
// or for none, and its labels to be the path's own.
func FuzzOperation(f *testing.F) {
	for _, target := range []string{"/", "//0", "/b/k?acl", "/b//../k?uploadId=1&partNumber=2", "//", "/%2F/%2e%2e", "/b/k?versionId=%zz", "/b?list-type=2"} {
		f.Add("PUT", target)
		f.Add("GET", target)
	}
	svc := service(f)
	f.Fuzz(func(t *testing.T, method, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(u.EscapedPath(), "/") {
			return
		}
		r := &codec.Request{Method: method, Path: u.EscapedPath(), Query: u.Query(), Header: http.Header{}}
		name, ok := restxml.Codec{}.Operation(svc, r)
		if !ok {
			return
		}
		op := svc.Operations[name]
		if op.Method != method {
			t.Fatalf("%s %s: %s", method, target, name)
		}
		if name == "PutObject" {
			var in s3.PutObjectInput
			if _, err := (restxml.Codec{}).Decode(svc, op, r, &in); err == nil && in.Key != nil && "/"+*in.Bucket+"/"+*in.Key != u.Path {
				t.Fatalf("%q became %q %q", u.Path, *in.Bucket, *in.Key)
			}
		}
	})
}

// FuzzDecode wants any document to be read or refused with a fault.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`<Delete><Object><Key>a</Key></Object><Quiet>true</Quiet></Delete>`))
	f.Add([]byte(`<LifecycleConfiguration><Rule><ID>x</ID><Filter><And><Tag><Key>a</Key><Value>b</Value></Tag></And></Filter><Status>Enabled</Status></Rule></LifecycleConfiguration>`))
	f.Add([]byte(`<AccessControlPolicy><AccessControlList><Grant><Grantee xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="Group"/></Grant></AccessControlList></AccessControlPolicy>`))
	f.Add([]byte(`<MetricsConfiguration><Id>a</Id><Filter><Prefix>x</Prefix></Filter></MetricsConfiguration>`))
	svc := service(f)
	inputs := map[string]reflect.Type{
		"DeleteObjects":                   reflect.TypeFor[s3.DeleteObjectsInput](),
		"PutBucketLifecycleConfiguration": reflect.TypeFor[s3.PutBucketLifecycleConfigurationInput](),
		"PutBucketAcl":                    reflect.TypeFor[s3.PutBucketAclInput](),
		"PutBucketMetricsConfiguration":   reflect.TypeFor[s3.PutBucketMetricsConfigurationInput](),
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, in := range inputs {
			r := &codec.Request{Method: "PUT", Path: "/b", Query: url.Values{"id": {"1"}}, Header: http.Header{}, Body: body}
			_, err := restxml.Codec{}.Decode(svc, svc.Operations[name], r, reflect.New(in).Interface())
			if fault, ok := errors.AsType[*codec.Fault](err); err != nil && (!ok || codec.StatusOf(svc, fault) >= 500) {
				t.Fatalf("%s: %v", name, err)
			}
		}
	})
}
