package statemanager

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListAssociations lists associations; filters must all fit.
func (s *Service) ListAssociations(ctx context.Context, in *ssm.ListAssociationsInput) (*ssm.ListAssociationsOutput, error) {
	const operation = "ListAssociations"
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	if err := checkFilters(in.AssociationFilterList); err != nil {
		return nil, err
	}
	out := &ssm.ListAssociationsOutput{}
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		out.Associations = []types.Association{}
		read := func(p store.Page) ([]*association, error) { return associations.List(tx, scope, p) }
		out.NextToken, err = collect(operation, limit, store.Page{After: after}, &associations, read, func(a *association) (bool, error) {
			st, err := stand(tx, scope, a.ID)
			if err != nil || slices.ContainsFunc(in.AssociationFilterList, func(f types.AssociationFilter) bool { return !a.fits(st, f) }) {
				return false, err
			}
			out.Associations = append(out.Associations, a.brief(st))
			return true, nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func checkFilters(filters []types.AssociationFilter) error {
	for _, f := range filters {
		switch f.Key {
		case types.AssociationFilterKeyLastExecutedBefore, types.AssociationFilterKeyLastExecutedAfter:
			if _, err := time.Parse(time.RFC3339, *f.Value); err != nil {
				return invalid("The value " + *f.Value + " of the filter " + string(f.Key) + " is no time such as 2024-07-07T00:00:00Z.")
			}
		case types.AssociationFilterKeyResourceGroupName:
			return invalid("There are no resource groups here: leave out the filter ResourceGroupName.")
		}
	}
	return nil
}

func (a *association) fits(st *standing, f types.AssociationFilter) bool {
	value := *f.Value
	switch f.Key {
	case types.AssociationFilterKeyInstanceId: // associations in the old form only, as on AWS
		return a.InstanceID == value
	case types.AssociationFilterKeyName:
		return a.Document == value
	case types.AssociationFilterKeyAssociationId:
		return a.ID == value
	case types.AssociationFilterKeyAssociationName:
		return a.Name == value
	case types.AssociationFilterKeyStatus:
		status, _ := summary(st.Counts)
		return status == value
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil || st.LastRun.IsZero() {
		return false
	}
	if f.Key == types.AssociationFilterKeyLastExecutedBefore {
		return st.LastRun.Before(t)
	}
	return st.LastRun.After(t)
}

func (s *Service) listAssociationsChecks(context.Context, *ssm.ListAssociationsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListAssociations"), nil
}
