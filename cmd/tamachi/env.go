package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/house"
)

func envCommand(cfg config.Config) *cobra.Command {
	var https bool
	c := &cobra.Command{
		Use:   "env",
		Short: "Print shell lines that point the AWS CLI at the plane",
		Long: "Prints shell lines that point the AWS CLI, SDKs and Terraform at the plane of a data folder,\n" +
			"signed as its administrator. The lines hold a secret: use them with eval, do not paste them.",
		Example: `  eval "$(tamachi env)"` + "\n" + `  aws sts get-caller-identity`,
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			return printEnv(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), cfg, https)
		},
	}
	dataFlag(c, &cfg)
	c.Flags().BoolVar(&https, "https", false, "use the TLS address, trusted through the plane's own CA")
	return c
}

func printEnv(ctx context.Context, out, notes io.Writer, cfg config.Config, https bool) error {
	if err := cfg.Validate(); err != nil {
		return &exit{exitUsage, err}
	}
	a, err := house.ReadAccess(cfg.Data)
	if err != nil {
		return err
	}
	url := a.HTTP
	if https {
		url = a.HTTPS
	}
	fmt.Fprintln(out, "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE")
	lines := [][2]string{
		{"AWS_ENDPOINT_URL", url},
		{"AWS_ACCESS_KEY_ID", a.AccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", a.SecretAccessKey},
		{"AWS_REGION", a.Region},
		{"AWS_DEFAULT_REGION", a.Region},
	}
	if https {
		lines = append(lines, [2]string{"AWS_CA_BUNDLE", a.CAFile})
	}
	for _, l := range lines {
		fmt.Fprintf(out, "export %s=%s\n", l[0], shellQuote(l[1]))
	}
	if version, old := oldCLI(ctx); old {
		fmt.Fprintf(out, "aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }\n")
		fmt.Fprintf(notes, "tamachi: aws %s does not know AWS_ENDPOINT_URL and would call the real AWS;\n"+
			"tamachi: defined a shell function that adds --endpoint-url (scripts do not see it: install AWS CLI 1.29 or 2.13, or later)\n", version)
	}
	return nil
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

var cliVersion = regexp.MustCompile(`^aws-cli/(\d+)\.(\d+)\.\S*`)

// oldCLI tells whether the aws on PATH is too old for AWS_ENDPOINT_URL (before
// 1.29 and 2.13; AWS SDKs and Tools Reference Guide, "Service-specific
// endpoints").
func oldCLI(ctx context.Context) (version string, old bool) {
	b, err := exec.CommandContext(ctx, "aws", "--version").CombinedOutput()
	if err != nil {
		return "", false
	}
	return tooOld(string(b))
}

func tooOld(banner string) (version string, old bool) {
	m := cliVersion.FindStringSubmatch(banner)
	if m == nil {
		return "", false
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	version = strings.TrimPrefix(m[0], "aws-cli/")
	return version, major < 1 || major == 1 && minor < 29 || major == 2 && minor < 13
}
