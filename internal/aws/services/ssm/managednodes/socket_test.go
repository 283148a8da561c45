package managednodes_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"tamachi/internal/agent/simulator"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// site is a plane and machines that register with it.
type site struct {
	*apitest.Plane
	t   *testing.T
	ssm *ssm.Client
}

func openSite(t *testing.T) *site {
	p := apitest.Start(t, apitest.Options{})
	return &site{Plane: p, t: t, ssm: ssm.NewFromConfig(p.Config())}
}

func (s *site) activate(change func(*ssm.CreateActivationInput)) *ssm.CreateActivationOutput {
	s.t.Helper()
	in := &ssm.CreateActivationInput{IamRole: aws.String(s.NodeRole())}
	if change != nil {
		change(in)
	}
	out, err := s.ssm.CreateActivation(s.t.Context(), in)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// node registers a simulated node and has it report.
func (s *site) node(a *ssm.CreateActivationOutput) *simulator.Node {
	s.t.Helper()
	return s.nodeIn(s.Access().Region, a)
}

// nodeIn does that in a Region.
func (s *site) nodeIn(region string, a *ssm.CreateActivationOutput) *simulator.Node {
	s.t.Helper()
	ca, err := os.ReadFile(s.Access().CAFile)
	if err != nil {
		s.t.Fatal(err)
	}
	w, err := simulator.NewWorld(simulator.Config{
		Region: region, Domain: "tamachi.internal", Port: 4566, CA: ca, Clock: clock.Real{}, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(s.HTTP(), "http://"))
		},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(w.Close)
	n, err := w.Register(s.t.Context(), *a.ActivationId, *a.ActivationCode)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := n.Renew(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	if err := n.Inform(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// signed is a client that signs with the node's credentials.
func (s *site) signed(n *simulator.Node) aws.Config {
	cfg, c := s.Config(), n.Credentials
	cfg.Credentials = credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, c.SessionToken)
	return cfg
}

// listed are the nodes that fit filters.
func (s *site) listed(filters ...types.InstanceInformationStringFilter) []types.InstanceInformation {
	s.t.Helper()
	out, err := s.ssm.DescribeInstanceInformation(s.t.Context(), &ssm.DescribeInstanceInformationInput{Filters: filters})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.InstanceInformationList
}

func wants(t *testing.T, what string, err error, want string) {
	t.Helper()
	got := ""
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		got = fault.ErrorCode()
	} else if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// TestNodeHasTheRightsOfItsRole follows a node's credentials: whose session
// they are, what its role lets it do, another role, and its end.
func TestNodeHasTheRightsOfItsRole(t *testing.T) {
	s, ctx := openSite(t), t.Context()
	n := s.node(s.activate(func(in *ssm.CreateActivationInput) {
		in.DefaultInstanceName = aws.String("till-7")
		in.Tags = []types.Tag{{Key: aws.String("Floor"), Value: aws.String("3")}}
	}))
	node, mine := n.ID, s.signed(n)
	who, err := sts.NewFromConfig(mine).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != "arn:aws:sts::"+s.Access().Account+":assumed-role/TestNode/"+node {
		t.Fatalf("got %+v (%v), want a session of the role", who, err)
	}
	own := ssm.NewFromConfig(mine)
	_, err = own.ListCommands(ctx, &ssm.ListCommandsInput{})
	wants(t, "what the role does not allow", err, "AccessDeniedException")
	iams := iam.NewFromConfig(s.Config())
	_, err = iams.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("TestNode"), PolicyName: aws.String("more"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ssm:ListCommands","Resource":"*"}}`),
	})
	wants(t, "give the role more", err, "")
	_, err = own.ListCommands(ctx, &ssm.ListCommandsInput{})
	wants(t, "what the role allows now", err, "")

	_, err = s.ssm.UpdateManagedInstanceRole(ctx, &ssm.UpdateManagedInstanceRoleInput{InstanceId: &node, IamRole: aws.String("Nobody")})
	wants(t, "a role that is not there", err, "ValidationException")
	_, err = iams.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("Other"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}}`)})
	wants(t, "make another role", err, "")
	_, err = s.ssm.UpdateManagedInstanceRole(ctx, &ssm.UpdateManagedInstanceRoleInput{InstanceId: aws.String("mi-0123456789abcdef0"), IamRole: aws.String("Other")})
	wants(t, "the role of no node", err, "InvalidInstanceId")
	_, err = s.ssm.UpdateManagedInstanceRole(ctx, &ssm.UpdateManagedInstanceRoleInput{InstanceId: &node, IamRole: aws.String("Other")})
	wants(t, "another role", err, "")
	if got := s.listed()[0]; *got.IamRole != "Other" {
		t.Errorf("got the role %s, want Other", *got.IamRole)
	}

	before := *n
	if err := n.Rotate(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Renew(ctx); err != nil {
		t.Errorf("with the new key: %v", err)
	}
	if _, err := before.Renew(ctx); err == nil {
		t.Error("the old key still proves the node")
	}
	own = ssm.NewFromConfig(s.signed(n))
	s.properties(node)
	_, err = s.ssm.DeregisterManagedInstance(ctx, &ssm.DeregisterManagedInstanceInput{InstanceId: &node})
	wants(t, "deregister", err, "")
	_, err = own.ListCommands(ctx, &ssm.ListCommandsInput{})
	wants(t, "the credentials of a deregistered node", err, "UnrecognizedClientException")
	_, err = n.Renew(ctx)
	if no, ok := errors.AsType[*simulator.Refusal](err); !ok || no.Code != "UnrecognizedClientException" {
		t.Errorf("the key of a deregistered node: got %v", err)
	}
	if got := s.listed(); len(got) != 0 {
		t.Errorf("the node is still there: %+v", got)
	}
}

// properties tries the filters that compare.
func (s *site) properties(node string) {
	s.t.Helper()
	for _, row := range []struct {
		name string
		in   ssm.DescribeInstancePropertiesInput
		want int
		code string
	}{
		{"all", ssm.DescribeInstancePropertiesInput{}, 1, ""},
		{"by its id", old("InstanceIds", node), 1, ""},
		{"by another id", old("InstanceIds", "mi-0123456789abcdef0"), 0, ""},
		{"by a platform that AWS does not know", old("PlatformTypes", "BeOS"), 0, "InvalidInstancePropertyFilterValue"},
		{"by a key that is none", comparing("Colour", "Equal", "red"), 0, "InvalidFilterKey"},
		{"newer than", comparing("AgentVersion", "GreaterThan", "0.9.0.0"), 1, ""},
		{"older than", comparing("AgentVersion", "LessThan", "0.10.0.0"), 0, ""},
		{"not this platform", comparing("PlatformTypes", "NotEqual", "Linux"), 0, ""},
		{"its id begins with", comparing("InstanceIds", "BeginWith", "mi-"), 1, ""},
		{"a tag", comparing("tag:Floor", "Equal", "3"), 1, ""},
		{"a page of nowhere", ssm.DescribeInstancePropertiesInput{NextToken: aws.String("x")}, 0, "InvalidNextToken"},
	} {
		out, err := s.ssm.DescribeInstanceProperties(s.t.Context(), &row.in)
		wants(s.t, row.name, err, row.code)
		if err == nil && len(out.InstanceProperties) != row.want {
			s.t.Errorf("%s: got %d nodes, want %d", row.name, len(out.InstanceProperties), row.want)
		}
	}
}

func old(key types.InstancePropertyFilterKey, value string) ssm.DescribeInstancePropertiesInput {
	return ssm.DescribeInstancePropertiesInput{InstancePropertyFilterList: []types.InstancePropertyFilter{{Key: key, ValueSet: []string{value}}}}
}

func comparing(key string, operator types.InstancePropertyFilterOperator, value string) ssm.DescribeInstancePropertiesInput {
	return ssm.DescribeInstancePropertiesInput{FiltersWithOperator: []types.InstancePropertyStringFilter{{Key: &key, Operator: operator, Values: []string{value}}}}
}
