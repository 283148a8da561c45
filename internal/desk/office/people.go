package office

import (
	"fmt"
	"io"
)

// Domain is the directory's name.
const Domain = "office.tamachi.example"

const (
	shortName   = "OFFICE"
	description = "Tamachi sample office"
	// serviceAccount is the account that RegisterWorkspaceDirectory makes and
	// by which desktops join the directory.
	serviceAccount = "svc-workspaces"
	nightName      = "office-night"
	tagKey         = "tamachi:office"
)

// Person is somebody of the office.
type Person struct {
	Account, Given, Surname string
}

// people are those whom the document names, as far as the directory knows
// them: the new employee Takeda is there as takeda.haneko, a slip of the
// personnel data that a later morning is about.
var people = []Person{
	{"tanabe", "", "Tanabe"},
	{"reina", "Reina", ""},
	{"shimizu", "", "Shimizu"},
	{"yamada.taro", "Taro", "Yamada"},
	{"fujita.kouhei", "Kouhei", "Fujita"},
	{"nakamura.yuri", "Yuri", "Nakamura"},
	{"takeda.haneko", "Haneko", "Takeda"},
}

// byNight get their desktops from the batch, byDay have one that is well.
var (
	byDay   = []string{"yamada.taro"}
	byNight = []string{"fujita.kouhei", "nakamura.yuri"}
)

// password makes a password of all four kinds of character, which is what a
// directory asks for by default. It is given to the directory and forgotten.
func password(random io.Reader) (string, error) {
	const letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.+=%@"
	b := make([]byte, 28)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("draw a password: %w", err)
	}
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)] // 64 letters: no letter is favoured
	}
	return "aA1-" + string(b), nil
}
