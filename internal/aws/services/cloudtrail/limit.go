package cloudtrail

import (
	"encoding/json"
	"unicode/utf8"
)

// Limits of a record's members, in bytes: a caller decides how long its user
// agent, its input and so the error about it are, and fifty records are one
// answer. Source: CloudTrail User Guide, "CloudTrail record contents".
const (
	longestText     = 1 << 10
	longestElements = 100 << 10
)

// cut shortens a text to the limit, between two characters.
func cut(s string) string {
	if len(s) <= longestText {
		return s
	}
	end := longestText
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// fit leaves out parameters or elements that are over the limit.
func fit(m json.RawMessage) json.RawMessage {
	if len(m) > longestElements {
		return nil
	}
	return m
}
