package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

func joinCommand(cfg config.Config) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "join WORKSPACE-ID",
		Short: "Print a single-use address (60 s) that shows a desktop's screen for support, and touches nothing",
		Long: "Asks the plane for a single-use address that shows the screen of a desktop. Keys, pointer and clipboard go nowhere,\n" +
			"and its user is told who looks. The call (JoinDesktop, authorized as tamachi:JoinDesktop on the WorkSpace) is in\n" +
			"the trail, with the reason.",
		Example: "  tamachi desktop join ws-0123456789 --reason 'ticket 4711: the printer'",
		Args:    want(1, "one WorkSpace id, as in: tamachi desktop join ws-0123456789"),
		RunE: func(c *cobra.Command, args []string) error {
			in := map[string]string{"WorkspaceId": args[0]}
			if reason != "" {
				in["Reason"] = reason
			}
			var out struct {
				URL string `json:"Url"`
			}
			if err := askPlane(c.Context(), cfg, "JoinDesktop", in, &out); err != nil {
				return err
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), out.URL)
			return err
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the trail")
	dataFlag(c, &cfg)
	return c
}
