// Package file puts notices as files into a folder, the outbox: for a plane
// without a mail server, and for tests. A file is one mail (.eml) that any mail
// program opens; only its owner can read it, for it may hold a secret.
package file

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"tamachi/internal/notify"
)

// Outbox is a sender into a folder.
type Outbox struct{ dir string }

var _ notify.Sender = (*Outbox)(nil)

// New returns a sender into a folder, which is made when the first notice
// comes.
func New(dir string) *Outbox { return &Outbox{dir: dir} }

// Send writes the notice; the same one again takes the place of the first.
func (o *Outbox) Send(ctx context.Context, n notify.Notice) error {
	l, err := notify.Compose(n)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("send %s: %w", n.ID, err)
	}
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return fmt.Errorf("make the outbox: %w", err)
	}
	name := n.At.UTC().Format("20060102T150405Z") + "-" + filepath.Base(n.ID) + ".eml"
	if err := replace(o.dir, name, l.Message); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// replace writes a file that is there whole or not at all, also after a loss of
// power.
func replace(dir, name string, content []byte) (err error) {
	f, err := os.CreateTemp(dir, ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
