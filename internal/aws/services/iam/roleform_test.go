package iam

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestStoredFormsOfRoles(t *testing.T) {
	storetest.Golden(t, &roles, &role{
		ID: "AROAEXAMPLE", Name: "Night-Watch", Path: "/team/", Description: "watches", Trust: "{}", MaxSession: 7200,
		Boundary: "arn:aws:iam::111122223333:policy/most", Tags: map[string]string{"k": "v"}, Created: noon, Service: "ssm.amazonaws.com",
	})
	storetest.Golden(t, &touches, &touched{Entity: "AROAEXAMPLE", Services: map[string]touch{"s3": {noon, "ap-northeast-1"}}})
	storetest.Golden(t, &roleUses, &roleUse{Role: "AROAEXAMPLE", When: noon, Region: "ap-northeast-1"})
	storetest.Golden(t, &profiles, &profile{
		ID: "AIPAEXAMPLE", Name: "Nodes", Path: "/", Role: "Night-Watch", Tags: map[string]string{"k": "v"}, Created: noon,
	})
}

func TestStoredFormsOfPolicies(t *testing.T) {
	storetest.Golden(t, &policies, &managed{
		ID: "ANPAEXAMPLE", Name: "Read-Only", Path: "/team/", Description: "reads", Tags: map[string]string{"k": "v"},
		Created: noon, Updated: noon.Add(time.Hour), Default: 2, Next: 4,
	})
	storetest.Golden(t, &versions, &version{Policy: "ANPAEXAMPLE", Number: 3, Document: "{}", Created: noon})
	storetest.Golden(t, &attachments, &attachment{Holder: "AROAEXAMPLE", Policy: "arn:aws:iam::aws:policy/ReadOnlyAccess"})
	storetest.Golden(t, &inlinePolicies, &inlinePolicy{Holder: "AROAEXAMPLE", Name: "own", Document: "{}"})
	storetest.Golden(t, &deletions, &deletion{ID: "task/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM/1", Role: "arn:aws:iam::111122223333:role/x"})
	storetest.Golden(t, &accessReports, &accessReport{
		ID: "019ab000-0000-7000-8000-000000000000", Account: "111122223333", Asker: "arn:aws:iam::111122223333:user/ann", Subject: "arn:aws:iam::111122223333:role/x",
		Granularity: "ACTION_LEVEL", State: "COMPLETED", Created: noon, Completed: noon, Problem: "none",
		Entities: []accessEntity{{"role", "AROAEXAMPLE", "x", "/", "arn:aws:iam::111122223333:role/x"}},
		Services: []accessedByName{{"ssm", []accessUse{{0, noon, "ap-northeast-1"}}, []accessAction{{"GetParameter", accessUse{0, noon, "ap-northeast-1"}}}}},
	})
}
