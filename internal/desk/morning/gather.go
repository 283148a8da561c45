package morning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/outage"
	"tamachi/internal/desk/settings"
)

// Eyes are the reads of the morning check.
type Eyes struct {
	Who                account.Who
	Desktops           account.Desktops
	DesktopDirectories account.DesktopDirectories
	Connections        account.Connections
	Directories        account.Directories
	Trail              account.Trail
	People             account.People
	Alarms             Alarms
	Nodes              Nodes
	Machines           Machines
	Metrics            outage.Metrics
	Clock              clock.Clock
	Region, Endpoint   string

	Repeats time.Duration // how far back an alarm's repetitions count
	AtOnce  int           // so many sessions that end at once are an incident; 0 is not looked for
}

// eyesOf returns the eyes of an account.
func eyesOf(a *account.Account, c clock.Clock) Eyes {
	return Eyes{
		Who: a.Identity, Desktops: a.Desktops, DesktopDirectories: a.Desktops, Connections: a.Desktops,
		Directories: a.Directories, Trail: a.Trail, People: a.People, Alarms: a.Metrics, Nodes: a.Nodes, Machines: a.Networks, Metrics: a.Metrics,
		Clock: c, Region: a.Region, Endpoint: a.Endpoint,
		Repeats: time.Duration(settings.Default().Thresholds.OffenderDays) * 24 * time.Hour, AtOnce: settings.Default().Thresholds.DisconnectsAtOnce,
	}
}

const (
	// history is how long CloudTrail keeps events for LookupEvents. An account
	// may have been disabled days before a desktop needed it.
	history = 90 * 24 * time.Hour
	// mostEvents bounds what is read of one kind of event: LookupEvents answers
	// two pages of 50 a second (CloudTrail User Guide, "Quotas").
	mostEvents = 1000
)

// accountEvents are the operations that switch a directory account off or on.
// ResetUserPassword enables a disabled user (Directory Service API Reference).
var accountEvents = []string{"DisableUser", "DeleteUser", "ResetUserPassword"}

// movers name the operation that brings a desktop into a passing state.
var movers = map[string]string{
	"PENDING": "CreateWorkspaces", "STARTING": "StartWorkspaces", "STOPPING": "StopWorkspaces",
	"REBOOTING": "RebootWorkspaces", "REBUILDING": "RebuildWorkspaces", "RESTORING": "RestoreWorkspace",
	"UPDATING": "ModifyWorkspaceProperties", "TERMINATING": "TerminateWorkspaces",
}

