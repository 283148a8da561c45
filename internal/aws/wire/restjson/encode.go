package restjson

import (
	"bytes"
	"reflect"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

func encode(s *model.Shape, out any, r *codec.Response) error {
	v := reflect.ValueOf(out)
	if out == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		r.Header.Set("Content-Type", "application/json")
		r.Body = []byte("{}")
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
			bound(f, field, r)
		}
	}
	if s.Payload != "" {
		f := &b.Fields[s.Lookup(s.Payload).Index]
		return payload(f, v.Field(f.Index), r)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Body, err = codec.WriteJSON(s, out)
	return err
}

// bound writes a member that the model binds to a header or to the status.
func bound(f *model.Field, field reflect.Value, r *codec.Response) {
	switch f.Member.Location {
	case "header":
		r.Header.Set(f.Member.Wire, codec.Text(f.Binding, field, codec.StampOf(f.Member, "rfc822")))
	case "headers":
		for _, k := range codec.SortedKeys(field) {
			r.Header.Set(f.Member.Wire+k.String(), codec.Text(f.Binding.Elem, field.MapIndex(k), "rfc822"))
		}
	case "statusCode":
		if f.Binding.Pointer {
			field = field.Elem()
		}
		if code := field.Int(); code >= 200 && code < 600 {
			r.Status = int(code)
		}
	}
}

// payload writes the member that is the whole body.
func payload(f *model.Field, field reflect.Value, r *codec.Response) error {
	if f.Binding.Absent(field) {
		return nil
	}
	switch f.Binding.Shape.Type {
	case model.Blob:
		r.Header.Set("Content-Type", "application/octet-stream")
		r.Body = bytes.Clone(field.Bytes())
		return nil
	case model.String:
		r.Header.Set("Content-Type", "text/plain")
		r.Body = []byte(codec.Text(f.Binding, field, ""))
		return nil
	}
	r.Header.Set("Content-Type", "application/json")
	var err error
	r.Body, err = codec.AppendJSONValue(nil, f.Binding, field)
	return err
}
