package awsquery_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsquery"
	"tamachi/internal/aws/wire/codec"
)

func load(t testing.TB, operation string) (*model.Service, *model.Operation) {
	t.Helper()
	svc, err := model.Load("sts")
	if err != nil {
		t.Fatal(err)
	}
	return svc, svc.Operations[operation]
}

func form(body string) *codec.Request {
	return &codec.Request{Method: http.MethodPost, Path: "/", Body: []byte(body)}
}

func TestOperationIsNamedByAction(t *testing.T) {
	svc, _ := load(t, "GetCallerIdentity")
	for _, row := range []struct {
		name string
		r    *codec.Request
		want string
		ok   bool
	}{
		{"a form", form("Action=GetCallerIdentity&Version=2011-06-15"), "GetCallerIdentity", true},
		{"a form without a version", form("Action=GetCallerIdentity"), "GetCallerIdentity", true},
		{"another version is another API", form("Action=GetCallerIdentity&Version=2010-05-08"), "", false},
		{"the query string of a GET", &codec.Request{Method: http.MethodGet, Query: url.Values{"Action": {"GetCallerIdentity"}}}, "GetCallerIdentity", true},
		{"no action", form("Version=2011-06-15"), "", false},
		{"a broken escape", form("Action=%zz"), "", false},
	} {
		if got, ok := (awsquery.Codec{}).Operation(svc, row.r); ok != row.ok || got != row.want {
			t.Errorf("%s: want %q %v, got %q %v", row.name, row.want, row.ok, got, ok)
		}
	}
}

func TestDecode(t *testing.T) {
	svc, op := load(t, "GetFederationToken")
	unexported := cmpopts.IgnoreUnexported(sts.GetFederationTokenInput{}, types.Tag{}, types.PolicyDescriptorType{})
	for _, row := range []struct {
		name, body string
		want       sts.GetFederationTokenInput
		present    string
	}{
		{"lists are in the order of their numbers, gaps do not matter", "Name=n&Tags.member.10.Key=b&Tags.member.2.Key=a&Tags.member.2.Value=", sts.GetFederationTokenInput{
			Name: aws.String("n"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("")}, {Key: aws.String("b")}},
		}, "Tags"},
		{"a list's bare name is an empty list", "Name=n&PolicyArns=", sts.GetFederationTokenInput{Name: aws.String("n"), PolicyArns: []types.PolicyDescriptorType{}}, "PolicyArns"},
		{"numbers are numbers", "DurationSeconds=900&Name=%E8%97%A4+a", sts.GetFederationTokenInput{Name: aws.String("藤 a"), DurationSeconds: aws.Int32(900)}, "DurationSeconds"},
		{"the last of two equal names wins", "Name=a&Name=b&Unknown.member.1=x", sts.GetFederationTokenInput{Name: aws.String("b")}, "Name"},
	} {
		var got sts.GetFederationTokenInput
		p, err := awsquery.Codec{}.Decode(svc, op, form(row.body), &got)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if d := cmp.Diff(row.want, got, unexported); d != "" || !p.Has(row.present) {
			t.Errorf("%s: %s present %v (-want +got):\n%s", row.name, row.present, p.Has(row.present), d)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	svc, op := load(t, "GetFederationToken")
	var many strings.Builder
	for i := range 20_001 {
		fmt.Fprintf(&many, "a%d=&", i)
	}
	for _, row := range []struct{ name, body, code string }{
		{"a word for a number", "DurationSeconds=soon", "MalformedInput"},
		{"a hexadecimal number", "DurationSeconds=0x10", "MalformedInput"},
		{"a number out of range", "DurationSeconds=2147483648", "MalformedInput"},
		{"a structure for a text", "Name.a=b", "MalformedInput"},
		{"a text for a structure", "Tags.member.1=x", "MalformedInput"},
		{"a word for a place", "Tags.member.first.Key=x", "MalformedInput"},
		{"a place of zero", "Tags.member.0.Key=x", "MalformedInput"},
		{"a place with a leading zero", "Tags.member.01.Key=x", "MalformedInput"},
		{"a broken escape", "Name=%e", "MalformedInput"},
		{"bytes that are no UTF-8", "Name=%ff", "MalformedInput"},
		{"a name of a thousand levels", "Name" + strings.Repeat(".a", 1000) + "=b", "MalformedInput"},
		{"too many fields", many.String(), "MalformedInput"},
		{"too large a body", "Name=" + strings.Repeat("x", codec.MaxBody), "RequestEntityTooLarge"},
	} {
		var in sts.GetFederationTokenInput
		_, err := awsquery.Codec{}.Decode(svc, op, form(row.body), &in)
		var f *codec.Fault
		if !errors.As(err, &f) || f.Code != row.code {
			t.Errorf("%s: want %s, got %v", row.name, row.code, err)
		}
	}
}

func TestEncodeAndFault(t *testing.T) {
	svc, op := load(t, "GetCallerIdentity")
	got, err := awsquery.Codec{}.Encode(svc, op, &sts.GetCallerIdentityOutput{Account: aws.String("111122223333"), Arn: aws.String("a<&>\r\x01")}, "req-1")
	want := `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
		"<Account>111122223333</Account><Arn>a&lt;&amp;&gt;&#xD;\ufffd</Arn></GetCallerIdentityResult>" +
		`<ResponseMetadata><RequestId>req-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`
	if err != nil || string(got.Body) != want || got.Status != 200 {
		t.Errorf("answer: want\n%s\ngot %d %v\n%s", want, got.Status, err, got.Body)
	}
	for _, row := range []struct {
		name   string
		fault  *codec.Fault
		status int
		body   string
	}{
		{"a fault of the sender", &codec.Fault{Code: "ExpiredTokenException", Message: "old"}, 400, "<Error><Type>Sender</Type><Code>ExpiredTokenException</Code><Message>old</Message></Error><RequestId>r</RequestId>"},
		{"the model's status", &codec.Fault{Code: "RegionDisabledException", Message: "off"}, 403, "<Error><Type>Sender</Type><Code>RegionDisabledException</Code><Message>off</Message></Error><RequestId>r</RequestId>"},
		{"a fault of the receiver", &codec.Fault{Code: "InternalFailure"}, 500, "<Error><Type>Receiver</Type><Code>InternalFailure</Code><Message></Message></Error><RequestId>r</RequestId>"},
	} {
		got := awsquery.Codec{}.Fault(svc, row.fault, "r")
		want := `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">` + row.body + `</ErrorResponse>`
		if got.Status != row.status || string(got.Body) != want {
			t.Errorf("%s: want %d\n%s\ngot %d\n%s", row.name, row.status, want, got.Status, got.Body)
		}
	}
}

func FuzzDecode(f *testing.F) {
	svc, op := load(f, "GetFederationToken")
	f.Add([]byte("Action=GetFederationToken&Version=2011-06-15&Name=n&Tags.member.1.Key=a&PolicyArns="))
	f.Add([]byte("Name=%ff&Tags.member.1.=&..=.&DurationSeconds=1e9"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := &codec.Request{Method: http.MethodPost, Path: "/", Body: body}
		awsquery.Codec{}.Operation(svc, r)
		var in sts.GetFederationTokenInput
		p, err := awsquery.Codec{}.Decode(svc, op, r, &in)
		var fault *codec.Fault
		switch {
		case err == nil:
			var invalid *model.Invalid
			if err := op.Validate(&in, p); err != nil && !errors.As(err, &invalid) {
				t.Errorf("validate: %v", err)
			}
		case !errors.As(err, &fault):
			t.Errorf("want a fault, got %v", err)
		}
	})
}
