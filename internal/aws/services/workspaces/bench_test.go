package workspaces

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// benchDesktops is how many desktops an account has in BenchmarkDescribe.
const benchDesktops = 25_000

// BenchmarkDescribe asks for desktops as the room answers it, without the way
// through door and gate.
func BenchmarkDescribe(b *testing.B) {
	clk := clock.NewFrozen(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	st, err := store.Open(b.Context(), store.Options{Path: filepath.Join(b.TempDir(), "s.db"), Clock: clk}, Tables()...)
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	sc := store.In("111122223333", "ap-northeast-1")
	for from := 0; from < benchDesktops; from += 1000 {
		err := st.Update(b.Context(), func(tx *store.Tx) error {
			for n := from; n < from+1000; n++ {
				if err := desktopTable.Put(tx, sc, benchDesktop(n)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	s := New(st, id.Seeded(1), clk, Ports{})
	ctx := api.WithCall(b.Context(), &api.Call{Account: sc.Account, Region: sc.Region, Time: clk.Now()})
	middle := api.Token("DescribeWorkspaces", benchDesktop(benchDesktops/2).ID)
	for _, row := range []struct {
		name string
		in   workspaces.DescribeWorkspacesInput
		want int
	}{
		{"a page of 25 in the middle", workspaces.DescribeWorkspacesInput{NextToken: &middle}, 25},
		{"by id", workspaces.DescribeWorkspacesInput{WorkspaceIds: []string{benchDesktop(17_000).ID}}, 1},
		{"by user", workspaces.DescribeWorkspacesInput{DirectoryId: new("d-0123456789"), UserName: new("user17000")}, 1},
		{"a page of a directory", workspaces.DescribeWorkspacesInput{DirectoryId: new("d-0123456789")}, 25},
	} {
		b.Run(row.name, func(b *testing.B) {
			for b.Loop() {
				if out, err := s.DescribeWorkspaces(ctx, &row.in); err != nil || len(out.Workspaces) != row.want {
					b.Fatalf("want %d desktops, got %+v, %v", row.want, out, err)
				}
			}
		})
	}
	b.Run("all by paging", func(b *testing.B) {
		for b.Loop() {
			if n := countAll(ctx, b, s); n != benchDesktops {
				b.Fatalf("want %d desktops, got %d", benchDesktops, n)
			}
		}
	})
}

func countAll(ctx context.Context, b *testing.B, s *Service) (n int) {
	in := &workspaces.DescribeWorkspacesInput{}
	for {
		out, err := s.DescribeWorkspaces(ctx, in)
		if err != nil {
			b.Fatal(err)
		}
		n += len(out.Workspaces)
		if in.NextToken = out.NextToken; in.NextToken == nil {
			return n
		}
	}
}

func benchDesktop(n int) *Desktop {
	d := fullDesktop()
	d.ID, d.UserName = fmt.Sprintf("ws-%09d", n), fmt.Sprintf("user%d", n)
	d.State, d.ErrorCode, d.ErrorMessage, d.Change, d.Imaging, d.MigratesFrom, d.Was = Available, "", "", nil, "", "", ""
	return &d
}
