package protocol_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
)

// refuser answers every call with one fault.
type refuser struct {
	svc   *model.Service
	fault *codec.Fault
}

func (r *refuser) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
	}
	_, c := protocol.Of(r.svc, req.Header)
	answer := c.Fault(r.svc, r.fault, "11111111-2222-3333-4444-555555555555")
	return &http.Response{
		StatusCode: answer.Status, Header: answer.Header, Body: io.NopCloser(bytes.NewReader(answer.Body)),
		ContentLength: int64(len(answer.Body)), Request: req, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// TestEveryErrorReachesTheSDK answers calls with each modelled error of each
// service and wants the SDK to see its own type, with every member.
func TestEveryErrorReachesTheSDK(t *testing.T) {
	server := &refuser{}
	clients := sdkClients(server)
	seen := map[*model.Shape]bool{}
	everyOperation(t, func(svc *model.Service, op *model.Operation, in, _ reflect.Type) {
		client, ok := clients[svc.Name]
		if !ok || lacksSDK(t, svc, op) {
			return
		}
		for _, shape := range op.Errors {
			if seen[shape] {
				continue
			}
			seen[shape] = true
			call := func(rt *rapid.T, f *codec.Fault) error {
				*server = refuser{svc, f}
				sent, _ := draw(rt, svc.Protocol, op.Input, in)
				if svc.Name == "s3" {
					spareS3(sent)
				}
				got := client.MethodByName(op.Name).Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(sent)})
				err, _ := reflect.TypeAssert[error](got[1])
				return err
			}
			rapid.Check(t, func(rt *rapid.T) { checkError(rt, svc, shape, call) })
		}
	})
	if len(seen) < 200 {
		t.Errorf("want over 200 errors, saw %d", len(seen))
	}
}

func checkError(rt *rapid.T, svc *model.Service, shape *model.Shape, call func(*rapid.T, *codec.Fault) error) {
	var plain smithy.APIError
	err := call(rt, &codec.Fault{Code: shape.Error.Code, Message: "text"})
	message := "text"
	if !slices.ContainsFunc(shape.Members, codec.IsMessage) {
		message = "" // the newer SDK modules do not look for what is not modelled
	}
	if !errors.As(err, &plain) || plain.ErrorCode() != shape.Error.Code || message != "" && plain.ErrorMessage() != message {
		rt.Fatalf("%s %s: the SDK sees %v", svc.Name, shape.Name, err)
	}
	typ := reflect.TypeOf(plain)
	if typ == reflect.TypeFor[*smithy.GenericAPIError]() {
		rt.Fatalf("%s %s: the SDK knows no type for the code %s", svc.Name, shape.Name, shape.Error.Code)
	}
	drawn, _ := draw(rt, svc.Protocol, shape, typ.Elem())
	fault := codec.FaultFrom(svc, drawn.(error))
	if fault.Code != shape.Error.Code || fault.Status != shape.Error.Status {
		rt.Fatalf("%s %s: want code %s status %d, got %+v", svc.Name, shape.Name, shape.Error.Code, shape.Error.Status, fault)
	}
	var full smithy.APIError
	if err := call(rt, fault); !errors.As(err, &full) {
		rt.Fatalf("%s %s: the SDK sees %v", svc.Name, shape.Name, err)
	}
	// An absent message arrives as an empty one.
	empty := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Message" }, cmp.Comparer(func(a, b *string) bool {
		return a == b || (a == nil || *a == "") && (b == nil || *b == "") || a != nil && b != nil && *a == *b
	}))
	// The SDK's own note of the code that the query protocol has.
	override := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "ErrorCodeOverride" }, cmp.Ignore())
	if d := cmp.Diff(drawn, full, sameAtSDK, empty, override, cmpopts.IgnoreUnexported(reflect.Zero(typ.Elem()).Interface())); d != "" {
		rt.Fatalf("%s %s (-sent +got):\n%s", svc.Name, shape.Name, d)
	}
}
