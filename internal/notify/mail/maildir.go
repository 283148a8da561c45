package mail

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"

	"tamachi/internal/notify"
)

// Maildir is the mailbox to which mails come back, one file each, as a mail
// server delivers them: new ones in its folder new, read ones in cur.
// Source: D. J. Bernstein, "Using maildir format"; maildir(5) of qmail.
type Maildir struct{ dir string }

var _ notify.Returns = Maildir{}

// NewMaildir returns the mailbox in a folder, which the mail server makes.
func NewMaildir(dir string) Maildir { return Maildir{dir} }

// Collect hands over the bounces among the new mails. What is no bounce goes to
// the read ones too, but unseen: a person may want to look at it.
func (m Maildir) Collect(ctx context.Context, take func(notify.Bounce) (bool, error)) error {
	root, err := os.OpenRoot(m.dir)
	if errors.Is(err, fs.ErrNotExist) { // nothing has come back yet
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the mailbox of bounces: %w", err)
	}
	defer root.Close()
	mails, err := fs.ReadDir(root.FS(), "new")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list the mailbox of bounces: %w", err)
	}
	for _, mail := range mails {
		if !mail.Type().IsRegular() || strings.HasPrefix(mail.Name(), ".") {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := collect(root, mail.Name(), take); err != nil {
			return fmt.Errorf("collect %s in %s: %w", mail.Name(), m.dir, err)
		}
	}
	return nil
}

// collect takes one mail.
func collect(root *os.Root, name string, take func(notify.Bounce) (bool, error)) error {
	file, err := root.Open(path.Join("new", name))
	if errors.Is(err, fs.ErrNotExist) { // somebody else has read it
		return nil
	}
	if err != nil {
		return err
	}
	b, ok := readBounce(file)
	if err := file.Close(); err != nil {
		return err
	}
	flags := ":2,"
	if ok {
		taken, err := take(b)
		if err != nil || !taken {
			return err
		}
		flags += "S" // seen
	}
	unique, _, _ := strings.Cut(name, ":")
	return root.Rename(path.Join("new", name), path.Join("cur", unique+flags))
}
