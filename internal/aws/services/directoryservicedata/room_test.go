package directoryservicedata

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/directory"
	"tamachi/internal/directory/fake"
	"tamachi/internal/id"
	"tamachi/internal/proof"
	"tamachi/internal/store"
)

const corp = "d-0123456789"

var (
	morning = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	home    = store.In("111122223333", "ap-northeast-1")
	abroad  = store.In("111122223333", "us-east-1")
	foreign = store.In("444455556666", "ap-northeast-1")
	domain  = directory.Domain{ID: corp, Name: "corp.example.com", ShortName: "CORP", SID: "S-1-5-21-1-2-3"}
)

// Directories that are not kept by the room: one elsewhere, one closed.
const (
	elsewhere = "d-00000000cc"
	shut      = "d-00000000dd"
)

// places are directories by where they are.
type places struct {
	at     map[string]store.Scope
	remote *fake.Roster
}

func (p places) Book(_ *store.Tx, sc store.Scope, id string) (directory.Book, error) {
	if at, ok := p.at[id]; !ok || at != sc {
		return directory.Book{}, fmt.Errorf("directory %s: %w", id, directory.ErrNoDirectory)
	}
	b := directory.Book{Domain: domain, Closed: id == shut}
	b.ID = id
	if id == elsewhere {
		b.Roster = p.remote
	}
	return b, nil
}

func (p places) Gone(*store.Tx, store.Scope, string, string) error { return nil }

func (p places) Locate(tx *store.Tx, id string) (store.Scope, directory.Domain, error) {
	b, err := p.Book(tx, p.at[id], id)
	return p.at[id], b.Domain, err
}

type room struct {
	*Service
	clk    *clock.Frozen
	remote *fake.Roster
}

func newRoom(t testing.TB) *room {
	t.Helper()
	clk := clock.NewFrozen(morning)
	st, err := store.Open(context.Background(), store.Options{Clock: clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	remote := fake.NewRoster(domain, ofUsers.single)
	s := New(st, id.Seeded(1), clk, Ports{Directories: places{map[string]store.Scope{
		corp: home, "d-00000000aa": home, "d-00000000bb": foreign, elsewhere: home, shut: home,
	}, remote}})
	s.cost = proof.Cost{KiB: 8, Rounds: 1}
	return &room{s, clk, remote}
}

// in is a call as the gate makes it.
func (r *room) in(t testing.TB, sc store.Scope, operation string) context.Context {
	return api.WithCall(t.Context(), &api.Call{
		Account: sc.Account, Region: sc.Region, Time: r.clk.Now(), Operation: operation, RequestID: "r-1",
	})
}

func (r *room) create(t testing.TB, sc store.Scope, in CreateUserInput) (*CreateUserOutput, error) {
	t.Helper()
	if in.DirectoryId == nil {
		in.DirectoryId = new(corp)
	}
	return r.CreateUser(r.in(t, sc, "CreateUser"), &in)
}

// hire makes a user with a password.
func (r *room) hire(t testing.TB, name, password string) {
	t.Helper()
	if _, err := r.create(t, home, CreateUserInput{SAMAccountName: &name}); err != nil {
		t.Fatal(err)
	}
	sealed, err := r.Seal(t.Context(), password)
	if err != nil {
		t.Fatal(err)
	}
	err = r.st.Update(t.Context(), func(tx *store.Tx) error {
		return r.SetPassword(tx, home, corp, name, sealed)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) describe(t testing.TB, sc store.Scope, name string, further ...string) (*DescribeUserOutput, error) {
	t.Helper()
	return r.DescribeUser(r.in(t, sc, "DescribeUser"), &DescribeUserInput{DirectoryId: new(corp), SAMAccountName: &name, OtherAttributes: further})
}

// wantError compares code and, if the error has one, reason.
func wantError(t *testing.T, err error, code, reason string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Errorf("want %s, got %v", code, err)
		return
	}
	got := ""
	switch e := e.(type) {
	case *ValidationException:
		got = e.Reason
	case *AccessDeniedException:
		got = e.Reason
	}
	if got != reason {
		t.Errorf("want %s for %q, got %q: %v", code, reason, got, err)
	}
}
