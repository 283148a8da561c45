package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"reflect"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
)

// macSize is how much of the HMAC a sealed token carries.
const macSize = 16

// Seal signs the paging tokens of an output, and Unseal takes the signature off
// those of an input; for calls whose caller is no part of the house, whichever
// way they came. A token is good for the service and the account it was made
// for. One that was changed or made up reaches the operation as a text that
// api.After refuses, so that the operation answers as AWS's does.
func (d *Door) Seal(call *api.Call, op *model.Operation, out any) {
	pages(op.Output, out, func(token string) string {
		text, plain := strings.CutPrefix(token, api.Plain)
		if !plain {
			return token
		}
		return base64.RawURLEncoding.EncodeToString(append(d.mac(call, text), text...))
	})
}

// Unseal makes the paging tokens of an input the operation's own again.
func (d *Door) Unseal(call *api.Call, op *model.Operation, in any) {
	pages(op.Input, in, func(token string) string {
		if text, plain := strings.CutPrefix(token, api.Plain); plain {
			return text // made up outside
		}
		sealed, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil || len(sealed) <= macSize {
			return token
		}
		text := string(sealed[macSize:])
		if !hmac.Equal(sealed[:macSize], d.mac(call, text)) {
			return token
		}
		return api.Plain + text
	})
}

func (d *Door) mac(call *api.Call, text string) []byte {
	h := hmac.New(sha256.New, d.o.PageKey)
	h.Write([]byte(call.Service + "\n" + call.Account + "\n" + text))
	return h.Sum(nil)[:macSize]
}

// pages changes the members of a struct that may hold paging tokens.
func pages(s *model.Shape, of any, change func(string) string) {
	if len(s.Pages) == 0 {
		return
	}
	v := reflect.ValueOf(of)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return
	}
	b, err := model.Bind(s, v.Type())
	if err != nil {
		return // the codec says what does not fit
	}
	for _, m := range s.Pages {
		f := &b.Fields[m.Index]
		field := v.Elem().Field(f.Index)
		if f.Binding.Pointer {
			if field.IsNil() {
				continue
			}
			if text := change(field.Elem().String()); text != field.Elem().String() {
				fresh := reflect.New(f.Binding.Type) // the old one may be the room's own
				fresh.Elem().SetString(text)
				field.Set(fresh)
			}
			continue
		}
		field.SetString(change(field.String()))
	}
}
