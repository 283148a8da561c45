package accessanalyzer_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/accessanalyzer"
	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"

	"tamachi/internal/aws/apitest"
)

const (
	everything = `{"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"}]}`
	reading    = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	public     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`
	member     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}}]}`
	impossible = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"1"},"NumericGreaterThan":{"s3:max-keys":"2"}}}]}`
)

func TestPoliciesAreJudged(t *testing.T) {
	ctx, c := t.Context(), sdk.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())

	in := &sdk.ValidatePolicyInput{PolicyDocument: new(everything), PolicyType: types.PolicyTypeIdentityPolicy, MaxResults: new(int32(1))}
	var codes []string
	for pages := sdk.NewValidatePolicyPaginator(c, in); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range page.Findings {
			codes = append(codes, *f.IssueCode)
			l := f.Locations[0]
			if p, ok := l.Path[2].(*types.PathElementMemberValue); !ok || p.Value != "Resource" || *l.Span.Start.Column == 0 || *l.Span.Start.Line != 1 {
				t.Errorf("want the place of Resource, got %+v %+v", l.Path, l.Span)
			}
		}
	}
	if strings.Join(codes, " ") != "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE" {
		t.Errorf("want both findings, a page each, got %v", codes)
	}
	_, err := c.ValidatePolicy(ctx, &sdk.ValidatePolicyInput{PolicyDocument: new(everything), PolicyType: types.PolicyTypeIdentityPolicy, NextToken: new("x")})
	apitest.Refused(t, "ValidatePolicy", err, "ValidationException", "token")
	_, err = c.ValidatePolicy(ctx, &sdk.ValidatePolicyInput{PolicyDocument: new(everything), PolicyType: types.PolicyTypeIdentityPolicy, ValidatePolicyResourceType: types.ValidatePolicyResourceTypeS3Bucket})
	apitest.Refused(t, "ValidatePolicy", err, "ValidationException", "resource policies only")
}

func TestNewAccessIsFound(t *testing.T) {
	ctx, c := t.Context(), sdk.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	check := func(updated, existing string) (*sdk.CheckNoNewAccessOutput, error) {
		return c.CheckNoNewAccess(ctx, &sdk.CheckNoNewAccessInput{NewPolicyDocument: &updated, ExistingPolicyDocument: &existing, PolicyType: types.AccessCheckPolicyTypeIdentityPolicy})
	}
	if out, err := check(reading, everything); err != nil || out.Result != types.CheckNoNewAccessResultPass {
		t.Errorf("less: want PASS, got %+v, %v", out, err)
	}
	out, err := check(everything, reading)
	if err != nil || out.Result != types.CheckNoNewAccessResultFail || *out.Reasons[0].StatementId != "All" || *out.Reasons[0].Description != "New access in the statement with sid: All." {
		t.Errorf("more: want FAIL with the reason, got %+v, %v", out, err)
	}
	_, err = check(everything, "{}")
	apitest.Refused(t, "check", err, "InvalidParameterException", "line 1")
	_, err = check(impossible, reading)
	apitest.Refused(t, "check", err, "UnprocessableEntityException", "0")
}

func TestAccessThatIsNotGranted(t *testing.T) {
	ctx, c := t.Context(), sdk.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	check := func(access ...types.Access) (*sdk.CheckAccessNotGrantedOutput, error) {
		return c.CheckAccessNotGranted(ctx, &sdk.CheckAccessNotGrantedInput{PolicyDocument: new(reading), PolicyType: types.AccessCheckPolicyTypeIdentityPolicy, Access: access})
	}
	if out, err := check(types.Access{Actions: []string{"s3:PutObject", "iam:*"}}); err != nil || out.Result != types.CheckAccessNotGrantedResultPass {
		t.Errorf("want PASS, got %+v, %v", out, err)
	}
	if out, err := check(types.Access{Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::c/x"}}); err != nil || out.Result != types.CheckAccessNotGrantedResultPass {
		t.Errorf("another bucket: want PASS, got %+v, %v", out, err)
	}
	out, err := check(types.Access{Resources: []string{"arn:aws:s3:::b/x"}})
	if err != nil || out.Result != types.CheckAccessNotGrantedResultFail || *out.Reasons[0].StatementIndex != 0 {
		t.Errorf("want FAIL with the statement, got %+v, %v", out, err)
	}
	_, err = check(types.Access{Actions: []string{"GetObject"}})
	apitest.Refused(t, "check", err, "InvalidParameterException", "GetObject")
	_, err = check(types.Access{})
	apitest.Refused(t, "check", err, "InvalidParameterException", "actions or resources")
	_, err = check(types.Access{Resources: []string{"arn:aws:s3:*:1*:b"}})
	apitest.Refused(t, "check", err, "InvalidParameterException", "wildcards")
}

func TestPublicAccessIsFound(t *testing.T) {
	ctx, c := t.Context(), sdk.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	check := func(text string, kind types.AccessCheckResourceType) (*sdk.CheckNoPublicAccessOutput, error) {
		return c.CheckNoPublicAccess(ctx, &sdk.CheckNoPublicAccessInput{PolicyDocument: &text, ResourceType: kind})
	}
	if out, err := check(member, types.AccessCheckResourceTypeS3Bucket); err != nil || out.Result != types.CheckNoPublicAccessResultPass {
		t.Errorf("an organization's: want PASS, got %+v, %v", out, err)
	}
	if out, err := check(public, types.AccessCheckResourceTypeS3Bucket); err != nil || out.Result != types.CheckNoPublicAccessResultFail || len(out.Reasons) != 1 {
		t.Errorf("everybody's: want FAIL, got %+v, %v", out, err)
	}
	_, err := check(public, types.AccessCheckResourceTypeRoleTrust)
	apitest.Refused(t, "check", err, "InvalidParameterException", "Resource")
}
