package config

import (
	"path/filepath"
	"testing"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Config)
		ok     bool
	}{
		{"the defaults make sense", func(*Config) {}, true},
		{"a port of 0 asks for any", func(c *Config) { c.Listen = "127.0.0.1:0" }, true},
		{"an address without port is refused", func(c *Config) { c.Listen = "127.0.0.1" }, false},
		{"a host name is refused", func(c *Config) { c.Listen = "example.com:80" }, false},
		{"a port beyond 65535 is refused", func(c *Config) { c.Listen = "127.0.0.1:70000" }, false},
		{"a domain without dot is refused", func(c *Config) { c.Domain = "tamachi" }, false},
		{"a domain with a path is refused", func(c *Config) { c.Domain = "a.b/c" }, false},
		{"ranges for what goes out are taken", func(c *Config) { c.Outbound = "10.0.0.0/8, 0.0.0.0/0" }, true},
		{"a range that is none is refused", func(c *Config) { c.Outbound = "10.0.0.0/8,everything" }, false},
		{"a range of IPv6 is refused", func(c *Config) { c.Outbound = "::/0" }, false},
		{"an unknown image is refused", func(c *Config) { c.Image = "windows" }, false},
		{"an account has twelve digits", func(c *Config) { c.Account = "111122223333" }, true},
		{"an account of eleven digits is refused", func(c *Config) { c.Account = "11112222333" }, false},
		{"AWS's quotas may be asked for", func(c *Config) { c.Throttle = "aws-strict" }, true},
		{"a quota of desktops", func(c *Config) { c.DesktopQuota = 40 }, true},
		{"a quota of no desktops is refused", func(c *Config) { c.DesktopQuota = 0 }, false},
		{"other quotas are refused", func(c *Config) { c.Throttle = "lax" }, false},
		{"mails by a relay", func(c *Config) { c.Mail = "smtp://relay.example.com" }, true},
		{"mails by a relay of this machine, in the clear", func(c *Config) { c.Mail = "smtp://127.0.0.1:2525?tls=none" }, true},
		{"mails by a relay with a login", func(c *Config) { c.Mail, c.MailPasswordFile = "smtps://me@relay.example.com", "/x" }, true},
		{"a login without its password is refused", func(c *Config) { c.Mail = "smtps://me@relay.example.com" }, false},
		{"a password among the settings is refused", func(c *Config) { c.Mail, c.MailPasswordFile = "smtps://me:x@relay.example.com", "/x" }, false},
		{"a login in the clear is refused", func(c *Config) { c.Mail, c.MailPasswordFile = "smtp://me@relay.example.com?tls=none", "/x" }, false},
		{"a relay by HTTP is refused", func(c *Config) { c.Mail = "https://relay.example.com" }, false},
		{"a relay without a name is refused", func(c *Config) { c.Mail = "smtp://" }, false},
		{"mails that come back", func(c *Config) { c.Mail, c.MailBounces = "smtp://relay.example.com", "b@example.com=/x" }, true},
		{"mails that come back without any that go out are refused", func(c *Config) { c.MailBounces = "b@example.com=/x" }, false},
		{"mails that come back to nobody are refused", func(c *Config) { c.Mail, c.MailBounces = "smtp://relay.example.com", "=/x" }, false},
		{"mails that come back with a name are refused", func(c *Config) { c.Mail, c.MailBounces = "smtp://relay.example.com", "B <b@example.com>=/x" }, false},
		{"mails that come back to no folder are refused", func(c *Config) { c.Mail, c.MailBounces = "smtp://relay.example.com", "b@example.com" }, false},
		{"a sender's domain", func(c *Config) { c.MailDomain = "example.com" }, true},
		{"a sender's domain that is none is refused", func(c *Config) { c.MailDomain = "a b" }, false},
		{"an address for browsers", func(c *Config) { c.URL = "https://desk.example.com/" }, true},
		{"an address for browsers in the clear is refused", func(c *Config) { c.URL = "http://desk.example.com" }, false},
		{"an address with a path is refused", func(c *Config) { c.URL = "https://desk.example.com/x" }, false},
		{"a made-up Region is refused", func(c *Config) { c.Region = "Tokyo" }, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			c := Default(func(string) string { return "" })
			tc.change(&c)
			if err := c.Validate(); (err == nil) != tc.ok {
				t.Errorf("want ok %v, got %v", tc.ok, err)
			}
		})
	}
}

func TestDefaultReadsTheDataFolder(t *testing.T) {
	c := Default(func(k string) string { return map[string]string{"TAMACHI_DATA": "/srv/x"}[k] })
	if err := c.Validate(); err != nil || c.Data != filepath.Clean("/srv/x") {
		t.Errorf("want /srv/x, got %q, %v", c.Data, err)
	}
}

func TestRelay(t *testing.T) {
	rows := map[string]Relay{
		"smtp://relay.example.com":          {Host: "relay.example.com", Port: "587"},
		"smtps://me@relay.example.com":      {Host: "relay.example.com", Port: "465", User: "me", Implicit: true},
		"smtp://[2001:db8::1]:25?tls=none":  {Host: "2001:db8::1", Port: "25", Plain: true},
		"smtp://a%40b.example@relay.test:1": {Host: "relay.test", Port: "1", User: "a@b.example"},
	}
	for mail, want := range rows {
		if got, ok := (&Config{Mail: mail}).Relay(); !ok || got != want {
			t.Errorf("%s: want %+v, got %+v, %v", mail, want, got, ok)
		}
	}
	if _, ok := new(Config).Relay(); ok {
		t.Error("want no relay when none is named")
	}
}

func FuzzRelay(f *testing.F) {
	f.Add("smtp://me@relay.example.com:587?tls=none")
	f.Fuzz(func(t *testing.T, mail string) {
		if r, err := relay(mail); err == nil && (r.Host == "" || r.Port == "") {
			t.Errorf("%q: want a host and a port, got %+v", mail, r)
		}
	})
}
