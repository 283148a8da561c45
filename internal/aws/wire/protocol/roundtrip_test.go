package protocol_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"flag"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
)

// same are the options under which what the wire cannot tell apart is equal:
// nil and empty. ResultMetadata is the client's own.
var same = cmp.Options{
	cmpopts.EquateEmpty(),
	cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && (f.Name() == "noSmithyDocumentSerde" || f.Name() == "ResultMetadata")
	}, cmp.Ignore()),
}

// sameBody compares streams, whether they have been read or not.
var sameBody = cmp.Comparer(func(a, b io.Reader) bool { return bytes.Equal(textOf(a), textOf(b)) })

func textOf(r io.Reader) []byte {
	if b, ok := r.(*body); ok {
		return b.all
	}
	if r == nil {
		return nil
	}
	text, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return text
}

// sameAtSDK allows a millisecond: the SDK cuts what its float loses.
var sameAtSDK = append(same, cmpopts.EquateApproxTime(time.Millisecond), sameBody)

// TestMain bounds the property tests: hundreds of operations, a few rounds
// each. -rapid.checks asks for more.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"rapid.checks": "6", "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	flag.Parse()
	os.Exit(m.Run())
}

func inflate(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// roundTripper is the server's side of one SDK call: it decodes what the SDK's
// own serializer wrote and answers what the SDK's own deserializer will read.
type roundTripper struct {
	svc     *model.Service
	op      *model.Operation
	in      reflect.Type
	decoded any
	present model.Presence
	out     any
	err     error
}

func (r *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	var text []byte
	if req.Body != nil {
		if text, r.err = io.ReadAll(req.Body); r.err == nil && req.Header.Get("Content-Encoding") == "gzip" {
			text, r.err = inflate(text)
		}
		if r.err != nil {
			return nil, r.err
		}
	}
	_, c := protocol.Of(r.svc, req.Header)
	received := &codec.Request{Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.Query(), Header: req.Header, Body: text}
	if name, ok := c.Operation(r.svc, received); !ok || name != r.op.Name {
		r.err = &codec.Fault{Code: "WrongOperation", Message: name}
		return nil, r.err
	}
	r.decoded = reflect.New(r.in).Interface()
	if r.op.Input.Stream() != nil {
		received.Body, received.Stream = nil, newBody(text)
	}
	if r.present, r.err = c.Decode(r.svc, r.op, received, r.decoded); r.err != nil {
		return nil, r.err
	}
	answer, err := c.Encode(r.svc, r.op, r.out, "11111111-2222-3333-4444-555555555555")
	if err != nil {
		r.err = err
		return nil, err
	}
	if answer.Stream != nil {
		answer.Body = textOf(answer.Stream)
	}
	return &http.Response{
		StatusCode: answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)),
		ContentLength: int64(len(answer.Body)), Request: req, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// TestSDKRoundTrip sends random inputs through the SDK's own clients into the
// codecs, and random outputs back through the SDK's own deserializers, for
// every operation of every service that has an SDK module.
func TestSDKRoundTrip(t *testing.T) {
	server := &roundTripper{}
	clients := sdkClients(server)
	everyOperation(t, func(svc *model.Service, op *model.Operation, in, out reflect.Type) {
		client, ok := clients[svc.Name]
		if !ok || lacksSDK(t, svc, op) {
			return // TestRoundTripWithoutSDK has it
		}
		t.Run(svc.Name+"/"+op.Name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				sent, doubts := draw(rt, svc.Protocol, op.Input, in)
				answer, _ := draw(rt, svc.Protocol, op.Output, out)
				if svc.Name == "s3" {
					spareS3(sent, answer)
				}
				*server = roundTripper{svc: svc, op: op, in: in, out: answer}
				got := client.MethodByName(op.Name).Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(sent)})
				if err, _ := reflect.TypeAssert[error](got[1]); err != nil {
					rt.Fatalf("call: %v (server: %v)", err, server.err)
				}
				if svc.Name == "s3" {
					spareS3(server.decoded, got[0].Interface())
				}
				if d := cmp.Diff(sent, server.decoded, sameAtSDK); d != "" {
					rt.Fatalf("decoded input (-sent +got):\n%s", d)
				}
				if d := cmp.Diff(answer, got[0].Interface(), sameAtSDK); d != "" {
					rt.Fatalf("output at the client (-sent +got):\n%s", d)
				}
				checkValid(rt, op, server.decoded, server.present, doubts)
			})
		})
	})
}

