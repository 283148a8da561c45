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
			codec.WriteBound(f, field, r)
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
