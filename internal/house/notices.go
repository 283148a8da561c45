package house

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tamachi/internal/engine/notice"
	"tamachi/internal/notify"
	"tamachi/internal/notify/fake"
	"tamachi/internal/notify/file"
	"tamachi/internal/notify/mail"
)

// openNotices makes the engine of notices over the sender that the settings
// name.
func (h *House) openNotices(context.Context) (err error) {
	sender := h.o.Notices
	if sender == nil {
		if sender, err = h.sender(); err != nil {
			return err
		}
	}
	ports := notice.Ports{Sender: sender, Box: h.box}
	_, folder, err := h.o.Config.Bounces()
	if err != nil {
		return err
	}
	if folder != "" {
		ports.Returns = mail.NewMaildir(folder)
	}
	h.notices = notice.New(h.store, h.o.Clock, h.o.Log, ports)
	return nil
}

func (h *House) sender() (notify.Sender, error) {
	c := h.o.Config
	relay, ok := c.Relay()
	switch {
	case c.Lab:
		return fake.New(), nil
	case !ok:
		return file.New(filepath.Join(c.Data, "outbox")), nil
	}
	o := mail.Options{Host: relay.Host, Port: relay.Port, User: relay.User, Implicit: relay.Implicit, Plain: relay.Plain, Hello: c.Domain}
	var err error
	if o.Return, _, err = c.Bounces(); err != nil {
		return nil, err
	}
	if c.MailPasswordFile != "" {
		b, err := os.ReadFile(c.MailPasswordFile)
		if err != nil {
			return nil, fmt.Errorf("%w: read the mail server's password: %w", ErrCannotStart, err)
		}
		o.Password = strings.TrimRight(string(b), "\r\n")
	}
	if c.MailCAFile != "" {
		b, err := os.ReadFile(c.MailCAFile)
		if err != nil {
			return nil, fmt.Errorf("%w: read the mail server's CA: %w", ErrCannotStart, err)
		}
		if o.Roots = x509.NewCertPool(); !o.Roots.AppendCertsFromPEM(b) {
			return nil, fmt.Errorf("%w: %s holds no certificate", ErrCannotStart, c.MailCAFile)
		}
	}
	return mail.New(o), nil
}
