package directory

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// minPassword is the least length of a password in a directory. Source: AWS
// Directory Service Administration Guide, "Understanding Simple AD password
// policies".
const minPassword = 7

// Weakness says why a password does not meet the policy of a directory, or "":
// long enough, of three kinds of characters, and without the user's name.
// Source: Microsoft, "Password must meet complexity requirements".
func Weakness(password, userName string) string {
	if utf8.RuneCountInString(password) < minPassword {
		return "it is too short"
	}
	if len(userName) > 2 && strings.Contains(strings.ToLower(password), strings.ToLower(userName)) {
		return "it contains the user's name"
	}
	kinds := map[string]bool{}
	for _, r := range password {
		switch {
		case unicode.IsUpper(r):
			kinds["upper"] = true
		case unicode.IsLower(r):
			kinds["lower"] = true
		case unicode.IsDigit(r):
			kinds["digit"] = true
		case unicode.IsLetter(r):
			kinds["other letter"] = true
		default:
			kinds["sign"] = true
		}
	}
	if len(kinds) < 3 {
		return "it needs characters of three kinds: upper case, lower case, digits, others"
	}
	return ""
}
