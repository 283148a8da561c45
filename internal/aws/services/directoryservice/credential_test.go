package directoryservice

import (
	"bytes"
	"context"
	"testing"

	"tamachi/internal/directory"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// lastBind is a directory server that takes every password and remembers it.
type lastBind struct {
	directory.Server
	password string
}

func (l *lastBind) Bind(_ context.Context, c directory.Credentials) error {
	l.password = c.Password
	return nil
}

// Versions before the sealing kept the service account's password in clear. It
// is sealed when the plane starts, and outlives a change of the master key.
func TestServiceAccountsOfOlderVersionsAreSealed(t *testing.T) {
	r := newRoom(t)
	box, err := seal.Open(seal.Options{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	server := new(lastBind)
	r.ports.Box, r.ports.Server = box, server
	id := r.create(t, home)
	const password = "Join-secret-1"
	put := func() error {
		return r.st.Update(t.Context(), func(tx *store.Tx) error {
			return credentials.Put(tx, home, &credential{DirectoryID: id, UserName: "svc-workspaces", Clear: password})
		})
	}
	kept := func() error {
		return r.st.View(t.Context(), func(tx *store.Tx) error {
			c, err := credentials.Get(tx, home, id)
			if err == nil && (c.Clear != "" || len(c.Sealed) == 0 || bytes.Contains(c.Sealed, []byte(password))) {
				t.Errorf("want it sealed, got %+v", c)
			}
			return err
		})
	}
	for i, step := range []func() error{
		put,
		func() error { return r.Reseal(t.Context()) }, kept, func() error { return r.Join(t.Context(), home, id) },
		func() error { return box.Renew(nil) }, func() error { return r.Reseal(t.Context()) }, box.Forget,
		kept, func() error { server.password = ""; return r.Join(t.Context(), home, id) },
	} {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	if server.password != password {
		t.Errorf("want a bind with %s, got %q", password, server.password)
	}
}
