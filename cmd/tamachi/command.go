package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

func commandCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "command", Short: "Watch commands of Run Command"}
	var node string
	var asJSON bool
	follow := &cobra.Command{
		Use:   "follow COMMAND-ID",
		Short: "Show a command's output while it runs",
		Long: "Shows what a command of Run Command writes on its nodes, as they write it, until it has ended on\n" +
			"all of them. Nodes with the SSM Agent of AWS send their output at their end; ours send it at once,\n" +
			"and all of it. With several nodes each line begins with its node. Ends with 0 when the command\n" +
			"succeeded everywhere, else with 1. Ctrl-C leaves the command as it is.\n" +
			"The calls (FollowCommand) are authorized as ssm:GetCommandInvocation.\n" +
			"Uses the AWS environment; where that names no endpoint, the plane of the data folder.",
		Example: "  tamachi command follow 0831e1a8-a1ac-4257-a1fd-c831b48c4107 --node mi-0123456789abcdef0",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || len(args[0]) != 36 {
				return &exit{exitUsage, errors.New("want one command id, as send-command gives it")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			f := &follower{out: c.OutOrStdout(), err: c.ErrOrStderr(), json: asJSON, seen: map[string]int64{}, ended: map[string]bool{}}
			return f.run(c.Context(), cfg, args[0], node)
		},
	}
	follow.Flags().StringVar(&node, "node", "", "only this node (mi-... or ws-...)")
	follow.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line, for programs")
	dataFlag(follow, &cfg)
	c.AddCommand(follow)
	return family(c)
}

// follower prints what is new, and each byte once.
type follower struct {
	out, err io.Writer
	json     bool
	seen     map[string]int64 // bytes printed, by node, step and stream
	ended    map[string]bool  // nodes
}

// news is an answer of FollowCommand.
type news struct {
	Output                           []written
	Ended                            []ended
	Status, StatusDetails, NextToken string
	Done                             bool
}

type written struct {
	InstanceID string `json:"InstanceId"`
	Step       string
	Stream     string
	Offset     int64
	Data       []byte
}

type ended struct {
	InstanceID    string `json:"InstanceId"`
	Status        string
	StatusDetails string
	ResponseCode  int
}

func (f *follower) run(ctx context.Context, cfg config.Config, command, node string) error {
	token := ""
	for {
		in := map[string]string{"CommandId": command}
		if node != "" {
			in["InstanceId"] = node
		}
		if token != "" {
			in["NextToken"] = token
		}
		var n news
		if err := askPlane(ctx, cfg, "FollowCommand", in, &n); err != nil {
			return err
		}
		for _, w := range n.Output {
			f.write(w, node == "")
		}
		for _, e := range n.Ended {
			f.end(e)
		}
		if token = n.NextToken; n.Done {
			return f.verdict(n)
		}
	}
}

// write prints the part of a piece that is new.
func (f *follower) write(w written, named bool) {
	key := w.InstanceID + "/" + w.Step + "/" + w.Stream
	skip := f.seen[key] - w.Offset
	if skip >= int64(len(w.Data)) {
		return
	}
	if skip > 0 {
		w.Data, w.Offset = w.Data[skip:], w.Offset+skip
	}
	f.seen[key] = w.Offset + int64(len(w.Data))
	if f.json {
		f.line(map[string]any{"node": w.InstanceID, "step": w.Step, "stream": w.Stream, "offset": w.Offset, "text": string(w.Data)})
		return
	}
	to := f.out
	if w.Stream == "stderr" {
		to = f.err
	}
	if !named {
		_, _ = to.Write(w.Data)
		return
	}
	for line := range strings.Lines(string(w.Data)) {
		fmt.Fprintf(to, "%s| %s\n", w.InstanceID, strings.TrimSuffix(line, "\n"))
	}
}

// end says once how a node ended.
func (f *follower) end(e ended) {
	if f.ended[e.InstanceID] {
		return
	}
	f.ended[e.InstanceID] = true
	if f.json {
		f.line(map[string]any{"node": e.InstanceID, "status": e.Status, "details": e.StatusDetails, "code": e.ResponseCode})
		return
	}
	fmt.Fprintf(f.err, "%s: %s, exit code %d\n", e.InstanceID, e.StatusDetails, e.ResponseCode)
}

func (f *follower) line(v any) {
	e := json.NewEncoder(f.out)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // to a closed pipe, when the reader has enough
}

// verdict is the end of the whole command.
func (f *follower) verdict(n news) error {
	if f.json {
		f.line(map[string]any{"command": n.Status, "details": n.StatusDetails})
	}
	if n.Status == "Success" {
		return nil
	}
	return fmt.Errorf("the command ended as %s", n.StatusDetails)
}
