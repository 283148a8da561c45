package route

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/shelf"
)

// memory is what is remembered of a path that was found broken, until it is
// found whole.
type memory struct {
	At     time.Time `json:"at"`
	Asked  Asked     `json:"asked"`
	Broken Step      `json:"broken"`
	Since  time.Time `json:"since,omitzero"`
	Event  string    `json:"event,omitempty"`
	By     string    `json:"by,omitempty"`
}

// book is where it is remembered.
type book struct {
	shelf   shelf.Shelf
	subject string
	target  shelf.Target
}

func bookOf(ctx context.Context, getenv func(string) string, a *account.Account, asked Asked) (*book, error) {
	s, err := shelf.In(getenv)
	if err != nil {
		return nil, err
	}
	me, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, account.Explain("sts:GetCallerIdentity", err)
	}
	words := []string{asked.From, asked.To, asked.packet()}
	if asked.Name != "" {
		words = append(words, asked.Name)
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return &book{s, "path-" + hex.EncodeToString(sum[:6]), shelf.Target{Account: aws.ToString(me.Account), Region: a.Region, Endpoint: a.Endpoint}}, nil
}

// read returns what is remembered, or nil.
func (b *book) read() (*memory, error) {
	var m memory
	found, err := b.shelf.Read(b.subject, b.target, &m)
	if err != nil || !found {
		return nil, err
	}
	return &m, nil
}

// keep remembers a broken path, where there is a book.
func (b *book) keep(p *Plan) error {
	if b == nil {
		return nil
	}
	m := memory{At: p.At, Asked: p.Asked, Broken: p.Broken.Step, Since: p.Broken.Since}
	if c := p.Broken.Change; c != nil {
		m.Event, m.By = c.Event, c.By
	}
	return b.shelf.Write(b.subject, b.target, m)
}

func (b *book) forget() error { return b.shelf.Remove(b.subject, b.target) }
