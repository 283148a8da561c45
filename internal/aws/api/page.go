package api

import (
	"encoding/base64"
	"encoding/json"
)

// Token makes an opaque paging token that says where the next page begins. The
// name of the operation is part of it, so that a token of one list is refused
// by another.
func Token(operation, after string) string {
	b, _ := json.Marshal([2]string{operation, after})
	return base64.RawURLEncoding.EncodeToString(b)
}

// After reads a token that Token made for the same operation; ok is false for
// anything else.
func After(operation, token string) (after string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", false
	}
	var v [2]string
	if json.Unmarshal(b, &v) != nil || v[0] != operation {
		return "", false
	}
	return v[1], true
}
