package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
)

func invitationCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "invitation", Short: "See and send again the mails that invite people to their desktops"}
	c.AddCommand(sendInvitationCommand(cfg), listInvitationsCommand(cfg))
	return family(c)
}

func sendInvitationCommand(cfg config.Config) *cobra.Command {
	send := &cobra.Command{
		Use:   "send WORKSPACE-ID",
		Short: "Send the invitation to a desktop again",
		Long: "Sends the mail with the registration code, the user name and a new one-time link, by which the\n" +
			"desktop's user sets a password within seven days. The link of the mail before ends.\n" +
			"The call (SendInvitation, authorized as ds:ResetUserPassword) is in the trail.\n" +
			"Uses the AWS environment; where that names no endpoint, the plane of the data folder.",
		Example: "  tamachi invitation send ws-0123456789",
		Args:    want(1, "one WorkSpace id, as in: tamachi invitation send ws-0123456789"),
		RunE: func(c *cobra.Command, args []string) error {
			var out struct{ UserName string }
			if err := askPlane(c.Context(), cfg, "SendInvitation", map[string]string{"WorkspaceId": args[0]}, &out); err != nil {
				return err
			}
			_, err := fmt.Fprintf(c.OutOrStdout(), "%s is invited again to %s; `tamachi invitation list` tells how the mail fares\n", out.UserName, args[0])
			return err
		},
	}
	dataFlag(send, &cfg)
	return send
}

// sentInvitation is one as ListInvitations tells of it.
type sentInvitation struct {
	WorkspaceID  string `json:"WorkspaceId"`
	DirectoryID  string `json:"DirectoryId"`
	UserName     string
	EmailAddress string `json:",omitempty"`
	State        string
	Delivery     string  `json:",omitempty"`
	Attempts     int     `json:",omitempty"`
	Error        string  `json:",omitempty"`
	RequestedAt  float64 // seconds since 1970
	ExpiresAt    float64 `json:",omitempty"`
	AcceptedAt   float64 `json:",omitempty"`
}

func listInvitationsCommand(cfg config.Config) *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use:   "list",
		Short: "List invitations: whether the mail went out, and whether its link was used",
		Long: "Lists the invitations of the account in the Region. STATE is WAITING (the directory is being asked for\n" +
			"the address), SENT, ACCEPTED (the password was set by the link), EXPIRED or FAILED; MAIL is how far\n" +
			"the mail came: WAITING, SENT, FAILED or, where bounces are collected (serve --mail-bounces), BOUNCED, with the\n" +
			"last words of the mail server.\n" +
			"The calls (ListInvitations) are authorized as workspaces:DescribeWorkspaces.\n" +
			"Uses the AWS environment; where that names no endpoint, the plane of the data folder.",
		Example: "  tamachi invitation list",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			all, err := askAll[sentInvitation](c.Context(), cfg, "ListInvitations", "Invitations", map[string]any{})
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(all)
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "WORKSPACE\tUSER\tADDRESS\tSTATE\tMAIL\tERROR")
			for _, i := range all {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", i.WorkspaceID, i.UserName, i.EmailAddress, i.State, i.Delivery, i.Error)
			}
			return w.Flush()
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "one JSON array, for programs")
	dataFlag(list, &cfg)
	return list
}
