package apitest

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
)

// Refused wants an error with a code, and a part of its text. what names the
// call in the failure.
func Refused(t testing.TB, what string, err error, code, part string) {
	t.Helper()
	e, ok := errors.AsType[smithy.APIError](err)
	if !ok || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), part) {
		t.Errorf("%s: want %s with %q, got %v", what, code, part, err)
	}
}
