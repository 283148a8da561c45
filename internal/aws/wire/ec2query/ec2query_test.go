package ec2query_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/ec2query"
)

func tables(t testing.TB) *model.Service {
	svc, err := model.Load("ec2")
	if err != nil {
		t.Fatal(err)
	}
	return svc
}

func form(body string) *codec.Request {
	return &codec.Request{Method: "POST", Path: "/", Query: url.Values{}, Header: http.Header{}, Body: []byte(body)}
}

// The form of `aws ec2 describe-route-tables --filters Name=vpc-id,Values=a,b
// --route-table-ids rtb-1`.
func TestListsHaveNoLevelOfTheirOwn(t *testing.T) {
	svc := tables(t)
	r := form("Action=DescribeRouteTables&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b&RouteTableId.1=rtb-1&DryRun=false")
	if name, ok := (ec2query.Codec{}).Operation(svc, r); name != "DescribeRouteTables" || !ok {
		t.Fatalf("operation %q %v", name, ok)
	}
	var in ec2.DescribeRouteTablesInput
	p, err := ec2query.Codec{}.Decode(svc, svc.Operations["DescribeRouteTables"], r, &in)
	if err != nil {
		t.Fatal(err)
	}
	want := ec2.DescribeRouteTablesInput{
		Filters: []types.Filter{{Name: aws.String("vpc-id"), Values: []string{"a", "b"}}}, RouteTableIds: []string{"rtb-1"}, DryRun: aws.Bool(false),
	}
	if d := cmp.Diff(want, in, cmpopts.IgnoreUnexported(want, types.Filter{})); d != "" || !p.Has("Filters") || p.Has("NextToken") {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestDocuments(t *testing.T) {
	svc := tables(t)
	r, err := ec2query.Codec{}.Encode(svc, svc.Operations["DescribeVpcs"], &ec2.DescribeVpcsOutput{
		Vpcs: []types.Vpc{{VpcId: aws.String("vpc-1"), Tags: []types.Tag{{Key: aws.String("a<b"), Value: aws.String("c")}}}},
	}, "id-1")
	if err != nil {
		t.Fatal(err)
	}
	want := `<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><requestId>id-1</requestId>` +
		`<vpcSet><item><tagSet><item><key>a&lt;b</key><value>c</value></item></tagSet><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>`
	if got := string(r.Body); !sameElements(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	f := ec2query.Codec{}.Fault(svc, &codec.Fault{Code: "InvalidVpcID.NotFound", Message: "The vpc ID 'vpc-1' does not exist"}, "id-2")
	want = `<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code><Message>The vpc ID 'vpc-1' does not exist</Message></Error></Errors><RequestID>id-2</RequestID></Response>`
	if string(f.Body) != want || f.Status != 400 {
		t.Errorf("got  %d %s\nwant 400 %s", f.Status, f.Body, want)
	}
}

// sameElements forgives the order of members, which is the model's.
func sameElements(a, b string) bool {
	sorted := func(s string) map[string]int {
		n := map[string]int{}
		for part := range strings.SplitSeq(s, "<") {
			n[part]++
		}
		return n
	}
	return cmp.Equal(sorted(a), sorted(b))
}

func TestBadFormsAreRefused(t *testing.T) {
	svc := tables(t)
	for name, body := range map[string]string{
		"a place that is no number": "Filter.x.Name=a",
		"a place below one":         "Filter.0.Name=a",
		"a word for a boolean":      "DryRun=yes",
		"an escape that is none":    "DryRun=%zz",
		"a text that is not UTF-8":  "NextToken=%ff",
	} {
		var in ec2.DescribeRouteTablesInput
		_, err := ec2query.Codec{}.Decode(svc, svc.Operations["DescribeRouteTables"], form(body), &in)
		if fault, ok := errors.AsType[*codec.Fault](err); !ok || fault.Code != codec.CodeMalformedInput {
			t.Errorf("%s: got %v, want %s", name, err, codec.CodeMalformedInput)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("Filter.1.Name=vpc-id&Filter.1.Value.1=a&RouteTableId.1=rtb-1")
	f.Fuzz(func(t *testing.T, body string) {
		svc := tables(t)
		var in ec2.DescribeRouteTablesInput
		_, err := ec2query.Codec{}.Decode(svc, svc.Operations["DescribeRouteTables"], form(body), &in)
		if _, ok := errors.AsType[*codec.Fault](err); err != nil && !ok {
			t.Errorf("got %v, want a fault for the client", err)
		}
	})
}
