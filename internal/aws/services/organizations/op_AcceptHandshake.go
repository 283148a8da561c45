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

// AcceptHandshake agrees to what the caller's account was asked: to join the
// organization that invited it, whose root's policies hold it with the answer, or
// to all features.
func (s *Service) AcceptHandshake(ctx context.Context, in *organizations.AcceptHandshakeInput) (*organizations.AcceptHandshakeOutput, error) {
	at := api.CallFrom(ctx).Time.UTC().Truncate(time.Second)
	accepted, err := s.closeHandshake(ctx, *in.HandshakeId, asked, types.HandshakeStateAccepted, func(tx *store.Tx, h *handshake) error {
		if h.Action == enableAll {
			return h.agreed(tx)
		}
		return s.join(tx, h, at)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.AcceptHandshakeOutput{Handshake: accepted}, nil
}

// join makes the account a member of the organization that invited it.
func (s *Service) join(tx *store.Tx, h *handshake, at time.Time) error {
	_, err := members.Get(tx, store.Scope{}, h.Account)
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
		Account: h.Account, Organization: o.ID, Name: h.Account, Joined: at, Email: "root@" + h.Account + "." + s.domain, Tags: h.Tags,
	}
	return errors.Join(members.Put(tx, store.Scope{}, m), o.attachFull(tx, m.Account))
}

func (s *Service) acceptHandshakeChecks(ctx context.Context, in *organizations.AcceptHandshakeInput) ([]api.Check, error) {
	return s.on(ctx, "AcceptHandshake", *in.HandshakeId)
}
