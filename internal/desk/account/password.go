package account

import (
	"fmt"
	"io"
)

// Password makes a password of all four kinds of character, which is what a
// directory asks for by default. It is given to the directory and forgotten.
func Password(random io.Reader) (string, error) {
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
