package directoryservice

import (
	"encoding/base32"
	"errors"
	"strings"
	"testing"
	"time"

	"tamachi/internal/directory"
	"tamachi/internal/proof"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

// app is an authenticator app.
type app struct {
	seed []byte
	r    *room
}

func (a app) code(steps int64) string { return proof.Code(a.seed, proof.StepOf(a.r.clk.Now())+steps) }

func (r *room) enrol(t *testing.T, id, user string) app {
	t.Helper()
	e, err := r.EnrolFactor(t.Context(), home, id, user)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := base32.StdEncoding.DecodeString(e.Seed)
	if err != nil || !strings.HasPrefix(e.URI, "otpauth://totp/corp.example.com:tanaka?secret="+e.Seed) {
		t.Fatalf("want a seed in base32 and its address, got %+v, %v", e, err)
	}
	return app{seed, r}
}

func TestASecondFactor(t *testing.T) {
	r := newRoom(t)
	id := r.create(t, home)
	want := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: want %v, got %v", name, want, err)
		}
	}
	second := func(code string) error { return r.second(t.Context(), home, &record{ID: id}, "Tanaka", code) }
	want("without one", second(""), nil)
	lost := r.enrol(t, id, "tanaka")
	a := r.enrol(t, id, "tanaka") // begun anew
	want("begun", second(""), nil)
	want("the code of the first", r.ConfirmFactor(t.Context(), home, id, "tanaka", lost.code(0)), directory.ErrWrongCode)
	want("its first code", r.ConfirmFactor(t.Context(), home, id, "TANAKA", a.code(0)), nil)
	want("no code", second(""), directory.ErrCodeNeeded)
	want("the same code again", second(a.code(0)), directory.ErrWrongCode)
	want("the next code", second(a.code(1)), nil)
	want("again", second(a.code(1)), directory.ErrWrongCode)
	_, err := r.EnrolFactor(t.Context(), home, id, "tanaka")
	want("another one", err, directory.ErrHasFactor)
	r.clk.Advance(time.Hour)
	for range mostWrong {
		want("a wrong code", second("000000"), directory.ErrWrongCode)
	}
	want("after too many", second(a.code(0)), directory.ErrWrongCode)
	r.clk.Advance(factorRest)
	want("after a rest", second(a.code(0)), nil)
	want("of another user", r.second(t.Context(), home, &record{ID: id}, "fujita", ""), nil)
	want("dropped", r.DropFactor(t.Context(), home, id, "tanaka"), nil)
	want("after that", second(""), nil)
	want("dropped twice", r.DropFactor(t.Context(), home, id, "tanaka"), directory.ErrNoFactor)
	want("confirm nothing", r.ConfirmFactor(t.Context(), home, id, "tanaka", "000000"), directory.ErrWrongCode)
}

func TestSeedsAreSealed(t *testing.T) {
	r := newRoom(t)
	id := r.create(t, home)
	a := r.enrol(t, id, "tanaka")
	err := r.st.View(t.Context(), func(tx *store.Tx) error {
		f, err := factorOf(tx, home, id, "tanaka")
		if err == nil && strings.Contains(string(f.Sealed), string(a.seed)) {
			t.Error("want the seed sealed, it is stored as it is")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	storetest.Golden(t, &factors, &factor{
		DirectoryID: "d-0123456789", User: "tanaka", Sealed: []byte("sealed"), Created: morning, Confirmed: morning, Step: 7, Drift: -1, Wrong: 5, Until: morning,
	})
}

func TestFactorsOutliveAChangeOfTheMasterKey(t *testing.T) {
	r := newRoom(t)
	box, err := seal.Open(seal.Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	r.ports.Box = box
	id := r.create(t, home)
	a := r.enrol(t, id, "tanaka")
	if err := r.Reseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, step := range []func() error{
		func() error { return box.Renew(nil) }, func() error { return r.Reseal(t.Context()) }, box.Forget,
		func() error { return r.ConfirmFactor(t.Context(), home, id, "tanaka", a.code(0)) },
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
}
