package patchmanager

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CreatePatchBaseline", s.CreatePatchBaseline, s.createPatchBaselineChecks),
		api.Write("DeletePatchBaseline", s.DeletePatchBaseline, s.deletePatchBaselineChecks),
		api.Write("DeregisterPatchBaselineForPatchGroup", s.DeregisterPatchBaselineForPatchGroup, s.deregisterPatchBaselineForPatchGroupChecks),
		api.Read("DescribeAvailablePatches", s.DescribeAvailablePatches, s.describeAvailablePatchesChecks),
		api.Read("DescribeEffectivePatchesForPatchBaseline", s.DescribeEffectivePatchesForPatchBaseline, s.describeEffectivePatchesForPatchBaselineChecks),
		api.Read("DescribeInstancePatchStates", s.DescribeInstancePatchStates, s.describeInstancePatchStatesChecks),
		api.Read("DescribeInstancePatchStatesForPatchGroup", s.DescribeInstancePatchStatesForPatchGroup, s.describeInstancePatchStatesForPatchGroupChecks),
		api.Read("DescribeInstancePatches", s.DescribeInstancePatches, s.describeInstancePatchesChecks),
		api.Read("DescribePatchBaselines", s.DescribePatchBaselines, s.describePatchBaselinesChecks),
		api.Read("DescribePatchGroupState", s.DescribePatchGroupState, s.describePatchGroupStateChecks),
		api.Read("DescribePatchGroups", s.DescribePatchGroups, s.describePatchGroupsChecks),
		api.Read("DescribePatchProperties", s.DescribePatchProperties, s.describePatchPropertiesChecks),
		api.Read("GetDefaultPatchBaseline", s.GetDefaultPatchBaseline, s.getDefaultPatchBaselineChecks),
		api.Read("GetPatchBaseline", s.GetPatchBaseline, s.getPatchBaselineChecks),
		api.Read("GetPatchBaselineForPatchGroup", s.GetPatchBaselineForPatchGroup, s.getPatchBaselineForPatchGroupChecks),
		api.Write("RegisterDefaultPatchBaseline", s.RegisterDefaultPatchBaseline, s.registerDefaultPatchBaselineChecks),
		api.Write("RegisterPatchBaselineForPatchGroup", s.RegisterPatchBaselineForPatchGroup, s.registerPatchBaselineForPatchGroupChecks),
		api.Write("UpdatePatchBaseline", s.UpdatePatchBaseline, s.updatePatchBaselineChecks),

		// The agents'.
		api.Data("GetDeployablePatchSnapshotForInstance", s.GetDeployablePatchSnapshotForInstance, s.getDeployablePatchSnapshotForInstanceChecks),
		api.Data("PutInstancePatches", s.PutInstancePatches, s.putInstancePatchesChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&baselines, &defaults, &groups, &patches, &states, &snapshots}
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

// page cuts a list that is sorted by key to what is asked for.
func page[T any](operation string, all []T, key func(T) string, token *string, wanted *int32) (out []T, next *string, err error) {
	out, next, err = paging.Page(operation, all, key, token, wanted)
	if err != nil {
		return nil, nil, badToken(operation)
	}
	return out, next, nil
}

// badToken refuses a token; some operations have an error of their own for it.
func badToken(operation string) error {
	const why = "The specified token isn't valid."
	switch operation {
	case "DescribeInstancePatchStates", "DescribeInstancePatchStatesForPatchGroup", "DescribeInstancePatches":
		return &types.InvalidNextToken{Message: new(why)}
	}
	return invalid(why)
}
