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
	start := time.Now()
	out, err := p.ssm.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"),
		Targets:      []types.Target{{Key: aws.String("InstanceIds"), Values: []string{id}}},
		Parameters:   map[string][]string{"commands": {"echo " + word}},
	})
	if err != nil {
		return 0, err
	}
	var took time.Duration
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
			took = time.Since(start)
			if text := strings.TrimSpace(aws.ToString(got.StandardOutputContent)); text != word {
				return false, fmt.Errorf("command answered %q, not %q", text, word)
			}
			return true, nil
		default:
			return false, fmt.Errorf("command ended %s: %s", got.Status, aws.ToString(got.StandardErrorContent))
		}
	})
	return took, err
}
