package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
)

// look is how often a state is asked for: the figures are as coarse as this.
const look = 20 * time.Millisecond

// available returns the desktops that are AVAILABLE.
func (p *plane) available(ctx context.Context) ([]types.Workspace, error) {
	var out []types.Workspace
	pages := workspaces.NewDescribeWorkspacesPaginator(p.ws, &workspaces.DescribeWorkspacesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, w := range page.Workspaces {
			if w.State == types.WorkspaceStateAvailable {
				out = append(out, w)
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("the office has no AVAILABLE desktop")
	}
	return out, nil
}

// reach waits until a desktop has a state; "" is that it is gone. ERROR ends
// the wait.
func (p *plane) reach(ctx context.Context, id string, want types.WorkspaceState) error {
	return until(ctx, look, func() (bool, error) {
		out, err := p.ws.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{id}})
		if err != nil {
			return false, err
		}
		if len(out.Workspaces) == 0 {
			return want == "", nil
		}
		w := out.Workspaces[0]
		if w.State == types.WorkspaceStateError && want != w.State {
			return false, fmt.Errorf("%s is in ERROR: %s", id, aws.ToString(w.ErrorMessage))
		}
		return w.State == want, nil
	})
}

// createDesktops recreates one person's desktop again and again: from the call
// to AVAILABLE, and to the first pixels in a browser that is already running.
func createDesktops(ctx context.Context, p *plane) ([]figure, error) {
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	b, err := browser.Start(ctx, browser.Options{Dir: "e2e/browser", Timeout: time.Minute})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	var ready, pixel, page []time.Duration
	w := all[len(all)-1]
	for range p.settings.rounds {
		if err := p.terminate(ctx, *w.WorkspaceId); err != nil {
			return nil, err
		}
		start := time.Now()
		id, err := p.create(ctx, w)
		if err != nil {
			return nil, err
		}
		if err := p.reach(ctx, id, types.WorkspaceStateAvailable); err != nil {
			return nil, err
		}
		ready = append(ready, time.Since(start))
		open := time.Now()
		if err := p.show(ctx, b, id); err != nil {
			return nil, err
		}
		pixel, page = append(pixel, time.Since(start)), append(page, time.Since(open))
		w.WorkspaceId = &id
	}
	return []figure{
		millis("CreateWorkspaces to AVAILABLE", "", ready, "one at a time; state asked every 20 ms"),
		millis("CreateWorkspaces to first pixel in the browser", "5 s (2 s)", pixel, "Chromium runs already; `tamachi desktop open` included"),
		millis("desktop open to first pixel", "", page, "of an AVAILABLE desktop"),
	}, nil
}

func (p *plane) terminate(ctx context.Context, id string) error {
	out, err := p.ws.TerminateWorkspaces(ctx, &workspaces.TerminateWorkspacesInput{
		TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}},
	})
	if err != nil {
		return err
	}
	if err := refused(out.FailedRequests); err != nil {
		return err
	}
	return p.reach(ctx, id, "")
}

func (p *plane) create(ctx context.Context, like types.Workspace) (string, error) {
	out, err := p.ws.CreateWorkspaces(ctx, &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
		DirectoryId: like.DirectoryId, UserName: like.UserName, BundleId: like.BundleId,
		WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
	}}})
	if err != nil {
		return "", err
	}
	if len(out.FailedRequests) > 0 {
		f := out.FailedRequests[0]
		return "", fmt.Errorf("create: %s %s", aws.ToString(f.ErrorCode), aws.ToString(f.ErrorMessage))
	}
	return *out.PendingRequests[0].WorkspaceId, nil
}

// show opens a desktop as a person does and waits for its picture.
func (p *plane) show(ctx context.Context, b *browser.Browser, id string) error {
	url, _, err := p.tamachi(ctx, "desktop", "open", id)
	if err != nil {
		return err
	}
	if _, err := b.Do(browser.Order{Do: "open", URL: strings.TrimSpace(url)}); err != nil {
		return err
	}
	_, err = b.Do(browser.Order{Do: "pixels"})
	return err
}

func stopAndStart(ctx context.Context, p *plane) ([]figure, error) {
	w, err := p.stoppable(ctx)
	if err != nil {
		return nil, err
	}
	id := *w.WorkspaceId
	var stops, starts []time.Duration
	for range p.settings.rounds {
		start := time.Now()
		if err := p.halt(ctx, id); err != nil {
			return nil, err
		}
		stops = append(stops, time.Since(start))
		start = time.Now()
		started, err := p.ws.StartWorkspaces(ctx, &workspaces.StartWorkspacesInput{StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}}})
		if err = errors.Join(err, failed(started)); err != nil {
			return nil, err
		}
		if err := p.reach(ctx, id, types.WorkspaceStateAvailable); err != nil {
			return nil, err
		}
		starts = append(starts, time.Since(start))
	}
	return []figure{
		millis("StopWorkspaces to STOPPED", "3 s", stops, ""),
		millis("StartWorkspaces to AVAILABLE", "3 s", starts, ""),
	}, nil
}

// halt stops a desktop and waits until it is STOPPED.
func (p *plane) halt(ctx context.Context, id string) error {
	stopped, err := p.ws.StopWorkspaces(ctx, &workspaces.StopWorkspacesInput{StopWorkspaceRequests: []types.StopRequest{{WorkspaceId: &id}}})
	if err = errors.Join(err, failed(stopped)); err != nil {
		return err
	}
	return p.reach(ctx, id, types.WorkspaceStateStopped)
}

// stoppable is an AUTO_STOP desktop.
func (p *plane) stoppable(ctx context.Context) (types.Workspace, error) {
	all, err := p.available(ctx)
	if err != nil {
		return types.Workspace{}, err
	}
	for _, w := range all {
		if w.WorkspaceProperties != nil && w.WorkspaceProperties.RunningMode == types.RunningModeAutoStop {
			return w, nil
		}
	}
	return types.Workspace{}, errors.New("no AVAILABLE desktop that may be stopped")
}

// failed looks into the answers of Start and Stop.
func failed(out any) error {
	switch o := out.(type) {
	case *workspaces.StopWorkspacesOutput:
		if o != nil {
			return refused(o.FailedRequests)
		}
	case *workspaces.StartWorkspacesOutput:
		if o != nil {
			return refused(o.FailedRequests)
		}
	}
	return nil
}

func refused(f []types.FailedWorkspaceChangeRequest) error {
	if len(f) == 0 {
		return nil
	}
	return fmt.Errorf("%s: %s %s", aws.ToString(f[0].WorkspaceId), aws.ToString(f[0].ErrorCode), aws.ToString(f[0].ErrorMessage))
}
