package organizations

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreatePolicy makes a service control policy or a resource control policy; it holds nobody until it is attached.
func (s *Service) CreatePolicy(ctx context.Context, in *organizations.CreatePolicyInput) (*organizations.CreatePolicyOutput, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	p := &control{ID: "p-" + s.ids.Lower(8), Type: string(in.Type), Name: *in.Name, Description: *in.Description, Content: *in.Content, Tags: tags}
	out := &organizations.CreatePolicyOutput{}
	err = s.update(ctx, func(tx *store.Tx, o *organization) error {
		if err := o.acceptType(in.Type); err != nil {
			return err
		}
		if err := acceptContent(p.Type, p.Content); err != nil {
			return err
		}
		p.Organization = o.ID
		all, err := policiesOf(tx, o)
		if err != nil {
			return err
		}
		if err := freePolicyName(all, p); err != nil {
			return err
		}
		if len(all) >= limitsOf[p.Type].kept {
			return violation(types.ConstraintViolationExceptionReasonPolicyNumberLimitExceeded, "You have exceeded the number of policies that an organization may have.")
		}
		out.Policy = p.shown(o)
		return policies.Put(tx, store.Scope{}, p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) createPolicyChecks(ctx context.Context, in *organizations.CreatePolicyInput) ([]api.Check, error) {
	checks, err := anywhere("CreatePolicy")
	checks, err = withKey(checks, err, "organizations:PolicyType", string(in.Type))
	return tagged(checks, err, in.Tags)
}
