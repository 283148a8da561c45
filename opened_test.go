package tamachi_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

// opened is a resource of another account that has a policy of its own.
type opened struct {
	service string
	// name is how inputs name it, and arn how checks do.
	name, arn string
	// put gives it a policy; text is a policy of its own account's as it is at
	// first, with further statements where the format says.
	put  func(text string) error
	text string
	// share stands for put where resources are shared with accounts.
	share func(account string, with bool) error
	// actions may be given to another account by statements of the policy.
	actions string
	// rows are those that the policy must open; only tells that it can open no
	// other, whatever it says.
	rows []string
	only bool
}

// states are what the policy of a resource says of another account.
const (
	silent = ""
	allows = "Allow"
	denies = "Deny"
)

// say makes the policy allow or deny an account.
func (o *opened) say(t *testing.T, effect, account string) {
	t.Helper()
	if o.share != nil {
		if err := o.share(account, effect == allows); err != nil {
			t.Fatalf("share %s: %v", o.arn, err)
		}
		return
	}
	more := ""
	if effect != silent {
		more = fmt.Sprintf(`,{"Sid":"other","Effect":%q,"Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":%s`, effect, account, o.actions)
		if o.service != "sts" {
			resources := fmt.Sprintf(`[%q]`, o.arn)
			if o.service == "s3" {
				resources = fmt.Sprintf(`[%q,%q]`, o.arn, o.arn+"/*")
			}
			more += `,"Resource":` + resources
		}
		more += "}"
	}
	if err := o.put(fmt.Sprintf(o.text, more)); err != nil {
		t.Fatalf("%s %s: %v", o.service, effect, err)
	}
}

// belongings are resources with policies, one of each kind, of an account.
func belongings(t *testing.T, m *member) []*opened {
	t.Helper()
	return []*opened{m.key(), m.topic(), m.bus(), m.bucket(), m.role(), m.document()}
}

func (m *member) must(_ any, err error) {
	m.t.Helper()
	if err != nil {
		m.t.Fatal(err)
	}
}

// own is a policy that allows the account itself, with room for one statement more.
func (m *member) own(action, resource string) string {
	text := `{"Version":"2012-10-17","Statement":[{"Sid":"own","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + m.account + `:root"},"Action":"` + action + `"`
	if resource != "" {
		text += `,"Resource":"` + resource + `"`
	}
	return text + "}%s]}"
}

func (m *member) key() *opened {
	c, ctx := kms.NewFromConfig(m.cfg), m.t.Context()
	key, err := c.CreateKey(ctx, &kms.CreateKeyInput{})
	m.must(key, err)
	return &opened{
		service: "kms", name: *key.KeyMetadata.Arn, arn: *key.KeyMetadata.Arn, text: m.own("kms:*", "*"), actions: `"kms:*"`,
		put: func(text string) error {
			_, err := c.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: key.KeyMetadata.KeyId, Policy: &text})
			return err
		},
		rows: crossKMS, only: true,
	}
}

func (m *member) topic() *opened {
	c, ctx := sns.NewFromConfig(m.cfg), m.t.Context()
	topic, err := c.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("opened")})
	m.must(topic, err)
	return &opened{
		service: "sns", name: *topic.TopicArn, arn: *topic.TopicArn, text: m.own("sns:Publish", *topic.TopicArn),
		actions: `["sns:Publish","sns:Subscribe","sns:GetTopicAttributes","sns:SetTopicAttributes","sns:AddPermission","sns:RemovePermission","sns:DeleteTopic","sns:ListSubscriptionsByTopic"]`,
		put: func(text string) error {
			_, err := c.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: topic.TopicArn, AttributeName: aws.String("Policy"), AttributeValue: &text})
			return err
		},
		rows: []string{"Publish", "PublishBatch", "Subscribe", "GetTopicAttributes", "ListSubscriptionsByTopic"},
	}
}

