package resourcegroupstaggingapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	kmstypes "github.com/aws/aws-sdk-go-v2/service/kms/types"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

// fixture is a plane and its administrator's client.
type fixture struct {
	*tagging.Client
	t     *testing.T
	plane *apitest.Plane
}

func start(t *testing.T, o apitest.Options) *fixture {
	t.Helper()
	p := apitest.Start(t, o)
	return &fixture{tagging.NewFromConfig(p.Config()), t, p}
}

func done(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// parameter makes a parameter and returns its ARN.
func (f *fixture) parameter(name string, tags map[string]string) string {
	f.t.Helper()
	var given []ssmtypes.Tag
	for k, v := range tags {
		given = append(given, ssmtypes.Tag{Key: &k, Value: &v})
	}
	_, err := ssm.NewFromConfig(f.plane.Config()).PutParameter(f.t.Context(), &ssm.PutParameterInput{
		Name: &name, Value: aws.String("v"), Type: ssmtypes.ParameterTypeString, Tags: given,
	})
	done(f.t, "put "+name, err)
	return f.arn("ssm", "parameter/"+strings.TrimPrefix(name, "/"))
}

func (f *fixture) key(tags map[string]string) string {
	f.t.Helper()
	var given []kmstypes.Tag
	for k, v := range tags {
		given = append(given, kmstypes.Tag{TagKey: &k, TagValue: &v})
	}
	out, err := kms.NewFromConfig(f.plane.Config()).CreateKey(f.t.Context(), &kms.CreateKeyInput{Tags: given})
	done(f.t, "create a key", err)
	return *out.KeyMetadata.Arn
}

func (f *fixture) arn(service, resource string) string {
	f.t.Helper()
	out, err := sts.NewFromConfig(f.plane.Config()).GetCallerIdentity(f.t.Context(), &sts.GetCallerIdentityInput{})
	done(f.t, "who am I", err)
	return "arn:aws:" + service + ":" + f.plane.Config().Region + ":" + *out.Account + ":" + resource
}

// session is the configuration of a federated user under a policy.
func (f *fixture) session(policy string) aws.Config {
	f.t.Helper()
	out, err := sts.NewFromConfig(f.plane.Config()).GetFederationToken(f.t.Context(), &sts.GetFederationTokenInput{Name: aws.String("clerk"), Policy: &policy})
	done(f.t, "federate", err)
	c := f.plane.Config()
	c.Credentials = credentials.NewStaticCredentialsProvider(*out.Credentials.AccessKeyId, *out.Credentials.SecretAccessKey, *out.Credentials.SessionToken)
	return c
}

// found are the resources that a query finds: "ARN k=v k=v", by page.
func (f *fixture) found(in *tagging.GetResourcesInput) (pages [][]string) {
	f.t.Helper()
	p := tagging.NewGetResourcesPaginator(f.Client, in)
	for p.HasMorePages() {
		out, err := p.NextPage(f.t.Context())
		done(f.t, "get resources", err)
		var page []string
		for _, m := range out.ResourceTagMappingList {
			line := *m.ResourceARN
			for _, t := range m.Tags {
				line += " " + *t.Key + "=" + *t.Value
			}
			page = append(page, line)
		}
		pages = append(pages, page)
	}
	return pages
}

// same compares the one page of a query with lines in any order.
func (f *fixture) same(what string, in *tagging.GetResourcesInput, want ...string) {
	f.t.Helper()
	slices.Sort(want)
	if got := slices.Concat(f.found(in)...); !slices.Equal(got, want) {
		f.t.Errorf("%s: want %q, got %q", what, want, got)
	}
}

func filter(key string, values ...string) types.TagFilter {
	return types.TagFilter{Key: &key, Values: values}
}
