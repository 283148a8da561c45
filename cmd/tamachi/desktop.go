package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/house"
)

func desktopCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "desktop", Short: "Do something to desktops, open them, see what happened to them"}
	open := &cobra.Command{
		Use:   "open WORKSPACE-ID",
		Short: "Print a single-use address (60 s) that shows a desktop in the browser",
		Long: "Asks the plane for a single-use address that shows the desktop in a browser for 60 seconds.\n" +
			"The call (OpenDesktop, authorized as workspaces:Stream) is in the trail.\n" +
			"Uses the AWS environment; where that names no endpoint, the plane of the data folder.",
		Example: "  tamachi desktop open ws-0123456789",
		Args:    want(1, "one WorkSpace id, as in: tamachi desktop open ws-0123456789"),
		RunE: func(c *cobra.Command, args []string) error {
			url, err := openDesktop(c.Context(), cfg, args[0])
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), url)
			return err
		},
	}
	dataFlag(open, &cfg)
	c.AddCommand(open, sessionsCommand(cfg), endSessionCommand(cfg), joinCommand(cfg), recordingCommand(cfg), desktopHistoryCommand(cfg), desktopHoursCommand(cfg))
	return family(c)
}

// openDesktop calls the plane's own operation.
func openDesktop(ctx context.Context, cfg config.Config, id string) (string, error) {
	var out struct {
		URL string `json:"Url"`
	}
	err := askPlane(ctx, cfg, "OpenDesktop", map[string]string{"WorkspaceId": id}, &out)
	return out.URL, err
}

// planeClient is the AWS environment when it names an endpoint, else the plane
// of the data folder.
func planeClient(ctx context.Context, cfg config.Config) (aws.Config, error) {
	env, err := awsconfig.LoadDefaultConfig(ctx)
	if err != nil {
		return env, fmt.Errorf("read the AWS environment: %w", err)
	}
	if env.BaseEndpoint != nil {
		return env, nil
	}
	if err := cfg.Validate(); err != nil {
		return env, &exit{exitUsage, err}
	}
	a, err := house.ReadAccess(cfg.Data)
	if err != nil {
		return env, err
	}
	return aws.Config{
		Region: a.Region, BaseEndpoint: aws.String(a.HTTP),
		Credentials: credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, ""),
	}, nil
}
