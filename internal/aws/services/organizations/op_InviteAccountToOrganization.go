package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// InviteAccountToOrganization asks an account of this plane to join. No mail is
// sent: the account finds it in ListHandshakesForAccount.
func (s *Service) InviteAccountToOrganization(ctx context.Context, in *organizations.InviteAccountToOrganizationInput) (*organizations.InviteAccountToOrganizationOutput, error) {
	now := api.CallFrom(ctx).Time.UTC().Truncate(time.Second)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	h := &handshake{
		ID: "h-" + s.ids.Lower(32), Account: aws.ToString(in.Target.Id), Notes: aws.ToString(in.Notes), Tags: tags,
		State: string(types.HandshakeStateOpen), Requested: now, Expires: now.Add(invitationStands),
	}
	err = s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := s.acceptGuest(tx, o, in.Target, now); err != nil {
			return err
		}
		h.Organization, h.Management, h.FeatureSet = o.ID, o.Management, o.FeatureSet
		return handshakes.Put(tx, store.Scope{}, h)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.InviteAccountToOrganizationOutput{Handshake: h.shown(now)}, nil
}

func (s *Service) inviteAccountToOrganizationChecks(ctx context.Context, in *organizations.InviteAccountToOrganizationInput) ([]api.Check, error) {
	checks, err := s.on(ctx, "InviteAccountToOrganization", aws.ToString(in.Target.Id))
	return tagged(checks, err, in.Tags)
}
