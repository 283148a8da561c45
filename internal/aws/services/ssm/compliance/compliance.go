package compliance

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ports Ports
}

// New returns the room over its store and ports.
func New(st *store.Store, ports Ports) *Service { return &Service{st: st, ports: ports} }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("ListComplianceItems", s.ListComplianceItems, s.listComplianceItemsChecks),
		api.Read("ListComplianceSummaries", s.ListComplianceSummaries, s.listComplianceSummariesChecks),
		api.Read("ListResourceComplianceSummaries", s.ListResourceComplianceSummaries, s.listResourceComplianceSummariesChecks),

		// The agents', and users' for custom types.
		api.Data("PutComplianceItems", s.PutComplianceItems, s.putComplianceItemsChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&records} }

func nodeARN(scope store.Scope, id string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "managed-instance/"+id)
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

// page cuts a list that is sorted by key to what is asked for.
func page[T any](operation string, all []T, key func(T) string, token *string, wanted *int32) (out []T, next *string, err error) {
	limit, after := 50, ""
	if wanted != nil {
		limit = int(*wanted)
	}
	if token != nil && *token != "" {
		var ok bool
		if after, ok = api.After(operation, *token); !ok {
			return nil, nil, &types.InvalidNextToken{Message: new("The specified token isn't valid.")}
		}
	}
	for _, one := range all {
		if after != "" && key(one) <= after {
			continue
		}
		if len(out) == limit {
			return out, new(api.Token(operation, key(out[limit-1]))), nil
		}
		out = append(out, one)
	}
	return out, nil, nil
}