func (m *member) bus() *opened {
	c, ctx := eventbridge.NewFromConfig(m.cfg), m.t.Context()
	bus, err := c.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("opened")})
	m.must(bus, err)
	return &opened{
		service: "events", name: *bus.EventBusArn, arn: *bus.EventBusArn, text: m.own("events:PutEvents", *bus.EventBusArn), actions: `"events:PutEvents"`,
		put: func(text string) error {
			_, err := c.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: aws.String("opened"), Policy: &text})
			return err
		},
		rows: []string{"PutEvents"}, only: true,
	}
}

func (m *member) bucket() *opened {
	c, ctx, name := s3.NewFromConfig(m.cfg), m.t.Context(), aws.String("opened-bucket")
	m.must(c.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket: name, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraint(m.cfg.Region)},
	}))
	bucket := "arn:aws:s3:::" + *name
	return &opened{
		service: "s3", name: *name, arn: bucket, text: m.own("s3:GetObject", bucket+"/*"), actions: `"s3:*"`,
		put: func(text string) error {
			_, err := c.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: name, Policy: &text})
			return err
		},
		rows: []string{"GetObject", "PutObject", "ListObjectsV2", "DeleteObject", "HeadBucket", "GetBucketTagging"},
	}
}

func (m *member) role() *opened {
	ctx, name, trust := m.t.Context(), aws.String("opened"), m.own("sts:AssumeRole", "")
	role, err := m.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(fmt.Sprintf(trust, ""))})
	m.must(role, err)
	return &opened{
		service: "sts", name: *role.Role.Arn, arn: *role.Role.Arn, text: trust, actions: `["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]`,
		put: func(text string) error {
			_, err := m.iam.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: &text})
			return err
		},
		rows: []string{"AssumeRole"}, only: true,
	}
}

func (m *member) document() *opened {
	c, ctx, name := ssm.NewFromConfig(m.cfg), m.t.Context(), aws.String("opened")
	m.must(c.CreateDocument(ctx, &ssm.CreateDocumentInput{
		Name: name, DocumentType: ssmtypes.DocumentTypeCommand, DocumentFormat: ssmtypes.DocumentFormatJson,
		Content: aws.String(`{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"s","inputs":{"runCommand":["true"]}}]}`),
	}))
	document := "arn:aws:ssm:" + m.cfg.Region + ":" + m.account + ":document/" + *name
	return &opened{
		service: "ssm", name: document, arn: document,
		share: func(account string, with bool) error {
			in := &ssm.ModifyDocumentPermissionInput{Name: name, PermissionType: ssmtypes.DocumentPermissionTypeShare}
			if in.AccountIdsToRemove = []string{account}; with {
				in.AccountIdsToAdd, in.AccountIdsToRemove = in.AccountIdsToRemove, nil
			}
			_, err := c.ModifyDocumentPermission(ctx, in)
			return err
		},
		rows: []string{"DescribeDocument", "GetDocument", "ListDocumentVersions", "SendCommand"},
	}
}

// crossKMS are the operations that KMS documents as open to other accounts (KMS
// API Reference, "Cross-account use: Yes").
var crossKMS = []string{
	"CreateGrant", "Decrypt", "DeriveSharedSecret", "DescribeKey", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext",
	"GenerateDataKeyWithoutPlaintext", "GenerateMac", "GetKeyRotationStatus", "GetPublicKey", "ListGrants", "ReEncrypt", "RetireGrant",
	"RevokeGrant", "Sign", "Verify", "VerifyMac",
}

// about are the checks of a sample that are on the resource.
func (o *opened) about(s *sample) (at []int) {
	for _, i := range s.abroad() {
		if r := s.checks[i].Resource; r == o.arn || strings.HasPrefix(r, o.arn+"/") {
			at = append(at, i)
		}
	}
	return at
}

