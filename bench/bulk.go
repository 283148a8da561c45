package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
)

// bulkBundle is the small image's bundle.
const bulkBundle = "wsb-d12value0"

// bulk asks for a hundred real desktops of the small image in four calls at
// once, each of which loses its first answer and is repeated by the SDK, and
// waits until all are AVAILABLE. None may be there twice.
func bulk(ctx context.Context, s settings) (figures []figure, err error) {
	p, directory, err := startStaffed(ctx, s, s.bulk)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	lossy := p.config
	lossy.RetryMaxAttempts = 3
	client := workspaces.NewFromConfig(lossy, func(o *workspaces.Options) {
		o.HTTPClient = &forgetful{Steady: account.Steady(awshttp.NewBuildableClient())}
	})
	start := time.Now()
	g, gctx := errgroup.WithContext(ctx)
	for first := 0; first < s.bulk; first += 25 {
		g.Go(func() error { return askBulk(gctx, client, directory, first, min(first+25, s.bulk)) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	asked := time.Since(start)
	if err := p.allThere(ctx, s.bulk); err != nil {
		return nil, err
	}
	took := time.Since(start)
	back, err := p.survive(ctx, s.bulk)
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("small image; 4 calls of 25 at once, each answer lost once and asked for again; the calls took %.1f s", asked.Seconds())
	return []figure{
		{name: fmt.Sprintf("%d desktops asked for at once, all AVAILABLE, none twice", s.bulk), must: "120 s (60 s)", unit: "s", values: []float64{took.Seconds()}, note: note},
		{name: fmt.Sprintf("kill -9 of the plane with %d desktops up: none lost", s.bulk), unit: "s", values: []float64{back.Seconds()}, note: "from the start until all were asked for and found as they were"},
	}, nil
}

// survive kills the plane and starts it over its folder: every desktop is still
// AVAILABLE, also after the plane has looked at each.
func (p *plane) survive(ctx context.Context, n int) (time.Duration, error) {
	if err := p.serve.Process.Kill(); err != nil {
		return 0, err
	}
	_ = p.serve.Wait() // it was killed
	start := time.Now()
	if err := p.start(ctx); err != nil {
		return 0, err
	}
	err := p.allThere(ctx, n)
	return time.Since(start), err
}

// startStaffed starts a plane that makes desktops of the small image, with people
// in a directory.
func startStaffed(ctx context.Context, s settings, people int) (p *plane, directory string, err error) {
	s.image = "small"
	if p, err = startPlane(ctx, s); err != nil {
		return nil, "", err
	}
	if directory, err = p.staff(ctx, people); err != nil {
		return nil, "", errors.Join(err, p.destroy())
	}
	return p, directory, nil
}

// staff makes a directory with people in it.
func (p *plane) staff(ctx context.Context, n int) (directory string, err error) {
	made, err := directoryservice.NewFromConfig(p.config).CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example"), Password: aws.String("Bench-password-1"), Size: ds.DirectorySizeSmall,
	})
	if err != nil {
		return "", err
	}
	if _, err := p.ws.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: made.DirectoryId}); err != nil {
		return "", err
	}
	people := dsdata.New(p.config)
	for i := range n {
		if _, err := people.CreateUser(ctx, &dsdata.CreateUserInput{DirectoryID: *made.DirectoryId, SAMAccountName: fmt.Sprintf("person.%05d", i)}); err != nil {
			return "", err
		}
	}
	return *made.DirectoryId, nil
}

// askBulk asks for some people's desktops. What is refused because it is there
// already was made by the call whose answer was lost.
func askBulk(ctx context.Context, client *workspaces.Client, directory string, from, to int) error {
	var requests []types.WorkspaceRequest
	for i := from; i < to; i++ {
		requests = append(requests, types.WorkspaceRequest{DirectoryId: &directory, UserName: aws.String(fmt.Sprintf("person.%05d", i)), BundleId: aws.String(bulkBundle)})
	}
	out, err := client.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: requests})
	if err != nil {
		return err
	}
	for _, f := range out.FailedRequests {
		if aws.ToString(f.ErrorCode) != "ResourceExists.WorkSpace" {
			return fmt.Errorf("create: %s %s", aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage))
		}
	}
	return nil
}

// allThere waits until n desktops are AVAILABLE, one a user.
func (p *plane) allThere(ctx context.Context, n int) error {
	return within(ctx, 10*time.Minute, 250*time.Millisecond, func() (bool, error) {
		users, available := map[string]bool{}, 0
		pages := workspaces.NewDescribeWorkspacesPaginator(p.ws, &workspaces.DescribeWorkspacesInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return false, err
			}
			for _, w := range page.Workspaces {
				switch {
				case users[*w.UserName]:
					return false, fmt.Errorf("%s has two desktops", *w.UserName)
				case w.State == types.WorkspaceStateError, w.State == types.WorkspaceStateUnhealthy:
					return false, fmt.Errorf("%s is %s: %s", *w.WorkspaceId, w.State, aws.ToString(w.ErrorMessage))
				case w.State == types.WorkspaceStateAvailable:
					available++
				}
				users[*w.UserName] = true
			}
		}
		return available == n && len(users) == n, nil
	})
}

// forgetful loses the first answer to each request body.
type forgetful struct {
	Steady aws.HTTPClient
	seen   sync.Map
	lost   atomic.Int64
}

// Do sends a request and forgets what was answered to a new one.
func (f *forgetful) Do(r *http.Request) (*http.Response, error) {
	res, err := f.Steady.Do(r)
	if err != nil {
		return res, err
	}
	if _, again := f.seen.LoadOrStore(r.Header.Get("Amz-Sdk-Invocation-Id"), true); !again {
		f.lost.Add(1)
		return nil, errors.Join(errLost, res.Body.Close())
	}
	return res, nil
}

// errLost is how a broken connection looks.
var errLost = &lostAnswer{}

type lostAnswer struct{}

// Error says what happened.
func (*lostAnswer) Error() string { return "the answer was lost" }

// Timeout and Temporary make the SDK repeat the call.
func (*lostAnswer) Timeout() bool { return true }

// Temporary tells that it may go well another time.
func (*lostAnswer) Temporary() bool { return true }
