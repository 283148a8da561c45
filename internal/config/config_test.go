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
		{"an unknown image is refused", func(c *Config) { c.Image = "windows" }, false},
		{"an account has twelve digits", func(c *Config) { c.Account = "111122223333" }, true},
		{"an account of eleven digits is refused", func(c *Config) { c.Account = "11112222333" }, false},
		{"AWS's quotas may be asked for", func(c *Config) { c.Throttle = "aws-strict" }, true},
		{"other quotas are refused", func(c *Config) { c.Throttle = "lax" }, false},
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
