package resourcegroupstaggingapi

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

func FuzzWhatIsReadOfACallersText(f *testing.F) {
	f.Add("ssm:parameter", "arn:aws:iam::111122223333:user/sales/kato", "1775030400 x")
	f.Add("kms:", "arn:aws:s3:::b", "x")
	f.Add(":", "arn:::::", " ")
	f.Fuzz(func(t *testing.T, kind, name, after string) {
		q, err := newQuery(&tagging.GetResourcesInput{ResourceTypeFilters: []string{kind}, TagFilters: []types.TagFilter{{Key: &name}}})
		if err == nil && q.fits(api.Tagged{ARN: name, Type: "none:such", Tags: map[string]string{}}) {
			t.Errorf("%q finds a resource without the tag %q", kind, name)
		}
		if _, err := newQuery(&tagging.GetResourcesInput{ResourceARNList: []string{name}}); err == nil {
			a, _ := arn.Parse(name)
			for _, c := range []change{{set: map[string]string{kind: after}}, {remove: []string{kind}}} {
				if service, operation, in := callFor(a, c); service == "" || operation == "" || in == nil {
					t.Errorf("%q: want a call, got %s %s", name, service, operation)
				}
			}
		}
		after = strings.ToValidUTF8(after, "?") // as every word of a tag is
		call := &api.Call{Time: time.Unix(1_775_030_400, 0)}
		if from, err := placeOf(call, "L", tokenOf(call, "L", after)); err != nil || from.after != after {
			t.Errorf("the token after %q leads to %q (%v)", after, from.after, err)
		}
		if _, err := placeOf(call, "L", aws.String(api.Token("L", after))); err == nil && after == "" {
			t.Error("a token that says nothing was taken")
		}
	})
}
