package connector_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/directory"
	"tamachi/internal/directory/connector"
	"tamachi/internal/directory/directorytest"
	"tamachi/internal/directory/sambatest"
)

// connection is that of a customer to Samba, with keys as learnt.
func connection() directory.Connection {
	return directory.Connection{
		DirectoryID: "d-0123456789", Name: sambatest.Domain, DNS: []string{sambatest.Addr},
		UserName: sambatest.Administrator, Password: sambatest.Password,
	}
}

// TestSamba runs everything over one controller, for its start takes long.
func TestSamba(t *testing.T) {
	c := sambatest.Start(t)
	clk := clock.NewFrozen(time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC))
	p := connector.New(clk, 20*time.Second)
	t.Cleanup(func() { _ = p.Close() })
	to := connection()
	t.Run("the first look learns the domain and its keys", func(t *testing.T) {
		d, keys, err := p.Remote(to).Probe(t.Context())
		if err != nil || d.ShortName != sambatest.ShortName || !strings.HasPrefix(d.SID, "S-1-5-21-") || len(keys) != 1 {
			t.Fatalf("want CORP, its SID and one key, got %+v, %v, %v", d, keys, err)
		}
		to.Keys = keys
	})
	r := p.Remote(to)
	t.Run("suite", func(t *testing.T) {
		directorytest.RunRoster(t, func(*testing.T) directory.Roster { return r })
	})
	t.Run("pages of a list are cut of the names of its first", func(t *testing.T) { testPages(t, connector.New(clk, 20*time.Second).Remote(to), clk, r) })
	t.Run("people are proved", func(t *testing.T) { testProve(t, c, r) })
	t.Run("people change their passwords", func(t *testing.T) { testChange(t, c, r) })
	t.Run("another key is not believed", func(t *testing.T) {
		other := to
		other.Keys = []string{"00"}
		_, err := connector.New(clock.Real{}, 20*time.Second).Remote(other).User(t.Context(), "Administrator")
		if !errors.Is(err, directory.ErrUnreachable) || !strings.Contains(err.Error(), "another one") {
			t.Errorf("want ErrUnreachable for its key, got %v", err)
		}
	})
	t.Run("whom an authority vouches for is believed by LDAPS alone", func(t *testing.T) {
		secure := to
		secure.Keys, secure.Authorities = nil, []string{c.Authority()}
		if _, err := connector.New(clock.Real{}, 20*time.Second).Remote(secure).User(t.Context(), "Administrator"); err != nil {
			t.Errorf("want the administrator, got %v", err)
		}
		_, stranger := sambatest.Certificate(t)
		secure.Authorities = []string{string(stranger)}
		if _, _, err := connector.New(clock.Real{}, 20*time.Second).Remote(secure).Probe(t.Context()); !errors.Is(err, directory.ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("another authority: want ErrUnreachable for its certificate, got %v", err)
		}
	})
	t.Run("a wrong service account is refused", func(t *testing.T) {
		other := to
		other.Password = "x"
		_, _, err := connector.New(clock.Real{}, 20*time.Second).Remote(other).Probe(t.Context())
		if refusal, ok := errors.AsType[*directory.Refusal](err); !ok || refusal.Reason() != "wrong password" {
			t.Errorf("want a refusal, got %v", err)
		}
	})
	t.Run("a controller that ends and comes back", func(t *testing.T) {
		c.Stop()
		if _, err := r.User(t.Context(), "Administrator"); !errors.Is(err, directory.ErrUnreachable) {
			t.Errorf("while it is gone: want ErrUnreachable, got %v", err)
		}
		if _, err := r.Prove(t.Context(), "suzuki.ichirou", "Sesame-1-x"); !errors.Is(err, directory.ErrUnreachable) {
			t.Errorf("while it is gone: want ErrUnreachable, got %v", err)
		}
		c.Resume()
		if _, err := r.User(t.Context(), "Administrator"); err != nil {
			t.Errorf("when it is back: want no error, got %v", err)
		}
	})
}

func testProve(t *testing.T, c *sambatest.Controller, r directory.Remote) {
	c.Tool("user", "create", "suzuki.ichirou", "Sesame-1-x", "--mail-address=suzuki@example.com", "--given-name=Ichirou", "--surname=Suzuki")
	for _, name := range []string{"fujita.disabled", "kato.expired", "mori.must"} {
		args := []string{"user", "create", name, "Sesame-1-x"}
		if name == "mori.must" {
			args = append(args, "--must-change-at-next-login")
		}
		c.Tool(args...)
	}
	c.Tool("user", "disable", "fujita.disabled")
	c.Tool("user", "setexpiry", "kato.expired", "--days=-1")
	rows := []struct{ name, user, password, reason string }{
		{"the right password", "suzuki.ichirou", "Sesame-1-x", ""},
		{"names have no case", "SUZUKI.Ichirou", "Sesame-1-x", ""},
		{"a wrong password", "suzuki.ichirou", "sesame-1-x", "wrong password"},
		{"a disabled account", "fujita.disabled", "Sesame-1-x", "the account is disabled"},
		{"an account that has expired", "kato.expired", "Sesame-1-x", "the account has expired"},
		{"a password that must be changed", "mori.must", "Sesame-1-x", "the password must be changed first"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			a, err := r.Prove(t.Context(), row.user, row.password)
			if row.reason == "" {
				if err != nil || a.SAMAccountName != "suzuki.ichirou" || a.Email != "suzuki@example.com" || !a.Enabled {
					t.Errorf("want the account, got %+v, %v", a, err)
				}
				return
			}
			if refusal, ok := errors.AsType[*directory.Refusal](err); !ok || refusal.Reason() != row.reason {
				t.Errorf("want %q, got %v", row.reason, err)
			}
		})
	}
	for _, name := range []string{"nobody", "*", "suzuki.ichirou)(cn=*", "suzuki.ichirou,CN=Users"} {
		if a, err := r.Prove(t.Context(), name, "Sesame-1-x"); err == nil {
			t.Errorf("%q: want a refusal, got %+v", name, a)
		}
	}
	if _, err := r.Prove(t.Context(), "suzuki.ichirou", ""); err == nil {
		t.Error("no password: want a refusal, got none")
	}
}

