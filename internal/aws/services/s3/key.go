package s3

import (
	"strings"
	"unicode/utf8"
)

// maxKey is the longest key of an object, in bytes.
const maxKey = 1024

// separator stands in record keys between an object's key and what orders its
// versions. It sorts below everything in an escaped key, so that all versions
// of a key come before the next key.
const separator = "\x01"

// escapeKey writes an object's key so that it holds neither NUL, which the
// store does not take, nor the separator, and sorts as before.
func escapeKey(key string) string {
	if !strings.ContainsAny(key, "\x00\x01\x02") {
		return key
	}
	return keyEscapes.Replace(key)
}

var keyEscapes = strings.NewReplacer("\x00", "\x02\x02", "\x01", "\x02\x03", "\x02", "\x02\x04")

// place is where the records of a key in a bucket begin.
func place(bucket, key string) string { return bucket + "/" + escapeKey(key) }

// behind is the lowest text above all texts with a prefix, or "" when there is
// none: there the last letters that cannot grow are dropped.
func behind(prefix string) string {
	for prefix != "" {
		r, n := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-n]
		switch {
		case r == utf8.MaxRune:
			continue
		case r == 0xD7FF: // UTF-8 has no surrogates
			return prefix + "\uE000"
		default:
			return prefix + string(r+1)
		}
	}
	return ""
}

// checkKey refuses a key that no object can have.
func checkKey(key string) error {
	if len(key) > maxKey {
		return fault(statusBadRequest, "KeyTooLongError", "Your key is too long", "MaxSizeAllowed", "1024")
	}
	if !utf8.ValidString(key) {
		return fault(statusBadRequest, "InvalidURI", "Couldn't parse the specified URI.", "URI", strings.ToValidUTF8(key, "\uFFFD"))
	}
	return nil
}
