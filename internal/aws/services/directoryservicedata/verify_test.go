package directoryservicedata

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

func (r *room) verify(t *testing.T, name, password string, want directory.Standing) {
	t.Helper()
	got, err := r.Verify(t.Context(), corp, name, password)
	if err != nil || got != want {
		t.Errorf("%s with %q: want standing %d, got %d, %v", name, password, want, got, err)
	}
}

// edit changes a stored user.
func (r *room) edit(t *testing.T, name string, change func(*user)) {
	t.Helper()
	err := r.st.Update(t.Context(), func(tx *store.Tx) error {
		u, err := find(tx, home, corp, name)
		if err != nil {
			return err
		}
		change(u)
		return users.Put(tx, home, u)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) stored(t *testing.T, name string) (u *user) {
	t.Helper()
	err := r.st.View(t.Context(), func(tx *store.Tx) (err error) {
		u, err = find(tx, home, corp, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// oldSeal is as an earlier version of the plane made it.
func oldSeal(t *testing.T, password string) string {
	t.Helper()
	salt := []byte("0123456789abcdef")
	key, err := pbkdf2.Key(sha256.New, password, salt, 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("pbkdf2-sha256$10$%s$%s", enc.EncodeToString(salt), enc.EncodeToString(key))
}

func TestAnOldSealIsRenewedWhenItsPasswordIsProved(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.edit(t, "tanaka", func(u *user) { u.Password, u.PasswordSet = oldSeal(t, "Sesame-2"), time.Time{} })
	r.verify(t, "tanaka", "Sesame-1", directory.WrongPassword)
	if got := r.stored(t, "tanaka").Password; !strings.HasPrefix(got, oldName) {
		t.Errorf("want the old seal kept after a wrong password, got %s", got)
	}
	r.verify(t, "tanaka", "Sesame-2", directory.Good)
	if got := r.stored(t, "tanaka").Password; !strings.HasPrefix(got, "$argon2id$") {
		t.Errorf("want a new seal, got %s", got)
	}
	r.verify(t, "tanaka", "Sesame-2", directory.Good)
	r.clk.Advance(100 * 24 * time.Hour)
	r.verify(t, "tanaka", "Sesame-2", directory.Good) // of unknown age
}

func TestSealsThatCannotBeRead(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	for _, bad := range []string{"x", "md5$1$a$b", "pbkdf2-sha256$0$a$b", "pbkdf2-sha256$99999999999$YQ$YQ", "pbkdf2-sha256$1$!$YQ", "pbkdf2-sha256$1$YQ$YQ", "pbkdf2-sha256$1", "$argon2id$v=19$m=8,t=1,p=1$$"} {
		r.edit(t, "tanaka", func(u *user) { u.Password = bad })
		if got, err := r.Verify(t.Context(), corp, "tanaka", "Sesame-1"); err == nil {
			t.Errorf("%q: want an error, got %d", bad, got)
		}
	}
	r.edit(t, "tanaka", func(u *user) { u.Password = r.nobodys() })
	r.verify(t, "tanaka", "Sesame-1", directory.WrongPassword)
}

func TestTooManyFailuresLockTheAccount(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	for range 4 {
		r.verify(t, "tanaka", "x", directory.WrongPassword)
	}
	r.verify(t, "tanaka", "Sesame-1", directory.Good) // forgets the four
	for range 5 {
		r.verify(t, "tanaka", "x", directory.WrongPassword)
	}
	r.verify(t, "TANAKA", "Sesame-1", directory.Locked)
	r.clk.Advance(59 * time.Second)
	r.verify(t, "tanaka", "Sesame-1", directory.Locked)
	r.clk.Advance(2 * time.Second)
	r.verify(t, "tanaka", "x", directory.WrongPassword) // the sixth: two minutes
	r.clk.Advance(61 * time.Second)
	r.verify(t, "tanaka", "Sesame-1", directory.Locked)
	r.clk.Advance(time.Minute)
	r.verify(t, "tanaka", "Sesame-1", directory.Good)
	for range 5 {
		r.verify(t, "tanaka", "x", directory.WrongPassword)
	}
	if err := r.Roster(home, domain).Reset(t.Context(), "tanaka", "Sesame-2"); err != nil {
		t.Fatal(err)
	}
	r.verify(t, "tanaka", "Sesame-2", directory.Good) // a new password unlocks
	for range 4 {
		r.verify(t, "tanaka", "x", directory.WrongPassword)
	}
	r.clk.Advance(31 * time.Minute)
	r.verify(t, "tanaka", "x", directory.WrongPassword)
	r.verify(t, "tanaka", "Sesame-2", directory.Good) // the four were forgotten
}

func TestLocksGrow(t *testing.T) {
	d := domainRules()
	for failures, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Minute, 6: 2 * time.Minute, 9: 16 * time.Minute, 10: 30 * time.Minute, 1 << 40: 30 * time.Minute,
	} {
		if got := d.lockFor(failures); got != want {
			t.Errorf("after %d failures: want %s, got %s", failures, want, got)
		}
	}
}

func TestPasswordsGrowOld(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	err := r.st.Update(t.Context(), func(tx *store.Tx) error { return r.Enrol(tx, home, domain, "svc", r.SealRandom("Sesame-1")) })
	if err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(42*24*time.Hour + time.Second)
	r.verify(t, "tanaka", "Sesame-1", directory.Expired)
	r.verify(t, "tanaka", "Sesame-2", directory.WrongPassword)
	r.verify(t, "svc", "Sesame-1", directory.Good)
	if err := r.ChangePassword(t.Context(), corp, "tanaka", "Sesame-1", "Sesame-2"); err != nil {
		t.Fatal(err)
	}
	r.verify(t, "tanaka", "Sesame-2", directory.Good)
	r.edit(t, "tanaka", func(u *user) { u.MustChange = true })
	r.verify(t, "tanaka", "Sesame-2", directory.MustChange)
	if err := r.ChangePassword(t.Context(), corp, "tanaka", "Sesame-2", "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	r.verify(t, "tanaka", "Sesame-3", directory.Good)
}

func TestChangePasswordRefuses(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.hire(t, "fujita", "Sesame-1")
	r.edit(t, "fujita", func(u *user) { u.disable() })
	for i := range 30 {
		r.clk.Advance(25 * time.Hour)
		if err := r.ChangePassword(t.Context(), corp, "tanaka", fmt.Sprintf("Sesame-%d", i+1), fmt.Sprintf("Sesame-%d", i+2)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(r.stored(t, "tanaka").Former); got != 23 {
		t.Errorf("want 23 former passwords beside the present one, got %d", got)
	}
	change := func(name, former, next string) error { return r.ChangePassword(t.Context(), corp, name, former, next) }
	if err := change("tanaka", "Sesame-31", "Sesame-32"); !errors.Is(err, directory.ErrTooSoon) {
		t.Errorf("on the same day: want ErrTooSoon, got %v", err)
	}
	r.clk.Advance(25 * time.Hour)
	var refusal *directory.Refusal
	rows := []struct {
		name string
		err  error
		want error
	}{
		{"the present one", change("tanaka", "Sesame-31", "Sesame-31"), directory.ErrWeakPassword},
		{"one of the last 24", change("tanaka", "Sesame-31", "Sesame-8"), directory.ErrWeakPassword},
		{"a simple one", change("tanaka", "Sesame-31", "sesame"), directory.ErrWeakPassword},
		{"the 25th before", change("tanaka", "Sesame-31", "Sesame-7"), nil},
	}
	for _, row := range rows {
		if !errors.Is(row.err, row.want) {
			t.Errorf("%s: want %v, got %v", row.name, row.want, row.err)
		}
	}
	if err := change("tanaka", "x", "Sesame-99"); !errors.As(err, &refusal) {
		t.Errorf("with a wrong password: want a refusal, got %v", err)
	}
	if err := change("fujita", "Sesame-1", "Sesame-99"); !errors.As(err, &refusal) || refusal.Reason() != "the account is disabled" {
		t.Errorf("of a disabled account: want a refusal, got %v", err)
	}
	if err := change("nobody", "x", "Sesame-99"); !errors.As(err, &refusal) {
		t.Errorf("of nobody: want a refusal, got %v", err)
	}
}

// A hundred who sign in at once wait for one another: no more passwords are
// hashed at the same time than there are turns.
func TestACrowdSignsIn(t *testing.T) {
	r := newRoom(t)
	r.turns = make(turns, 2)
	r.hire(t, "tanaka", "Sesame-1")
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { r.verify(t, "tanaka", "Sesame-1", directory.Good) })
	}
	wg.Wait()
	if len(r.turns) != 0 {
		t.Errorf("want every turn given back, got %d out", len(r.turns))
	}
}