// gather reads the facts since a time. It fails only where nothing can be said
// at all: no credentials, no endpoint, no list of desktops.
func gather(ctx context.Context, e Eyes, since time.Time) (*Facts, error) {
	at := e.Clock.Now()
	n := &account.Notebook[Facts]{Facts: &Facts{At: at, Since: since, History: at.Add(-history), Repeats: at.Add(-e.Repeats), Region: e.Region, Endpoint: e.Endpoint}}
	if err := e.caller(ctx, n); err != nil {
		return nil, err
	}
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for _, read := range []func(context.Context, *account.Notebook[Facts]) error{
		e.desktops, e.connections, e.directories, e.creations, e.alarms, e.lost, e.patching, e.windows,
	} {
		g.Go(func() error { return read(inner, n) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if err := e.second(ctx, n); err != nil {
		return nil, err
	}
	f := n.Facts
	slices.SortFunc(f.Lost, func(a, b Node) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(f.Directories, func(a, b Directory) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortStableFunc(f.Events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), b.Time.Compare(a.Time))
	})
	for _, p := range n.Unanswered {
		f.Unanswered = append(f.Unanswered, Unanswered{p})
	}
	return f, nil
}

func (e Eyes) caller(ctx context.Context, n *account.Notebook[Facts]) error {
	out, err := e.Who.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		p := account.Explain("sts:GetCallerIdentity", err)
		if p.Kind == account.BadCredentials {
			return p
		}
		return n.Missed(p)
	}
	n.Facts.Account, n.Facts.Caller = aws.ToString(out.Account), aws.ToString(out.Arn)
	return nil
}

// desktops reads the registered directories and then the desktops of each.
func (e Eyes) desktops(ctx context.Context, n *account.Notebook[Facts]) error {
	registered, found, missed, err := account.Fleet(ctx, e.DesktopDirectories, e.Desktops)
	if missed != nil {
		if err := n.Missed(missed); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	desktops := make([]Desktop, len(found))
	for i, w := range found {
		desktops[i] = desktopOf(w)
	}
	n.Note(func(f *Facts) {
		f.Desktops = desktops
		for _, d := range registered {
			into := f.directory(aws.ToString(d.DirectoryId))
			into.Registration = string(d.State)
			into.Name = cmp.Or(aws.ToString(d.DirectoryName), into.Name)
			into.Error = aws.ToString(d.ErrorMessage)
			into.Maintenance = d.WorkspaceCreationProperties != nil && aws.ToBool(d.WorkspaceCreationProperties.EnableMaintenanceMode)
		}
	})
	return nil
}

func (e Eyes) directories(ctx context.Context, n *account.Notebook[Facts]) error {
	found, err := account.AllDirectories(ctx, e.Directories)
	if err != nil {
		return n.Missed(err)
	}
	n.Note(func(f *Facts) {
		for _, d := range found {
			if d.Stage == dstypes.DirectoryStageDeleted {
				continue
			}
			into := f.directory(aws.ToString(d.DirectoryId))
			into.Stage, into.StageReason = string(d.Stage), aws.ToString(d.StageReason)
			into.Name = cmp.Or(aws.ToString(d.Name), into.Name)
		}
	})
	return nil
}

// directory returns the entry of a directory, making it where there is none.
func (f *Facts) directory(id string) *Directory {
	for i := range f.Directories {
		if f.Directories[i].ID == id {
			return &f.Directories[i]
		}
	}
	f.Directories = append(f.Directories, Directory{ID: id})
	return &f.Directories[len(f.Directories)-1]
}

func (e Eyes) creations(ctx context.Context, n *account.Notebook[Facts]) error {
	return e.events(ctx, n, "CreateWorkspaces", n.Facts.Since)
}

func (e Eyes) events(ctx context.Context, n *account.Notebook[Facts], name string, since time.Time) error {
	found, cut, err := account.Events(ctx, e.Trail, name, since, mostEvents)
	if err != nil {
		return n.Missed(err)
	}
	events := make([]Event, len(found))
	for i, r := range found {
		events[i] = readEvent(r)
	}
	n.Note(func(f *Facts) {
		f.Events = append(f.Events, events...)
		if cut {
			f.Truncated = append(f.Truncated, name)
		}
	})
	return nil
}

func (e Eyes) connections(ctx context.Context, n *account.Notebook[Facts]) error {
	found, err := account.AllConnections(ctx, e.Connections)
	if err != nil {
		return n.Missed(err)
	}
	usage := make(map[string]Usage, len(found))
	for _, c := range found {
		usage[aws.ToString(c.WorkspaceId)] = Usage{string(c.ConnectionState), aws.ToTime(c.LastKnownUserConnectionTimestamp)}
	}
	n.Note(func(f *Facts) { f.Connected = usage })
	return nil
}

// second asks what only matters when something is wrong, so that a healthy
// morning costs few calls.
func (e Eyes) second(ctx context.Context, n *account.Notebook[Facts]) error {
	names := map[string]time.Time{}
	for _, d := range n.Facts.Desktops {
		if name := movers[d.State]; name != "" && name != "CreateWorkspaces" {
			names[name] = earlier(names[name], n.Facts.Since)
		}
		if d.State == string(types.WorkspaceStateError) {
			for _, name := range accountEvents {
				names[name] = n.Facts.History
			}
		}
	}
	if since, ok := n.Facts.wakersSince(); ok {
		for _, name := range wakers {
			names[name] = earlier(names[name], since)
		}
	}
	for _, r := range n.Facts.PatchRuns {
		if r.Said == "" {
			for _, name := range restarts {
				names[name] = earlier(names[name], n.Facts.Since)
			}
		}
	}
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for name, since := range names {
		g.Go(func() error { return e.events(inner, n, name, since) })
	}
	if e.AtOnce > 0 {
		g.Go(func() error { return e.outages(inner, n) })
	}
	for _, who := range suspects(n.Facts.Desktops) {
		g.Go(func() error { return e.account(inner, n, who) })
	}
	return g.Wait()
}

// outages looks for many sessions that ended at once. Where it is not known who
// is connected, nobody could be told from those who are back.
func (e Eyes) outages(ctx context.Context, n *account.Notebook[Facts]) error {
	f := n.Facts
	if f.Connected == nil || len(f.Desktops) == 0 {
		return nil
	}
	v := outage.View{Region: e.Region, Since: f.Since, At: f.At, AtOnce: e.AtOnce}
	for _, d := range f.Desktops {
		v.Seats = append(v.Seats, outage.Seat{
			ID: d.ID, User: d.User, Directory: d.Directory, Subnet: d.Subnet, State: d.State,
			Connected: f.Connected[d.ID].State == "CONNECTED", Last: f.Connected[d.ID].Last,
		})
	}
	found, err := outage.Find(ctx, e.Metrics, v)
	if err != nil {
		return n.Missed(err)
	}
	n.Note(func(f *Facts) { f.Outages = found })
	return nil
}

// earlier is the earlier of two times; zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

func (e Eyes) account(ctx context.Context, n *account.Notebook[Facts], who Target) error {
	state, err := accountState(ctx, e.People, who)
	if err != nil {
		return n.Missed(err)
	}
	n.Note(func(f *Facts) { f.Accounts = append(f.Accounts, DirectoryUser{who.Directory, who.User, state}) })
	return nil
}

// accountState reads whether an account can be used.
func accountState(ctx context.Context, people account.People, who Target) (State, error) {
	out, err := account.FindUser(ctx, people, who.Directory, who.User)
	switch {
	case err != nil:
		return "", err
	case out == nil:
		return Absent, nil
	case out.Enabled == nil:
		return "", &account.Problem{Kind: account.Unknown, Action: "ds-data:DescribeUser", Message: "no Enabled in the answer"}
	case *out.Enabled:
		return Enabled, nil
	}
	return Disabled, nil
}

func desktopOf(w types.Workspace) Desktop {
	d := Desktop{
		ID: aws.ToString(w.WorkspaceId), Directory: aws.ToString(w.DirectoryId), User: aws.ToString(w.UserName),
		State: string(w.State), ErrorCode: aws.ToString(w.ErrorCode), ErrorMessage: aws.ToString(w.ErrorMessage),
		Computer: aws.ToString(w.ComputerName), Address: aws.ToString(w.IpAddress), Subnet: aws.ToString(w.SubnetId),
	}
	d.Request = change.Like(w)
	return d
}
