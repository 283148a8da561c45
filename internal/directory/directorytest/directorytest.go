// Package directorytest is the suite that every directory provider passes, the
// fake included, and the accounts in memory that it runs over.
package directorytest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"tamachi/internal/directory"
)

// Subject is a provider under test. It counts the binds that reached its
// server, so that an answer that asked nobody is found out.
type Subject interface {
	directory.Server
	Binds() (accepted, refused int64)
}

const (
	corp  = "d-0123456789"
	other = "d-9876543210"
)

// Corp and Other are two directories of the same domain name, as two accounts
// may have them.
var (
	Corp  = directory.Domain{ID: corp, Name: "corp.example.com", ShortName: "CORP", SID: "S-1-5-21-1-2-3"}
	Other = directory.Domain{ID: other, Name: "corp.example.com", ShortName: "CORP", SID: "S-1-5-21-4-5-6"}
)

// Office returns the people of the suite: suzuki.ichirou works, fujita.kouhei
// is disabled, and each of the two directories has its own tanaka.
func Office() *People {
	p := NewPeople(Corp, Other)
	p.Put(corp, directory.Account{
		SAMAccountName: "suzuki.ichirou", GivenName: "Ichirou", Surname: "Suzuki", Email: "suzuki.ichirou@example.com",
		Enabled: true, SID: "S-1-5-21-1-2-3-1103", Attributes: map[string][]string{"department": {"Sales"}},
	}, "Sesame-1")
	p.Put(corp, directory.Account{SAMAccountName: "fujita.kouhei", SID: "S-1-5-21-1-2-3-1104"}, "Sesame-2")
	p.Put(corp, directory.Account{SAMAccountName: "tanaka", Enabled: true, SID: "S-1-5-21-1-2-3-1105"}, "Sesame-3")
	p.Put(other, directory.Account{SAMAccountName: "tanaka", Enabled: true, SID: "S-1-5-21-4-5-6-1103"}, "Sesame-4")
	return p
}

// Run runs the suite over the provider that start makes.
func Run(t *testing.T, start func(t *testing.T, accounts directory.Accounts) Subject) {
	t.Run("bind", func(t *testing.T) { testBind(t, start(t, Office())) })
	t.Run("find", func(t *testing.T) { testFind(t, start(t, Office())) })
	t.Run("a disabled account that is enabled again binds", func(t *testing.T) { testEnable(t, start) })
	t.Run("a directory that is gone does not answer", func(t *testing.T) { testGone(t, start) })
	t.Run("a directory that cannot read its accounts does not answer", func(t *testing.T) { testBroken(t, start) })
	t.Run("many bind at once", func(t *testing.T) { testCrowd(t, start(t, Office())) })
	t.Run("who gave up waiting is told so", func(t *testing.T) { testCancelled(t, start(t, Office())) })
}

func as(directoryID, name, password string) directory.Credentials {
	return directory.Credentials{DirectoryID: directoryID, Domain: Corp.Name, UserName: name, Password: password}
}

func testBind(t *testing.T, s Subject) {
	foreign := as(corp, "suzuki.ichirou", "Sesame-1")
	foreign.Domain = "elsewhere.example.com"
	rows := []struct {
		name   string
		c      directory.Credentials
		code   uint16 // 0 = accepted
		reason string
	}{
		{"the right password is accepted", as(corp, "suzuki.ichirou", "Sesame-1"), 0, ""},
		{"names have no case", as(corp, "Suzuki.ICHIROU", "Sesame-1"), 0, ""},
		{"passwords have", as(corp, "suzuki.ichirou", "sesame-1"), 49, "wrong password"},
		{"a wrong password is refused", as(corp, "suzuki.ichirou", "x"), 49, "wrong password"},
		{"an unknown user is refused", as(corp, "nobody", "Sesame-1"), 49, "no such user"},
		{"a disabled account is refused", as(corp, "fujita.kouhei", "Sesame-2"), 49, "the account is disabled"},
		{"its standing is not told to strangers", as(corp, "fujita.kouhei", "x"), 49, "wrong password"},
		{"an empty password proves nothing", as(corp, "suzuki.ichirou", ""), 53, ""},
		{"an empty name is nobody", as(corp, "", "Sesame-1"), 49, "no such user"},
		{"another domain is not served", foreign, 49, "no such user"},
		{"the account of this directory", as(other, "tanaka", "Sesame-4"), 0, ""},
		{"not that of the directory of the same name", as(other, "tanaka", "Sesame-3"), 49, "wrong password"},
		{"a name of markup is only a name", as(corp, `*)(cn=\00"`, "x"), 49, "no such user"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			yes, no := s.Binds()
			err := s.Bind(t.Context(), r.c)
			gotYes, gotNo := s.Binds()
			var refusal *directory.Refusal
			switch {
			case r.code == 0 && (err != nil || gotYes != yes+1 || gotNo != no):
				t.Fatalf("want one accepted bind, got error %v and %d, %d more accepted and refused", err, gotYes-yes, gotNo-no)
			case r.code == 0:
			case !errors.As(err, &refusal):
				t.Fatalf("want a refusal, got %v", err)
			case refusal.Code != r.code || refusal.Reason() != r.reason:
				t.Fatalf("want code %d %q, got %d %q (%s)", r.code, r.reason, refusal.Code, refusal.Reason(), refusal.Message)
			case gotYes != yes || gotNo != no+1:
				t.Fatalf("want one refused bind, got %d, %d more accepted and refused", gotYes-yes, gotNo-no)
			}
		})
	}
}

