package main

import (
	"context"
	"fmt"
	"os"
	"testing"

	"tamachi/bench/load"
	"tamachi/internal/aws/apitest"
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
