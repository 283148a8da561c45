package directory

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minPassword is the least length of a password in a directory. Source: AWS
// Directory Service Administration Guide, "Understanding Simple AD password
// policies".
const minPassword = 7

// Shortcoming is why a password does not meet the policy of a directory: a word
// by which pages find their sentence. Its text is English, for answers of the
// API.
type Shortcoming string

// The shortcomings of passwords.
const (
	Short     Shortcoming = "short"
	NamesUser Shortcoming = "name"
	FewKinds  Shortcoming = "kinds"
	UsedOnce  Shortcoming = "used"
	Unfit     Shortcoming = "unfit" // a directory that somebody else keeps does not say why
)

// String is the text.
func (s Shortcoming) String() string {
	switch s {
	case Short:
		return "it is too short"
	case NamesUser:
		return "it contains the user's name"
	case FewKinds:
		return "it needs characters of three kinds: upper case, lower case, digits, others"
	case UsedOnce:
		return "it was used before"
	case Unfit:
		return "the directory does not accept it"
	}
	return ""
}

// WeakPasswordError is an ErrWeakPassword that says why.
type WeakPasswordError struct{ Why Shortcoming }

// Error tells both.
func (e *WeakPasswordError) Error() string { return e.Why.String() + ": " + ErrWeakPassword.Error() }

// Is makes it an ErrWeakPassword.
func (e *WeakPasswordError) Is(target error) bool { return target == ErrWeakPassword }

// ErrTooSoon reports a password that its owner changes again too soon.
var ErrTooSoon = errors.New("the password was changed less than a day ago")

// Weakness says why a password does not meet the policy of a directory, or "":
// long enough, of three kinds of characters, and without the user's name.
// Source: Microsoft, "Password must meet complexity requirements".
func Weakness(password, userName string) Shortcoming {
	if utf8.RuneCountInString(password) < minPassword {
		return Short
	}
	if len(userName) > 2 && strings.Contains(strings.ToLower(password), strings.ToLower(userName)) {
		return NamesUser
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
		return FewKinds
	}
	return ""
}
