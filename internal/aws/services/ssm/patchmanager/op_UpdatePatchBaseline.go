package patchmanager

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdatePatchBaseline changes what a request names, or, with Replace, all.
func (s *Service) UpdatePatchBaseline(ctx context.Context, in *ssm.UpdatePatchBaselineInput) (*ssm.UpdatePatchBaselineOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	var b *baseline
	err := s.st.Update(ctx, func(tx *store.Tx) (err error) {
		if b, err = mustFind(tx, scope, *in.BaselineId); err != nil {
			return err
		}
		if b.Predefined {
			return &types.DoesNotExistException{Message: new("Patch baseline " + *in.BaselineId + " is one of AWS's and can't be changed.")}
		}
		if aws.ToBool(in.Replace) {
			if in.Name == nil {
				return invalid("Name is required when Replace is true.")
			}
			b = &baseline{ID: b.ID, OS: b.OS, Created: b.Created, Tags: b.Tags, Token: b.Token, Request: b.Request, Level: unspecified, Action: allowAsDependency}
		}
		if err := b.take(in); err != nil {
			return err
		}
		b.Modified = call.Time
		return baselines.Put(tx, scope, b)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.UpdatePatchBaselineOutput{
		BaselineId: &b.ID, Name: &b.Name, OperatingSystem: types.OperatingSystem(b.OS), Description: api.Optional(b.Description),
		GlobalFilters: filterGroup(b.Global), ApprovalRules: b.rules(), ApprovedPatches: listed(b.Approved), RejectedPatches: listed(b.Rejected),
		ApprovedPatchesComplianceLevel: types.PatchComplianceLevel(b.Level), ApprovedPatchesEnableNonSecurity: &b.NonSecurity,
		RejectedPatchesAction: types.PatchAction(b.Action), Sources: b.sources(), CreatedDate: &b.Created, ModifiedDate: &b.Modified,
		AvailableSecurityUpdatesComplianceStatus: types.PatchComplianceStatus(b.Available),
	}, nil
}

// take brings what a request gives into the baseline.
func (b *baseline) take(in *ssm.UpdatePatchBaselineInput) (err error) {
	b.Name = cmp.Or(aws.ToString(in.Name), b.Name)
	if in.Description != nil {
		b.Description = *in.Description
	}
	if in.GlobalFilters != nil {
		if b.Global, err = readConditions(b.OS, in.GlobalFilters); err != nil {
			return err
		}
	}
	if in.ApprovalRules != nil {
		if b.Rules, err = readRules(b.OS, in.ApprovalRules); err != nil {
			return err
		}
	}
	if in.Sources != nil {
		if b.Sources, err = readSources(b.OS, in.Sources); err != nil {
			return err
		}
	}
	if in.ApprovedPatches != nil {
		b.Approved = in.ApprovedPatches
	}
	if in.RejectedPatches != nil {
		b.Rejected = in.RejectedPatches
	}
	b.Level = cmp.Or(string(in.ApprovedPatchesComplianceLevel), b.Level)
	b.Action = cmp.Or(string(in.RejectedPatchesAction), b.Action)
	if in.ApprovedPatchesEnableNonSecurity != nil {
		b.NonSecurity = *in.ApprovedPatchesEnableNonSecurity
	}
	if in.AvailableSecurityUpdatesComplianceStatus != "" {
		if b.OS != windows {
			return invalid("AvailableSecurityUpdatesComplianceStatus applies to Windows Server only.")
		}
		b.Available = string(in.AvailableSecurityUpdatesComplianceStatus)
	}
	return nil
}

func (s *Service) updatePatchBaselineChecks(ctx context.Context, in *ssm.UpdatePatchBaselineInput) ([]api.Check, error) {
	return s.onBaseline(ctx, "ssm:UpdatePatchBaseline", *in.BaselineId)
}
