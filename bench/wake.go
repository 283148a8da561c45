package main

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/e2e/browser"
	"tamachi/internal/webaccess"
)

// wakePassword is what the person signs in with.
const wakePassword = "Bench-password-7"

// wake is somebody who comes back to an AUTO_STOP desktop that has stopped: from
// the click by which they sign in at Web Access to the first pixels of the
// desktop, which that starts.
func wake(ctx context.Context, p *plane) ([]figure, error) {
	w, err := p.stoppable(ctx)
	if err != nil {
		return nil, err
	}
	_, err = directoryservice.NewFromConfig(p.config).ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{
		DirectoryId: w.DirectoryId, UserName: w.UserName, NewPassword: aws.String(wakePassword),
	})
	if err != nil {
		return nil, err
	}
	out, err := p.ws.DescribeWorkspaceDirectories(ctx, &workspaces.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{*w.DirectoryId}})
	if err != nil {
		return nil, err
	}
	if len(out.Directories) != 1 {
		return nil, errors.New("the desktop's directory is not registered")
	}
	var took []time.Duration
	for range p.settings.rounds {
		if err := p.halt(ctx, *w.WorkspaceId); err != nil {
			return nil, err
		}
		d, err := p.comeBack(ctx, w, aws.ToString(out.Directories[0].RegistrationCode))
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	return []figure{millis("AUTO_STOP wake to first pixel in the browser", "3 s (1.5 s)", took,
		"from the click that signs in at Web Access; Chromium shows the filled form already, with the desktop's page not loaded before")}, nil
}

// comeBack is one of them, by a browser that has nothing but the sign-in page.
func (p *plane) comeBack(ctx context.Context, w types.Workspace, code string) (took time.Duration, err error) {
	b, err := browser.Start(ctx, browser.Options{Dir: "e2e/browser", Timeout: time.Minute})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := all(b,
		browser.Order{Do: "open", URL: *p.config.BaseEndpoint + webaccess.Prefix},
		browser.Order{Do: "status", Is: "ready"},
		browser.Order{Do: "fill", Selector: "#code", Text: code},
		browser.Order{Do: "fill", Selector: "#user", Text: *w.UserName},
		browser.Order{Do: "fill", Selector: "#password", Text: wakePassword},
	); err != nil {
		return 0, err
	}
	start := time.Now()
	err = all(b,
		browser.Order{Do: "click", Selector: "form#form button"},
		browser.Order{Do: "status", Is: "connected"},
		browser.Order{Do: "pixels"},
	)
	return time.Since(start), err
}

// all carries out orders one after the other.
func all(b *browser.Browser, orders ...browser.Order) error {
	for _, o := range orders {
		if _, err := b.Do(o); err != nil {
			return err
		}
	}
	return nil
}
