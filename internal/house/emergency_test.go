package house_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

// TestRootAndBreakGlassStandInTheTrail makes a role for emergencies, which nobody
// enters without saying who and why: every call of the session then says so. A
// call of root says that it is root's.
func TestRootAndBreakGlassStandInTheTrail(t *testing.T) {
	c := incorporate(t)
	ctx := t.Context()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	me, people := c.Access().Account, iam.NewFromConfig(c.Config())
	role, err := people.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("break-glass"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"` + me + `"},"Action":["sts:AssumeRole","sts:SetSourceIdentity"],"Condition":{"StringLike":{"sts:SourceIdentity":"INC-*"}}}]}`)})
	must(role, err)
	must(people.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("break-glass"), PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")}))
	_, err = c.assume(c.Config(), *role.Role.Arn, nil)
	apitest.Refused(t, "without a reason", err, "AccessDenied", "because no role trust policy allows the sts:AssumeRole action")
	k, err := c.assume(c.Config(), *role.Role.Arn, func(in *sts.AssumeRoleInput) { in.SourceIdentity = aws.String("INC-42.ann") })
	must(k, err)
	put(t, c.with(k, "ap-northeast-1"), "/emergency", "1")
	c.recorded("PutParameter", `"arn":"arn:aws:iam::`+me+`:role/break-glass"`, `"sourceIdentity":"INC-42.ann"`, `"type":"AssumedRole"`)
	c.recorded("AssumeRole", `"sourceIdentity":"INC-42.ann"`, `"type":"IAMUser"`)

	must(c.Gate().Do(ctx, &api.Call{
		Caller:  api.Caller{Type: api.Root, Account: me, ARN: "arn:aws:iam::" + me + ":root", UserID: me, Name: "root", AccessKeyID: "ASIAROOT"},
		Account: me, Region: "ap-northeast-1", SourceIP: "192.0.2.1", RequestID: "11111111-1111-4111-8111-111111111111", Time: time.Now(), Service: "ssm", Operation: "DeleteParameter",
	}, &ssm.DeleteParameterInput{Name: aws.String("/emergency")}))
	c.recorded("DeleteParameter", `"userIdentity":{"type":"Root","principalId":"`+me+`","arn":"arn:aws:iam::`+me+`:root","accountId":"`+me+`"`)
}

// recorded wants the newest event of a name to say some things.
func (c *company) recorded(name string, want ...string) {
	c.t.Helper()
	var text string
	apitest.Eventually(c.t, name+" in the trail", func() bool {
		out, err := cloudtrail.NewFromConfig(c.Config()).LookupEvents(c.t.Context(), &cloudtrail.LookupEventsInput{
			LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: &name}},
		})
		if err != nil {
			c.t.Fatal(err)
		}
		if len(out.Events) > 0 {
			text = *out.Events[0].CloudTrailEvent
		}
		return len(out.Events) > 0
	})
	for _, w := range want {
		if !strings.Contains(text, w) {
			c.t.Errorf("%s: want %s in %s", name, w, text)
		}
	}
}
