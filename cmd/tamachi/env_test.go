package main

import "testing"

func TestTooOld(t *testing.T) {
	for banner, want := range map[string]bool{
		"aws-cli/2.9.19 Python/3.11.2 Linux/6.1":        true,
		"aws-cli/2.13.0 Python/3.11.4":                  false,
		"aws-cli/1.28.99 Python/3.11.4":                 true,
		"aws-cli/1.45.11 Python/3.11.7 botocore/1.43":   false,
		"some other program that is called aws as well": false,
	} {
		if _, old := tooOld(banner); old != want {
			t.Errorf("%q: want old %v, got %v", banner, want, old)
		}
	}
}

func TestShellQuote(t *testing.T) {
	if got, want := shellQuote(`it's $HOME`), `'it'\''s $HOME'`; got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}
