package iam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// afterDate is the policy of the AWS CLI's own example of simulate-custom-policy.
const afterDate = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}`

func given(key, value string) types.ContextEntry {
	return types.ContextEntry{ContextKeyName: &key, ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{value}}
}

func TestSimulatingPoliciesOfNobody(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	out, err := r.SimulateCustomPolicy(ctx, &sdk.SimulateCustomPolicyInput{
		PolicyInputList: []string{afterDate}, ActionNames: []string{"dynamodb:CreateBackup"},
		ContextEntries: []types.ContextEntry{given("aws:CurrentTime", "2019-04-25T11:00:00Z")},
	})
	r.done(out, err)
	got := out.EvaluationResults[0]
	if got.EvalDecision != "allowed" || *got.EvalResourceName != "*" || len(got.MissingContextValues) != 0 || len(got.MatchedStatements) != 1 {
		t.Fatalf("want an allow, got %+v", got)
	}
	s := got.MatchedStatements[0]
	if *s.SourcePolicyId != "PolicyInputList.1" || s.StartPosition.Line != 1 || s.StartPosition.Column != 38 || s.EndPosition.Column != 167 {
		t.Errorf("want the statement's place as the CLI reference shows it, got %+v %+v %+v", *s.SourcePolicyId, s.StartPosition, s.EndPosition)
	}

	out, err = r.SimulateCustomPolicy(ctx, &sdk.SimulateCustomPolicyInput{PolicyInputList: []string{afterDate}, ActionNames: []string{"dynamodb:CreateBackup"}})
	r.done(out, err)
	want(t, "without the key", "implicitDeny aws:CurrentTime", string(out.EvaluationResults[0].EvalDecision)+" "+strings.Join(out.EvaluationResults[0].MissingContextValues, " "))

	office := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}]}`
	all := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	simulate := func(via string) types.EvaluationResult {
		t.Helper()
		out, err := r.SimulateCustomPolicy(ctx, &sdk.SimulateCustomPolicyInput{
			PolicyInputList: []string{all}, ActionNames: []string{"ec2:RunInstances"},
			ContextEntries: []types.ContextEntry{given("aws:SourceIp", "198.51.100.1"), given("aws:ViaAWSService", via)},
			OrderedOrganizationPolicyInputList: []types.OrderedOrganizationPolicyType{
				{ServiceControlPolicyInputList: []string{all}}, {ServiceControlPolicyInputList: []string{all, office}},
			},
		})
		r.done(out, err)
		return out.EvaluationResults[0]
	}
	if got := simulate("false"); got.EvalDecision != "explicitDeny" || got.OrganizationsDecisionDetail.AllowedByOrganizations || *got.MatchedStatements[0].SourcePolicyId != "OrderedOrganizationPolicyInputList.2.ServiceControlPolicyInputList.2" {
		t.Errorf("want the SCP's deny, got %+v", got)
	}
	if got := simulate("true"); got.EvalDecision != "allowed" || !got.OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("want the forwarded call allowed, got %+v", got)
	}

	no := r.no("InvalidInput", "Syntax errors in policy.")
	no(r.SimulateCustomPolicy(ctx, &sdk.SimulateCustomPolicyInput{PolicyInputList: []string{"{}"}, ActionNames: []string{"s3:GetObject"}}))
	no(r.GetContextKeysForCustomPolicy(ctx, &sdk.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{"{}"}}))
	r.no("InvalidInput", "CallerArn")(r.SimulateCustomPolicy(ctx, &sdk.SimulateCustomPolicyInput{PolicyInputList: []string{all}, ActionNames: []string{"s3:GetObject"}, ResourcePolicy: &all}))
	keys, err := r.GetContextKeysForCustomPolicy(ctx, &sdk.GetContextKeysForCustomPolicyInput{PolicyInputList: []string{office, afterDate}})
	r.done(keys, err)
	want(t, "keys", "aws:CurrentTime aws:SourceIp aws:ViaAWSService", strings.Join(keys.ContextKeyNames, " "))
}

