package main

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"os"
	"strings"

	"tamachi/internal/config"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr/intake"
	"tamachi/internal/desk/notice"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify/file"
	"tamachi/internal/notify/mail"
	"tamachi/internal/notify/slack"
)

// noticeWays are the providers of the desk's notices.
func noticeWays() notice.Ways {
	return notice.Ways{Open: noticeSenders, Clicks: slack.Clicks, Doors: noticeDoors}
}

// noticeDoors are what the desk's server takes beside answers.
func noticeDoors(w account.World, conf *settings.Settings, s shelf.Shelf, log func(string)) (map[string]http.Handler, error) {
	feed, err := intake.Open(w, conf, s, log)
	if feed == nil || err != nil {
		return nil, err
	}
	return feed.Handlers(), nil
}

func noticeSenders(s *settings.Settings) (notice.Senders, error) {
	var out notice.Senders
	if s.Slack.TokenFile != "" {
		token, err := secretIn(s.Slack.TokenFile)
		if err != nil {
			return out, err
		}
		out.Chat = slack.New(token, s.Slack.API)
	}
	if s.Mail.Relay != "" {
		relay, err := config.ParseRelay(s.Mail.Relay)
		if err != nil {
			return out, err
		}
		o := mail.Options{Host: relay.Host, Port: relay.Port, User: relay.User, Implicit: relay.Implicit, Plain: relay.Plain}
		if s.Mail.PasswordFile != "" {
			if o.Password, err = secretIn(s.Mail.PasswordFile); err != nil {
				return out, err
			}
		}
		if s.Mail.CAFile != "" {
			b, err := os.ReadFile(s.Mail.CAFile)
			if err != nil {
				return out, fmt.Errorf("settings: %w", err)
			}
			if o.Roots = x509.NewCertPool(); !o.Roots.AppendCertsFromPEM(b) {
				return out, fmt.Errorf("settings: mail.ca-file: %s holds no certificate", s.Mail.CAFile)
			}
		}
		out.Mail = mail.New(o)
	}
	if s.Outbox != "" {
		out.File = file.New(s.Outbox)
	}
	return out, nil
}

// secretIn reads a secret from the file that the settings name.
func secretIn(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("settings: %w", err)
	}
	return strings.TrimSpace(string(b)), nil
}
