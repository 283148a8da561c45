package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cw "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"
)

// scrollLine is what each user types into the terminal of the small image: ten
// lines come, twenty times a second. It needs no Shift.
const scrollLine = "while sleep 0.05; do seq 100000 100010; done\n"

// scrollMinutes is how many whole minutes are looked at.
const scrollMinutes = 2

// scroll lets users of real desktops scroll all at once, each through the way
// of the browser, and asks the plane for their InSessionLatency.
func scroll(ctx context.Context, s settings) (figures []figure, err error) {
	p, directory, err := startStaffed(ctx, s, s.scrollers)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	if err := askBulk(ctx, p.ws, directory, 0, s.scrollers); err != nil {
		return nil, err
	}
	if err := p.allThere(ctx, s.scrollers); err != nil {
		return nil, err
	}
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	g, watching := errgroup.WithContext(ctx)
	watching, stop := context.WithCancel(watching)
	var users []*viewer
	for _, w := range all {
		v, err := p.look(ctx, *w.WorkspaceId)
		if err != nil {
			stop()
			return nil, errors.Join(err, g.Wait())
		}
		users = append(users, v)
		g.Go(func() error { return v.run(watching) })
	}
	figures, err = p.scrolled(watching, all, users)
	stop()
	return figures, errors.Join(err, g.Wait())
}

// scrolled waits until the plane has measured some whole minutes of scrolling.
func (p *plane) scrolled(ctx context.Context, all []types.Workspace, users []*viewer) ([]figure, error) {
	// Pictures must come before minutes count.
	if err := until(ctx, time.Second, func() (bool, error) {
		for _, v := range users {
			if v.pictures.Load() < 40 {
				return false, nil
			}
		}
		return true, nil
	}); err != nil {
		return nil, fmt.Errorf("wait until all scroll: %w", err)
	}
	from := time.Now().Truncate(time.Minute).Add(time.Minute)
	to := from.Add(scrollMinutes * time.Minute)
	begun, pictures, spent, err := p.effort(users)
	if err != nil {
		return nil, err
	}
	latency := figure{name: fmt.Sprintf("InSessionLatency, %d users scroll at once", len(all)), must: "200 ms (80 ms)", unit: "ms"}
	if err := within(ctx, 10*time.Minute, 5*time.Second, func() (bool, error) {
		latency.values = nil
		for _, w := range all {
			got, err := p.latencies(ctx, w, from, to)
			if err != nil || len(got) < scrollMinutes {
				return false, err
			}
			latency.values = append(latency.values, got...)
		}
		return true, nil
	}); err != nil {
		return nil, err
	}
	ended, more, now, err := p.effort(users)
	took := ended.Sub(begun).Seconds()
	latency.note = fmt.Sprintf("averages of %d minutes as CloudWatch tells them, a metric a desktop; small image, ten lines of xterm twenty times a second; %.1f pictures a second a user; the plane took %.2f of a core",
		scrollMinutes, float64(more-pictures)/took/float64(len(users)), (now-spent).Seconds()/took)
	return []figure{latency}, err
}

// effort is what was done until now: pictures of all users, and processor time
// of the plane.
func (p *plane) effort(users []*viewer) (at time.Time, pictures int64, spent time.Duration, err error) {
	for _, v := range users {
		pictures += v.pictures.Load()
	}
	spent, err = cpu(p.serve.Process.Pid)
	return time.Now(), pictures, spent, err
}

func (p *plane) latencies(ctx context.Context, w types.Workspace, from, to time.Time) (all []float64, err error) {
	out, err := cloudwatch.NewFromConfig(p.config).GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("InSessionLatency"), StartTime: &from, EndTime: &to, Period: aws.Int32(60),
		Dimensions: []cw.Dimension{{Name: aws.String("WorkspaceId"), Value: w.WorkspaceId}}, Statistics: []cw.Statistic{cw.StatisticAverage},
	})
	if err != nil {
		return nil, err
	}
	for _, d := range out.Datapoints {
		all = append(all, *d.Average)
	}
	return all, nil
}

// viewer is a user's screen.
type viewer struct {
	*rfb
	pictures atomic.Int64
}

// look opens a desktop as a browser does: ticket, cookie, stream.
func (p *plane) look(ctx context.Context, id string) (*viewer, error) {
	text, _, err := p.tamachi(ctx, "desktop", "open", id)
	if err != nil {
		return nil, err
	}
	ticket, err := url.Parse(strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, ticket.String(), nil)
	if err != nil {
		return nil, err
	}
	res, err := browser.Do(r)
	if err != nil {
		return nil, err
	}
	page := res.Request.URL // after the redirect
	if err := res.Body.Close(); err != nil {
		return nil, err
	}
	stream := page.JoinPath("stream").String()
	origin := http.Header{"Origin": {page.Scheme + "://" + page.Host}}
	ws, _, err := websocket.Dial(ctx, stream, &websocket.DialOptions{HTTPClient: browser, HTTPHeader: origin}) //nolint:bodyclose // Dial keeps it, or closes it
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", stream, err)
	}
	ws.SetReadLimit(1 << 20)
	return &viewer{rfb: greetRFB(websocket.NetConn(context.WithoutCancel(ctx), ws, websocket.MessageBinary))}, nil
}

// run starts the scrolling and takes pictures until ctx ends.
func (v *viewer) run(ctx context.Context) error {
	release := context.AfterFunc(ctx, func() { v.conn.Close() })
	defer release()
	err := v.hello()
	for typed := false; err == nil; v.pictures.Add(1) {
		if err = v.picture(); err == nil && !typed {
			typed, err = true, v.say(scrollLine)
		}
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}
