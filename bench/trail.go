package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"tamachi/bench/load"
)

// trail fills the trail by calls (nine reads to one change), then looks events
// up by their name, starts the plane over all of it, and leaves it alone.
func trail(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	idle, err := resting(ctx, p)
	if err != nil {
		return nil, err
	}
	figures = append(figures, figure{
		name: "resident memory idle, new folder", must: "80 MB (45 MB)", unit: "MB", values: []float64{idle},
		note: "VmRSS 5 s after ready; real provider, no desktops",
	})
	held, err := fill(ctx, s, p)
	if err != nil {
		return figures, fmt.Errorf("fill the trail: %w", err)
	}
	about := fmt.Sprintf("%d events made by calls", held)
	for _, name := range []string{"PutParameter", "GetCallerIdentity"} {
		f, err := lookUp(ctx, p, name, about)
		if err != nil {
			return figures, err
		}
		figures = append(figures, f)
	}
	started, err := startsOver(ctx, p)
	if err != nil {
		return figures, err
	}
	figures = append(figures, millis("start to ready over a full trail", "1000 ms (300 ms)", started, about))
	idle, err = resting(ctx, p)
	return append(figures, figure{
		name: "resident memory idle, full trail", must: "80 MB (45 MB)", unit: "MB", values: []float64{idle}, note: about + "; VmRSS 5 s after ready",
	}), err
}

// fill makes calls until the trail holds so many events, and says how many.
func fill(ctx context.Context, s settings, p *plane) (int, error) {
	made := 0
	for made < s.events {
		for k, share := range map[int]int{1: 1, 0: 9} { // PutParameter, GetCallerIdentity
			requests, err := signed(ctx, kinds[k], p.config)
			if err != nil {
				return made, err
			}
			got, err := load.Spawn(ctx, load.Job{
				Address: strings.TrimPrefix(*p.config.BaseEndpoint, "http://"), Connections: 32, Want: kinds[k].want,
				Long: time.Duration(share) * 2 * time.Second, Requests: requests,
			})
			if err != nil {
				return made, err
			}
			made += got.Calls
		}
		fmt.Fprintf(os.Stderr, "%d of %d events\n", made, s.events)
	}
	return made, nil
}

// lookUp times pages of 50 events by their name.
func lookUp(ctx context.Context, p *plane, name, about string) (figure, error) {
	client := cloudtrail.NewFromConfig(p.config)
	var took []time.Duration
	for range 200 {
		start := time.Now()
		out, err := client.LookupEvents(ctx, &cloudtrail.LookupEventsInput{
			MaxResults:       aws.Int32(50),
			LookupAttributes: []types.LookupAttribute{{AttributeKey: types.LookupAttributeKeyEventName, AttributeValue: &name}},
		})
		if err != nil {
			return figure{}, err
		}
		if len(out.Events) != 50 {
			return figure{}, fmt.Errorf("LookupEvents of %s gave %d events, want 50", name, len(out.Events))
		}
		took = append(took, time.Since(start))
	}
	return millis("LookupEvents, a page of 50 "+name, "5 ms (1 ms)", took, about+"; SDK for Go included"), nil
}

// startsOver ends the plane and starts it again, some times.
func startsOver(ctx context.Context, p *plane) ([]time.Duration, error) {
	var took []time.Duration
	for range 5 {
		if err := p.stop(); err != nil {
			return took, err
		}
		start := time.Now()
		if err := p.launch(ctx); err != nil {
			return took, err
		}
		took = append(took, time.Since(start))
	}
	return took, p.connect(ctx)
}

// resting is the plane's resident memory in MB after some quiet.
func resting(ctx context.Context, p *plane) (float64, error) {
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(5 * time.Second):
	}
	return status(p, "VmRSS")
}

// status reads a line of /proc/PID/status, in MB.
func status(p *plane, line string) (float64, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(p.serve.Process.Pid) + "/status")
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(b)) {
		var kb float64
		if _, err := fmt.Sscanf(l, line+": %f kB", &kb); err == nil {
			return kb * 1024 / 1e6, nil
		}
	}
	return 0, fmt.Errorf("no %s in the status of the plane", line)
}

// stop ends the plane and keeps its folder.
func (p *plane) stop() error {
	return errors.Join(p.serve.Process.Signal(syscall.SIGTERM), p.serve.Wait())
}
