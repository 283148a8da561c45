package cloudtrail

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

var benchEvents = flag.Int("events", 1_000_000, "how many events BenchmarkLookup looks through")

func sample(ids *id.Source, at time.Time, n int) *api.Event {
	names := []string{"PutParameter", "GetParameter", "DescribeWorkspaces", "AssumeRole", "CreateUser"}
	e := &api.Event{
		ID: ids.TimeUUID(at), Time: at, Account: account, Region: region, Source: "ssm.amazonaws.com", Name: names[n%len(names)],
		Caller: api.Caller{
			Type: api.IAMUser, Account: account, Name: "administrator", AccessKeyID: "AKIAIOSFODNN7EXAMPLE",
			ARN: "arn:aws:iam::" + account + ":user/administrator", UserID: "AIDAIOSFODNN7EXAMPLE",
		},
		SourceIP: "127.0.0.1", UserAgent: "aws-cli/1.45.0 md/Botocore#1.43.0 ua/2.1 os/linux lang/python#3.11.7", RequestID: ids.UUID(),
		Request:   json.RawMessage(fmt.Sprintf(`{"name":"/app/key%d","overwrite":true,"type":"String","value":"HIDDEN_DUE_TO_SECURITY_REASONS"}`, n%1000)),
		Response:  json.RawMessage(`{"tier":"Standard","version":1}`),
		Resources: []string{fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/app/key%d", region, account, n%1000)},
	}
	return e
}

// BenchmarkRecord is what a change pays for its record.
func BenchmarkRecord(b *testing.B) {
	for name, path := range map[string]string{"memory": "", "file": filepath.Join(b.TempDir(), "s.db")} {
		b.Run(name, func(b *testing.B) {
			st, err := store.Open(b.Context(), store.Options{Path: path}, Tables()...)
			if err != nil {
				b.Fatal(err)
			}
			defer st.Close()
			rec, ids := NewRecorder(st, slog.New(slog.DiscardHandler)), id.Seeded(1)
			b.Run("many to a commit", func(b *testing.B) {
				for n := 0; b.Loop(); n++ {
					rec.waiting = append(rec.waiting, sample(ids, morning.Add(time.Duration(n)*time.Millisecond), n))
					if n%100 == 0 {
						rec.Flush(b.Context())
					}
				}
			})
			b.Run("one to a commit", func(b *testing.B) {
				for n := 0; b.Loop(); n++ {
					if err := rec.Record(b.Context(), sample(ids, morning.Add(time.Duration(n)*time.Millisecond), n)); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// burst is how many events BenchmarkLookup writes that no pass has indexed.
const burst = 40_000

// BenchmarkLookup is a page of 50 events; -events says out of how many. It asks
// when all is indexed, and directly after a burst.
func BenchmarkLookup(b *testing.B) {
	path := filepath.Join(b.TempDir(), "s.db")
	st, err := store.Open(b.Context(), store.Options{Path: path}, Tables()...)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { st.Close() }()
	rec, ids := NewRecorder(st, slog.New(slog.DiscardHandler)), id.Seeded(1)
	for n := range *benchEvents {
		rec.waiting = append(rec.waiting, sample(ids, morning.Add(time.Duration(n)*10*time.Millisecond), n))
		if len(rec.waiting) == 5000 {
			rec.Flush(b.Context())
		}
	}
	rec.Flush(b.Context())
	if err := st.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	began := time.Now() //nolint:forbidigo // a benchmark of the start
	if err := st.Close(); err != nil {
		b.Fatal(err)
	}
	if st, err = store.Open(b.Context(), store.Options{Path: path}, Tables()...); err != nil {
		b.Fatal(err)
	}
	b.Logf("open with %d records took %v", *benchEvents, time.Since(began)) //nolint:forbidigo // as above
	now := morning.Add(time.Duration(*benchEvents) * 10 * time.Millisecond)
	s := New(st, ids, clock.NewFrozen(now), Ports{}, Options{})
	ctx := api.WithCall(context.Background(), &api.Call{Account: account, Region: region, Time: now})
	ask := func(b *testing.B) {
		for _, q := range [][2]string{{"EventName", "PutParameter"}, {"ResourceName", "/app/key7"}, {"ReadOnly", "false"}} {
			b.Run(q[0], func(b *testing.B) {
				for b.Loop() {
					out, err := s.LookupEvents(ctx, &cloudtrail.LookupEventsInput{LookupAttributes: by(types.LookupAttributeKey(q[0]), q[1])})
					if err != nil {
						b.Fatal(err)
					}
					if len(out.Events) != 50 {
						b.Fatalf("want a page of 50, got %d", len(out.Events))
					}
				}
			})
		}
	}
	b.Run("indexed", ask)
	rec = NewRecorder(st, slog.New(slog.DiscardHandler))
	for n := range burst {
		rec.waiting = append(rec.waiting, sample(ids, now.Add(time.Duration(n)*time.Millisecond/10), n))
	}
	rec.Flush(b.Context())
	b.Run("after a burst", ask)
}
