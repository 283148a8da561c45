package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/clock"
	"tamachi/internal/config"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/house"
)

// fleet is a plane in this process whose desktops are the fake provider's.
type fleet struct {
	dir    string
	env    []string
	cancel context.CancelFunc
	done   chan error
	took   time.Duration // to make all desktops
	cfg    aws.Config
}

// startFleet makes a directory, its people and their desktops, all through the
// API, and waits until every desktop is AVAILABLE.
func startFleet(ctx context.Context, s settings) (*fleet, error) {
	f, err := openFleet(ctx)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	if err := furnish(ctx, f.cfg, s.desktops); err != nil {
		return nil, f.stop(err)
	}
	f.took = time.Since(start)
	return f, nil
}

// openFleet starts the plane, which is empty.
func openFleet(ctx context.Context) (*fleet, error) {
	dir, err := os.MkdirTemp("", "tamachi-fleet-")
	if err != nil {
		return nil, err
	}
	f := &fleet{dir: dir, done: make(chan error, 1)}
	cfg := config.Default(func(string) string { return "" })
	cfg.Data, cfg.Listen = dir, "127.0.0.1:0"
	ctx2, cancel := context.WithCancel(ctx)
	f.cancel = cancel
	h, err := house.Open(ctx2, house.Options{
		Config: cfg, Log: slog.New(slog.DiscardHandler), Desktops: fake.Open(fake.NewWorld(clock.Real{})),
	})
	if err != nil {
		cancel()
		return nil, err
	}
	ready := make(chan struct{})
	go func() { f.done <- h.Run(ctx2, func() { close(ready) }) }() // ends by stop
	<-ready
	a := h.Access()
	f.env = []string{
		"AWS_ENDPOINT_URL=" + a.HTTP, "AWS_ACCESS_KEY_ID=" + a.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + a.SecretAccessKey,
		"AWS_REGION=" + a.Region, "AWS_PROFILE=", "AWS_SESSION_TOKEN=",
	}
	f.cfg = aws.Config{
		Region: a.Region, BaseEndpoint: aws.String(a.HTTP), RetryMaxAttempts: 3,
		HTTPClient:  account.Steady(awshttp.NewBuildableClient()),
		Credentials: credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, ""),
	}
	return f, nil
}

// stop ends the plane and returns why, with what went wrong at the end.
func (f *fleet) stop(why error) error {
	f.cancel()
	return errors.Join(why, <-f.done, os.RemoveAll(f.dir))
}

func furnish(ctx context.Context, cfg aws.Config, n int) error {
	directory, err := directoryservice.NewFromConfig(cfg).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example"), Password: aws.String("Bench-password-1"), Size: ds.DirectorySizeSmall,
	})
	if err != nil {
		return err
	}
	ws := workspaces.NewFromConfig(cfg)
	if _, err := ws.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: directory.DirectoryId}); err != nil {
		return err
	}
	bundles, err := ws.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{Owner: aws.String("AMAZON")})
	if err != nil {
		return err
	}
	people := dsdata.New(cfg)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for first := 0; first < n; first += 25 {
		g.Go(func() error {
			return hire(gctx, ws, people, directory.DirectoryId, bundles.Bundles[0].BundleId, first, min(first+25, n))
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return settled(ctx, ws, n)
}

// hire makes some people and a desktop for each.
func hire(ctx context.Context, ws *workspaces.Client, people *dsdata.Client, directory, bundle *string, from, to int) error {
	var requests []types.WorkspaceRequest
	for i := from; i < to; i++ {
		name := fmt.Sprintf("person.%05d", i)
		if _, err := people.CreateUser(ctx, &dsdata.CreateUserInput{DirectoryID: *directory, SAMAccountName: name}); err != nil {
			return err
		}
		requests = append(requests, types.WorkspaceRequest{DirectoryId: directory, UserName: &name, BundleId: bundle})
	}
	out, err := ws.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: requests})
	if err != nil {
		return err
	}
	if len(out.FailedRequests) > 0 {
		return fmt.Errorf("create: %s", aws.ToString(out.FailedRequests[0].ErrorMessage))
	}
	return nil
}

// settled waits until n desktops are AVAILABLE. It looks seldom: each look at
// ten thousand is 400 recorded calls.
func settled(ctx context.Context, ws *workspaces.Client, n int) error {
	return within(ctx, 30*time.Minute, 20*time.Second, func() (bool, error) {
		available := 0
		pages := workspaces.NewDescribeWorkspacesPaginator(ws, &workspaces.DescribeWorkspacesInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return false, err
			}
			for _, w := range page.Workspaces {
				if w.State == types.WorkspaceStateError {
					return false, fmt.Errorf("%s: %s", *w.WorkspaceId, aws.ToString(w.ErrorMessage))
				}
				if w.State == types.WorkspaceStateAvailable {
					available++
				}
			}
		}
		return available == n, nil
	})
}
