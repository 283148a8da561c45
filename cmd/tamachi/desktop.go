package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"tamachi/internal/config"
	"tamachi/internal/house"
)

func desktopCommand(cfg config.Config) *cobra.Command {
	c := &cobra.Command{Use: "desktop", Short: "Work with single desktops of the plane"}
	open := &cobra.Command{
		Use:   "open WORKSPACE-ID",
		Short: "Print a single-use address (60 s) that shows a desktop in the browser",
		Long: "Asks the plane for a single-use address that shows the desktop in a browser for 60 seconds.\n" +
			"The call (OpenDesktop, authorized as workspaces:Stream) is in the trail.\n" +
			"Uses the AWS environment; where that names no endpoint, the plane of the data folder.",
		Example: "  tamachi desktop open ws-0123456789",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &exit{exitUsage, errors.New("want one WorkSpace id, as in: tamachi desktop open ws-0123456789")}
			}
			return nil
		},
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
	c.AddCommand(open)
	return family(c)
}

// openDesktop calls the plane's own operation. It has no SDK, so the request
// is made and signed here.
func openDesktop(ctx context.Context, cfg config.Config, id string) (string, error) {
	client, err := planeClient(ctx, cfg)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{"WorkspaceId": id})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, *client.BaseEndpoint+"/", bytes.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("endpoint %s: %w", *client.BaseEndpoint, err)
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Tamachi.OpenDesktop")
	creds, err := client.Credentials.Retrieve(ctx)
	if err != nil {
		return "", fmt.Errorf("no AWS credentials: run `eval \"$(tamachi env)\"` first: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "tamachi", client.Region, time.Now()); err != nil {
		return "", fmt.Errorf("sign the call: %w", err)
	}
	return address(req)
}

func address(req *http.Request) (string, error) {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("the plane does not answer: %w", err)
	}
	defer res.Body.Close()
	var answer struct {
		URL     string `json:"Url"`
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer); err != nil {
		return "", fmt.Errorf("%s is no plane that opens desktops (status %d)", req.URL.Host, res.StatusCode)
	}
	if answer.URL == "" {
		return "", fmt.Errorf("%s: %s", answer.Type, answer.Message)
	}
	return answer.URL, nil
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
