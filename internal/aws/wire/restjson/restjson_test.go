package restjson_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/restjson"
)

// thing is a made-up service that uses every binding.
func thing(t testing.TB) *model.Service {
	t.Helper()
	text := &model.TableMember{Shape: "Text"}
	svc, err := model.Build("thing", &model.Table{
		Metadata: &model.Metadata{Protocol: "rest-json", EndpointPrefix: "thing"},
		Operations: map[string]*model.TableOp{
			"GetThing":   {Method: "GET", URI: "/things/{id}", Input: "GetInput", Output: "GetOutput"},
			"GetLatest":  {Method: "GET", URI: "/things/latest"},
			"GetTree":    {Method: "GET", URI: "/trees/{path+}/leaves/{leaf}", Input: "TreeInput"},
			"ListThings": {Method: "GET", URI: "/things?list"},
			"PutBlob":    {Method: "PUT", URI: "/things/{id}", Input: "PutInput", Output: "PutOutput", Status: 201},
		},
		Shapes: map[string]model.TableShape{
			"Text": {Type: "string"}, "Number": {Type: "integer"}, "Time": {Type: "timestamp"}, "Bytes": {Type: "blob"},
			"Texts":   {Type: "list", Member: text},
			"Headers": {Type: "map", Key: text, Value: text},
			"GetInput": {Type: "structure", Members: []model.TableMember{
				{Name: "id", Shape: "Text", Location: "uri", Required: true},
				{Name: "filter", Shape: "Texts", Location: "querystring", Wire: "f"},
				{Name: "since", Shape: "Time", Location: "querystring"},
				{Name: "max", Shape: "Number", Location: "header", Wire: "X-Max"},
				{Name: "meta", Shape: "Headers", Location: "headers", Wire: "X-Meta-"},
			}},
			"GetOutput": {Type: "structure", Members: []model.TableMember{
				{Name: "code", Shape: "Number", Location: "statusCode"},
				{Name: "when", Shape: "Time", Location: "header", Wire: "X-When"},
				{Name: "meta", Shape: "Headers", Location: "headers", Wire: "X-Meta-"},
				{Name: "name", Shape: "Text"},
			}},
			"TreeInput": {Type: "structure", Members: []model.TableMember{
				{Name: "path", Shape: "Text", Location: "uri"}, {Name: "leaf", Shape: "Text", Location: "uri"},
			}},
			"PutInput": {Type: "structure", Payload: "body", Members: []model.TableMember{
				{Name: "id", Shape: "Text", Location: "uri"}, {Name: "body", Shape: "Bytes"},
			}},
			"PutOutput": {Type: "structure", Payload: "body", Members: []model.TableMember{{Name: "body", Shape: "Text"}}},
			"Busy": {Type: "structure", Exception: true, Status: 429, Members: []model.TableMember{
				{Name: "Message", Shape: "Text"},
				{Name: "Reason", Shape: "Text"},
				{Name: "RetryAfter", Shape: "Number", Location: "header", Wire: "Retry-After"},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return svc
}

type (
	getInput struct {
		Id     *string
		Filter []string
		Since  *time.Time
		Max    int32
		Meta   map[string]string
	}
	getOutput struct {
		Code *int32
		When *time.Time
		Meta map[string]string
		Name *string
	}
	treeInput struct{ Path, Leaf *string }
	putInput  struct {
		Id   *string
		Body []byte
	}
	putOutput struct{ Body *string }
	busy      struct {
		Message, Reason *string
		RetryAfter      int32
	}
)

func request(method, target string) *codec.Request {
	u, err := url.Parse(target)
	if err != nil {
		panic(err)
	}
	return &codec.Request{Method: method, Path: u.EscapedPath(), Query: u.Query(), Header: http.Header{}}
}

func TestOperationIsFoundByMethodAndPath(t *testing.T) {
	svc := thing(t)
	for _, row := range []struct{ name, method, target, want string }{
		{"a label takes one segment", "GET", "/things/a%2Fb", "GetThing"},
		{"a literal goes before a label", "GET", "/things/latest", "GetLatest"},
		{"the method tells operations apart", "PUT", "/things/latest", "PutBlob"},
		{"a greedy label takes slashes", "GET", "/trees/a/b/leaves/c/leaves/d", "GetTree"},
		{"a greedy label takes at least something", "GET", "/trees/leaves/d", ""},
		{"a literal parameter is demanded", "GET", "/things?list", "ListThings"},
		{"and missed", "GET", "/things", ""},
		{"an empty label is none", "GET", "/things/", ""},
		{"a longer path is another", "GET", "/things/a/b", ""},
		{"an unknown method is none", "POST", "/things/a", ""},
	} {
		got, ok := restjson.Codec{}.Operation(svc, request(row.method, row.target))
		if got != row.want || ok != (row.want != "") {
			t.Errorf("%s: %s %s: want %q, got %q %v", row.name, row.method, row.target, row.want, got, ok)
		}
	}
}

func TestDecodeReadsEveryBinding(t *testing.T) {
	svc := thing(t)
	r := request("GET", "/things/a%2Fb%20c?f=x&f=y&since=2026-11-22T08:00:00Z")
	r.Header.Set("X-Max", "7")
	r.Header.Set("X-Meta-Team", "keiri")
	var in getInput
	p, err := restjson.Codec{}.Decode(svc, svc.Operations["GetThing"], r, &in)
	if err != nil {
		t.Fatal(err)
	}
	if *in.Id != "a/b c" || cmp.Diff(in.Filter, []string{"x", "y"}) != "" || in.Since.Unix() != 1795334400 || in.Max != 7 || in.Meta["team"] != "keiri" {
		t.Errorf("got %+v", in)
	}
	for _, name := range []string{"id", "filter", "since", "max", "meta"} {
		if !p.Has(name) {
			t.Errorf("want %s present", name)
		}
	}
	var tree treeInput
	if _, err := (restjson.Codec{}).Decode(svc, svc.Operations["GetTree"], request("GET", "/trees/a/b/leaves/c/leaves/d"), &tree); err != nil || *tree.Path != "a/b/leaves/c" || *tree.Leaf != "d" {
		t.Errorf("greedy: got %+v %v", tree, err)
	}
	var put putInput
	blob := request("PUT", "/things/a")
	blob.Body = []byte{0xff, 0}
	if _, err := (restjson.Codec{}).Decode(svc, svc.Operations["PutBlob"], blob, &put); err != nil || string(put.Body) != "\xff\x00" {
		t.Errorf("payload: got %+v %v", put, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	svc := thing(t)
	for _, row := range []struct {
		name, target, header string
	}{
		{"a time that is none", "/things/a?since=now", ""},
		{"a number that is none", "/things/a", "many"},
		{"bytes that are no UTF-8", "/things/%ff", ""},
		{"a parameter that is no UTF-8", "/things/a?f=%ff", ""},
	} {
		r := request("GET", row.target)
		if row.header != "" {
			r.Header.Set("X-Max", row.header)
		}
		var in getInput
		_, err := restjson.Codec{}.Decode(svc, svc.Operations["GetThing"], r, &in)
		var f *codec.Fault
		if !errors.As(err, &f) || f.Code != codec.CodeSerialization {
			t.Errorf("%s: want SerializationException, got %v", row.name, err)
		}
	}
}

func TestEncodeWritesEveryBinding(t *testing.T) {
	svc := thing(t)
	code, name := int32(202), "n"
	out := &getOutput{Code: &code, Name: &name, Meta: map[string]string{"team": "keiri"}}
	got, err := restjson.Codec{}.Encode(svc, svc.Operations["GetThing"], out, "req-1")
	if err != nil || got.Status != 202 || string(got.Body) != `{"name":"n"}` || got.Header.Get("X-Meta-Team") != "keiri" || got.Header.Get("X-Amzn-RequestId") != "req-1" {
		t.Errorf("got %d %s %v %v", got.Status, got.Body, got.Header, err)
	}
	got, err = restjson.Codec{}.Encode(svc, svc.Operations["PutBlob"], &putOutput{Body: &name}, "req-1")
	if err != nil || got.Status != 201 || string(got.Body) != "n" || got.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("payload: got %d %s %v %v", got.Status, got.Body, got.Header, err)
	}
}

func TestFault(t *testing.T) {
	svc := thing(t)
	reason := "load"
	got := restjson.Codec{}.Fault(svc, &codec.Fault{Code: "Busy", Message: "later", Modelled: &busy{Reason: &reason, RetryAfter: 3}}, "req-1")
	if got.Status != 429 || string(got.Body) != `{"Message":"later","Reason":"load"}` || got.Header.Get("X-Amzn-ErrorType") != "Busy" || got.Header.Get("Retry-After") != "3" {
		t.Errorf("want 429 with Reason and Retry-After, got %d %s %v", got.Status, got.Body, got.Header)
	}
}

// listUsersInput is ds-data's ListUsers as its room would write it.
type listUsersInput struct {
	DirectoryId, NextToken, Realm *string
	MaxResults                    *int32
}

func FuzzDecode(f *testing.F) {
	svc, err := model.Load("ds-data")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("/Users/ListUsers", "DirectoryId=d-90670a1b2c", []byte(`{"MaxResults":10}`))
	f.Add("//%ff", "DirectoryId=%ff&DirectoryId", []byte(`[`))
	f.Fuzz(func(t *testing.T, path, query string, body []byte) {
		values, _ := url.ParseQuery(query)
		r := &codec.Request{Method: http.MethodPost, Path: path, Query: values, Header: http.Header{}, Body: body}
		restjson.Codec{}.Operation(svc, r)
		restjson.Codec{}.Operation(thing(t), r)
		for _, row := range []struct {
			op *model.Operation
			in any
		}{{svc.Operations["ListUsers"], &listUsersInput{}}, {thing(t).Operations["GetTree"], &treeInput{}}} {
			p, err := restjson.Codec{}.Decode(svc, row.op, r, row.in)
			var invalid *model.Invalid
			if err == nil {
				if err := row.op.Validate(row.in, p); err != nil && !errors.As(err, &invalid) {
					t.Errorf("validate: %v", err)
				}
			} else if _, ok := errors.AsType[*codec.Fault](err); !ok {
				t.Errorf("want a fault, got %v", err)
			}
		}
	})
}
