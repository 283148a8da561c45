package patchmanager

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// maxBaselines is how many an account may have in a Region (General Reference,
// "Systems Manager endpoints and quotas").
const maxBaselines = 100

// CreatePatchBaseline makes a baseline. The same client token with the same
// request makes one only.
func (s *Service) CreatePatchBaseline(ctx context.Context, in *ssm.CreatePatchBaselineInput) (*ssm.CreatePatchBaselineOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	b, err := readBaseline(in)
	if err != nil {
		return nil, err
	}
	b.ID, b.Created, b.Modified = newID(s.ids.UUID()), call.Time, call.Time
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		before, err := baselines.By(tx, scope, "token", b.Token, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(before) == 1 {
			if before[0].Request != b.Request {
				return &types.IdempotentParameterMismatch{Message: new("The client token was used with other parameters.")}
			}
			b = before[0]
			return nil
		}
		all, err := baselines.List(tx, scope, store.Page{})
		if err != nil {
			return err
		}
		if len(all) >= maxBaselines {
			return &types.ResourceLimitExceededException{Message: new(fmt.Sprintf("An account can have %d patch baselines.", maxBaselines))}
		}
		return baselines.Put(tx, scope, b)
	})
	if err != nil {
		return nil, err
	}
	return &ssm.CreatePatchBaselineOutput{BaselineId: &b.ID}, nil
}

func readBaseline(in *ssm.CreatePatchBaselineInput) (*baseline, error) {
	os := cmp.Or(string(in.OperatingSystem), windows)
	b := &baseline{
		Name: *in.Name, Description: aws.ToString(in.Description), OS: os, Approved: in.ApprovedPatches, Rejected: in.RejectedPatches,
		Level: cmp.Or(string(in.ApprovedPatchesComplianceLevel), unspecified), NonSecurity: aws.ToBool(in.ApprovedPatchesEnableNonSecurity),
		Action: cmp.Or(string(in.RejectedPatchesAction), allowAsDependency), Available: string(in.AvailableSecurityUpdatesComplianceStatus),
		Token: aws.ToString(in.ClientToken),
	}
	var err error
	if b.Tags, err = tag.Read(in.Tags, invalid); err != nil {
		return nil, err
	}
	if b.Global, err = readConditions(os, in.GlobalFilters); err != nil {
		return nil, err
	}
	if b.Rules, err = readRules(os, in.ApprovalRules); err != nil {
		return nil, err
	}
	if b.Sources, err = readSources(os, in.Sources); err != nil {
		return nil, err
	}
	if b.Available != "" && os != windows {
		return nil, invalid("AvailableSecurityUpdatesComplianceStatus applies to Windows Server only.")
	}
	if b.Token != "" {
		form, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(form)
		b.Request = hex.EncodeToString(sum[:])
	}
	return b, nil
}

func (s *Service) createPatchBaselineChecks(_ context.Context, in *ssm.CreatePatchBaselineInput) ([]api.Check, error) {
	return tag.Made(api.OnAny("ssm:CreatePatchBaseline")[0], in.Tags, "*"), nil
}
