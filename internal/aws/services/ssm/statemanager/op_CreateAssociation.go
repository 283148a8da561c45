package statemanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// CreateAssociation binds a document to the nodes that targets mean, now and
// later. That it is applied at once is the work of engine/association, which
// sees the commit.
func (s *Service) CreateAssociation(ctx context.Context, in *ssm.CreateAssociationInput) (*ssm.CreateAssociationOutput, error) {
	call := api.CallFrom(ctx)
	tags, err := tag.Read(in.Tags, func(why string) error { return &types.InvalidTag{Message: &why} })
	if err != nil {
		return nil, err
	}
	var a *association
	err = s.st.Update(ctx, func(tx *store.Tx) (err error) {
		a, err = s.create(tx, store.In(call.Place()), ofCreate(in), tags)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ssm.CreateAssociationOutput{AssociationDescription: a.describe(&standing{})}, nil
}

// create makes one association of a request.
func (s *Service) create(tx *store.Tx, scope store.Scope, r request, tags map[string]string) (*association, error) {
	if err := s.check(tx, scope, &r); err != nil {
		return nil, err
	}
	now := s.clk.Now()
	a := &association{ID: s.ids.UUID(), Version: 1, settings: r.settings, InstanceID: r.instance, Created: now, Tags: tags}
	all, err := associations.List(tx, scope, store.Page{})
	if err != nil {
		return nil, err
	}
	if len(all) >= maxAssociations {
		return nil, &types.AssociationLimitExceeded{Message: new("You can have at most 2,000 active associations.")}
	}
	for _, b := range all {
		if a.same(b) || (a.InstanceID != "" && a.InstanceID == b.InstanceID && a.Document == b.Document) {
			return nil, &types.AssociationAlreadyExists{Message: new("The specified association already exists.")}
		}
	}
	return a, a.put(tx, scope, now)
}

func (s *Service) createAssociationChecks(ctx context.Context, in *ssm.CreateAssociationInput) ([]api.Check, error) {
	r := ofCreate(in)
	checks, err := s.onWhole(ctx, "ssm:CreateAssociation", &r)
	if err != nil || len(checks) == 0 {
		return checks, err
	}
	return append(tag.Made(checks[0], in.Tags, associationARN(store.In(api.CallFrom(ctx).Place()), "*")), checks[1:]...), nil
}
