package runcommand

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// onDisk is the room over a file, with so many nodes.
func onDisk(b *testing.B, nodes int) *Service {
	b.Helper()
	st, err := store.Open(b.Context(), store.Options{Path: filepath.Join(b.TempDir(), "plane.db"), Clock: clock.Real{}}, Tables()...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = st.Close() })
	return New(st, id.Random(), clock.Real{}, Ports{Nodes: crowd(nodes), Documents: ofAmazon{}})
}

// BenchmarkAccept is SendCommand to fifty targets, until it is durable.
func BenchmarkAccept(b *testing.B) {
	s := onDisk(b, 50)
	for b.Loop() {
		ctx := api.WithCall(b.Context(), &api.Call{Account: account, Region: region, Time: time.Now(), Caller: api.Caller{Type: api.IAMUser, Account: account}})
		_, err := s.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), Parameters: map[string][]string{"commands": {"true"}},
			Targets: []types.Target{{Key: aws.String("tag:Floor"), Values: []string{"3"}}},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkListPage is a page of a command's invocations out of a hundred
// thousand.
func BenchmarkListPage(b *testing.B) {
	s := onDisk(b, 0)
	scope := store.In(account, region)
	var last *command
	for n := range 100 {
		last = &command{ID: fmt.Sprintf("11111111-1111-4111-8111-%012d", n), Requested: morning.Add(time.Duration(n) * time.Second), Count: 1000, By: map[string]int{detailsSuccess: 1000}}
		err := s.st.Update(b.Context(), func(tx *store.Tx) error {
			for i := range 1000 {
				one := last.invocationOn(picked{ID: nodeID(i)})
				one.end(detailsSuccess)
				if err := invocations.Put(tx, scope, one); err != nil {
					return err
				}
			}
			return commands.Put(tx, scope, last)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	ctx := api.WithCall(b.Context(), &api.Call{Account: account, Region: region, Time: morning})
	for b.Loop() {
		out, err := s.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: &last.ID, MaxResults: aws.Int32(50)})
		if err != nil || len(out.CommandInvocations) != 50 {
			b.Fatal(len(out.CommandInvocations), err)
		}
	}
}