// TestPoliciesOfResourcesOpenRowsToOtherAccounts takes a resource of each kind
// that has a policy and calls every row of its service about it from another
// account: the row opens when the policy of the resource and that of the caller
// both allow, and a denial names the one that is missing or denies. In the end a
// resource control policy above the resource closes what it holds.
func TestPoliciesOfResourcesOpenRowsToOtherAccounts(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	rows := rowsOf(t, p)
	found(t, p)
	owner, other := join(t, p, "owner"), join(t, p, "other")
	bare, may := other.user("bare", "", "", ""), other.user("may", administratorAccess, "", "")
	all := belongings(t, owner)
	for _, o := range all {
		own := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.service.Name != o.service || r.Checks == nil })
		o.say(t, allows, other.account)
		open := o.open(t, p, own, may)
		o.refused(t, p, own, bare, "because no identity-based policy allows")
		if o.share == nil {
			o.say(t, denies, other.account)
			opening := slices.DeleteFunc(slices.Clone(own), func(r row) bool { return !slices.Contains(open, r.Name) })
			o.refused(t, p, opening, may, "with an explicit deny in a resource-based policy", "with an explicit deny in the role trust policy")
		}
		o.say(t, silent, other.account)
		o.refused(t, p, own, may, strangers...)
		o.say(t, allows, other.account)
	}
	denyByRCP(t, p, rows)
	for _, o := range all {
		own := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.service.Name != o.service || r.Checks == nil })
		if o.service == "sns" || o.service == "ssm" {
			o.open(t, p, own, may) // RCPs do not hold them
			continue
		}
		own = slices.DeleteFunc(own, func(r row) bool { return r.Name == "RetireGrant" }) // nor this
		o.refused(t, p, own, may, "with an explicit deny in a resource control policy")
	}
}

// reach calls f, many at a time, with a call of every row that is about the resource, and what of
// its checks is.
func (o *opened) reach(t *testing.T, p *apitest.Plane, rows []row, who api.Caller, f func(s *sample, about []int)) {
	t.Helper()
	everyRow(rows, func(r row) {
		tame := sampler{rnd: rand.New(rand.NewPCG(13, 14)), named: o.name}
		for range 30 {
			s := &sample{t: t, plane: p, row: r, who: who, in: tame.input(t, r.model, r.In)}
			if !s.ask() {
				continue
			}
			if at := o.about(s); len(at) > 0 {
				f(s, at)
				return
			}
		}
	})
}

// open finds the rows that a caller may use on the resource, and wants those to
// be among them that AWS documents so.
func (o *opened) open(t *testing.T, p *apitest.Plane, rows []row, who api.Caller) (open []string) {
	t.Helper()
	var mu sync.Mutex
	o.reach(t, p, rows, who, func(s *sample, about []int) {
		mu.Lock()
		defer mu.Unlock()
		if !slices.ContainsFunc(about, func(i int) bool { return !s.may[i] }) {
			open = append(open, s.row.Name)
		}
	})
	for _, name := range o.rows {
		if !slices.Contains(open, name) {
			t.Errorf("%s on %s: both sides allow it, and it is refused", name, o.arn)
		}
	}
	for _, name := range open {
		if o.only && !slices.Contains(o.rows, name) {
			t.Errorf("%s on %s: AWS keeps it to the account of the resource, and it is open", name, o.arn)
		}
	}
	return open
}

// refused wants every row refused in some of the words.
func (o *opened) refused(t *testing.T, p *apitest.Plane, rows []row, who api.Caller, words ...string) {
	t.Helper()
	var count atomic.Int32
	o.reach(t, p, rows, who, func(s *sample, _ []int) {
		if err := call(t, p, s.row, who, s.in); !says(err, words) {
			t.Errorf("%s on %s: want %q, got %v", s.row, o.arn, words, err)
		}
		count.Add(1)
	})
	if int(count.Load()) < len(o.rows) {
		t.Errorf("%s: want %d rows refused at least, tried %d", o.arn, len(o.rows), count.Load())
	}
}
