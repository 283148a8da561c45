package iam

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// managed is a managed policy: AWS's, which are part of the plane, or one of an
// account.
type managed struct {
	ID          string // ANPA...
	Name        string
	Path        string
	Description string
	Tags        map[string]string
	Created     time.Time
	Updated     time.Time // when its newest version was made
	Default     int       // the version that counts
	Next        int       // the number of the next version: numbers are not used again

	linked   bool   // AWS's only: for roles that are linked to a service
	document string // AWS's only: they have one version here
}

var policies = store.Table[managed]{
	Name:  "iam.policies",
	Reach: store.Account,
	Key:   func(m *managed) string { return strings.ToLower(m.Name) },
}

// version is a version of a policy of an account. It never changes.
type version struct {
	Policy   string // the policy's ID
	Number   int
	Document string // as it was given
	Created  time.Time
}

var versions = store.Table[version]{
	Name:    "iam.policyversions",
	Reach:   store.Account,
	Key:     func(v *version) string { return versionKey(v.Policy, v.Number) },
	Indexes: map[string]func(*version) string{"policy": func(v *version) string { return v.Policy }},
}

func versionKey(policy string, number int) string { return fmt.Sprintf("%s/%08d", policy, number) }

// Quotas (IAM User Guide, "IAM and AWS STS quotas").
const (
	maxPolicies = 1500
	maxVersions = 5
	maxManaged  = 6144 // characters that are no white space
)

func (m *managed) arn(account string) string { return entityARN(account, "policy", m.Path, m.Name) }

func (m *managed) aws() bool { return m.document != "" }

// theARN is the policy's ARN in an account.
func (m *managed) theARN(account string) string {
	if m.aws() {
		return m.arn(awsAccount)
	}
	return m.arn(account)
}

// isPolicyARN tells whether a text is the ARN of a managed policy.
func isPolicyARN(text string) bool {
	a, err := arn.Parse(text)
	return err == nil && a.Partition == "aws" && a.Service == "iam" && a.Region == "" && a.Account != "" &&
		strings.HasPrefix(a.Resource, "policy/") && !strings.HasSuffix(a.Resource, "/")
}

// lookManaged finds a managed policy by its ARN; store.ErrNotFound when there
// is none.
func lookManaged(tx *store.Tx, sc store.Scope, policyARN string) (*managed, error) {
	if m := awsPolicies()[policyARN]; m != nil {
		return m, nil
	}
	if !isPolicyARN(policyARN) {
		return nil, invalidInput("ARN %s is not valid.", policyARN)
	}
	name := strings.ToLower(policyARN[strings.LastIndex(policyARN, "/")+1:])
	m, err := policies.Get(tx, sc, name)
	if err == nil && m.arn(sc.Account) != policyARN {
		err = store.ErrNotFound
	}
	return m, err
}

// findManaged finds a managed policy by its ARN, or answers NoSuchEntity.
func findManaged(tx *store.Tx, sc store.Scope, policyARN string) (*managed, error) {
	m, err := lookManaged(tx, sc, policyARN)
	return m, orNoSuch(err, "Policy %s was not found.", policyARN)
}

// findOwnPolicy finds a managed policy that the account may change: nobody may
// change AWS's.
func findOwnPolicy(tx *store.Tx, call *api.Call, policyARN string) (*managed, error) {
	m, err := findManaged(tx, store.Scope{Account: call.Account}, policyARN)
	if err == nil && m.aws() {
		return nil, &smithy.GenericAPIError{Code: "AccessDenied", Message: fmt.Sprintf(
			"User: %s is not authorized to perform: iam:%s on resource: policy %s", call.Caller.ARN, call.Operation, policyARN)}
	}
	return m, err
}

// attachable finds a managed policy that may be given to a user, group or role.
func attachable(tx *store.Tx, sc store.Scope, policyARN string) (*managed, error) {
	m, err := lookManaged(tx, sc, policyARN)
	if err == nil && m.linked {
		return nil, &types.PolicyNotAttachableException{Message: new("Cannot attach a Service Role Policy to a Customer Role.")}
	}
	return m, orNoSuch(err, "Policy %s does not exist or is not attachable.", policyARN)
}

// findVersion finds a version of a policy, or answers NoSuchEntity.
func (m *managed) findVersion(tx *store.Tx, sc store.Scope, id string) (*version, error) {
	number, err := strconv.Atoi(strings.TrimPrefix(id, "v"))
	if err == nil && m.aws() && number == m.Default {
		return &version{Policy: m.ID, Number: number, Document: m.document, Created: m.Created}, nil
	}
	if err == nil && !m.aws() {
		v, err := versions.Get(tx, sc, versionKey(m.ID, number))
		if !errors.Is(err, store.ErrNotFound) {
			return v, err
		}
	}
	return nil, noSuch("Policy %s version %s does not exist or is not attachable.", m.theARN(sc.Account), id)
}

// everyVersion lists a policy's versions, the newest first.
func (m *managed) everyVersion(tx *store.Tx, sc store.Scope) ([]*version, error) {
	if m.aws() {
		v, err := m.findVersion(tx, sc, versionID(m.Default))
		return []*version{v}, err
	}
	return versions.By(tx, sc, "policy", m.ID, store.Page{Descending: true})
}

func versionID(number int) string { return "v" + strconv.Itoa(number) }

// shown is the version as answers have it; lists leave the document out.
func (v *version) shown(m *managed) types.PolicyVersion {
	return types.PolicyVersion{CreateDate: &v.Created, IsDefaultVersion: v.Number == m.Default, VersionId: new(versionID(v.Number))}
}

// shown is the policy as lists have it: without description and tags.
func (m *managed) shown(account string, u usage) types.Policy {
	policyARN := m.theARN(account)
	return types.Policy{
		Arn: &policyARN, PolicyId: &m.ID, PolicyName: &m.Name, Path: &m.Path, DefaultVersionId: new(versionID(m.Default)),
		CreateDate: &m.Created, UpdateDate: &m.Updated, IsAttachable: true,
		AttachmentCount: new(u.attached[policyARN]), PermissionsBoundaryUsageCount: new(u.bounding[policyARN]),
	}
}

// changePolicy changes a policy of the account.
func (s *Service) changePolicy(ctx context.Context, policyARN string, change func(*store.Tx, store.Scope, *managed) error) error {
	call := api.CallFrom(ctx)
	return s.store.Update(ctx, func(tx *store.Tx) error {
		m, err := findOwnPolicy(tx, call, policyARN)
		if err != nil {
			return err
		}
		if err := change(tx, store.Scope{Account: call.Account}, m); err != nil {
			return err
		}
		return policies.Put(tx, store.Scope{Account: call.Account}, m)
	})
}

// checkPolicy is a check on a managed policy. What is no ARN of one is checked
// on everything; the operation says what is wrong with it.
func (s *Service) checkPolicy(ctx context.Context, action, policyARN string) (api.Check, error) {
	if !isPolicyARN(policyARN) {
		return api.Check{Action: action, Resource: "*"}, nil
	}
	c := api.Check{Action: action, Resource: policyARN}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		m, err := lookManaged(tx, store.Scope{Account: api.CallFrom(ctx).Account}, policyARN)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		c = withTags(c, m.Tags)
		return nil
	})
	return c, err
}

// checksOfPolicy are the checks of an operation on one managed policy.
func (s *Service) checksOfPolicy(ctx context.Context, action string, policyARN *string) ([]api.Check, error) {
	c, err := s.checkPolicy(ctx, action, *policyARN)
	return []api.Check{c}, err
}
