package patchmanager

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribePatchGroupState counts the nodes of a patch group by what they have.
func (s *Service) DescribePatchGroupState(ctx context.Context, in *ssm.DescribePatchGroupStateInput) (*ssm.DescribePatchGroupStateOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var all []*state
	var members []Machine
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		if members, err = s.members(tx, scope, *in.PatchGroup); err != nil {
			return err
		}
		all, err = s.statesOf(tx, scope, *in.PatchGroup)
		return err
	})
	if err != nil {
		return nil, err
	}
	with := func(has func(*state) bool) int32 {
		n := int32(0)
		for _, one := range all {
			if has(one) {
				n++
			}
		}
		return n
	}
	having := func(what string) int32 { return with(func(s *state) bool { return s.count(what) > 0 }) }
	return &ssm.DescribePatchGroupStateOutput{
		Instances: int32(len(members)), InstancesWithInstalledPatches: having(installed), InstancesWithInstalledOtherPatches: having(installedOther),
		InstancesWithInstalledPendingRebootPatches: new(having(pendingReboot)), InstancesWithInstalledRejectedPatches: new(having(installedReject)),
		InstancesWithMissingPatches: having(missingPatch), InstancesWithFailedPatches: having(failedPatch), InstancesWithNotApplicablePatches: having(notApplicable),
		InstancesWithUnreportedNotApplicablePatches: new(int32(0)),
		InstancesWithCriticalNonCompliantPatches:    new(with(func(s *state) bool { return *s.describe().CriticalNonCompliantCount > 0 })),
		InstancesWithSecurityNonCompliantPatches:    new(with(func(s *state) bool { return *s.describe().SecurityNonCompliantCount > 0 })),
		InstancesWithOtherNonCompliantPatches:       new(with(func(s *state) bool { return *s.describe().OtherNonCompliantCount > 0 })),
	}, nil
}

func (s *Service) describePatchGroupStateChecks(context.Context, *ssm.DescribePatchGroupStateInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribePatchGroupState"), nil
}
