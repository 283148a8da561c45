package organizations

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// AcceptHandshake lets the caller's account join the organization that invited
// it: the policies of its root hold it with the answer.
func (s *Service) AcceptHandshake(ctx context.Context, in *organizations.AcceptHandshakeInput) (*organizations.AcceptHandshakeOutput, error) {
	call := api.CallFrom(ctx)
	out := &organizations.AcceptHandshakeOutput{}
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		h, err := wantHandshake(tx, *in.HandshakeId, call.Account)
		if err != nil {
			return err
		}
		if h.Account != call.Account {
			return denied()
		}
		if err := h.end(call.Time, types.HandshakeStateAccepted); err != nil {
			return err
		}
		_, err = members.Get(tx, store.Scope{}, call.Account)
		if err == nil {
			return alreadyMember()
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		o, err := known.Get(tx, store.Scope{}, h.Organization)
		if err != nil {
			return err
		}
		m := &member{
			Account: call.Account, Organization: o.ID, Name: call.Account, Joined: call.Time.UTC().Truncate(time.Second),
			Email: "root@" + call.Account + "." + s.domain, Tags: h.Tags,
		}
		out.Handshake = h.shown(call.Time)
		return errors.Join(members.Put(tx, store.Scope{}, m), o.attachFull(tx, m.Account), handshakes.Put(tx, store.Scope{}, h))
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) acceptHandshakeChecks(ctx context.Context, in *organizations.AcceptHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "AcceptHandshake", *in.HandshakeId)
}
