package wire_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// many is a plane with rows of services that speak several protocols, or EC2's.
func many(t *testing.T) *plane {
	return start(t, map[string]map[string]api.Operation{
		"cloudwatch": {
			"DescribeAlarms": api.Read("DescribeAlarms", func(_ context.Context, in *cloudwatch.DescribeAlarmsInput) (*cloudwatch.DescribeAlarmsOutput, error) {
				out := &cloudwatch.DescribeAlarmsOutput{}
				for _, name := range in.AlarmNames {
					out.MetricAlarms = append(out.MetricAlarms, cwtypes.MetricAlarm{AlarmName: &name, Threshold: aws.Float64(0.5)})
				}
				return out, nil
			}, nil),
			"GetDashboard": api.Read("GetDashboard", func(context.Context, *cloudwatch.GetDashboardInput) (*cloudwatch.GetDashboardOutput, error) {
				return nil, &cwtypes.DashboardNotFoundError{Message: aws.String("Dashboard x does not exist")}
			}, nil),
		},
		"ec2": {
			"DescribeVpcs": api.Read("DescribeVpcs", func(_ context.Context, in *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
				if len(in.VpcIds) == 0 {
					return nil, &smithy.GenericAPIError{Code: "InvalidVpcID.NotFound", Message: "The vpc ID 'vpc-1' does not exist"}
				}
				return &ec2.DescribeVpcsOutput{Vpcs: []ec2types.Vpc{{VpcId: &in.VpcIds[0], CidrBlock: aws.String("10.0.0.0/16")}}}, nil
			}, nil),
		},
	})
}

func TestOneServiceIsHeardInThreeProtocols(t *testing.T) {
	p := many(t)
	t.Run("CBOR, from the SDK for Go", func(t *testing.T) {
		c := cloudwatch.NewFromConfig(p.config(t, "http"))
		out, err := c.DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{"藤"}})
		if err != nil || len(out.MetricAlarms) != 1 || *out.MetricAlarms[0].AlarmName != "藤" || *out.MetricAlarms[0].Threshold != 0.5 {
			t.Errorf("got %+v, %v", out, err)
		}
		_, err = c.GetDashboard(t.Context(), &cloudwatch.GetDashboardInput{DashboardName: aws.String("x")})
		if typed, ok := errors.AsType[*cwtypes.DashboardNotFoundError](err); !ok || typed.ErrorMessage() != "Dashboard x does not exist" {
			t.Errorf("got %v, want DashboardNotFoundError", err)
		}
	})
	t.Run("JSON, from the AWS CLI", func(t *testing.T) {
		out, err := p.run(t, "http", administrator, "cloudwatch", "describe-alarms", "--alarm-names", "藤", "--query", "MetricAlarms[].[AlarmName,Threshold]", "--output", "text")
		if err != nil || strings.TrimSpace(out) != "藤\t0.5" {
			t.Errorf("got %q, %v", out, err)
		}
		out, err = p.run(t, "http", administrator, "cloudwatch", "get-dashboard", "--dashboard-name", "x")
		if err == nil || !strings.Contains(out, "(ResourceNotFound)") || !strings.Contains(out, "Dashboard x does not exist") {
			t.Errorf("got %q, want the code of the query protocol, which the CLI shows", out)
		}
	})
	t.Run("a form, from older clients", func(t *testing.T) {
		status, body := p.form(t, "monitoring", "Action=DescribeAlarms&Version=2010-08-01&AlarmNames.member.1=old")
		if status != 200 || !strings.Contains(body, "<AlarmName>old</AlarmName>") {
			t.Errorf("got %d %s", status, body)
		}
		status, body = p.form(t, "monitoring", "Action=GetDashboard&Version=2010-08-01&DashboardName=x")
		if status != 404 || !strings.Contains(body, "<Code>ResourceNotFound</Code>") {
			t.Errorf("got %d %s", status, body)
		}
	})
}

func TestEC2IsAnswered(t *testing.T) {
	p := many(t)
	c := ec2.NewFromConfig(p.config(t, "http"), func(o *ec2.Options) { o.RetryMaxAttempts = 1 })
	out, err := c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-1"}})
	if err != nil || len(out.Vpcs) != 1 || *out.Vpcs[0].VpcId != "vpc-1" {
		t.Errorf("got %+v, %v", out, err)
	}
	_, err = c.DescribeVpcs(t.Context(), &ec2.DescribeVpcsInput{})
	if refused, ok := errors.AsType[smithy.APIError](err); !ok || refused.ErrorCode() != "InvalidVpcID.NotFound" {
		t.Errorf("got %v, want InvalidVpcID.NotFound", err)
	}
	text, err := p.run(t, "http", administrator, "ec2", "describe-vpcs", "--vpc-ids", "vpc-1", "--query", "Vpcs[].[VpcId,CidrBlock]", "--output", "text")
	if err != nil || strings.TrimSpace(text) != "vpc-1\t10.0.0.0/16" {
		t.Errorf("the CLI prints %q, %v", text, err)
	}
	text, err = p.run(t, "http", administrator, "ec2", "describe-vpcs")
	if err == nil || !strings.Contains(text, "An error occurred (InvalidVpcID.NotFound) when calling the DescribeVpcs operation: The vpc ID 'vpc-1' does not exist") {
		t.Errorf("the CLI prints %q", text)
	}
}

// form sends a signed form to a service.
func (p *plane) form(t *testing.T, signing, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.addr+"/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	sum := sha256.Sum256([]byte(body))
	if err := v4.NewSigner().SignHTTP(t.Context(), administrator, req, hex.EncodeToString(sum[:]), signing, region, time.Now()); err != nil {
		t.Fatal(err)
	}
	res, err := p.client(t).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}
