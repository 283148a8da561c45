package config

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
)

// Relay is what Mail says of an SMTP server.
type Relay struct {
	Host, Port string
	User       string // "" without a login
	Implicit   bool   // TLS from the first byte
	Plain      bool   // no TLS
}

// defaultPorts are those of submission (RFC 6409) and of submission over TLS
// (RFC 8314).
var defaultPorts = map[string]string{"smtp": "587", "smtps": "465"}

// Relay reads Mail; ok is false when it is empty. Call Validate first.
func (c *Config) Relay() (r Relay, ok bool) {
	if c.Mail == "" {
		return r, false
	}
	r, err := relay(c.Mail)
	return r, err == nil
}

// ParseRelay reads the address of an SMTP server.
func ParseRelay(address string) (Relay, error) { return relay(address) }

func relay(address string) (Relay, error) {
	u, err := url.Parse(address)
	if err != nil || defaultPorts[u.Scheme] == "" || u.Hostname() == "" || u.Path != "" || u.Fragment != "" {
		return Relay{}, fmt.Errorf("--mail: want smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]")
	}
	if _, given := u.User.Password(); given {
		return Relay{}, errors.New("--mail: a password does not belong there but in the file TAMACHI_MAIL_PASSWORD_FILE")
	}
	r := Relay{Host: u.Hostname(), Port: u.Port(), User: u.User.Username(), Implicit: u.Scheme == "smtps"}
	if r.Port == "" {
		r.Port = defaultPorts[u.Scheme]
	}
	switch u.RawQuery {
	case "":
	case "tls=none":
		r.Plain = true
	default:
		return r, fmt.Errorf("--mail %q: after the question mark there can be tls=none only", address)
	}
	if r.Plain && (r.Implicit || r.User != "") {
		return r, fmt.Errorf("--mail %q: a login needs TLS", address)
	}
	return r, nil
}

// Bounces reads MailBounces; both are empty when it is.
func (c *Config) Bounces() (address, folder string, err error) {
	if c.MailBounces == "" {
		return "", "", nil
	}
	if c.Mail == "" {
		return "", "", errors.New("--mail-bounces: without --mail no mail goes out, and none comes back")
	}
	address, folder, _ = strings.Cut(c.MailBounces, "=")
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address || folder == "" {
		return "", "", fmt.Errorf("--mail-bounces %q: want ADDRESS=FOLDER, such as bounces@example.com=/var/mail/bounces", c.MailBounces)
	}
	folder, err = filepath.Abs(folder)
	return address, folder, err
}

// validateMail checks the settings of mails and of the links in them.
func (c *Config) validateMail() error {
	if err := c.validateRelay(); err != nil {
		return err
	}
	if _, _, err := c.Bounces(); err != nil {
		return err
	}
	if c.MailDomain != "" && (!domainName.MatchString(c.MailDomain) || len(c.MailDomain) > 200) {
		return fmt.Errorf("--mail-domain %q: want a domain name with a dot, such as example.com", c.MailDomain)
	}
	return c.validateURL()
}

func (c *Config) validateRelay() error {
	if c.Mail == "" {
		return nil
	}
	r, err := relay(c.Mail)
	if err != nil {
		return err
	}
	if r.User != "" && c.MailPasswordFile == "" {
		return errors.New("--mail: the file with the user's password is missing: TAMACHI_MAIL_PASSWORD_FILE")
	}
	if c.Lab {
		return errors.New("--mail: a lab sends no mail")
	}
	return nil
}

// validateURL checks the address of the links in mails and cuts it to its host.
func (c *Config) validateURL() error {
	if c.URL == "" {
		return nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.TrimSuffix(u.Path, "/") != "" {
		return fmt.Errorf("--url %q: want an address such as https://desk.example.com", c.URL)
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--url %q: people type passwords there, so it must be https", c.URL)
	}
	c.URL = u.Scheme + "://" + u.Host
	return nil
}

// SenderDomain is the domain of senders' addresses.
func (c *Config) SenderDomain() string {
	if c.MailDomain != "" {
		return c.MailDomain
	}
	return c.Domain
}
