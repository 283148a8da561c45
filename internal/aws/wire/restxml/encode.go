package restxml

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"reflect"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// encoder writes the answer of one call.
type encoder struct {
	svc *model.Service
	op  *model.Operation
	s3  bool
}

const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

func (e encoder) encode(out any, r *codec.Response) error {
	s := e.op.Output
	v := reflect.ValueOf(out)
	if out == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	b, err := model.Bind(s, v.Type())
	if err != nil {
		return err
	}
	v = v.Elem()
	for i := range b.Fields {
		f := &b.Fields[i]
		if field := v.Field(f.Index); !f.Binding.Absent(field) {
			codec.WriteBound(f, field, r)
		}
	}
	if e.s3 && r.Header.Get("Content-Range") != "" && r.Status == http.StatusOK {
		r.Status = http.StatusPartialContent
	}
	if s.Payload != "" {
		f := &b.Fields[s.Lookup(s.Payload).Index]
		return e.payload(f, v.Field(f.Index), r)
	}
	if !s.HasBody() && e.s3 {
		return nil
	}
	return e.document(b, v, out, r)
}

// document writes the members that are bound to nothing else.
func (e encoder) document(b *model.Binding, v reflect.Value, out any, r *codec.Response) error {
	r.Header.Set("Content-Type", contentType(e.s3))
	if e.op.Name == "GetBucketLocation" && e.s3 {
		f := &b.Fields[0]
		r.Body = openRoot([]byte(declaration), "LocationConstraint", s3Namespace)
		r.Body = codec.AppendXMLText(r.Body, v.Field(f.Index).String())
		r.Body = codec.CloseTag(r.Body, "LocationConstraint")
		return nil
	}
	root := e.root()
	var err error
	r.Body = openRoot([]byte(declaration), root, e.namespace())
	if r.Body, err = codec.AppendXML(r.Body, e.op.Output, out); err != nil {
		return err
	}
	r.Body = codec.CloseTag(r.Body, root)
	return nil
}

// payload writes the member that is the whole body.
func (e encoder) payload(f *model.Field, field reflect.Value, r *codec.Response) error {
	if f.Binding.Absent(field) {
		return nil
	}
	switch f.Binding.Shape.Type {
	case model.Blob:
		if field.Kind() != reflect.Interface {
			r.Body = bytes.Clone(field.Bytes())
			return nil
		}
		stream, ok := field.Interface().(io.ReadCloser)
		if !ok {
			return fmt.Errorf("the body of %s is a %s, which cannot be closed", e.op.Name, field.Type())
		}
		r.Stream = stream
		return nil
	case model.String:
		r.Header.Set("Content-Type", "application/json") // the only one is a policy
		r.Body = []byte(codec.Text(f.Binding, field, ""))
		return nil
	}
	r.Header.Set("Content-Type", contentType(e.s3))
	name := f.Binding.Shape.Name
	if f.Member.HasWire() {
		name = f.Member.Wire
	}
	var space *model.Namespace
	if uri := e.namespace(); uri != "" {
		space = &model.Namespace{URI: uri}
	}
	var err error
	r.Body, err = codec.AppendXMLElement([]byte(declaration), name, space, f.Binding, field)
	return err
}

// root is the name of the element around an answer.
func (e encoder) root() string {
	if e.s3 {
		if name := s3Roots[e.op.Name]; name != "" {
			return name
		}
		return e.op.Output.Name
	}
	return e.op.Name + "Response"
}

func (e encoder) namespace() string {
	switch {
	case e.s3:
		return s3Namespace
	case e.svc.XMLNamespace != "":
		return e.svc.XMLNamespace
	}
	for _, op := range e.svc.Operations { // all that have one have the same
		if op.RootSpace != nil {
			return op.RootSpace.URI
		}
	}
	return ""
}

func contentType(s3 bool) string {
	if s3 {
		return "application/xml"
	}
	return "text/xml"
}

func openRoot(dst []byte, name, namespace string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	if namespace != "" {
		dst = codec.AppendXMLAttribute(dst, "xmlns", namespace)
	}
	return append(dst, '>')
}
