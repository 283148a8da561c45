package organizations

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// defaultRole is the way into a new account where RoleName says nothing
// (Organizations API Reference, CreateAccount).
const defaultRole = "OrganizationAccountAccessRole"

// CreateAccount makes an account of the organization.
func (s *Service) CreateAccount(ctx context.Context, in *organizations.CreateAccountInput) (*organizations.CreateAccountOutput, error) {
	call := api.CallFrom(ctx)
	now := call.Time.UTC().Truncate(time.Second)
	tags, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	m := &member{Name: *in.AccountName, Email: *in.Email, Joined: now, Created: true, Role: defaultRole, Tags: tags}
	if in.RoleName != nil {
		m.Role = *in.RoleName
	}
	r := &request{
		ID: "car-" + s.ids.Lower(32), Name: m.Name, Requested: now, Completed: now,
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		o, err := managed(tx, call.Account)
		if err != nil {
			return err
		}
		m.Organization, r.Organization = o.ID, o.ID
		r.State, r.Failure, r.Account = string(types.CreateAccountStateSucceeded), "", "" // it may run again
		taken, err := members.By(tx, store.Scope{}, "email", strings.ToLower(m.Email), store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			r.State, r.Failure = string(types.CreateAccountStateFailed), string(types.CreateAccountFailureReasonEmailAlreadyExists)
			return requests.Put(tx, store.Scope{}, r)
		}
		if m.Account, err = s.freeNumber(tx); err != nil {
			return err
		}
		r.Account = m.Account
		return errors.Join(
			s.ports.Founder.Found(tx, m.Account, o.Management, m.Role),
			members.Put(tx, store.Scope{}, m), o.attachFull(tx, m.Account), requests.Put(tx, store.Scope{}, r),
		)
	})
	if err != nil {
		return nil, err
	}
	return &organizations.CreateAccountOutput{CreateAccountStatus: r.shown()}, nil
}

// freeNumber draws a number that no account of an organization has. The first
// digit is not 0, so that no program takes it for a short number.
func (s *Service) freeNumber(tx *store.Tx) (string, error) {
	for {
		number := s.ids.Digits(12)
		if number[0] == '0' {
			continue
		}
		_, err := members.Get(tx, store.Scope{}, number)
		if errors.Is(err, store.ErrNotFound) {
			return number, nil
		}
		if err != nil {
			return "", err
		}
	}
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
