package restxml

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// decoder reads the input of one request.
type decoder struct {
	svc *model.Service
	op  *model.Operation
	s3  bool
}

func (d decoder) decode(r *codec.Request, in any) (model.Presence, error) {
	p := model.NewPresence(d.op.Input)
	b, err := model.Bind(d.op.Input, reflect.TypeOf(in))
	if err != nil {
		return p, err
	}
	bound := codec.Bound{Wrong: d.wrong}
	if d.s3 {
		bound.Labels = labelsS3(r.Path)
		if m := d.op.Input.Lookup("Bucket"); m != nil && m.Required && bound.Labels["Bucket"] == "" {
			return p, &codec.Fault{
				Code: "InvalidBucketName", Status: http.StatusBadRequest, Message: "The specified bucket is not valid.",
				Extra: map[string]string{"BucketName": ""},
			}
		}
	} else {
		bound.Labels = codec.Labels(d.op, r.Path)
	}
	v := reflect.ValueOf(in).Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		given, ok, err := bound.Read(f, v, r)
		if errors.Is(err, errIgnored) {
			continue
		}
		if err != nil {
			return p, err
		}
		if ok {
			p.Set(f.Member, given)
		}
	}
	checked, err := d.body(b, v, r, &p)
	if err != nil || !checked {
		return p, err
	}
	if d.s3 { // says no more than that the document is not valid, so the gate's own check would say too much
		if _, invalid := errors.AsType[*model.Invalid](d.op.Validate(in, p)); invalid {
			return p, d.malformed()
		}
	}
	return p, nil
}

// body reads the payload member, or the document of the members that are bound
// to nothing else. document tells whether it was an XML document.
func (d decoder) body(b *model.Binding, v reflect.Value, r *codec.Request, p *model.Presence) (document bool, err error) {
	s := d.op.Input
	if s.Payload == "" {
		if !s.HasBody() || len(r.Body) == 0 {
			return false, nil
		}
		return true, d.document(r.Body, d.op.Root, b, v, p)
	}
	m := s.Lookup(s.Payload)
	f := &b.Fields[m.Index]
	field := v.Field(f.Index)
	if m.Shape.Type == model.Blob {
		p.Set(m, true)
		setBlob(field, r)
		return false, nil
	}
	if len(r.Body) == 0 {
		if m.Required && d.s3 {
			return false, &codec.Fault{Code: "MissingRequestBodyError", Message: "Request Body is empty", Status: http.StatusBadRequest}
		}
		return false, nil
	}
	p.Set(m, true)
	if m.Shape.Type == model.String {
		if !utf8.Valid(r.Body) || !codec.SetText(f.Binding, field, string(r.Body)) {
			return false, d.malformed()
		}
		return false, nil
	}
	name := m.Wire
	if !m.HasWire() && m.Shape.Wire != "" {
		name = m.Shape.Wire
	}
	return true, d.document(r.Body, name, f.Binding, field, nil)
}

// setBlob gives the body to a member: as a stream where it is one.
func setBlob(field reflect.Value, r *codec.Request) {
	if field.Kind() != reflect.Interface {
		field.SetBytes(r.Body)
		return
	}
	stream := r.Stream
	if stream == nil {
		stream = bytes.NewReader(r.Body)
	}
	if !reflect.TypeOf(stream).AssignableTo(field.Type()) {
		stream = io.NopCloser(stream)
	}
	field.Set(reflect.ValueOf(stream))
}

// errIgnored marks a member whose text is not of its type and counts as absent.
var errIgnored = errors.New("ignored")

// wrong is the answer to a text that is not of its member's type.
func (d decoder) wrong(m *model.Member, text string) error {
	if !d.s3 {
		return codec.NotConvertible(codec.CodeMalformedInput, m.Shape)
	}
	// A date that cannot be read makes a condition void (RFC 9110, 13.1.3), and
	// S3 keeps any text as Expires.
	if m.Location == "header" && m.Shape.Type == model.Timestamp && !strings.HasPrefix(m.Wire, "x-amz-object-lock") {
		return errIgnored
	}
	f := &codec.Fault{
		Code: "InvalidArgument", Status: http.StatusBadRequest, Message: "The value of " + m.Wire + " is not valid.",
		Extra: map[string]string{"ArgumentName": m.Wire, "ArgumentValue": clip(text)},
	}
	if t := m.Shape.Type; t == model.Integer || t == model.Long {
		f.Message = "Provided " + m.Wire + " not an integer or within integer range"
	}
	return f
}

// malformed is the answer to a document that is none, or not the schema's.
func (d decoder) malformed() error {
	if !d.s3 {
		return &codec.Fault{Code: codec.CodeMalformedInput, Status: http.StatusBadRequest, Message: "The request body is not a valid XML document of this operation."}
	}
	return &codec.Fault{
		Code: "MalformedXML", Status: http.StatusBadRequest,
		Message: "The XML you provided was not well-formed or did not validate against our published schema",
	}
}

func clip(s string) string {
	if len(s) > 256 {
		return strings.ToValidUTF8(s[:256], "")
	}
	return s
}