// spareS3 takes out of inputs and outputs what the SDK for S3 adds, checks or
// computes by itself; other tests look at it.
func spareS3(values ...any) {
	for _, of := range values {
		v := reflect.ValueOf(of).Elem()
		for _, name := range []string{"ChecksumAlgorithm", "ChecksumMode", "ChecksumCRC32", "ContentLength", "ContentMD5", "ExpiresString"} {
			if f := v.FieldByName(name); f.IsValid() {
				f.SetZero()
			}
		}
		if f := v.FieldByName("ContentType"); f.IsValid() && !f.IsNil() && f.Elem().String() == "application/octet-stream" {
			f.SetZero() // the SDK's own
		}
		if f := v.FieldByName("Body"); f.IsValid() { // no body and an empty one are the same on the wire
			r, _ := reflect.TypeAssert[io.Reader](f)
			f.Set(reflect.ValueOf(newBody(textOf(r))))
		}
	}
}

// checkValid wants an input that respects the model to pass validation.
func checkValid(rt *rapid.T, op *model.Operation, in any, present model.Presence, doubts bool) {
	if err := op.Validate(in, present); err != nil && !doubts {
		rt.Fatalf("an input drawn from the constraints is refused: %v", err)
	}
}

// TestRoundTripWithoutSDK does the same for what the SDK lacks: the test plays
// the client.
func TestRoundTripWithoutSDK(t *testing.T) {
	everyOperation(t, func(svc *model.Service, op *model.Operation, in, out reflect.Type) {
		if !lacksSDK(t, svc, op) {
			return
		}
		c, _ := protocol.For(svc)
		t.Run(svc.Name+"/"+op.Name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				sent, doubts := draw(rt, svc.Protocol, op.Input, in)
				r := request(rt, svc, op, sent)
				if name, ok := c.Operation(svc, r); !ok || name != op.Name {
					rt.Fatalf("operation: want %s, got %q %v", op.Name, name, ok)
				}
				decoded := reflect.New(in).Interface()
				present, err := c.Decode(svc, op, r, decoded)
				if err != nil {
					rt.Fatalf("decode: %v", err)
				}
				if d := cmp.Diff(sent, decoded, same); d != "" {
					rt.Fatalf("decoded input (-sent +got):\n%s", d)
				}
				checkValid(rt, op, decoded, present, doubts)
				answer, _ := draw(rt, svc.Protocol, op.Output, out)
				checkAnswer(rt, c, svc, op, answer)
			})
		})
	})
}

// request writes an input as a client of the protocol does.
func request(rt *rapid.T, svc *model.Service, op *model.Operation, in any) *codec.Request {
	body, err := codec.WriteJSON(op.Input, in)
	if err != nil {
		rt.Fatal(err)
	}
	r := &codec.Request{Method: op.Method, Path: op.URI, Query: map[string][]string{}, Header: http.Header{}, Body: body}
	if svc.TargetPrefix != "" {
		r.Header.Set("X-Amz-Target", svc.TargetPrefix+"."+op.Name)
		return r
	}
	b, err := model.Bind(op.Input, reflect.TypeOf(in))
	if err != nil {
		rt.Fatal(err)
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		field := v.Field(f.Index)
		if f.Member.Location == "" || f.Binding.Absent(field) {
			continue
		}
		text := codec.Text(f.Binding, field, "iso8601")
		switch f.Member.Location {
		case "uri":
			r.Path = strings.Replace(r.Path, "{"+f.Member.Wire+"}", url.PathEscape(text), 1)
		case "querystring":
			r.Query.Set(f.Member.Wire, text)
		default:
			rt.Fatalf("the test does not write a %s", f.Member.Location)
		}
	}
	return r
}

// checkAnswer wants that the answer, read back, is what was answered.
func checkAnswer(rt *rapid.T, c codec.Codec, svc *model.Service, op *model.Operation, answer any) {
	r, err := c.Encode(svc, op, answer, "request")
	if err != nil || r.Status != op.Status {
		rt.Fatalf("encode: want status %d, got %d, %v", op.Status, r.Status, err)
	}
	back := reflect.New(reflect.TypeOf(answer).Elem()).Interface()
	if svc.Protocol == "ssmmessages" {
		err = xml.Unmarshal(r.Body, back)
	} else {
		_, err = codec.ReadJSON(r.Body, op.Output, back)
	}
	if err != nil {
		rt.Fatalf("read the answer: %v\n%s", err, r.Body)
	}
	if d := cmp.Diff(answer, back, same); d != "" {
		rt.Fatalf("output at the client (-sent +got):\n%s", d)
	}
}
