package login

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
)

// Eyes are the reads of the diagnosis.
type Eyes struct {
	Desktops           account.Desktops
	DesktopDirectories account.DesktopDirectories
	Groups             Groups
	Directories        account.Directories
	People             People
	Trail              account.Trail
	Clock              clock.Clock
	Region, Endpoint   string
}

// Groups reads IP access groups.
type Groups interface {
	DescribeIpGroups(context.Context, *workspaces.DescribeIpGroupsInput, ...func(*workspaces.Options)) (*workspaces.DescribeIpGroupsOutput, error)
}

// People reads the users of a directory, one or all.
type People interface {
	account.People
	ListUsers(context.Context, *dsdata.ListUsersInput) (*dsdata.ListUsersOutput, error)
}

// eyesOf returns the eyes of an account.
func eyesOf(a *account.Account, c clock.Clock) Eyes {
	return Eyes{
		Desktops: a.Desktops, DesktopDirectories: a.Desktops, Groups: a.Desktops, Directories: a.Directories,
		People: a.People, Trail: a.Trail, Clock: c, Region: a.Region, Endpoint: a.Endpoint,
	}
}

const (
	// history is how long CloudTrail keeps events for LookupEvents.
	history = 90 * 24 * time.Hour
	// mostEvents bounds what is read of one kind of event, mostNames how many
	// users are compared: LookupEvents answers two pages of 50 a second.
	mostEvents = 500
	mostNames  = 20_000
)

// changes are the operations that make an account, or switch it on or off.
// ResetUserPassword enables a user (Directory Service API Reference).
var changes = []string{"CreateUser", "DisableUser", "ResetUserPassword", "DeleteUser"}

