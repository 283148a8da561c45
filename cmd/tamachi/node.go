package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/agent/join"
	"tamachi/internal/clock"
	say "tamachi/internal/desk/report"
	"tamachi/internal/id"
)

func nodeCommand() *cobra.Command {
	c := &cobra.Command{Use: "node", Short: "Make this host a managed node, and undo it"}
	c.AddCommand(nodeJoinCommand(), nodeLeaveCommand(), nodeCheckCommand())
	return family(c)
}

// thisHost is the machine that the command runs on.
func thisHost(c *cobra.Command) *join.Host {
	return &join.Host{Clock: clock.Real{}, IDs: id.Random(), Say: func(format string, args ...any) {
		fmt.Fprintf(c.ErrOrStderr(), "tamachi: "+format+"\n", args...)
	}}
}

func nodeJoinCommand() *cobra.Command {
	var r join.Request
	var kind string
	var yes bool
	c := &cobra.Command{
		Use:   "join",
		Short: "Make this host a managed node of a plane",
		Long: "Writes the names of the plane into /etc/hosts where DNS does not know them, trusts the plane's certificate\n" +
			"authority, configures and starts the agent (the installed amazon-ssm-agent, else our own) and waits until the\n" +
			"plane says that the node is online. What fails is explained, and undone. Runs as root.\n\n" +
			"The activation comes from `aws ssm create-activation`; the code may be given as - and is then read from stdin.\n" +
			"The fingerprint of the certificate authority is what this prints on the plane's host:\n" +
			"  openssl x509 -in DATA/ca/ca.crt -noout -fingerprint -sha256",
		Example: "  sudo tamachi node join --endpoint http://10.0.0.5:4566 --ca-fingerprint 3F:0A:... \\\n" +
			"    --activation-id 1f2e3d4c-... --activation-code -",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			for flag, v := range map[string]string{
				"--endpoint": r.Endpoint, "--ca-fingerprint": r.Fingerprint, "--activation-id": r.ActivationID, "--activation-code": r.Code,
			} {
				if v == "" {
					return &exit{exitUsage, fmt.Errorf("%s is missing; see tamachi node join --help", flag)}
				}
			}
			var err error
			if r.Agent, err = agentKind(kind); err != nil {
				return err
			}
			in := bufio.NewReader(c.InOrStdin())
			if r.Code == "-" {
				line, err := in.ReadString('\n')
				if r.Code = strings.TrimSpace(line); r.Code == "" {
					return &exit{exitUsage, fmt.Errorf("no activation code on stdin: %w", err)}
				}
			}
			return nodeJoin(c, r, in, yes)
		},
	}
	c.Flags().StringVar(&r.Endpoint, "endpoint", "", "address of the plane: http://10.0.0.5:4566")
	c.Flags().StringVar(&r.Fingerprint, "ca-fingerprint", "", "SHA-256 fingerprint of the plane's certificate authority")
	c.Flags().StringVar(&r.ActivationID, "activation-id", "", "id of the activation")
	c.Flags().StringVar(&r.Code, "activation-code", "", "its code, or - to read it from stdin")
	c.Flags().StringVar(&kind, "agent", "", "amazon (the installed amazon-ssm-agent) or own; else the installed one if there is one")
	c.Flags().StringSliceVar(&r.Buckets, "bucket", nil, "bucket whose name this host shall find without wildcard DNS; may be repeated")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func agentKind(word string) (join.Kind, error) {
	kinds := map[string]join.Kind{"": "", "amazon": join.Amazon, "own": join.Own}
	kind, ok := kinds[word]
	if !ok {
		return "", &exit{exitUsage, fmt.Errorf("--agent %q: want amazon or own", word)}
	}
	return kind, nil
}

// goesOn asks; an end of the input, or Ctrl-C, is a no.
func goesOn(c *cobra.Command, in io.Reader, question string) bool {
	a := strings.ToLower(say.Ask(c.Context(), in, c.OutOrStdout(), question))
	return a == "y" || a == "yes"
}

func nodeJoin(c *cobra.Command, r join.Request, in *bufio.Reader, yes bool) error {
	h := thisHost(c)
	plan, err := h.Plan(c.Context(), r)
	if err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintln(out, "This host will:")
	for _, line := range plan {
		fmt.Fprintln(out, "  -", line)
	}
	if !yes && !goesOn(c, in, "Go on? [y/N] ") {
		return &exit{exitFound, errors.New("nothing was changed")}
	}
	joined, err := thisHost(c).Join(c.Context(), r)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s is online (agent: %s).\n", joined.Node, joined.Agent)
	if !joined.Wildcard && len(r.Buckets) == 0 {
		fmt.Fprintln(out, "Names of buckets do not resolve here: output to S3 needs wildcard DNS, or --bucket. See tamachi node check.")
	}
	return nil
}

func nodeLeaveCommand() *cobra.Command {
	var yes bool
	c := &cobra.Command{
		Use:   "leave",
		Short: "Undo tamachi node join on this host",
		Long: "Stops the agent, forgets its identity and restores every file that the join changed. The plane lists the node\n" +
			"until it is deregistered there; the command for it is printed. Runs as root.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			out := c.OutOrStdout()
			if !yes && !goesOn(c, c.InOrStdin(), "This host stops its agent and is no managed node any more. Go on? [y/N] ") {
				return &exit{exitFound, errors.New("nothing was changed")}
			}
			node, err := thisHost(c).Leave(c.Context())
			if err != nil {
				return err
			}
			fmt.Fprintln(out, "This host has left; every file is as it was.")
			if node != "" {
				fmt.Fprintln(out, "Let the plane forget it: aws ssm deregister-managed-instance --instance-id", node)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func nodeCheckCommand() *cobra.Command {
	var asJSON bool
	var buckets []string
	c := &cobra.Command{
		Use:     "check",
		Short:   "Say which precondition of this node fails, and what to do",
		Example: "  sudo tamachi node check --bucket command-output",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			found, err := thisHost(c).Check(c.Context(), buckets)
			if errors.Is(err, os.ErrPermission) {
				return &exit{exitUsage, errors.New("a node is checked as root: run it with sudo")}
			}
			if err != nil {
				return err
			}
			return showFindings(c, found, asJSON)
		},
	}
	c.Flags().StringSliceVar(&buckets, "bucket", nil, "output bucket to try; may be repeated")
	c.Flags().BoolVar(&asJSON, "json", false, "the same as JSON")
	return c
}

func showFindings(c *cobra.Command, found []join.Finding, asJSON bool) error {
	out := c.OutOrStdout()
	failed := 0
	for _, f := range found {
		if !f.OK {
			failed++
		}
	}
	if asJSON {
		if err := printJSON(out, found); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			mark := "ok    "
			if !f.OK {
				mark = "FAILS "
			}
			fmt.Fprintf(out, "%s %s: %s\n", mark, f.Name, f.Detail)
			if f.Next != "" {
				fmt.Fprintf(out, "       next: %s\n", f.Next)
			}
		}
	}
	if failed > 0 {
		return &exit{code: exitFound}
	}
	return nil
}
