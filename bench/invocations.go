package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/bench/load"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// sentCommand and invocation are the stored forms of the runcommand room, with
// its indexes, as far as a list of invocations needs them.
type sentCommand struct {
	ID, Document   string
	Requested      time.Time
	Timeout        int32
	MaxConcurrency string
	MaxErrors      string
	Count          int
	By             map[string]int
}

type invocation struct {
	Command, Node, Document, Details string
	Requested, Expires, Accepted     time.Time
	Limit                            time.Duration
	Steps                            map[string]nodes.Step
}

var (
	sentCommands = store.Table[sentCommand]{
		Name: "ssm.commands", Reach: store.Regional,
		Key: func(c *sentCommand) string { return fmt.Sprintf("%013d.%s", c.Requested.UnixMilli(), c.ID) },
		Indexes: map[string]func(*sentCommand) string{
			"id":         func(c *sentCommand) string { return c.ID },
			"day":        func(c *sentCommand) string { return c.Requested.UTC().Format(time.DateOnly) },
			"unfinished": func(*sentCommand) string { return "" },
		},
	}
	invocations = store.Table[invocation]{
		Name: "ssm.invocations", Reach: store.Regional,
		Key: func(i *invocation) string {
			return fmt.Sprintf("%013d.%s.%s", i.Requested.UnixMilli(), i.Command, i.Node)
		},
		Indexes: map[string]func(*invocation) string{
			"node": func(i *invocation) string { return i.Node },
			"turn": func(*invocation) string { return "" },
		},
	}
)

// perCommand is how many nodes each command of the history went to.
const perCommand = 1000

// history fills a plane with invocations through its store, and times pages of
// ListCommandInvocations over the wire.
func history(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	me, err := sts.NewFromConfig(p.config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, err
	}
	if err := p.stop(); err != nil {
		return nil, err
	}
	command, err := invoked(ctx, s, filepath.Join(p.data(), "tamachi.db"), store.In(*me.Account, p.config.Region))
	if err != nil {
		return nil, fmt.Errorf("fill the history of commands: %w", err)
	}
	if err := p.start(ctx); err != nil {
		return nil, err
	}
	for _, q := range [][2]string{
		{"of a command", `,"CommandId":"` + command + `"`}, {"of all", ""}, {"of a node", `,"InstanceId":"` + nodeName(7) + `"`}, {"of a command, with details", `,"Details":true,"CommandId":"` + command + `"`},
	} {
		f, err := listPage(ctx, s, p, q[0], q[1])
		if err != nil {
			return figures, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

func nodeName(n int) string { return fmt.Sprintf("mi-%017x", n) }

// invoked writes ended invocations and returns a command in their middle.
func invoked(ctx context.Context, s settings, path string, scope store.Scope) (middle string, err error) {
	st, err := store.Open(ctx, store.Options{Path: path}, &sentCommands, &invocations)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	ids, many, now := id.Random(), s.invocations/perCommand, time.Now()
	for n := range many {
		at := now.Add(time.Duration(n-many) * time.Minute)
		c := sentCommand{
			ID: ids.UUID(), Document: "AWS-RunShellScript", Requested: at, Timeout: 3600, MaxConcurrency: "50", MaxErrors: "0",
			Count: perCommand, By: map[string]int{"Success": perCommand},
		}
		if n == many/2 {
			middle = c.ID
		}
		err := st.Update(ctx, func(tx *store.Tx) error {
			for i := range perCommand {
				err := invocations.Put(tx, scope, &invocation{
					Command: c.ID, Node: nodeName(i), Document: c.Document, Details: "Success", Requested: at, Expires: at.Add(time.Hour), Accepted: at, Limit: time.Hour,
					Steps: map[string]nodes.Step{"aws:runShellScript": {Name: "aws:runShellScript", Plugin: "aws:runShellScript", Status: "Success", Output: "ok", Stdout: "ok", StartedAt: at, FinishedAt: at}},
				})
				if err != nil {
					return err
				}
			}
			return sentCommands.Put(tx, scope, &c)
		})
		if err != nil {
			return "", err
		}
		if n%100 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d commands\n", n, many)
		}
	}
	return middle, nil
}

// listPage times pages of 50 over one connection.
func listPage(ctx context.Context, s settings, p *plane, what, more string) (figure, error) {
	requests, err := signed(ctx, kind{
		service: "ssm", target: "AmazonSSM.ListCommandInvocations",
		bodies: func() []string { return []string{`{"MaxResults":50` + more + `}`} },
	}, p.config)
	if err != nil {
		return figure{}, err
	}
	got, err := load.Spawn(ctx, load.Job{
		Address: strings.TrimPrefix(*p.config.BaseEndpoint, "http://"), Connections: 1, Want: `"NextToken"`, // there is more than the page
		Long: time.Duration(s.seconds) * time.Second, Requests: requests,
	})
	if err != nil {
		return figure{}, err
	}
	return millis("ListCommandInvocations, a page of 50 "+what+", p50", "2 ms (0.5 ms)", []time.Duration{got.P50},
		fmt.Sprintf("%d invocations; %d calls over one connection, p99 %s", s.invocations, got.Calls, got.P99.Round(10*time.Microsecond))), nil
}
