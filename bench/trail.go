package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/bench/load"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// trail fills the trail of a plane, looks events up by their name, starts the
// plane over all of it, and leaves it alone.
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
	if err := fill(ctx, s, p); err != nil {
		return figures, fmt.Errorf("fill the trail: %w", err)
	}
	about := fmt.Sprintf("%d events", s.events)
	started, err := startsOver(ctx, p)
	if err != nil {
		return figures, err
	}
	figures = append(figures, millis("start to ready over a full trail", "1000 ms (300 ms)", started, about))
	idle, err = resting(ctx, p)
	if err != nil {
		return figures, err
	}
	figures = append(figures, figure{
		name: "resident memory idle, full trail", must: "80 MB (45 MB)", unit: "MB", values: []float64{idle}, note: about + "; VmRSS 5 s after ready",
	})
	for _, name := range []string{"PutParameter", "GetCallerIdentity"} {
		f, err := lookUp(ctx, s, p, name, about)
		if err != nil {
			return figures, err
		}
		figures = append(figures, f)
	}
	return figures, nil
}

// fill stops the plane and writes events into its store as the plane does,
// through the recorder of the cloudtrail room: nine reads to one change, ten
// milliseconds apart, the last one now. By calls it would take minutes.
func fill(ctx context.Context, s settings, p *plane) error {
	me, err := sts.NewFromConfig(p.config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return err
	}
	creds, err := p.config.Credentials.Retrieve(ctx)
	if err != nil {
		return err
	}
	if err := p.stop(); err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Options{Path: filepath.Join(p.data(), "tamachi.db")}, cloudtrail.Tables()...)
	if err != nil {
		return err
	}
	recorder, ids := cloudtrail.NewRecorder(st, slog.New(slog.DiscardHandler)), id.Random()
	now := time.Now()
	for n := range s.events {
		e := api.Event{
			Time: now.Add(time.Duration(n-s.events) * 10 * time.Millisecond), Account: *me.Account, Region: p.config.Region,
			Source: "sts.amazonaws.com", Name: "GetCallerIdentity", ReadOnly: true,
			Caller: api.Caller{
				Type: api.IAMUser, Account: *me.Account, Name: "administrator", AccessKeyID: creds.AccessKeyID, ARN: *me.Arn, UserID: *me.UserId,
			},
			SourceIP: "127.0.0.1", UserAgent: "aws-cli/1.45.0 md/Botocore#1.43.0 ua/2.1 os/linux lang/python#3.11.7", RequestID: ids.UUID(),
		}
		e.ID = ids.TimeUUID(e.Time)
		if n%10 == 0 {
			e.Source, e.Name, e.ReadOnly = "ssm.amazonaws.com", "PutParameter", false
			e.Request = fmt.Appendf(nil, `{"name":"/bench/p%04d","value":"HIDDEN_DUE_TO_SECURITY_REASONS","type":"String","overwrite":true}`, n%names)
			e.Response = []byte(`{"version":1,"tier":"Standard"}`)
			e.Resources = []string{fmt.Sprintf("arn:aws:ssm:%s:%s:parameter/bench/p%04d", e.Region, e.Account, n%names)}
		}
		recorder.Later(ctx, &e)
		if n%100_000 == 0 {
			fmt.Fprintf(os.Stderr, "%d of %d events\n", n, s.events)
		}
	}
	recorder.Flush(ctx)
	if err := errors.Join(st.Index(ctx), st.Close()); err != nil {
		return err
	}
	return p.start(ctx)
}

// lookUp times pages of 50 events by their name, over the wire: the load client
// asks, one call after the other.
func lookUp(ctx context.Context, s settings, p *plane, name, about string) (figure, error) {
	k := kind{
		service: "cloudtrail", target: "CloudTrail_20131101.LookupEvents",
		bodies: func() []string {
			return []string{`{"MaxResults":50,"LookupAttributes":[{"AttributeKey":"EventName","AttributeValue":"` + name + `"}]}`}
		},
	}
	requests, err := signed(ctx, k, p.config)
	if err != nil {
		return figure{}, err
	}
	got, err := load.Spawn(ctx, load.Job{
		Address: strings.TrimPrefix(*p.config.BaseEndpoint, "http://"), Connections: 1, Want: `"NextToken"`, // there is more than the page
		Long: time.Duration(s.seconds) * time.Second, Requests: requests,
	})
	if err != nil {
		return figure{}, err
	}
	return millis("LookupEvents, a page of 50 "+name+", p50", "5 ms (1 ms)", []time.Duration{got.P50},
		fmt.Sprintf("%s; %d calls over one connection, p99 %s", about, got.Calls, got.P99.Round(10*time.Microsecond))), nil
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
