package api

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// Plain begins every token that Token makes. Such a token stays in the house:
// the front door seals it on its way out with a key of the data folder and
// opens it on its way in, so that a caller can neither read further nor make
// one up.
const Plain = "page:"

// Token makes an opaque paging token that says where the next page begins. The
// name of the operation is part of it, so that a token of one list is refused
// by another.
func Token(operation, after string) string {
	b, _ := json.Marshal([2]string{operation, after})
	return Plain + base64.RawURLEncoding.EncodeToString(b)
}

// After reads a token that Token made for the same operation; ok is false for
// anything else.
func After(operation, token string) (after string, ok bool) {
	text, plain := strings.CutPrefix(token, Plain)
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !plain {
		return "", false
	}
	var v [2]string
	if json.Unmarshal(b, &v) != nil || v[0] != operation {
		return "", false
	}
	return v[1], true
}

// Cut ends a page: of the entries of a list, of which one more than limit may
// have been read, the first limit, and a token that goes on behind the last of
// them where there are more. A list whose entries have the order of key can be
// gone on with.
func Cut[E any](operation string, entries []E, limit int, key func(E) string) (page []E, token *string) {
	if len(entries) <= limit {
		return entries, nil
	}
	page = entries[:limit]
	return page, new(Token(operation, key(page[limit-1])))
}

// Behind is the part of a list in the order of key that lies behind a key, for
// lists that are whole and in memory; everything lies behind the empty key.
func Behind[E any](entries []E, after string, key func(E) string) []E {
	if after == "" {
		return entries
	}
	for i, e := range entries {
		if key(e) > after {
			return entries[i:]
		}
	}
	return nil
}
