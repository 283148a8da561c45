package agent

import "testing"

func TestOnlyARefusalOfTheCallerAsksForNewCredentials(t *testing.T) {
	for _, row := range []struct {
		name string
		r    refusal
		want bool
	}{
		{"a token that has expired", refusal{Status: 400, Code: "ExpiredTokenException"}, true},
		{"rights that are missing", refusal{Status: 400, Code: "AccessDeniedException"}, true},
		{"an upgrade that is refused without a word", refusal{Status: 403}, true},
		{"a code of S3", refusal{Status: 403, Code: "InvalidAccessKeyId"}, true},
		{"an association that is gone", refusal{Status: 400, Code: "AssociationDoesNotExist"}, false},
		{"a plane in trouble", refusal{Status: 500, Code: "InternalServerError"}, false},
	} {
		if got := row.r.ofCredentials(); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}
