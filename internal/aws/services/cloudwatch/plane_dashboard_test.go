package cloudwatch_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/aws/apitest"
)

func TestDashboards(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	body := `{"widgets": [{"type": "text", "x": 0, "y": 0, "width": 6, "height": 3, "properties": {"markdown": "hello"}}]}`
	put := func(name, body string) (*cloudwatch.PutDashboardOutput, error) {
		return o.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: &name, DashboardBody: &body})
	}
	for _, name := range []string{"office", "office-2", "other"} {
		out, err := put(name, body)
		o.must(err)
		if len(out.DashboardValidationMessages) != 0 {
			t.Errorf("got %+v", out)
		}
	}
	out, err := put("other", strings.Replace(body, `"text"`, `"clock"`, 1))
	o.must(err)
	if m := out.DashboardValidationMessages; len(m) != 1 || *m[0].DataPath != "/widgets/0/type" {
		t.Errorf("got %+v, want a warning of the type", m)
	}
	got, err := o.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: aws.String("office")})
	o.must(err)
	if *got.DashboardBody != body || !strings.HasSuffix(*got.DashboardArn, ":dashboard/office") || !strings.HasPrefix(*got.DashboardArn, "arn:aws:cloudwatch::") {
		t.Errorf("got %+v", got)
	}
	list, err := o.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{DashboardNamePrefix: aws.String("office")})
	o.must(err)
	if len(list.DashboardEntries) != 2 || *list.DashboardEntries[0].Size != int64(len(body)) {
		t.Errorf("got %+v", list.DashboardEntries)
	}
	_, err = o.TagResource(ctx, &cloudwatch.TagResourceInput{ResourceARN: got.DashboardArn, Tags: []types.Tag{{Key: aws.String("floor"), Value: aws.String("4")}}})
	o.must(err)
	tags, err := o.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: got.DashboardArn})
	o.must(err)
	if len(tags.Tags) != 1 {
		t.Errorf("got %+v", tags.Tags)
	}
	_, err = o.DeleteDashboards(ctx, &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{"office", "nobody"}})
	o.must(err)
	_, err = o.GetDashboard(ctx, &cloudwatch.GetDashboardInput{DashboardName: aws.String("office")})
	apitest.Refused(t, "a dashboard that is gone", err, "ResourceNotFound", "Dashboard office does not exist")
}

func TestDashboardsRefuse(t *testing.T) {
	o := open(t)
	ctx := t.Context()
	for name, row := range map[string]struct{ body, path string }{
		"no JSON":           {"{", ""},
		"a list":            {"[]", ""},
		"no widgets":        {"{}", ""},
		"one widget":        {`{"widgets": {}}`, "/widgets"},
		"a widget of none":  {`{"widgets": [{}]}`, "/widgets/0"},
		"a widget too wide": {`{"widgets": [{"type": "text", "properties": {}, "width": 25}]}`, "/widgets/0/width"},
	} {
		_, err := o.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: aws.String("x"), DashboardBody: &row.body})
		bad, ok := errors.AsType[*types.DashboardInvalidInputError](err)
		if !ok || len(bad.DashboardValidationMessages) == 0 || *bad.DashboardValidationMessages[0].DataPath != row.path {
			t.Errorf("%s: got %v, want a message of %s", name, err, row.path)
		}
	}
	_, err := o.PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: aws.String("a b"), DashboardBody: aws.String(`{"widgets": []}`)})
	apitest.Refused(t, "a name with a space", err, "InvalidParameterInput", "")
	_, err = o.ListDashboards(ctx, &cloudwatch.ListDashboardsInput{NextToken: aws.String("x")})
	apitest.Refused(t, "a token of nobody", err, "InvalidParameterValue", "")
	_, err = o.DeleteDashboards(ctx, &cloudwatch.DeleteDashboardsInput{DashboardNames: []string{}})
	apitest.Refused(t, "none", err, "InvalidParameterValue", "")
}
