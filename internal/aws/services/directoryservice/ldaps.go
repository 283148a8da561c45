package directoryservice

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/directory"
	"tamachi/internal/store"
)

// ldaps is how it stands with asking a directory over LDAPS only, of servers that
// a registered authority vouches for.
type ldaps struct {
	Status string    `json:"status"`
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since"`
}

func (r *record) ldapsStatus() types.LDAPSStatus {
	if r.LDAPS == nil {
		return types.LDAPSStatusDisabled
	}
	return types.LDAPSStatus(r.LDAPS.Status)
}

// trusted are the authorities by which alone the directory is believed, none
// while LDAPS is not enabled.
func (r *record) trusted() []string {
	if r.ldapsStatus() != types.LDAPSStatusEnabled {
		return nil
	}
	return r.authorities()
}

// trialID is under which name a directory is asked for a look at its LDAPS; what
// asks it as before goes on meanwhile.
func trialID(directoryID string) string { return directoryID + " by LDAPS" }

// tryLDAPS looks whether a directory answers with a certificate of a registered
// authority, and enables LDAPS then.
func (s *Service) tryLDAPS(ctx context.Context, sc store.Scope, seen *record) error {
	failure := s.asksLDAPS(ctx, seen)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.st.Update(ctx, func(tx *store.Tx) error {
		r, err := find(tx, sc, seen.ID)
		if errors.Is(err, directory.ErrNoDirectory) {
			return nil
		}
		if err != nil || !reflect.DeepEqual(r.LDAPS, seen.LDAPS) || !slices.Equal(r.authorities(), seen.authorities()) {
			return err // changed meanwhile
		}
		r.LDAPS = &ldaps{Status: string(types.LDAPSStatusEnabled), Since: s.clk.Now()}
		if failure != nil {
			why := failure.Error()
			r.LDAPS.Status, r.LDAPS.Reason = string(types.LDAPSStatusEnableFailed), why[:min(len(why), longestReason)]
		}
		return directories.Put(tx, sc, r)
	})
}

func (s *Service) asksLDAPS(ctx context.Context, r *record) error {
	if r.Connect == nil {
		return s.ports.Server.Secure(ctx, r.ID, r.authorities())
	}
	c, err := s.connection(r)
	if err != nil {
		return err
	}
	c.DirectoryID, c.Authorities = trialID(r.ID), r.authorities()
	defer s.ports.Remotes.Forget(c.DirectoryID)
	_, _, err = s.ports.Remotes.Remote(c).Probe(ctx)
	return err
}