// gather reads the facts. It fails only where nothing can be said at all: no
// credentials, no endpoint, no list of directories.
func gather(ctx context.Context, e Eyes, asked Asked) (*Facts, error) {
	f := &Facts{At: e.Clock.Now(), Asked: asked, Region: e.Region, Endpoint: e.Endpoint}
	for _, read := range []func(context.Context, *Facts) error{e.directories, e.desktops, e.users, e.names, e.changes} {
		if err := read(ctx, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// unanswered notes a question that could not be answered. It returns the errors
// that end the whole diagnosis.
func (f *Facts) unanswered(action string, err error) error {
	p := account.Explain(action, err)
	if p.Ends() {
		return p
	}
	f.Unanswered = append(f.Unanswered, p)
	return nil
}

func (e Eyes) directories(ctx context.Context, f *Facts) error {
	registered, err := account.AllDesktopDirectories(ctx, e.DesktopDirectories)
	if err != nil {
		return err
	}
	var groups []string
	for _, d := range registered {
		if id := aws.ToString(d.DirectoryId); f.Asked.Directory == "" || id == f.Asked.Directory {
			f.Directories = append(f.Directories, directoryOf(d))
			groups = append(groups, d.IpGroupIds...)
		}
	}
	if err := e.stages(ctx, f); err != nil || len(groups) == 0 {
		return err
	}
	out, err := e.Groups.DescribeIpGroups(ctx, &workspaces.DescribeIpGroupsInput{GroupIds: groups})
	if err != nil {
		return f.unanswered("workspaces:DescribeIpGroups", err)
	}
	for i, d := range f.Directories {
		for j, g := range d.Groups {
			k := slices.IndexFunc(out.Result, func(r types.WorkspacesIpGroup) bool { return aws.ToString(r.GroupId) == g.ID })
			if k < 0 {
				continue
			}
			f.Directories[i].Groups[j].Name = aws.ToString(out.Result[k].GroupName)
			for _, rule := range out.Result[k].UserRules {
				f.Directories[i].Groups[j].Rules = append(f.Directories[i].Groups[j].Rules, aws.ToString(rule.IpRule))
			}
		}
	}
	return nil
}

func directoryOf(d types.WorkspaceDirectory) Directory {
	out := Directory{
		ID: aws.ToString(d.DirectoryId), Name: aws.ToString(d.DirectoryName), Registration: string(d.State),
		Error: aws.ToString(d.ErrorMessage), Code: aws.ToString(d.RegistrationCode), Devices: map[string]string{},
	}
	for _, id := range d.IpGroupIds {
		out.Groups = append(out.Groups, Group{ID: id})
	}
	if p := d.WorkspaceAccessProperties; p != nil {
		for name, rule := range map[string]types.AccessPropertyValue{
			"android": p.DeviceTypeAndroid, "chromeos": p.DeviceTypeChromeOs, "ios": p.DeviceTypeIos, "linux": p.DeviceTypeLinux,
			"macos": p.DeviceTypeOsx, "web": p.DeviceTypeWeb, "windows": p.DeviceTypeWindows, "zeroclient": p.DeviceTypeZeroClient,
		} {
			if rule != "" {
				out.Devices[name] = string(rule)
			}
		}
	}
	return out
}

// devices are the kinds of device that a directory has a rule for.
var devices = []string{"android", "chromeos", "ios", "linux", "macos", "web", "windows", "zeroclient"}

func (e Eyes) stages(ctx context.Context, f *Facts) error {
	all, err := account.AllDirectories(ctx, e.Directories)
	if err != nil {
		return f.unanswered("ds:DescribeDirectories", err)
	}
	for i := range f.Directories {
		for _, d := range all {
			if aws.ToString(d.DirectoryId) == f.Directories[i].ID {
				f.Directories[i].Stage, f.Directories[i].StageReason = string(d.Stage), aws.ToString(d.StageReason)
			}
		}
	}
	return nil
}

func (e Eyes) desktops(ctx context.Context, f *Facts) error {
	for _, d := range f.Directories {
		out, err := e.Desktops.DescribeWorkspaces(ctx, &workspaces.DescribeWorkspacesInput{DirectoryId: &d.ID, UserName: &f.Asked.User})
		if err != nil {
			return account.Explain("workspaces:DescribeWorkspaces", err)
		}
		for _, w := range out.Workspaces {
			one := Desktop{ID: aws.ToString(w.WorkspaceId), Directory: d.ID, State: string(w.State), Error: aws.ToString(w.ErrorMessage)}
			if w.WorkspaceProperties != nil {
				one.RunningMode = string(w.WorkspaceProperties.RunningMode)
			}
			f.Desktops = append(f.Desktops, one)
		}
	}
	return nil
}

func (e Eyes) users(ctx context.Context, f *Facts) error {
	for _, d := range f.Directories {
		out, err := account.FindUser(ctx, e.People, d.ID, f.Asked.User)
		// A ValidationException is about a name that no user can have.
		if p, refused := errors.AsType[*account.Problem](err); refused && p.Code != "ValidationException" {
			if err := f.unanswered(p.Action, p); err != nil {
				return err
			}
			continue
		}
		u := User{Directory: d.ID, Present: out != nil}
		if out != nil {
			u.Enabled = out.Enabled
		}
		f.Users = append(f.Users, u)
	}
	return nil
}

// names reads who is there, where the one who was asked for is not: in a
// directory that does not answer, those who have desktops.
func (e Eyes) names(ctx context.Context, f *Facts) error {
	for _, d := range f.Directories {
		u, asked := f.user(d.ID)
		if u.Present && f.hasDesktop(d.ID) {
			continue
		}
		if asked {
			if err := e.listed(ctx, f, d.ID); err != nil {
				return err
			}
			continue
		}
		all, err := account.AllDesktops(ctx, e.Desktops, []string{d.ID})
		if err != nil {
			return err
		}
		for _, w := range all {
			if aws.ToString(w.DirectoryId) == d.ID {
				f.Names = append(f.Names, aws.ToString(w.UserName))
			}
		}
	}
	slices.Sort(f.Names)
	f.Names = slices.Compact(f.Names)
	return nil
}

func (e Eyes) listed(ctx context.Context, f *Facts, directory string) error {
	in := &dsdata.ListUsersInput{DirectoryID: directory, MaxResults: 250}
	for {
		out, err := e.People.ListUsers(ctx, in)
		if err != nil {
			return f.unanswered("ds-data:ListUsers", err)
		}
		for _, u := range out.Users {
			f.Names = append(f.Names, u.SAMAccountName)
		}
		if in.NextToken = out.NextToken; in.NextToken == "" || len(f.Names) >= mostNames {
			return nil
		}
	}
}

// change is the part of a record of Directory Service that is read.
type change struct {
	account.Record
	RequestParameters struct{ DirectoryID, UserName, SAMAccountName string }
}

func (e Eyes) changes(ctx context.Context, f *Facts) error {
	for _, name := range changes {
		events, _, err := account.Events(ctx, e.Trail, name, f.At.Add(-history), mostEvents)
		if err != nil {
			return f.unanswered("cloudtrail:LookupEvents", err)
		}
		for _, event := range events {
			var r change
			if json.Unmarshal([]byte(aws.ToString(event.CloudTrailEvent)), &r) != nil || r.ErrorCode != "" {
				continue
			}
			p := r.RequestParameters
			if p.DirectoryID == "" || !strings.EqualFold(p.UserName+p.SAMAccountName, f.Asked.User) {
				continue
			}
			f.Changes = append(f.Changes, Change{Name: name, Directory: p.DirectoryID, Time: aws.ToTime(event.EventTime), By: r.Who()})
		}
	}
	slices.SortStableFunc(f.Changes, func(a, b Change) int { return b.Time.Compare(a.Time) })
	return nil
}

func (f *Facts) user(directory string) (User, bool) {
	i := slices.IndexFunc(f.Users, func(u User) bool { return u.Directory == directory })
	if i < 0 {
		return User{Directory: directory}, false
	}
	return f.Users[i], true
}

func (f *Facts) hasDesktop(directory string) bool {
	return slices.ContainsFunc(f.Desktops, func(d Desktop) bool { return d.Directory == directory })
}
