package iam

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteServiceLinkedRole deletes the role of a service and names the task that
// did it.
func (s *Service) DeleteServiceLinkedRole(ctx context.Context, in *iam.DeleteServiceLinkedRoleInput) (*iam.DeleteServiceLinkedRoleOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	uuid := s.ids.UUID()
	var d *deletion
	err := s.store.Update(ctx, func(tx *store.Tx) error {
		r, err := findRole(tx, sc, *in.RoleName)
		if err != nil {
			return err
		}
		if r.Service == "" {
			return noSuch("The service-linked role with name %s cannot be found.", r.Name)
		}
		have, err := attachedTo(tx, sc, r.ID)
		if err != nil {
			return err
		}
		for _, a := range have {
			if err := attachments.Delete(tx, sc, attachments.Key(a)); err != nil {
				return err
			}
		}
		d = &deletion{ID: "task" + r.Path + r.Name + "/" + uuid, Role: r.arn(sc.Account)}
		return errors.Join(removeRole(tx, sc, r), deletions.Put(tx, sc, d))
	})
	if err != nil {
		return nil, err
	}
	return &iam.DeleteServiceLinkedRoleOutput{DeletionTaskId: &d.ID}, nil
}

func (s *Service) deleteServiceLinkedRoleChecks(ctx context.Context, in *iam.DeleteServiceLinkedRoleInput) ([]api.Check, error) {
	return s.checksOfRole(ctx, "iam:DeleteServiceLinkedRole", in.RoleName)
}
