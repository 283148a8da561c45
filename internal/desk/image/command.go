package image

import (
	"fmt"

	"github.com/spf13/cobra"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
)

// Command is "tamachi image". Its errors are *report.Exit. The actions are those
// of every duty.
func Command(w account.World, actions plan.Actions) *cobra.Command {
	c := &cobra.Command{
		Use: "image", Short: "Check a golden image, and bring it to the desktops",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return duty.Misuse(fmt.Errorf("unknown argument %q", args[0]))
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(checkCommand(w), whoCommand(w), rolloutCommand(w, actions))
	return c
}
