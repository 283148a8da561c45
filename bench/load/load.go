// Package load is a load client: many workers that send one prepared HTTP
// request over kept connections, as fast as answers come.
package load

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Request is what each call sends. It must stay good for the whole run: a
// signature of Signature Version 4 does for five minutes.
type Request struct {
	URL    string
	Header http.Header
	Body   []byte
}

// Result is what a run measured.
type Result struct {
	Calls     int
	PerSecond float64
	P50, P99  time.Duration
}

// Run sends the request from so many workers for a while and demands status
// 200 with want in every body.
func Run(ctx context.Context, r Request, workers int, long time.Duration, want string) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	transport := &http.Transport{MaxIdleConnsPerHost: workers}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var (
		mu    sync.Mutex
		all   []time.Duration // guarded by mu
		first error           // guarded by mu
		wg    sync.WaitGroup
	)
	start := time.Now()
	for range workers {
		wg.Go(func() {
			took, err := work(ctx, client, r, want)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil && first == nil {
				first = err
				cancel()
			}
		})
	}
	wg.Wait()
	if first != nil {
		return Result{}, first
	}
	if len(all) == 0 {
		return Result{}, fmt.Errorf("no call ended within %s", long)
	}
	slices.Sort(all)
	return Result{
		Calls: len(all), PerSecond: float64(len(all)) / time.Since(start).Seconds(),
		P50: all[len(all)/2], P99: all[len(all)*99/100],
	}, nil
}

func work(ctx context.Context, client *http.Client, r Request, want string) ([]time.Duration, error) {
	var took []time.Duration
	for {
		start := time.Now()
		err := call(ctx, client, r, want)
		if ctx.Err() != nil {
			return took, nil //nolint:nilerr // the end of the run cut this call off
		}
		if err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
}

func call(ctx context.Context, client *http.Client, r Request, want string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.URL, bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	req.Header = r.Header
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(want)) {
		return fmt.Errorf("%s answered %d: %.200s", r.URL, res.StatusCode, body)
	}
	return nil
}
