package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// echo measures one command on our own agent, which runs in this process.
func (c *crowd) echo(ctx context.Context) (figures []figure, err error) {
	a, err := c.p.ssm.CreateActivation(ctx, &ssm.CreateActivationInput{IamRole: aws.String("Nodes"), DefaultInstanceName: aws.String("echo")})
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(c.p.ca())
	if err != nil {
		return nil, err
	}
	ctx2, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() {
		ended <- agent.Run(ctx2, agent.Config{
			Region: c.p.config.Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Folder: filepath.Join(c.p.dir, "agent"),
			ActivationID: *a.ActivationId, ActivationCode: *a.ActivationCode, Clock: clock.Real{}, IDs: id.Random(),
			Log: slog.New(slog.DiscardHandler),
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, c.p.listen)
			},
		})
	}()
	defer func() {
		cancel()
		err = errors.Join(err, <-ended)
	}()
	node, err := c.p.online(ctx, *a.ActivationId)
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	for i := range c.p.settings.commands {
		d, err := c.p.echo(ctx, node, fmt.Sprintf("round-%d", i))
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	return []figure{millis("SendCommand to Success on one node", "100 ms (30 ms)", took, fmt.Sprintf("our agent, echo, beside %d idle nodes; result asked every 5 ms", len(c.nodes)))}, nil
}

// all sends one command to the whole fleet.
func (c *crowd) all(ctx context.Context) (string, error) {
	out, err := c.p.ssm.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunShellScript"), MaxConcurrency: aws.String("100%"), MaxErrors: aws.String("100%"),
		Targets:    []types.Target{{Key: aws.String("tag:Fleet"), Values: []string{"bench"}}},
		Parameters: map[string][]string{"commands": {"echo ok"}},
	})
	if err != nil {
		return "", err
	}
	return *out.Command.CommandId, nil
}

// done tells whether a command has ended, and how.
func (c *crowd) done(ctx context.Context, command string) (bool, error) {
	out, err := c.p.ssm.ListCommands(ctx, &ssm.ListCommandsInput{CommandId: &command})
	if err != nil {
		return false, err
	}
	got := out.Commands[0]
	switch got.Status {
	case types.CommandStatusPending, types.CommandStatusInProgress:
		return false, nil
	case types.CommandStatusSuccess:
		if int(got.CompletedCount) != len(c.nodes) || int(got.TargetCount) != len(c.nodes) || got.ErrorCount != 0 {
			return false, fmt.Errorf("%d of %d completed, %d errors, %d nodes", got.CompletedCount, got.TargetCount, got.ErrorCount, len(c.nodes))
		}
		return true, nil
	default:
		return false, fmt.Errorf("the command ended %s (%d of %d, %d errors)", got.Status, got.CompletedCount, got.TargetCount, got.ErrorCount)
	}
}

func (c *crowd) reset() {
	c.online.Store(0)
	c.jobs.Store(0)
	c.acked.Store(0)
}

// sendToAll measures one command by tag until all results are durable.
func (c *crowd) sendToAll(ctx context.Context) ([]figure, error) {
	c.reset()
	start := time.Now()
	command, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	accepted := time.Since(start)
	if err := within(ctx, 5*time.Minute, 50*time.Millisecond, func() (bool, error) { return c.done(ctx, command) }); err != nil {
		return nil, fmt.Errorf("%d jobs, %d results acknowledged: %w", c.jobs.Load(), c.acked.Load(), err)
	}
	took := time.Since(start)
	n := len(c.nodes)
	if err := c.complete(ctx, command); err != nil {
		return nil, err
	}
	return []figure{
		millis(fmt.Sprintf("SendCommand by tag to %d nodes is accepted", n), "", []time.Duration{accepted}, ""),
		millis(fmt.Sprintf("one command by tag to %d nodes, all results durable", n), "10 s (4 s)", []time.Duration{took},
			fmt.Sprintf("ListCommands says Success, asked every 50 ms; %d jobs were delivered", c.jobs.Load())),
	}, nil
}

// complete reads all invocations: each node once, each a success with its
// output.
func (c *crowd) complete(ctx context.Context, command string) error {
	seen := map[string]bool{}
	pages := ssm.NewListCommandInvocationsPaginator(c.p.ssm, &ssm.ListCommandInvocationsInput{CommandId: &command, Details: true, MaxResults: aws.Int32(50)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, i := range page.CommandInvocations {
			if seen[*i.InstanceId] {
				return fmt.Errorf("%s is there twice", *i.InstanceId)
			}
			if i.Status != types.CommandInvocationStatusSuccess || len(i.CommandPlugins) != 1 || strings.TrimSpace(aws.ToString(i.CommandPlugins[0].Output)) != "ok" {
				return fmt.Errorf("%s is %s with %+v", *i.InstanceId, i.Status, i.CommandPlugins)
			}
			seen[*i.InstanceId] = true
		}
	}
	if len(seen) != len(c.nodes) {
		return fmt.Errorf("%d results of %d nodes", len(seen), len(c.nodes))
	}
	return nil
}

// sendToFifty measures how long SendCommand with 50 ids takes to accept.
func (c *crowd) sendToFifty(ctx context.Context) ([]figure, error) {
	var ids []string
	for _, n := range c.nodes[:min(50, len(c.nodes))] {
		ids = append(ids, n.ID)
	}
	var took []time.Duration
	for range c.p.settings.commands {
		start := time.Now()
		_, err := c.p.ssm.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: ids, Parameters: map[string][]string{"commands": {"true"}},
		})
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
		if err := pauseFor(ctx, 200*time.Millisecond); err != nil { // the last one's results
			return nil, err
		}
	}
	return []figure{millis("accept SendCommand with 50 targets", "10 ms (2 ms)", took, "SDK client included")}, nil
}

// killed measures a plane that is killed when a third of a command's results
// are in.
func (c *crowd) killed(ctx context.Context) ([]figure, error) {
	c.reset()
	command, err := c.all(ctx)
	if err != nil {
		return nil, err
	}
	n := len(c.nodes)
	if err := within(ctx, time.Minute, time.Millisecond, func() (bool, error) { return int(c.acked.Load()) >= n/3, nil }); err != nil {
		return nil, err
	}
	at := c.acked.Load()
	if err := c.p.serve.Process.Kill(); err != nil {
		return nil, err
	}
	_ = c.p.serve.Wait() // it was killed
	c.online.Store(0)
	start := time.Now()
	if err := c.p.start(ctx); err != nil {
		return nil, err
	}
	ready := time.Since(start)
	if err := within(ctx, c.patience(), 20*time.Millisecond, func() (bool, error) { return int(c.online.Load()) >= n, nil }); err != nil {
		return nil, fmt.Errorf("%d of %d nodes came back: %w", c.online.Load(), n, err)
	}
	back := time.Since(start)
	if err := within(ctx, 5*time.Minute, 50*time.Millisecond, func() (bool, error) { return c.done(ctx, command) }); err != nil {
		return nil, errors.Join(err, c.complete(ctx, command))
	}
	took := time.Since(start)
	if err := c.complete(ctx, command); err != nil {
		return nil, err
	}
	about := fmt.Sprintf("kill -9 when %d of %d results were acknowledged; ready again after %d ms; %d jobs were delivered in all", at, n, ready.Milliseconds(), c.jobs.Load())
	return []figure{
		millis("all nodes back online after a kill", "(15 s)", []time.Duration{back}, about),
		millis("all results of the command after a kill", "all, none doubled", []time.Duration{took}, ""),
	}, nil
}
