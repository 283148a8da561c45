package house_test

import (
	"errors"
	"testing"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
)

// TestDenialsOfQueryServicesAreForbidden: STS and IAM do not list AccessDenied
// in their models; it is 403 all the same (AWS General Reference, "Common
// errors"), and clients tell by it what not to retry.
func TestDenialsOfQueryServicesAreForbidden(t *testing.T) {
	c := incorporate(t)
	nobody := c.user("nobody", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:GetParameter","Resource":"*"}]}`)
	_, assume := c.assume(nobody, c.door(), nil)
	_, list := iam.NewFromConfig(nobody).ListUsers(t.Context(), &iam.ListUsersInput{})
	_, token := sts.NewFromConfig(nobody).GetFederationToken(t.Context(), &sts.GetFederationTokenInput{Name: new("fed")})
	for what, err := range map[string]error{"sts AssumeRole": assume, "iam ListUsers": list, "sts GetFederationToken": token} {
		apitest.Refused(t, what, err, "AccessDenied", "is not authorized to perform")
		if res, ok := errors.AsType[*awshttp.ResponseError](err); !ok || res.HTTPStatusCode() != 403 {
			t.Errorf("%s: %v, want status 403", what, err)
		}
	}
	_, err := sns.NewFromConfig(nobody).CreateTopic(t.Context(), &sns.CreateTopicInput{Name: new("alerts")})
	apitest.Refused(t, "sns CreateTopic", err, "AuthorizationError", "is not authorized to perform: SNS:CreateTopic on resource: arn:aws:sns:")
	apitest.Refused(t, "sns CreateTopic", err, "AuthorizationError", "allows the SNS:CreateTopic action")
	if _, ok := errors.AsType[*types.AuthorizationErrorException](err); !ok {
		t.Errorf("got %v, want the error of SNS's model", err)
	}
}
