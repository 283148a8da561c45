package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

// TestTerraformsCalls is a configuration of Terraform, applied, killed, planned,
// changed and destroyed: the calls of its AWS provider (5.32, seen on the wire)
// in their order and with their waits. What a read tells must be what the
// configuration said: any difference would be a plan that is never empty.
func TestTerraformsCalls(t *testing.T) {
	t.Parallel()
	live(t, (*terraform).configuration)
}

// TestTerraformsDesktops is a configuration of a network with a directory and a
// desktop in it, by the calls of provider 5.100.
func TestTerraformsDesktops(t *testing.T) {
	t.Parallel()
	live(t, func(tf *terraform) []*resource {
		n := tf.network()
		return append(n.blocks(), n.office()...)
	})
}

// live is the life of a configuration, on a plane that is killed twice.
func live(t *testing.T, configuration func(*terraform) []*resource) {
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	v.start(t)
	tf := &terraform{T: t}
	tf.provider(v.config)
	resources := configuration(tf)
	for _, r := range resources {
		r.create()
		tf.same("read after create of "+r.name, r.read(), r.want)
	}

	v.kill(t)
	v.start(t)
	tf.provider(v.config)
	for _, r := range resources {
		tf.same("plan after the kill, "+r.name, r.read(), r.want)
	}
	for _, r := range resources {
		if r.update == nil {
			continue
		}
		r.update()
		maps.Copy(r.want, r.changed)
		tf.same("read after update of "+r.name, r.read(), r.want)
	}

	v.kill(t)
	v.start(t)
	tf.provider(v.config)
	for _, r := range resources {
		tf.same("last plan, "+r.name, r.read(), r.want)
	}
	for i := range resources {
		resources[len(resources)-1-i].destroy()
	}
}

// terraform is one run of it: the provider's clients are made anew at every
// start.
type terraform struct {
	*testing.T
	config  aws.Config
	account string
	keyID   *string // of the aws_kms_key, for those that refer to it
}

// resource is one block of a configuration, with what the provider does for it.
type resource struct {
	name    string
	create  func()
	read    func() attributes // all reads of a refresh, in order
	update  func()            // nil: nothing of it can be changed
	destroy func()            // ends when the provider would believe that it is gone
	want    attributes        // as configured
	changed attributes        // as configured the second time
}

// attributes are what the state file has.
type attributes map[string]any

// tags as they are configured and as they are stored.
type tags = map[string]string

// provider is what every start of the provider does first. It cuts the account
// out of the ARN.
func (tf *terraform) provider(config aws.Config) {
	tf.Helper()
	tf.config = config
	user, err := iam.NewFromConfig(config).GetUser(tf.Context(), &iam.GetUserInput{})
	tf.done("GetUser", err)
	who, err := sts.NewFromConfig(config).GetCallerIdentity(tf.Context(), &sts.GetCallerIdentityInput{})
	tf.done("GetCallerIdentity", err)
	if *user.User.Arn != *who.Arn {
		tf.Errorf("GetUser says %s, GetCallerIdentity %s", *user.User.Arn, *who.Arn)
	}
	tf.account = *who.Account
}

// configuration is in the order of what needs what.
func (tf *terraform) configuration() []*resource {
	const secret = "correct-horse-battery"
	arn := "arn:aws:iam::" + tf.account + ":policy/office/office"
	return []*resource{
		tf.key(),
		tf.parameter(ssm.PutParameterInput{
			Name: new("/office/room"), Type: types.ParameterTypeString, Value: new("Fuji 富士\n"), Tier: types.ParameterTierStandard,
			Description: new("where we meet"), AllowedPattern: new("^[^!]*$"),
		}, "Aso"),
		tf.parameter(ssm.PutParameterInput{
			Name: new("/office/wifi/secret"), Type: types.ParameterTypeSecureString, Value: new(secret), Tier: types.ParameterTierAdvanced,
		}, secret+"-2"),
		tf.parametersByPath("/office", []string{"/office/room", "/office/wifi/secret"}, []string{"Fuji 富士\n", secret}, []string{"Aso", secret + "-2"}),
		tf.document("greet-json", types.DocumentFormatJson, documentJSON),
		tf.document("greet-yaml", types.DocumentFormatYaml, documentYAML),
		tf.policy("office"),
		tf.role("office-node", arn),
		tf.logGroup("/aws/workspaces/connection"),
		tf.logGroup("/aws/workspaces/connection-old"),
		tf.alarm("workspaces-cpu"),
		tf.bucket("office-evidence"),
		tf.versioning("office-evidence"),
		tf.access("office-evidence"),
		tf.bucketPolicy("office-evidence"),
		tf.trail("office", "office-evidence"),
	}
}

func (tf *terraform) done(what string, err error) {
	tf.Helper()
	if err != nil {
		tf.Fatalf("%s: %v", what, err)
	}
}

// gone wants the code by which the provider knows that a thing is gone. Any
// other error makes the destroy fail, none lets it wait for ever.
func (tf *terraform) gone(what, code string, err error) {
	tf.Helper()
	coded, ok := errors.AsType[smithy.APIError](err)
	if !ok || coded.ErrorCode() != code {
		tf.Fatalf("%s: %v, want %s", what, err, code)
	}
}

func (tf *terraform) same(what string, got, want attributes) {
	tf.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tf.Errorf("%s: the plan is not empty (-configured +read):\n%s", what, diff)
	}
}

// wait polls as the provider's waiters do: at once, then after 0.1 s, doubling
// to 10 s.
func (tf *terraform) wait(what string, limit time.Duration, so func() bool) {
	tf.Helper()
	ctx, cancel := context.WithTimeout(tf.Context(), limit)
	defer cancel()
	for pause := 100 * time.Millisecond; !so(); pause = min(2*pause, 10*time.Second) {
		select {
		case <-ctx.Done():
			tf.Fatalf("%s: not within %v", what, limit)
		case <-time.After(pause):
		}
	}
}

// steady polls until five answers in a row are as wanted. The provider waits 2 s
// between them.
func (tf *terraform) steady(what string, so func() bool) {
	tf.Helper()
	row := 0
	for range 100 {
		if row++; !so() {
			row = 0
		}
		if row == 5 {
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	tf.Fatalf("%s: never five times the same", what)
}

// alike compares policies as the provider does: as JSON. It answers the
// configured text when they are, so that the state has what was configured.
func alike(configured, read string) string {
	var a, b any
	if json.Unmarshal([]byte(configured), &a) != nil || json.Unmarshal([]byte(read), &b) != nil || !reflect.DeepEqual(a, b) {
		return read
	}
	return configured
}

// plain undoes the URL encoding of IAM's documents.
func (tf *terraform) plain(document *string) string {
	tf.Helper()
	text, err := url.QueryUnescape(aws.ToString(document))
	tf.done("decode a policy", err)
	return text
}
