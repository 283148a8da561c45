package organizations

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// EnableAllFeatures begins to enable all features in an organization that shares
// bills only: each account that was invited is asked. When all have agreed, the
// management account accepts the handshake that this answers, which ends it.
func (s *Service) EnableAllFeatures(ctx context.Context, _ *organizations.EnableAllFeaturesInput) (*organizations.EnableAllFeaturesOutput, error) {
	now := api.CallFrom(ctx).Time.UTC().Truncate(time.Second)
	h := &handshake{ID: "h-" + s.ids.Lower(32), Action: enableAll, Requested: now, Expires: now.Add(featuresStand)}
	err := s.update(ctx, func(tx *store.Tx, o *organization) error {
		if o.FeatureSet == string(types.OrganizationFeatureSetAll) {
			return constrained(types.HandshakeConstraintViolationExceptionReasonOrganizationAlreadyHasAllFeatures, "The organization has already enabled all features.")
		}
		pending, err := o.migration(tx, now)
		if err != nil {
			return err
		}
		if pending != nil {
			return constrained(types.HandshakeConstraintViolationExceptionReasonOrganizationIsAlreadyPendingAllFeaturesMigration,
				"The organization has already started the process to enable all features.")
		}
		h.Organization, h.Management, h.Account, h.FeatureSet = o.ID, o.Management, o.Management, o.FeatureSet
		h.State = string(types.HandshakeStateRequested)
		invited, err := o.invited(tx)
		if err != nil {
			return err
		}
		for _, account := range invited {
			part := *h
			part.ID, part.Parent, part.Account, part.State = "h-"+s.ids.Lower(32), h.ID, account, string(types.HandshakeStateOpen)
			if err := handshakes.Put(tx, store.Scope{}, &part); err != nil {
				return err
			}
		}
		if err := handshakes.Put(tx, store.Scope{}, h); err != nil {
			return err
		}
		return h.settle(tx) // nobody need be asked
	})
	if err != nil {
		return nil, err
	}
	return &organizations.EnableAllFeaturesOutput{Handshake: h.shown(now)}, nil
}

func (s *Service) enableAllFeaturesChecks(context.Context, *organizations.EnableAllFeaturesInput) ([]api.Check, error) {
	return anywhere("EnableAllFeatures")
}
