package notice

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/notify"
)

// place is one way to one reader.
type place struct {
	by   way
	name string // channel, member id or address
	lang report.Lang
}

type way string

const (
	byChat way = "chat"
	byMail way = "mail"
	byFile way = "file"
)

// places are where a post goes: its topic's channel, and each person by the
// first way that there is to them. Without any it goes to the outbox.
func (d *Desk) places(p notify.Post) []place {
	var out []place
	if c := d.Settings.Channel(p.Topic); p.Topic != "" && c != "" && d.Senders.Chat != nil {
		out = append(out, place{byChat, c, d.language("")})
	}
	for _, name := range d.Settings.Members(p.To) {
		out = append(out, d.person(name)...)
	}
	if len(out) == 0 && d.Senders.File != nil && (p.Topic != "" || len(p.To) > 0) {
		out = append(out, place{byFile, "outbox@localhost", d.language("")})
	}
	return slices.Compact(out)
}

func (d *Desk) person(name string) []place {
	p := d.Settings.People[name]
	switch {
	case p.Slack != "" && d.Senders.Chat != nil:
		return []place{{byChat, p.Slack, d.language(p.Language)}}
	case p.Mail != "" && d.Senders.Mail != nil:
		return []place{{byMail, p.Mail, d.language(p.Language)}}
	case p.Mail != "" && d.Senders.File != nil:
		return []place{{byFile, p.Mail, d.language(p.Language)}}
	}
	return nil
}

func (d *Desk) language(own string) report.Lang {
	for _, l := range []string{own, d.Settings.Language} {
		if l == string(report.Japanese) {
			return report.Japanese
		}
		if l != "" {
			break
		}
	}
	return report.English
}

// send says a post at one place, and returns a chat's id of it.
func (d *Desk) send(ctx context.Context, l *ledger, p notify.Post, at place) (string, error) {
	if at.by == byChat {
		m := notify.ChatMessage{To: at.name, Text: body(p, at.lang), Everyone: p.Everyone}
		if d.clickable() {
			m.Text, m.Buttons = words(p, at.lang), p.Buttons
		}
		if p.Thread != "" {
			m.Thread = l.threads[[2]string{p.Thread, at.name}]
		}
		return d.Senders.Chat.Post(ctx, m)
	}
	sender := d.Senders.Mail
	if at.by == byFile {
		sender = d.Senders.File
	}
	if sender == nil {
		return "", ErrNowhere
	}
	subject, rest, _ := strings.Cut(body(p, at.lang), "\n")
	sum := sha256.Sum256([]byte(p.ID + " " + at.name))
	return "", sender.Send(ctx, notify.Notice{
		ID: hex.EncodeToString(sum[:12]), From: d.from(), To: at.name, Subject: subject, Text: subject + "\n" + rest + "\n", At: d.Clock.Now(),
	})
}

func (d *Desk) from() string {
	if d.Settings.Mail.From != "" {
		return d.Settings.Mail.From
	}
	return "Tamachi <desk@localhost>"
}

// clickable tells whether clicks on buttons can be proved.
func (d *Desk) clickable() bool { return d.Settings.Slack.SecretFile != "" }

// body is what a reader without buttons reads.
func body(p notify.Post, lang report.Lang) string {
	out := words(p, lang)
	if p.Link != "" {
		out += "\n" + text.Answer.In(lang, "link", p.Link)
	}
	return out
}

// words are what a post says.
func words(p notify.Post, lang report.Lang) string {
	i := 0
	if lang == report.Japanese {
		i = 1
	}
	out := p.What[i]
	if p.Why[i] != "" {
		out += "\n" + text.Why.In(lang, "why", p.Why[i])
	}
	if p.Do[i] != "" {
		out += "\n" + text.Do.In(lang, "do", p.Do[i])
	}
	return out
}

func both(m report.Message, pairs ...any) [2]string {
	return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
}

// known tells whether a name is of somebody who can be written to.
func known(conf *settings.Settings, names []string) error {
	for _, n := range names {
		if len(conf.Members([]string{n})) == 0 {
			return fmt.Errorf("nobody is called %q under people or groups: %w", n, errUnknown)
		}
	}
	return nil
}

var errUnknown = errors.New("see tamachi config check")
