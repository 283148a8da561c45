package policy

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Fault is why a text is no policy, in AWS's words (fit for a
// MalformedPolicyDocument), and where.
type Fault struct {
	Position
	Message string
}

// Error is AWS's message.
func (f *Fault) Error() string { return f.Message }

// Position is a place in a document, counted from 1 in characters.
type Position struct{ Line, Column int }

// errSyntax is what AWS says of a text that is no policy at all.
var errSyntax = errors.New("Syntax errors in policy.") //nolint:staticcheck,revive // AWS's words

// positionOf turns an offset into a position.
func positionOf(text string, offset int) Position {
	before := text[:min(offset, len(text))]
	line := strings.LastIndexByte(before, '\n') + 1
	return Position{Line: strings.Count(before, "\n") + 1, Column: utf8.RuneCountInString(before[line:]) + 1}
}

// misplaced is an error with the offset that it is about.
type misplaced struct {
	error
	offset int
}

// Unwrap is the error itself.
func (m misplaced) Unwrap() error { return m.error }

// at places an error, unless it is placed more closely already.
func at(offset int, err error) error {
	var placed misplaced
	if err == nil || errors.As(err, &placed) {
		return err
	}
	return misplaced{err, offset}
}

// faultOf makes the Fault of an error in a text.
func faultOf(text string, err error) error {
	var placed misplaced
	errors.As(err, &placed)
	return &Fault{Position: positionOf(text, placed.offset), Message: err.Error()}
}