func testFind(t *testing.T, s Subject) {
	me := as(corp, "suzuki.ichirou", "Sesame-1")
	got, err := s.Find(t.Context(), me, "FUJITA.kouhei")
	want := directory.Entry{
		DN:             "CN=fujita.kouhei,CN=Users,DC=corp,DC=example,DC=com",
		SAMAccountName: "fujita.kouhei", UserPrincipalName: "fujita.kouhei@corp.example.com",
	}
	if err != nil || got != want {
		t.Errorf("want %+v, got %+v, %v", want, got, err)
	}
	if got, err := s.Find(t.Context(), me, "tanaka"); err != nil || !got.Enabled {
		t.Errorf("want tanaka enabled, got %+v, %v", got, err)
	}
	for _, name := range []string{"fujita", "*", "fujita.kouhei)(cn=*", ""} {
		if got, err := s.Find(t.Context(), me, name); !errors.Is(err, directory.ErrNoUser) {
			t.Errorf("find %q: want ErrNoUser, got %+v, %v", name, got, err)
		}
	}
	var refusal *directory.Refusal
	if _, err := s.Find(t.Context(), as(corp, "tanaka", "x"), "tanaka"); !errors.As(err, &refusal) {
		t.Errorf("want a refusal for a wrong password, got %v", err)
	}
}

func testEnable(t *testing.T, start func(*testing.T, directory.Accounts) Subject) {
	people := Office()
	s := start(t, people)
	c := as(corp, "fujita.kouhei", "Sesame-5")
	var refusal *directory.Refusal
	if err := s.Bind(t.Context(), c); !errors.As(err, &refusal) {
		t.Fatalf("want a refusal, got %v", err)
	}
	people.Put(corp, directory.Account{SAMAccountName: "fujita.kouhei", Enabled: true}, "Sesame-5")
	if err := s.Bind(t.Context(), c); err != nil {
		t.Fatalf("want no error, got %v", err)
	}
}

func testGone(t *testing.T, start func(*testing.T, directory.Accounts) Subject) {
	people := Office()
	s := start(t, people)
	if err := s.Bind(t.Context(), as("d-0000000000", "tanaka", "x")); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("never there: want ErrUnreachable, got %v", err)
	}
	if err := s.Bind(t.Context(), as(corp, "tanaka", "Sesame-3")); err != nil {
		t.Fatalf("want no error, got %v", err)
	}
	people.Drop(corp)
	if err := s.Bind(t.Context(), as(corp, "tanaka", "Sesame-3")); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("removed: want ErrUnreachable, got %v", err)
	}
	if err := s.Bind(t.Context(), as(other, "tanaka", "Sesame-4")); err != nil {
		t.Errorf("the other directory: want no error, got %v", err)
	}
}

func testBroken(t *testing.T, start func(*testing.T, directory.Accounts) Subject) {
	people := Office()
	s := start(t, people)
	people.Break(errors.New("the disk is on fire"))
	if err := s.Bind(t.Context(), as(corp, "tanaka", "Sesame-3")); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("want ErrUnreachable, got %v", err)
	}
	people.Break(nil)
	if err := s.Bind(t.Context(), as(corp, "tanaka", "Sesame-3")); err != nil {
		t.Errorf("mended: want no error, got %v", err)
	}
}

func testCrowd(t *testing.T, s Subject) {
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			c := as(corp, "tanaka", "Sesame-3")
			if i%2 == 1 {
				c = as(other, "tanaka", "Sesame-4")
			}
			if err := s.Bind(t.Context(), c); err != nil {
				t.Errorf("want no error, got %v", err)
			}
		})
	}
	wg.Wait()
	if yes, _ := s.Binds(); yes != 60 {
		t.Errorf("want 60 accepted binds, got %d", yes)
	}
}

func testCancelled(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Bind(ctx, as(corp, "tanaka", "Sesame-3"))
	if !errors.Is(err, directory.ErrUnreachable) || !errors.Is(err, context.Canceled) {
		t.Errorf("want ErrUnreachable because of context.Canceled, got %v", err)
	}
}