func TestSimulatingAcrossAccountsAndWithABoundary(t *testing.T) {
	r, ctx := openRoles(t), t.Context()
	in := &sdk.SimulateCustomPolicyInput{
		PolicyInputList:                    []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}`},
		PermissionsBoundaryPolicyInputList: []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}`},
		ActionNames:                        []string{"s3:GetObject", "s3:PutObject"}, ResourceArns: []string{"arn:aws:s3:::b/k", "arn:aws:s3:::b/l"},
		CallerArn: aws.String("arn:aws:iam::111122223333:user/ann"), ResourceOwner: aws.String("arn:aws:iam::444455556666:root"),
		ResourcePolicy: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:*","Resource":"arn:aws:s3:::b/k"}}`),
		MaxItems:       aws.Int32(3),
	}
	var all []string
	for {
		out, err := r.SimulateCustomPolicy(ctx, in)
		r.done(out, err)
		for _, e := range out.EvaluationResults {
			all = append(all, strings.Join([]string{
				*e.EvalActionName, *e.EvalResourceName, string(e.EvalDecision), string(e.EvalDecisionDetails["IAM Policy"]), string(e.EvalDecisionDetails["Resource Policy"]),
				map[bool]string{true: "within", false: "beyond"}[e.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary], string(e.ResourceSpecificResults[0].EvalResourceDecision),
			}, " "))
		}
		if !out.IsTruncated {
			break
		}
		in.Marker = out.Marker
	}
	want(t, "results", `s3:GetObject arn:aws:s3:::b/k allowed allowed allowed within allowed
s3:GetObject arn:aws:s3:::b/l implicitDeny allowed implicitDeny within implicitDeny
s3:PutObject arn:aws:s3:::b/k implicitDeny allowed allowed beyond implicitDeny
s3:PutObject arn:aws:s3:::b/l implicitDeny allowed implicitDeny beyond implicitDeny`, strings.Join(all, "\n"))
}

func TestSimulatingAUser(t *testing.T) {
	r, ctx, name := openRoles(t), t.Context(), aws.String("ann")
	made, err := r.CreateUser(ctx, &sdk.CreateUserInput{UserName: name})
	r.done(made, err)
	r.done(r.PutUserPolicy(ctx, &sdk.PutUserPolicyInput{UserName: name, PolicyName: aws.String("own"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ssm:Put*","Resource":"*","Condition":{"Null":{"aws:RequestTag/team":"true"}}}}`)}))
	r.done(r.AttachUserPolicy(ctx, &sdk.AttachUserPolicyInput{UserName: name, PolicyArn: new(readOnly)}))
	in := &sdk.SimulatePrincipalPolicyInput{
		PolicySourceArn: made.User.Arn, ActionNames: []string{"ssm:GetParameter", "ssm:PutParameter", "s3:PutObject"},
		PolicyInputList: []string{`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Put*","Resource":"*"}}`},
	}
	out, err := r.SimulatePrincipalPolicy(ctx, in)
	r.done(out, err)
	var got []string
	for _, e := range out.EvaluationResults {
		got = append(got, string(e.EvalDecision)+" "+*e.MatchedStatements[0].SourcePolicyId)
	}
	want(t, "decisions", "allowed ReadOnlyAccess, explicitDeny user_ann_own, allowed PolicyInputList.1", strings.Join(got, ", "))
	keys, err := r.GetContextKeysForPrincipalPolicy(ctx, &sdk.GetContextKeysForPrincipalPolicyInput{PolicySourceArn: made.User.Arn})
	r.done(keys, err)
	want(t, "keys", "aws:RequestTag/team", strings.Join(keys.ContextKeyNames, " "))

	bob := aws.String(strings.Replace(*made.User.Arn, "ann", "bob", 1))
	none := r.no("NoSuchEntity", "The user with name bob cannot be found.")
	none(r.SimulatePrincipalPolicy(ctx, &sdk.SimulatePrincipalPolicyInput{PolicySourceArn: bob, ActionNames: in.ActionNames}))
	none(r.GetContextKeysForPrincipalPolicy(ctx, &sdk.GetContextKeysForPrincipalPolicyInput{PolicySourceArn: bob}))
	r.no("InvalidInput", "Invalid Entity Action: *")(r.SimulatePrincipalPolicy(ctx, &sdk.SimulatePrincipalPolicyInput{PolicySourceArn: made.User.Arn, ActionNames: []string{"*:*"}}))
}
