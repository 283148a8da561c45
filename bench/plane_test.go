package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"tamachi/bench/load"
	"tamachi/internal/agent/simulator"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// TestMain lets this test binary be the load client too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == load.Argument {
		if err := load.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// BenchmarkCalls runs the plane in this process under the load client, which is
// a process of its own, so that a profile shows the plane alone:
//
//	go test ./bench -run - -bench Calls/PutParameter -benchtime 1x -cpuprofile cpu.out
//
// Its time per operation is that of a run and says nothing; calls/s does.
func BenchmarkCalls(b *testing.B) {
	for _, k := range kinds {
		b.Run(k.name, func(b *testing.B) {
			p := apitest.Start(b, apitest.Options{Once: true})
			s := settings{workers: 8, seconds: 5}
			if k.name == "GetParameter" { // what is got must be there
				if _, err := rate(b.Context(), settings{workers: 8, seconds: 2}, kinds[1], "", p.Config(), os.Getpid()); err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				f, err := rate(b.Context(), s, k, "", p.Config(), os.Getpid())
				if err != nil {
					b.Fatal(err)
				}
				b.Log(f.note)
				b.ReportMetric(f.values[0], "calls/s")
			}
		})
	}
}

// BenchmarkSend is SendCommand to fifty nodes that are online, in this process
// too; what they answer is waited for in between.
func BenchmarkSend(b *testing.B) {
	p := apitest.Start(b, apitest.Options{Once: true})
	ca, err := os.ReadFile(p.Access().CAFile)
	if err != nil {
		b.Fatal(err)
	}
	var online, acked atomic.Int64
	world, err := simulator.NewWorld(simulator.Config{
		Region: p.Access().Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Clock: clock.Real{}, IDs: id.Random(),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(p.HTTP(), "http://"))
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	defer world.Close()
	client := ssm.NewFromConfig(p.Config())
	const many = 50
	a, err := client.CreateActivation(b.Context(), &ssm.CreateActivationInput{IamRole: aws.String(p.NodeRole()), RegistrationLimit: aws.Int32(many)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	var ids []string
	for range many {
		n, err := world.Register(ctx, *a.ActivationId, *a.ActivationCode)
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, n.ID)
		running.Go(func() {
			_ = n.Run(ctx, simulator.Behaviour{On: func(_ *simulator.Node, event string) {
				switch event {
				case "online":
					online.Add(1)
				case "acked":
					acked.Add(1)
				}
			}})
		})
	}
	wait := func(n *atomic.Int64, want int64) {
		if err := within(ctx, time.Minute, time.Millisecond, func() (bool, error) { return n.Load() >= want, nil }); err != nil {
			b.Fatal(err)
		}
	}
	wait(&online, many)
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		_, err := client.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunShellScript"), InstanceIds: ids, Parameters: map[string][]string{"commands": {"true"}},
		})
		if err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		wait(&acked, int64(len(took)*many))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
}
