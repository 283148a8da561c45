package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// sendCommands measures from SendCommand to the result of a command that a
// desktop runs.
func sendCommands(ctx context.Context, p *plane) ([]figure, error) {
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	id := *all[0].WorkspaceId
	var took []time.Duration
	for i := range p.settings.commands {
		d, err := p.echo(ctx, id, fmt.Sprintf("round-%d", i))
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	return []figure{millis("SendCommand to its result", "300 ms (50 ms)", took, "AWS-RunShellScript with echo; result asked every 5 ms")}, nil
}

func (p *plane) echo(ctx context.Context, id, word string) (time.Duration, error) {
	text, took, err := p.run(ctx, id, "echo "+word)
	if err == nil && text != word {
		err = fmt.Errorf("command answered %q, not %q", text, word)
	}
	return took, err
}

// run has a desktop's agent run a script, as root, and returns what it said and
// how long that took.
func (p *plane) run(ctx context.Context, id, script string) (said string, took time.Duration, err error) {
	start := time.Now()
	out, err := p.ssm.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"),
		Targets:      []types.Target{{Key: aws.String("InstanceIds"), Values: []string{id}}},
		Parameters:   map[string][]string{"commands": {script}},
	})
	if err != nil {
		return "", 0, err
	}
	err = until(ctx, 5*time.Millisecond, func() (bool, error) {
		got, err := p.ssm.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: out.Command.CommandId, InstanceId: &id})
		if _, soon := errors.AsType[*types.InvocationDoesNotExist](err); soon {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		switch got.Status {
		case types.CommandInvocationStatusPending, types.CommandInvocationStatusInProgress, types.CommandInvocationStatusDelayed:
			return false, nil
		case types.CommandInvocationStatusSuccess:
			said, took = strings.TrimSpace(aws.ToString(got.StandardOutputContent)), time.Since(start)
			return true, nil
		default:
			return false, fmt.Errorf("command ended %s: %s", got.Status, aws.ToString(got.StandardErrorContent))
		}
	})
	return said, took, err
}
