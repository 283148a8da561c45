package organizations

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// organization is a management account with those that it made.
type organization struct {
	ID         string // o-...
	Root       string // r-...
	Management string // account
	FeatureSet string // ALL or CONSOLIDATED_BILLING
	Created    time.Time
	// PolicyTypes are enabled in the root.
	PolicyTypes []string          `json:",omitempty"`
	RootTags    map[string]string `json:",omitempty"`
}

var known = store.Table[organization]{
	Name:  "organizations.organizations",
	Reach: store.Plane,
	Key:   func(o *organization) string { return o.ID },
}

func (o *organization) arn(kind, id string) string {
	resource := kind + "/" + o.ID
	if id != "" {
		resource += "/" + id
	}
	return arnOf(o, resource)
}

func (o *organization) shown(management *member) *types.Organization {
	available := []types.PolicyTypeSummary{}
	if o.FeatureSet == string(types.OrganizationFeatureSetAll) {
		available = append(available, types.PolicyTypeSummary{Type: types.PolicyTypeServiceControlPolicy, Status: types.PolicyTypeStatusEnabled})
	}
	return &types.Organization{
		Id: aws.String(o.ID), Arn: aws.String(o.arn("organization", "")), FeatureSet: types.OrganizationFeatureSet(o.FeatureSet),
		MasterAccountId: aws.String(o.Management), MasterAccountArn: aws.String(o.arn("account", o.Management)),
		MasterAccountEmail: aws.String(management.Email), AvailablePolicyTypes: available,
	}
}

// find returns the organization of an account, or the error that AWS answers
// an account without one.
func find(tx *store.Tx, account string) (*organization, error) {
	m, err := members.Get(tx, store.Scope{}, account)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.AWSOrganizationsNotInUseException{Message: aws.String("Your account is not a member of an organization.")}
	}
	if err != nil {
		return nil, err
	}
	return known.Get(tx, store.Scope{}, m.Organization)
}

// managed returns the organization that an account manages. Members may not
// do what needs it, whatever their policies say.
func managed(tx *store.Tx, account string) (*organization, error) {
	o, err := find(tx, account)
	if err == nil && o.Management != account {
		err = denied()
	}
	return o, err
}

// view reads as the management account, or as a member that administers a
// service for it.
func (s *Service) view(ctx context.Context, read func(*store.Tx, *organization) error) error {
	account := api.CallFrom(ctx).Account
	return s.store.View(ctx, func(tx *store.Tx) error {
		o, err := find(tx, account)
		if err != nil {
			return err
		}
		if o.Management != account {
			trusted, err := delegatesOf(tx, o, account)
			if err != nil {
				return err
			}
			if len(trusted) == 0 {
				return denied()
			}
		}
		return read(tx, o)
	})
}

// update changes as the management account.
func (s *Service) update(ctx context.Context, change func(*store.Tx, *organization) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		o, err := managed(tx, api.CallFrom(ctx).Account)
		if err != nil {
			return err
		}
		return change(tx, o)
	})
}

func denied() error {
	return &types.AccessDeniedException{Message: aws.String("You don't have permissions to access this resource.")}
}

// Of tells which organization an account belongs to, and the path of the
// account in it; both are empty for an account that belongs to none. They are
// aws:PrincipalOrgID and aws:PrincipalOrgPaths.
func (s *Service) Of(ctx context.Context, account string) (id, path string, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		m, err := members.Get(tx, store.Scope{}, account)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		o, err := known.Get(tx, store.Scope{}, m.Organization)
		if err != nil {
			return err
		}
		places, err := above(tx, o, account)
		if err != nil {
			return err
		}
		id, path = o.ID, o.ID+"/"+strings.Join(places[:len(places)-1], "/")+"/"
		return nil
	})
	return id, path, err
}

// page cuts a list to a page: at most limit after the one that a token names.
func page[T any](operation string, token *string, limit *int32, all []T, key func(T) string) (shown []T, next *string, err error) {
	after := ""
	if token != nil {
		var ok bool
		if after, ok = api.After(operation, *token); !ok {
			return nil, nil, &types.InvalidInputException{
				Message: aws.String("You specified an invalid value for NextToken."), Reason: types.InvalidInputExceptionReasonInvalidPaginationToken,
			}
		}
	}
	most := maxPage
	if limit != nil {
		most = int(*limit)
	}
	shown, next = api.Cut(operation, api.Behind(all, after, key), most, key)
	return shown, next, nil
}

// maxPage is the model's limit of MaxResults.
const maxPage = 20
