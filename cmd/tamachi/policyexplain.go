package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

// explained is the resultant set of policies for a user.
type explained struct {
	UserName string
	Groups   []string
	Settings []struct {
		Setting            string
		Values             []string
		PolicyID           string `json:"PolicyId"`
		PolicyName         string
		Reason             string
		Enforced           bool
		OverruledPolicyIDs []string `json:"OverruledPolicyIds"`
	}
	Desktops []struct {
		WorkspaceID string `json:"WorkspaceId"`
		At          float64
		Reason      string
		Settings    []struct{ Setting, State, Detail string }
	}
	Policies []struct {
		PolicyID string `json:"PolicyId"`
		Name     string
		Reason   string
		Applies  bool
	}
}

func policyExplain(cfg config.Config) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain DIRECTORY USER",
		Short: "Print what policies decide for a user, which decided, and why",
		Long: "Prints each setting with the policy that decided it, how the user's desktops carried it out, then every policy with the reason why it is for the user or not.\n" +
			"The narrowest policy decides: USER before GROUP before OU before DIRECTORY; within one, the lowest priority.",
		Example: "  tamachi policy explain d-0123456789 takeda.hanako",
		Args:    want(2, "a directory and a user, as in: tamachi policy explain d-0123456789 takeda.hanako"),
		RunE: func(c *cobra.Command, args []string) error {
			var out explained
			in := map[string]any{"DirectoryId": args[0], "UserName": args[1]}
			if err := askPlane(c.Context(), cfg, "ExplainDesktopPolicies", in, &out); err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), out)
			}
			showExplained(c.OutOrStdout(), out)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &cfg)
	return c
}

func showExplained(w io.Writer, e explained) {
	in := "no group"
	if len(e.Groups) > 0 {
		in = strings.Join(e.Groups, ", ")
	}
	fmt.Fprintf(w, "%s is in %s\n", e.UserName, in)
	for _, s := range e.Settings {
		fmt.Fprintf(w, "%s = %s, by %s (%s), since %s", s.Setting, strings.Join(s.Values, ", "), s.PolicyName, s.PolicyID, s.Reason)
		if n := len(s.OverruledPolicyIDs); n > 0 {
			fmt.Fprintf(w, "; over %s", strings.Join(s.OverruledPolicyIDs, ", "))
		}
		if !s.Enforced {
			fmt.Fprint(w, "; told, not carried out")
		}
		fmt.Fprintln(w)
	}
	for _, d := range e.Desktops {
		if d.Reason != "" {
			fmt.Fprintf(w, "on %s: %s\n", d.WorkspaceID, d.Reason)
		}
		for _, s := range d.Settings {
			fmt.Fprintf(w, "on %s: %s %s", d.WorkspaceID, s.Setting, s.State)
			if s.Detail != "" {
				fmt.Fprintf(w, ": %s", s.Detail)
			}
			fmt.Fprintf(w, ", at %s\n", moment(d.At))
		}
	}
	for _, p := range e.Policies {
		if !p.Applies {
			fmt.Fprintf(w, "not %s (%s): %s\n", p.Name, p.PolicyID, p.Reason)
		}
	}
}
