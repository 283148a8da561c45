package vpc_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/apitest"
)

// wired is a whole plane with an SDK client of the room, over a socket.
type wired struct {
	*ec2.Client
	t     *testing.T
	plane *apitest.Plane
}

func overASocket(t *testing.T) wired {
	t.Helper()
	p := apitest.Start(t, apitest.Options{})
	return wired{ec2.NewFromConfig(p.Config()), t, p}
}

// in is a client for another Region.
func (w wired) in(region string) *ec2.Client {
	cfg := w.plane.Config()
	cfg.Region = region
	return ec2.NewFromConfig(cfg)
}

// done wants success.
func (w wired) done(_ any, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// no wants an error code.
func (w wired) no(code string) func(any, error) {
	return func(_ any, err error) {
		w.t.Helper()
		if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code {
			w.t.Errorf("want %s, got %v", code, err)
		}
	}
}

// says wants an error code and its text.
func (w wired) says(code, text string) func(any, error) {
	return func(_ any, err error) {
		w.t.Helper()
		if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code || e.ErrorMessage() != text {
			w.t.Errorf("want %s: %s\ngot %v", code, text, err)
		}
	}
}

// network makes a VPC.
func (w wired) network(cidr string) *string {
	w.t.Helper()
	out, err := w.CreateVpc(w.t.Context(), &ec2.CreateVpcInput{CidrBlock: &cidr})
	w.done(out, err)
	return out.Vpc.VpcId
}

// subnet makes a subnet.
func (w wired) subnet(vpc *string, cidr string) *string {
	w.t.Helper()
	out, err := w.CreateSubnet(w.t.Context(), &ec2.CreateSubnetInput{VpcId: vpc, CidrBlock: &cidr})
	w.done(out, err)
	return out.Subnet.SubnetId
}

func by(name string, values ...string) []types.Filter {
	return []types.Filter{{Name: &name, Values: values}}
}

func tagged(kind types.ResourceType, pairs ...string) []types.TagSpecification {
	spec := types.TagSpecification{ResourceType: kind}
	for i := 0; i < len(pairs); i += 2 {
		spec.Tags = append(spec.Tags, types.Tag{Key: aws.String(pairs[i]), Value: aws.String(pairs[i+1])})
	}
	return []types.TagSpecification{spec}
}
