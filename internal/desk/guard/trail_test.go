package guard

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// past is a trail whose events stand close together at its end.
type past struct {
	mu    sync.Mutex
	from  map[time.Time]bool // where stretches began; guarded by mu
	times []time.Time        // newest first
	fails bool
}

func (p *past) LookupEvents(_ context.Context, in *cloudtrail.LookupEventsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.LookupEventsOutput, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from[*in.StartTime] = true
	if p.fails && len(p.from) > 1 {
		return nil, errors.New("the wire broke")
	}
	first, _ := strconv.Atoi(aws.ToString(in.NextToken))
	out := &cloudtrail.LookupEventsOutput{}
	for i := first; i < len(p.times); i++ {
		at := p.times[i]
		if at.Before(*in.StartTime) || !at.Before(in.EndTime.Add(time.Second)) {
			continue
		}
		if len(out.Events) == 50 {
			out.NextToken = aws.String(strconv.Itoa(i))
			break
		}
		text := strings.Replace(event("ssm:GetParameter", "198.51.100.7", ann), "2026-11-20T09:00:00Z", at.Format(time.RFC3339), 1)
		out.Events = append(out.Events, types.Event{CloudTrailEvent: &text})
	}
	return out, nil
}

// TestATrailIsSharedOut reads every event of a trail once, whoever reads it.
func TestATrailIsSharedOut(t *testing.T) {
	end := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	trail := &past{from: map[time.Time]bool{}}
	for i := range 20_000 {
		trail.times = append(trail.times, end.Add(-time.Duration(i)*time.Second/3))
	}
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		t.Fatal(err)
	}
	got, err := FromTrail(t.Context(), trail, end.Add(-30*24*time.Hour), end, p, Target{}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if r := got.Result(); r.Decided != 20_000 || len(r.Rows) != 1 || r.Rows[0].Count != 20_000 {
		t.Errorf("want each of 20,000 calls once, got %+v", r)
	}
	if len(trail.from) < 4 {
		t.Errorf("want the time shared out, got %d stretches", len(trail.from))
	}
	trail.fails = true
	if _, err := FromTrail(t.Context(), trail, end.Add(-30*24*time.Hour), end, p, Target{}, func(int) {}); err == nil {
		t.Error("a page that failed: want its error")
	}
}
