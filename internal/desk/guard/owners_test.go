package guard

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/desk/report"
)

// labels are resources with a team, one a page.
type labels []Owned

func (l labels) GetResources(_ context.Context, in *resourcegroupstaggingapi.GetResourcesInput, _ ...func(*resourcegroupstaggingapi.Options)) (*resourcegroupstaggingapi.GetResourcesOutput, error) {
	at := len(aws.ToString(in.PaginationToken))
	out := &resourcegroupstaggingapi.GetResourcesOutput{
		ResourceTagMappingList: []tagtypes.ResourceTagMapping{{ResourceARN: &l[at].ARN, Tags: []tagtypes.Tag{{Key: in.TagFilters[0].Key, Value: &l[at].Owner}}}},
		PaginationToken:        aws.String(""),
	}
	if at+1 < len(l) {
		out.PaginationToken = aws.String(strings.Repeat("x", at+1))
	}
	return out, nil
}

func TestWhoMayChangeWhatAnotherTeamOwns(t *testing.T) {
	const parameter = "arn:aws:ssm:ap-northeast-1:111122223333:parameter/"
	b := ofTheAccount()
	team := func(i int, name, statements string) {
		u := &b.pages[0].UserDetailList[i]
		u.Tags = []iamtypes.Tag{{Key: aws.String("team"), Value: &name}}
		if statements != "" {
			u.UserPolicyList[0].PolicyDocument = encoded(statements)
		}
	}
	team(0, "web", "") // ann: all of ssm
	team(1, "db", `{"Effect":"Allow","Action":"ssm:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"${aws:PrincipalTag/team}"}}}`)
	team(2, "web", "") // cho: from the office
	e, err := readEstate(t.Context(), "111122223333", b, tree{err: &types.AWSOrganizationsNotInUseException{}})
	if err != nil {
		t.Fatal(err)
	}
	owned, err := readOwned(t.Context(), labels{{ARN: parameter + "site", Owner: "web"}, {ARN: parameter + "password", Owner: "db"}}, "team")
	if err != nil || len(owned) != 2 {
		t.Fatalf("want both pages, got %v, %v", owned, err)
	}
	list, err := e.Strangers(owned, "team", []string{"dep*"})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 {
		t.Fatalf("want ann and cho, who may change the password of team db, and nobody else, got %+v", list)
	}
	ann, cho := list[0], list[1]
	if !strings.HasSuffix(ann.Principal, "user/ann") || ann.Owner != "db" || ann.Team != "web" || !slices.Contains(ann.Yes, "ssm:DeleteParameter") || len(ann.Depends) != 0 || ann.By[0] != "own" {
		t.Errorf("ann: got %+v", ann)
	}
	if !strings.HasSuffix(cho.Principal, "user/cho") || len(cho.Yes) != 0 || !slices.Contains(cho.Depends, "ssm:PutParameter") {
		t.Errorf("cho depends on the address: got %+v", cho)
	}
	for _, l := range []report.Lang{report.English, report.Japanese} {
		var out bytes.Buffer
		if err := writeStrangers(&out, l, "team", len(owned), list); err != nil || !strings.Contains(out.String(), "ssm:AddTagsToResource") {
			t.Errorf("%s: %v\n%s", l, err, out.String())
		}
	}
}
