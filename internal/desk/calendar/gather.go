package calendar

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/maintenance"
	"tamachi/internal/desk/report"
)

// Eyes is what the calendar reads in one place.
type Eyes struct {
	Identity account.Who
	Desktops interface {
		account.Desktops
		account.DesktopDirectories
	}
	Windows maintenance.Windows
	Region  string
}

// ahead is how many days the calendar shows.
const ahead = 62

// seen is what one place had to say.
type seen struct {
	events   []Event
	asked    []string // the sources that answered
	problems []*account.Problem
}

// look reads one place.
func (e Eyes) look(ctx context.Context, other *time.Location, now time.Time) (*seen, error) {
	me, err := e.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, account.Explain("sts:GetCallerIdentity", err)
	}
	place := aws.ToString(me.Account) + " " + e.Region
	out := &seen{}
	for _, part := range []struct {
		source string
		read   func(context.Context, string) ([]Event, error)
	}{
		{place + " desktops", func(ctx context.Context, source string) ([]Event, error) {
			return e.nights(ctx, source, maintenance.Zone(e.Region, other), now)
		}},
		{place + " windows", e.windows},
	} {
		events, err := part.read(ctx, part.source)
		if err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			out.problems = append(out.problems, account.Explain("", err))
			continue
		}
		out.events, out.asked = append(out.events, events...), append(out.asked, part.source)
	}
	return out, nil
}

// nights are those of WorkSpaces' own maintenance. One event is for all the
// directories of a Region, by name, since they go by the same clock.
func (e Eyes) nights(ctx context.Context, source string, zone *time.Location, now time.Time) ([]Event, error) {
	directories, err := account.AllDesktopDirectories(ctx, e.Desktops)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, d := range directories {
		if p := d.WorkspaceCreationProperties; p != nil && aws.ToBool(p.EnableMaintenanceMode) {
			names[aws.ToString(d.DirectoryId)] = strings.TrimSpace(aws.ToString(d.DirectoryName) + " " + aws.ToString(d.DirectoryId))
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	desktops, err := account.AllDesktops(ctx, e.Desktops, nil)
	if err != nil {
		return nil, err
	}
	concerned := map[maintenance.Mode][]string{}
	for _, d := range desktops {
		name := names[aws.ToString(d.DirectoryId)]
		if name == "" || d.WorkspaceProperties == nil {
			continue
		}
		m := maintenance.Mode(d.WorkspaceProperties.RunningMode)
		if !slices.Contains(concerned[m], name) {
			concerned[m] = append(concerned[m], name)
		}
	}
	var out []Event
	for _, m := range []maintenance.Mode{maintenance.AlwaysOn, maintenance.AutoStop} {
		slices.Sort(concerned[m])
		if list := strings.Join(concerned[m], ", "); list != "" {
			out = append(out, days(m, source, list, zone, now)...)
		}
	}
	return out, nil
}

// days are the nights of a mode from today on.
func days(m maintenance.Mode, source, list string, zone *time.Location, now time.Time) []Event {
	y, month, d := now.In(zone).Date()
	what, why := text.AlwaysOn, text.AlwaysOnWhy
	if m == maintenance.AutoStop {
		what, why = text.AutoStop, text.AutoStopWhy
	}
	var out []Event
	for n := range ahead {
		from, to, is := maintenance.Night(m, time.Date(y, month, d+n, 0, 0, 0, 0, zone))
		if !is {
			continue
		}
		out = append(out, Event{
			UID: uid(strings.ToLower(string(m)), source, from.Format("20060102")), Source: source, From: from, To: to,
			What: both(what, "directories", list), Why: both(why, "zone", zone.String()),
		})
	}
	return out
}

func (e Eyes) windows(ctx context.Context, source string) ([]Event, error) {
	all, err := maintenance.Next(ctx, e.Windows)
	if err != nil {
		return nil, err
	}
	var out []Event
	for _, w := range all {
		out = append(out, Event{
			UID: uid("window", source, w.ID+"-"+w.From.UTC().Format("20060102T1504Z")), Source: source, From: w.From, To: w.To,
			What: both(text.Window, "name", w.Name), Why: both(text.WindowWhy, "id", w.ID, "place", strings.TrimSuffix(source, " windows")),
		})
	}
	return out, nil
}

// uid is the name of an event for ever: what it is, where, and when.
func uid(kind, source, key string) string {
	return fmt.Sprintf("%s-%s-%s@tamachi", kind, strings.ReplaceAll(source, " ", "-"), key)
}

func both(m report.Message, pairs ...any) [2]string {
	return [2]string{m.In(report.English, pairs...), m.In(report.Japanese, pairs...)}
}
