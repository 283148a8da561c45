package directory

import (
	"encoding/hex"
	"testing"
)

func TestRefusals(t *testing.T) {
	rows := []struct {
		name            string
		r               *Refusal
		reason, message string
	}{
		{"an unknown user", Refuse(Unknown), "no such user", "no such user (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 525, v4563)"},
		{"a wrong password", Refuse(WrongPassword), "wrong password", "wrong password (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563)"},
		{"a disabled account", Refuse(Disabled), "the account is disabled", "the account is disabled (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 533, v4563)"},
		{"a locked account", Refuse(Locked), "the account is locked", "the account is locked (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 775, v4563)"},
		{"an old password", Refuse(Expired), "the password has expired", "the password has expired (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 532, v4563)"},
		{"an initial password", Refuse(MustChange), "the password must be changed first", "the password must be changed first (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 773, v4563)"},
		{"the words of Samba", &Refusal{Code: 49, Message: "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52E, v1db1"}, "wrong password", "wrong password (80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 52E, v1db1)"},
		{"words that we do not know", &Refusal{Code: 49, Message: "go away"}, "", "go away"},
		{"a number that we do not know", &Refusal{Code: 49, Message: "error, data 99, v1"}, "", "error, data 99, v1"},
		{"no words", &Refusal{Code: 50}, "", "LDAP result code 50"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if got := r.r.Reason(); got != r.reason {
				t.Errorf("want reason %q, got %q", r.reason, got)
			}
			if got := r.r.Error(); got != r.message {
				t.Errorf("want %q, got %q", r.message, got)
			}
		})
	}
	if r := Refuse(Good); r != nil {
		t.Errorf("want no refusal of a good account, got %v", r)
	}
}

func TestNames(t *testing.T) {
	rows := []struct{ user, want string }{
		{"tanaka", "CN=tanaka,CN=Users,DC=corp,DC=example,DC=com"},
		{"a,b+c=d", `CN=a\,b\+c\=d,CN=Users,DC=corp,DC=example,DC=com`},
		{" #x ", `CN=\ #x\ ,CN=Users,DC=corp,DC=example,DC=com`},
		{"#x", `CN=\#x,CN=Users,DC=corp,DC=example,DC=com`},
		{"a\x00", `CN=a\00,CN=Users,DC=corp,DC=example,DC=com`},
		{"鈴木", "CN=鈴木,CN=Users,DC=corp,DC=example,DC=com"},
	}
	for _, r := range rows {
		if got := UserDN(r.user, "corp.example.com"); got != r.want {
			t.Errorf("%q: want %s, got %s", r.user, r.want, got)
		}
	}
}

func TestSIDBytes(t *testing.T) {
	rows := []struct{ sid, want string }{
		{"S-1-5-32-544", "01020000000000052000000020020000"},
		{"S-1-5-21-1-2-4294967295-1103", "010500000000000515000000" + "01000000" + "02000000" + "ffffffff" + "4f040000"},
		{"S-1-281474976710655-1", "0101ffffffffffff01000000"},
		{"", ""},
		{"S-1-5", ""},
		{"S-2-5-1", ""},
		{"S-1-x-1", ""},
		{"S-1-5--1", ""},
		{"S-1-5-4294967296", ""},
		{"S-1-281474976710656-1", ""},
		{"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", ""},
	}
	for _, r := range rows {
		got, err := SIDBytes(r.sid)
		if (err == nil) != (r.want != "") || hex.EncodeToString(got) != r.want {
			t.Errorf("%q: want %q, got %x, %v", r.sid, r.want, got, err)
		}
	}
}

func TestSIDText(t *testing.T) {
	for _, sid := range []string{"S-1-5-32-544", "S-1-5-21-1-2-4294967295-1103", "S-1-281474976710655-1"} {
		b, err := SIDBytes(sid)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := SIDText(b); err != nil || got != sid {
			t.Errorf("want %s, got %q, %v", sid, got, err)
		}
	}
	for _, wrong := range []string{"", "01", "0105000000000005", "0201000000000005" + "01000000", "0101000000000005" + "0100000000"} {
		b, err := hex.DecodeString(wrong)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := SIDText(b); err == nil {
			t.Errorf("%s: want an error, got %q", wrong, got)
		}
	}
}

func FuzzSIDText(f *testing.F) {
	f.Add([]byte{1, 1, 0, 0, 0, 0, 0, 5, 32, 2, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		sid, err := SIDText(b)
		if err != nil {
			return
		}
		if again, err := SIDBytes(sid); err != nil || string(again) != string(b) {
			t.Errorf("%x: want it back from %s, got %x, %v", b, sid, again, err)
		}
	})
}