// testChange is of people who know their password, also one that is of no more
// use but for this.
func testChange(t *testing.T, c *sambatest.Controller, r directory.Remote) {
	c.Tool("domain", "passwordsettings", "set", "--min-pwd-age=0", "--history-length=3", "--min-pwd-length=7", "--complexity=on")
	for _, row := range []struct {
		name, user, former, next string
		want                     func(error) bool
	}{
		{"the former one is wrong", "suzuki.ichirou", "Sesame-0-x", "Sesame-2-x", refuses("wrong password")},
		{"the new one is short", "suzuki.ichirou", "Sesame-1-x", "S-1x", weak(directory.Short)},
		{"the new one is of one kind", "suzuki.ichirou", "Sesame-1-x", "sesamesesame", weak(directory.FewKinds)},
		{"the new one is the former one", "suzuki.ichirou", "Sesame-1-x", "Sesame-1-x", weak(directory.UsedOnce)},
		{"a good one", "suzuki.ichirou", "Sesame-1-x", "Sesame-2-x", func(err error) bool { return err == nil }},
		{"one that must be changed", "mori.must", "Sesame-1-x", "Sesame-2-x", func(err error) bool { return err == nil }},
		{"a stranger's", "nobody", "Sesame-1-x", "Sesame-2-x", func(err error) bool { return errors.Is(err, directory.ErrNoUser) }},
		{"without the former one", "suzuki.ichirou", "", "Sesame-3-x", func(err error) bool { _, ok := errors.AsType[*directory.Refusal](err); return ok }},
	} {
		if err := r.Change(t.Context(), row.user, row.former, row.next); !row.want(err) {
			t.Errorf("%s: got %v", row.name, err)
		}
	}
	for _, user := range []string{"suzuki.ichirou", "mori.must"} {
		if _, err := r.Prove(t.Context(), user, "Sesame-2-x"); err != nil {
			t.Errorf("%s with the new password: got %v", user, err)
		}
	}
	c.Tool("domain", "passwordsettings", "set", "--min-pwd-age=1")
	if err := r.Change(t.Context(), "suzuki.ichirou", "Sesame-2-x", "Sesame-3-x"); !errors.Is(err, directory.ErrTooSoon) {
		t.Errorf("again on the same day: want ErrTooSoon, got %v", err)
	}
}

func refuses(reason string) func(error) bool {
	return func(err error) bool {
		r, ok := errors.AsType[*directory.Refusal](err)
		return ok && r.Reason() == reason
	}
}

func weak(why directory.Shortcoming) func(error) bool {
	return func(err error) bool {
		w, ok := errors.AsType[*directory.WeakPasswordError](err)
		return ok && w.Why == why
	}
}

// testPages lists people while others come and go, by somebody else's hand.
func testPages(t *testing.T, others directory.Remote, clk *clock.Frozen, r directory.Remote) {
	come := func(names ...string) {
		t.Helper()
		for _, name := range names {
			if _, err := others.AddUser(t.Context(), directory.Account{SAMAccountName: name}); err != nil {
				t.Fatal(err)
			}
		}
	}
	come("page.a", "page.b", "page.c", "page.d")
	page := func(after string, limit int) (names string) {
		t.Helper()
		found, err := r.ListUsers(t.Context(), directory.Query{After: after, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range found {
			names += " " + a.SAMAccountName
		}
		return names
	}
	page("", 1)
	if got := page("Page.", 2); got != " page.a page.b" {
		t.Errorf("the first two: got%s", got)
	}
	if err := others.RemoveUser(t.Context(), "page.c"); err != nil {
		t.Fatal(err)
	}
	come("page.bb")
	if got := page("page.b", 1); got != " page.d" {
		t.Errorf("one was removed meanwhile: want the next, got%s", got)
	}
	clk.Advance(time.Hour)
	if got := page("page.b", 2); got != " page.bb page.d" {
		t.Errorf("an hour later: want the names of now, got%s", got)
	}
	if err := r.RemoveUser(t.Context(), "page.bb"); err != nil {
		t.Fatal(err)
	}
	if got := page("page.a", 2); got != " page.b page.d" {
		t.Errorf("after a write of ours: got%s", got)
	}
}
