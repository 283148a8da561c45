package delivery_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trail "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
)

// hosted is a node of a whole house, online.
func hosted(t *testing.T, h *apitest.Plane) (p *plane, node, activation, code string) {
	t.Helper()
	activation, code = h.Activation()
	h.Hire(agent.Config{Port: 4566, ActivationID: activation, ActivationCode: code})
	return &plane{t: t, client: ssm.NewFromConfig(h.Config())}, h.Online(1)[0], activation, code // its waits only
}

// The whole house: registration, a command that outlives a restart of the
// plane, and a trail that tells who did it and no secret.
func TestCommandThroughTheHouse(t *testing.T) {
	h := apitest.Start(t, apitest.Options{})
	p, node, _, code := hosted(t, h)
	mark := filepath.Join(t.TempDir(), "go")
	command := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "while [ ! -e "+mark+" ]; do sleep 0.02; done; echo a-secret-word")
	p.await(command, node, "InProgress")
	h.Restart()
	p.client = ssm.NewFromConfig(h.Config())
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.await(command, node, "Success"); *got.StandardOutputContent != "a-secret-word\n" {
		t.Errorf("got %q", *got.StandardOutputContent)
	}
	// The looking above fills pages of its own.
	pages := cloudtrail.NewLookupEventsPaginator(cloudtrail.NewFromConfig(h.Config()), &cloudtrail.LookupEventsInput{
		StartTime: aws.Time(time.Now().Add(-time.Hour)), LookupAttributes: []trail.LookupAttribute{{AttributeKey: "EventSource", AttributeValue: aws.String("ssm.amazonaws.com")}},
	})
	seen := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			seen[*e.EventName] = true
			for what, secret := range map[string]string{"a command's text": "a-secret-word", "an activation code": code} {
				if strings.Contains(*e.CloudTrailEvent, secret) {
					t.Errorf("%s stands in the trail: %s", what, *e.CloudTrailEvent)
				}
			}
		}
	}
	for name, want := range map[string]bool{
		"CreateActivation": true, "SendCommand": true,
		"RegisterManagedInstance": false, "UpdateInstanceInformation": false, "RequestManagedInstanceRoleToken": false,
	} {
		if seen[name] != want {
			t.Errorf("%s in the trail: %v, want %v", name, seen[name], want)
		}
	}
}

// Every operation for people: once with success, once refused, by the SDK.
func TestOperationsThroughTheHouse(t *testing.T) {
	h := apitest.Start(t, apitest.Options{})
	p, node, activation, _ := hosted(t, h)
	c, ctx := p.client, t.Context()
	command := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "sleep 100")
	p.await(command, node, "InProgress")
	unknown := "11111111-1111-4111-8111-111111111111"
	stranger := "mi-0123456789abcdef0"
	for _, row := range []struct {
		name string
		call func() error
		want string // "" is success
	}{
		{"list a command", func() error { _, err := c.ListCommands(ctx, &ssm.ListCommandsInput{CommandId: &command}); return err }, ""},
		{"list an unknown command", func() error { _, err := c.ListCommands(ctx, &ssm.ListCommandsInput{CommandId: &unknown}); return err }, "InvalidCommandId"},
		{"list invocations", func() error {
			_, err := c.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: &command})
			return err
		}, ""},
		{"list invocations of an unknown command", func() error {
			_, err := c.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: &unknown})
			return err
		}, "InvalidCommandId"},
		{"look at an unknown invocation", func() error {
			_, err := c.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: &unknown, InstanceId: &node})
			return err
		}, "InvocationDoesNotExist"},
		{"send to an unknown node", func() error {
			_, err := c.SendCommand(ctx, &ssm.SendCommandInput{DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: []string{stranger}, Parameters: map[string][]string{"commands": {"true"}}})
			return err
		}, "InvalidInstanceId"},
		{"cancel a command", func() error { _, err := c.CancelCommand(ctx, &ssm.CancelCommandInput{CommandId: &command}); return err }, ""},
		{"cancel an unknown command", func() error { _, err := c.CancelCommand(ctx, &ssm.CancelCommandInput{CommandId: &unknown}); return err }, "InvalidCommandId"},
		{"list activations", func() error { _, err := c.DescribeActivations(ctx, &ssm.DescribeActivationsInput{}); return err }, ""},
		{"list activations from nowhere", func() error {
			_, err := c.DescribeActivations(ctx, &ssm.DescribeActivationsInput{NextToken: aws.String("x")})
			return err
		}, "InvalidNextToken"},
		{"make an activation that ended already", func() error {
			_, err := c.CreateActivation(ctx, &ssm.CreateActivationInput{IamRole: aws.String(h.NodeRole()), ExpirationDate: aws.Time(time.Now().Add(-time.Hour))})
			return err
		}, "InvalidParameters"},
		{"delete an activation", func() error {
			_, err := c.DeleteActivation(ctx, &ssm.DeleteActivationInput{ActivationId: &activation})
			return err
		}, ""},
		{"delete it again", func() error {
			_, err := c.DeleteActivation(ctx, &ssm.DeleteActivationInput{ActivationId: &activation})
			return err
		}, "InvalidActivationId"},
		{"list nodes by a key that is none", func() error {
			_, err := c.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{Filters: []types.InstanceInformationStringFilter{{Key: aws.String("Colour"), Values: []string{"red"}}}})
			return err
		}, "InvalidFilterKey"},
		{"see the command cancelled", func() error { p.await(command, node, "Cancelled"); return nil }, ""},
		{"forget a node", func() error {
			_, err := c.DeregisterManagedInstance(ctx, &ssm.DeregisterManagedInstanceInput{InstanceId: &node})
			return err
		}, ""},
		{"forget it again", func() error {
			_, err := c.DeregisterManagedInstance(ctx, &ssm.DeregisterManagedInstanceInput{InstanceId: &node})
			return err
		}, "InvalidInstanceId"},
		{"see it no more", func() error {
			out, err := c.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{
				Filters: []types.InstanceInformationStringFilter{{Key: aws.String("InstanceIds"), Values: []string{node}}},
			})
			if err == nil && len(out.InstanceInformationList) > 0 {
				t.Errorf("the node is still listed: %v", out.InstanceInformationList)
			}
			return err
		}, ""},
	} {
		err := row.call()
		got := ""
		if fault, ok := errors.AsType[smithy.APIError](err); ok {
			got = fault.ErrorCode()
		} else if err != nil {
			got = err.Error()
		}
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}
