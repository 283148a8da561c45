package codec

import (
	"encoding/base64"
	"reflect"
	"strconv"
	"time"

	"tamachi/internal/aws/model"
)

// SetText puts the text of a form field, label, query parameter or header into
// a value of a simple shape. false means that the text is not of the shape's
// type.
func SetText(b *model.Binding, v reflect.Value, text string) bool {
	if b.Pointer {
		p := reflect.New(b.Type)
		if !setPlain(b.Shape, p.Elem(), text) {
			return false
		}
		v.Set(p)
		return true
	}
	return setPlain(b.Shape, v, text)
}

func setPlain(s *model.Shape, v reflect.Value, text string) bool {
	switch s.Type {
	case model.String:
		v.SetString(text)
		return true
	case model.Boolean:
		if text != "true" && text != "false" {
			return false
		}
		v.SetBool(text == "true")
		return true
	case model.Blob:
		data, err := base64.StdEncoding.Strict().DecodeString(text)
		if err == nil {
			v.SetBytes(data)
		}
		return err == nil
	case model.Timestamp:
		if t, ok := ParseTime(text); ok {
			v.Set(reflect.ValueOf(t))
			return true
		}
		return isNumber(text) && setNumber(s, v, text)
	case model.Float, model.Double:
		return (isNumber(text) && setNumber(s, v, text)) || setText(s, v, []byte(text)) == nil
	case model.Integer, model.Long:
		return isNumber(text) && setNumber(s, v, text)
	}
	return false
}

// isNumber tells whether text is a number as JSON writes it; strconv alone
// would take "0x10" and "1_000".
func isNumber(text string) bool {
	r := reader{text: []byte(text)}
	_, err := r.number()
	return err == nil && r.at == len(text)
}

// NotConvertible is the fault of a text that is not of its shape's type.
func NotConvertible(code string, s *model.Shape) *Fault {
	return &Fault{Code: code, Message: "STRING_VALUE can not be converted to " + article(s.Type)}
}

// Text is a simple value as forms, headers and XML write it. stamp is the
// format of timestamps.
func Text(b *model.Binding, v reflect.Value, stamp string) string {
	if b.Pointer {
		v = v.Elem()
	}
	switch b.Shape.Type {
	case model.Boolean:
		return strconv.FormatBool(v.Bool())
	case model.Integer, model.Long:
		return strconv.FormatInt(v.Int(), 10)
	case model.Float, model.Double:
		text := string(appendFloat(nil, v.Float(), v.Type().Bits()))
		if text[0] == '"' {
			return text[1 : len(text)-1]
		}
		return text
	case model.Timestamp:
		return formatTime(stamp, v.Interface().(time.Time))
	case model.Blob:
		return base64.StdEncoding.EncodeToString(v.Bytes())
	}
	return v.String()
}

// stampOf is the timestamp format of a member, or the protocol's own.
func stampOf(m *model.Member, own string) string {
	if f := m.TimestampFormat(); f != "" {
		return f
	}
	return own
}
