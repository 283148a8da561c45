package question

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"tamachi/internal/desk/shelf"
)

// keySize is that of the hash (RFC 2104, 3).
const keySize = sha256.Size

// Key signs links. It is made once and kept beside the questions.
type Key []byte

// OpenKey reads the key of a shelf, or makes it.
func OpenKey(s shelf.Shelf, random io.Reader) (Key, error) {
	k, err := s.Secret("questions", keySize, random)
	if err != nil {
		return nil, fmt.Errorf("the key of links: %w", err)
	}
	return k, nil
}

// token is the last part of a link: the question's id and the code.
func (k Key) token(q *Question) string {
	mac := hmac.New(sha256.New, k)
	fmt.Fprintf(mac, "%q %q", q.ID, q.Person)
	return q.ID + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// path is where the pages of questions are.
const path = "/q/"

// URL is the link for a question's person; base is what the settings say
// (answers.url).
func (k Key) URL(base string, q *Question) string {
	return strings.TrimSuffix(base, "/") + path + k.token(q)
}

// open returns the question of a token that was proved.
func (k Key) open(f Folder, token string) (*Record, error) {
	id, _, _ := strings.Cut(token, ".")
	r, err := f.Read(id)
	if err != nil {
		return nil, err
	}
	if !hmac.Equal([]byte(k.token(r.Question)), []byte(token)) {
		return nil, ErrUnknown
	}
	return r, nil
}
