package organizations

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// defaultRole is the way into a new account where RoleName says nothing
// (Organizations API Reference, CreateAccount).
const defaultRole = "OrganizationAccountAccessRole"

// CreateAccount asks for an account of the organization. The answer says
// IN_PROGRESS; Upkeep makes the account, and says how it went.
func (s *Service) CreateAccount(ctx context.Context, in *organizations.CreateAccountInput) (*organizations.CreateAccountOutput, error) {
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	r := &request{
		ID: "car-" + s.ids.Lower(32), Name: *in.AccountName, State: string(types.CreateAccountStateInProgress),
		Requested: api.CallFrom(ctx).Time.UTC(), Email: *in.Email, Role: defaultRole, Tags: tags,
	}
	if in.RoleName != nil {
		r.Role = *in.RoleName
	}
	err = s.update(ctx, func(tx *store.Tx, o *organization) error {
		r.Organization = o.ID
		return requests.Put(tx, store.Scope{}, r)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.CreateAccountOutput{CreateAccountStatus: r.shown()}, nil
}

// newTags reads the tags of a new account.
func newTags(given []types.Tag) (map[string]string, error) {
	tags := make(map[string]string, len(given))
	for _, t := range given {
		key := aws.ToString(t.Key)
		if _, twice := tags[key]; twice {
			return nil, &types.InvalidInputException{
				Message: aws.String("Tag keys must be unique: " + key + " was given twice."), Reason: types.InvalidInputExceptionReasonDuplicateTagKey,
			}
		}
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, &types.InvalidInputException{
				Message: aws.String("You can't use system tags in a request."), Reason: types.InvalidInputExceptionReasonInvalidSystemTagsParameter,
			}
		}
		tags[key] = aws.ToString(t.Value)
	}
	return tags, nil
}

func (s *Service) createAccountChecks(_ context.Context, in *organizations.CreateAccountInput) ([]api.Check, error) {
	checks, err := anywhere("CreateAccount")
	return tagged(checks, err, in.Tags)
}
