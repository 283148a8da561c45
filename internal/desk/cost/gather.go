package cost

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// Metrics reads metrics.
type Metrics interface {
	GetMetricData(context.Context, *cloudwatch.GetMetricDataInput, ...func(*cloudwatch.Options)) (*cloudwatch.GetMetricDataOutput, error)
}

// Eyes are the reads of the sweep.
type Eyes struct {
	Who                account.Who
	Desktops           account.Desktops
	DesktopDirectories account.DesktopDirectories
	Connections        account.Connections
	Metrics            Metrics
	Tags               account.Tags
	Clock              clock.Clock
	Region, Endpoint   string
}

// EyesOf returns the eyes of an account.
func EyesOf(a *account.Account, c clock.Clock) Eyes {
	return Eyes{
		Who: a.Identity, Desktops: a.Desktops, DesktopDirectories: a.Desktops, Connections: a.Desktops, Metrics: a.Metrics, Tags: a.Tags,
		Clock: c, Region: a.Region, Endpoint: a.Endpoint,
	}
}

// window is how far back use is read: CloudWatch keeps points of five minutes
// for 63 days (CloudWatch User Guide, "Metrics retention").
const window = 30 * 24 * time.Hour

// gather reads the facts. It fails only where nothing can be said at all: no
// credentials, no endpoint, no list of desktops.
func gather(ctx context.Context, e Eyes) (*Facts, error) {
	at := e.Clock.Now().UTC()
	month := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)
	from := at.Add(-window).Truncate(24 * time.Hour)
	if month.Before(from) {
		from = month
	}
	n := &account.Notebook[Facts]{Facts: &Facts{At: at, From: from, Month: month, Region: e.Region, Endpoint: e.Endpoint}}
	who, err := e.Who.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		if err := n.Missed(account.Explain("sts:GetCallerIdentity", err)); err != nil {
			return nil, err
		}
	} else {
		n.Facts.Account, n.Facts.Caller = aws.ToString(who.Account), aws.ToString(who.Arn)
	}
	logins, tags := map[string]time.Time{}, map[string]map[string]string{}
	g, inner := errgroup.WithContext(ctx)
	g.Go(func() error { return e.desktops(inner, n) })
	g.Go(func() error { return e.logins(inner, n, logins) })
	g.Go(func() error { return e.tags(inner, n, tags) })
	if err := g.Wait(); err != nil {
		return nil, err
	}
	f := n.Facts
	for i := range f.Desktops {
		d := &f.Desktops[i]
		d.LastLogin, d.Tags = logins[d.ID], tags[d.ID]
	}
	if err := e.use(ctx, n); err != nil {
		return nil, err
	}
	f.Unanswered = n.Unanswered
	return f, nil
}

func (e Eyes) desktops(ctx context.Context, n *account.Notebook[Facts]) error {
	_, found, missed, err := account.Fleet(ctx, e.DesktopDirectories, e.Desktops)
	if missed != nil {
		if err := n.Missed(missed); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	all := make([]Desktop, 0, len(found))
	for _, w := range found {
		all = append(all, desktopOf(w))
	}
	n.Note(func(f *Facts) { f.Desktops = all })
	return nil
}

func desktopOf(w types.Workspace) Desktop {
	d := Desktop{
		ID: aws.ToString(w.WorkspaceId), Directory: aws.ToString(w.DirectoryId), User: aws.ToString(w.UserName),
		Bundle: aws.ToString(w.BundleId), State: string(w.State),
	}
	if p := w.WorkspaceProperties; p != nil {
		d.Compute, d.Mode, d.OS = string(p.ComputeTypeName), string(p.RunningMode), system(p.OperatingSystemName)
		d.AutoStopMinutes = int(aws.ToInt32(p.RunningModeAutoStopTimeoutInMinutes))
		d.RootGiB, d.UserGiB = int(aws.ToInt32(p.RootVolumeSizeGib)), int(aws.ToInt32(p.UserVolumeSizeGib))
	}
	return d
}

// system is the operating system as price lists write it; "" where the desktop
// does not tell.
func system(name types.OperatingSystemName) string {
	s := string(name)
	switch {
	case strings.HasPrefix(s, "WINDOWS"):
		return "Windows"
	case strings.HasPrefix(s, "AMAZON_LINUX"):
		return "Amazon Linux"
	case strings.HasPrefix(s, "UBUNTU"):
		return "Ubuntu"
	case strings.HasPrefix(s, "RHEL"):
		return "RHEL"
	case strings.HasPrefix(s, "ROCKY"):
		return "Rocky Linux"
	}
	return ""
}

func (e Eyes) logins(ctx context.Context, n *account.Notebook[Facts], into map[string]time.Time) error {
	found, err := account.AllConnections(ctx, e.Connections)
	if err != nil {
		return n.Missed(err)
	}
	for _, c := range found {
		if t := aws.ToTime(c.LastKnownUserConnectionTimestamp); !t.IsZero() {
			into[aws.ToString(c.WorkspaceId)] = t
		}
	}
	return nil
}

func (e Eyes) tags(ctx context.Context, n *account.Notebook[Facts], into map[string]map[string]string) error {
	all, err := account.DesktopTags(ctx, e.Tags)
	if err != nil {
		n.Note(func(f *Facts) { f.untagged = true })
		return n.Missed(err)
	}
	maps.Copy(into, all)
	return nil
}
