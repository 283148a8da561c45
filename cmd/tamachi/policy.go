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

// desktopPolicy is a policy as the plane shows it.
type desktopPolicy struct {
	PolicyID string `json:"PolicyId"`
	Name     string
	Scope    string
	Target   string `json:",omitempty"`
	Priority int
	Enabled  bool
	Settings map[string]any
}

func policyCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "policy", Short: "Say what desktops of a directory may do, and see who decided"}
	c.AddCommand(policyList(cfg), policyCreate(cfg), policyUpdate(cfg), policyDelete(cfg), policyExplain(cfg))
	return family(c)
}

// policySettings are the flags of what a policy sets.
type policySettings struct {
	wallpaper, printing, sound, microphone, in, out, script string
	software                                                []string
}

func (s *policySettings) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.wallpaper, "wallpaper", "", "picture of all, or UNMANAGED: the user's own")
	c.Flags().StringVar(&s.printing, "printing", "", "ENABLED or DISABLED")
	c.Flags().StringVar(&s.sound, "sound", "", "from the desktop to the browser: ENABLED or DISABLED")
	c.Flags().StringVar(&s.microphone, "microphone", "", "from the browser to the desktop: ENABLED or DISABLED")
	c.Flags().StringVar(&s.in, "clipboard-in", "", "from the browser to the desktop: ENABLED or DISABLED")
	c.Flags().StringVar(&s.out, "clipboard-out", "", "from the desktop to the browser: ENABLED or DISABLED")
	c.Flags().StringVar(&s.script, "logon-script", "", "path of a script")
	c.Flags().StringSliceVar(&s.software, "software", nil, "names of allowed programs")
}

// given are the settings that were given, nil if none was.
func (s *policySettings) given() map[string]any {
	out := map[string]any{}
	for name, v := range map[string]string{
		"Wallpaper": s.wallpaper, "Printing": s.printing, "Sound": s.sound, "Microphone": s.microphone, "ClipboardIn": s.in, "ClipboardOut": s.out, "LogonScript": s.script,
	} {
		if v != "" {
			out[name] = v
		}
	}
	if s.software != nil {
		out["AllowedSoftware"] = s.software
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func policyCreate(cfg config.Config) *cobra.Command {
	var name, scope, target string
	var priority int
	var settings policySettings
	c := &cobra.Command{
		Use:   "create DIRECTORY",
		Short: "Make a policy for a directory, or for an OU, a group or a user of it",
		Example: "  tamachi policy create d-0123456789 --name company --wallpaper /usr/share/company.png --printing DISABLED\n" +
			"  tamachi policy create d-0123456789 --name exempt --scope GROUP --target Wallpaper-Free --wallpaper UNMANAGED",
		Args: oneArgument("the id of a directory, d-..."),
		RunE: func(c *cobra.Command, args []string) error {
			in := map[string]any{"DirectoryId": args[0], "Name": name, "Scope": scope, "Settings": settings.given(), "Priority": priority}
			if settings.given() == nil || name == "" {
				return &exit{exitUsage, errors.New("want --name and at least one setting, as in: --printing DISABLED")}
			}
			if target != "" {
				in["Target"] = target
			}
			return onePolicy(c.Context(), c.OutOrStdout(), cfg, "CreateDesktopPolicy", in)
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the policy, for people")
	c.Flags().StringVar(&scope, "scope", "DIRECTORY", "DIRECTORY, OU, GROUP or USER; the narrowest decides")
	c.Flags().StringVar(&target, "target", "", "the OU's distinguished name, the group's or the user's name")
	c.Flags().IntVar(&priority, "priority", 100, "among policies of one scope the lowest decides")
	settings.flags(c)
	dataFlag(c, &cfg)
	return c
}

func policyUpdate(cfg config.Config) *cobra.Command {
	var on, off bool
	var settings policySettings
	c := &cobra.Command{
		Use:     "update POLICY",
		Short:   "Switch a policy on or off, or give it other settings in the place of all it has",
		Example: "  tamachi policy update dp-0123456789abcdef0 --disable",
		Args:    oneArgument("the id of a policy, dp-..."),
		RunE: func(c *cobra.Command, args []string) error {
			in := map[string]any{"PolicyId": args[0]}
			if on != off {
				in["Enabled"] = on
			}
			if given := settings.given(); given != nil {
				in["Settings"] = given
			}
			if len(in) == 1 {
				return &exit{exitUsage, errors.New("nothing to change: want --enable, --disable or settings")}
			}
			return onePolicy(c.Context(), c.OutOrStdout(), cfg, "UpdateDesktopPolicy", in)
		},
	}
	c.Flags().BoolVar(&on, "enable", false, "switch it on")
	c.Flags().BoolVar(&off, "disable", false, "switch it off")
	settings.flags(c)
	dataFlag(c, &cfg)
	return c
}

// onePolicy makes a call that answers with a policy and prints that.
func onePolicy(ctx context.Context, w io.Writer, cfg config.Config, operation string, in map[string]any) error {
	var out struct{ Policy desktopPolicy }
	if err := askPlane(ctx, cfg, operation, in, &out); err != nil {
		return err
	}
	printPolicy(w, out.Policy)
	return nil
}

func policyDelete(cfg config.Config) *cobra.Command {
	c := &cobra.Command{
		Use:     "delete POLICY",
		Short:   "Remove a policy",
		Example: "  tamachi policy delete dp-0123456789abcdef0",
		Args:    oneArgument("the id of a policy, dp-..."),
		RunE: func(c *cobra.Command, args []string) error {
			return askPlane(c.Context(), cfg, "DeleteDesktopPolicy", map[string]any{"PolicyId": args[0]}, &struct{}{})
		},
	}
	dataFlag(c, &cfg)
	return c
}

func policyList(cfg config.Config) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "list DIRECTORY",
		Short:   "List the policies of a directory",
		Example: "  tamachi policy list d-0123456789",
		Args:    oneArgument("the id of a directory, d-..."),
		RunE: func(c *cobra.Command, args []string) error {
			all, err := askAll[desktopPolicy](c.Context(), cfg, "ListDesktopPolicies", "Policies", map[string]any{"DirectoryId": args[0]})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(c.OutOrStdout(), all)
			}
			for _, p := range all {
				printPolicy(c.OutOrStdout(), p)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	dataFlag(c, &cfg)
	return c
}

func printPolicy(w io.Writer, p desktopPolicy) {
	whom := strings.TrimSpace(p.Scope + " " + p.Target)
	state := ""
	if !p.Enabled {
		state = " (off)"
	}
	fmt.Fprintf(w, "%s %s, for %s, priority %d%s\n", p.PolicyID, p.Name, whom, p.Priority, state)
	settings, err := json.Marshal(p.Settings)
	if err == nil {
		fmt.Fprintf(w, "  %s\n", settings)
	}
}
