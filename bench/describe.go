package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// describeRounds is how often each question is asked.
const describeRounds = 400

// describe asks for desktops among many, over the wire and signed, by one
// client that has one connection.
func describe(ctx context.Context, s settings) (figures []figure, err error) {
	s.desktops = s.described
	f, err := startFleet(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = f.stop(err) }()
	ws := workspaces.NewFromConfig(f.cfg)
	all, took, err := listAll(ctx, ws)
	if err != nil {
		return nil, err
	}
	if len(all) != s.described {
		return nil, fmt.Errorf("%d desktops listed, want %d", len(all), s.described)
	}
	lists := []time.Duration{took}
	for range 2 {
		_, took, err := listAll(ctx, ws)
		if err != nil {
			return nil, err
		}
		lists = append(lists, took)
	}
	middle, err := ws.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{})
	if err != nil {
		return nil, err
	}
	note := fmt.Sprintf("of %d; SDK for Go, one connection, its own signing and parsing included", s.described)
	figures = []figure{millis("DescribeWorkspaces, all by paging", "3 s (1 s)", lists, note)}
	one := all[len(all)/2]
	for _, q := range []struct {
		name, must string
		in         workspaces.DescribeWorkspacesInput
		want       int
	}{
		{"DescribeWorkspaces, a page of 25", "2 ms (0.5 ms)", workspaces.DescribeWorkspacesInput{NextToken: middle.NextToken}, 25},
		{"DescribeWorkspaces by id", "1 ms (0.5 ms)", workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{*one.WorkspaceId}}, 1},
		{"DescribeWorkspaces by user", "1 ms (0.5 ms)", workspaces.DescribeWorkspacesInput{DirectoryId: one.DirectoryId, UserName: one.UserName}, 1},
	} {
		var answers []time.Duration
		for range describeRounds {
			start := time.Now()
			out, err := ws.DescribeWorkspaces(ctx, &q.in)
			if err != nil {
				return figures, err
			}
			answers = append(answers, time.Since(start))
			if len(out.Workspaces) != q.want {
				return figures, errors.New(q.name + ": " + fmt.Sprint(len(out.Workspaces)))
			}
		}
		figures = append(figures, millis(q.name, q.must, answers, note))
	}
	return figures, nil
}

// listAll lists every desktop and says how long that took.
func listAll(ctx context.Context, ws *workspaces.Client) (all []types.Workspace, took time.Duration, err error) {
	start := time.Now()
	pages := workspaces.NewDescribeWorkspacesPaginator(ws, &workspaces.DescribeWorkspacesInput{Limit: aws.Int32(25)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, 0, err
		}
		all = append(all, page.Workspaces...)
	}
	return all, time.Since(start), nil
}
