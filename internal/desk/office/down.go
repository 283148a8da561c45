package office

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// down removes the office that was made from this machine, as far as the
// endpoint has operations for it, and says what stays. Each step takes what is
// gone already as done, so that a run that was broken off can be repeated.
func (o *office) down(ctx context.Context) error {
	o.talk.of = 3
	if o.record.Directory == "" {
		return o.notOurs(ctx)
	}
	o.directory = o.record.Directory
	ours, others, err := o.occupants(ctx)
	if err != nil {
		return err
	}
	if err := o.terminate(ctx, ours); err != nil {
		return err
	}
	if err := o.remember(func(r *record) { r.Night = "" }); err != nil {
		return err
	}
	if len(others) > 0 {
		o.stays(text.StaysDesktops.In(o.talk.lang, "n", len(others), "users", strings.Join(others, ", ")))
		return nil
	}
	return o.removeDirectory(ctx)
}

// occupants are the desktops in the directory, those on their way out included:
// the office's own, and the users of others. The repair of the morning puts new
// desktops in the place of ours, so ours are told by their users and not by
// their ids.
func (o *office) occupants(ctx context.Context) (ours []types.Workspace, others []string, err error) {
	all, err := account.AllDesktops(ctx, o.hands.Desktops, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, w := range all {
		user := strings.ToLower(aws.ToString(w.UserName))
		switch {
		case aws.ToString(w.DirectoryId) != o.directory || w.State == types.WorkspaceStateTerminated:
		case slices.Contains(byDay, user) || slices.Contains(byNight, user):
			ours = append(ours, w)
		default:
			others = append(others, user)
		}
	}
	slices.Sort(others)
	return ours, others, nil
}

func (o *office) notOurs(ctx context.Context) error {
	d, err := o.findDirectory(ctx)
	if err != nil {
		return err
	}
	if d != nil {
		o.talk.say(text.Foreign, "id", aws.ToString(d.DirectoryId))
		return nil
	}
	o.talk.say(text.Nothing)
	return nil
}

// terminate asks for the end of desktops that are not on their way out, and
// waits until all are gone.
func (o *office) terminate(ctx context.Context, ours []types.Workspace) error {
	o.talk.step(text.Terminate, "n", len(ours))
	var ids []string
	in := &workspaces.TerminateWorkspacesInput{}
	for _, w := range ours {
		ids = append(ids, aws.ToString(w.WorkspaceId))
		if w.State != types.WorkspaceStateTerminating {
			in.TerminateWorkspaceRequests = append(in.TerminateWorkspaceRequests, types.TerminateRequest{WorkspaceId: w.WorkspaceId})
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if len(in.TerminateWorkspaceRequests) > 0 {
		if err := o.askTerminate(ctx, in); err != nil {
			return err
		}
	}
	return o.watch(ctx, func() (report.Message, []any, bool, error) {
		now, err := account.DesktopsByID(ctx, o.hands.Desktops, ids)
		left := 0
		for _, w := range now {
			if w.State != types.WorkspaceStateTerminated {
				left++
			}
		}
		return text.TerminateWait, []any{"left", left}, left == 0, err
	})
}

func (o *office) askTerminate(ctx context.Context, in *workspaces.TerminateWorkspacesInput) error {
	out, err := o.hands.Desktops.TerminateWorkspaces(ctx, in)
	if err != nil {
		return account.Explain("workspaces:TerminateWorkspaces", err)
	}
	var refused []error
	for _, f := range out.FailedRequests {
		refused = append(refused, errors.New(text.NotTerminated.In(o.talk.lang, "id", aws.ToString(f.WorkspaceId),
			"code", aws.ToString(f.ErrorCode), "message", aws.ToString(f.ErrorMessage))))
	}
	return errors.Join(refused...)
}

// removeDirectory undoes the registration and the directory, and waits for
// each. Where the endpoint cannot, the directory stays and the record of it too.
func (o *office) removeDirectory(ctx context.Context) error {
	o.talk.step(text.Deregister, "id", o.directory)
	_, err := o.hands.Desktops.DeregisterWorkspaceDirectory(ctx, &workspaces.DeregisterWorkspaceDirectoryInput{DirectoryId: &o.directory})
	if err != nil && account.Explain("", err).Code != notRegistered {
		return o.cannot(account.Explain("workspaces:DeregisterWorkspaceDirectory", err))
	}
	if err := o.watch(ctx, func() (report.Message, []any, bool, error) {
		state, err := o.registration(ctx)
		return text.DirectoryWait, []any{"id", o.directory, "stage", string(state)}, state == "", err
	}); err != nil {
		return err
	}
	o.talk.step(text.Delete, "id", o.directory, "n", len(o.record.People))
	_, err = o.hands.Directories.DeleteDirectory(ctx, &directoryservice.DeleteDirectoryInput{DirectoryId: &o.directory})
	if err != nil && account.Explain("", err).Code != noDirectory {
		return o.cannot(account.Explain("ds:DeleteDirectory", err))
	}
	if err := o.awaitNoDirectory(ctx); err != nil {
		return err
	}
	if err := o.shelf.Remove(subject, o.target); err != nil {
		return err
	}
	o.talk.say(text.Removed)
	return nil
}

// The codes of what is gone already.
const (
	notRegistered = "ResourceNotFoundException"
	noDirectory   = "EntityDoesNotExistException"
)

func (o *office) awaitNoDirectory(ctx context.Context) error {
	return o.watch(ctx, func() (report.Message, []any, bool, error) {
		all, err := account.AllDirectories(ctx, o.hands.Directories)
		for _, d := range all {
			if aws.ToString(d.DirectoryId) == o.directory && d.Stage != dstypes.DirectoryStageDeleted {
				return text.DirectoryWait, []any{"id", o.directory, "stage", string(d.Stage)}, false, err
			}
		}
		return text.DirectoryWait, []any{"id", o.directory, "stage", "-"}, true, err
	})
}

// cannot ends well where the endpoint lacks an operation, and fails otherwise.
func (o *office) cannot(p *account.Problem) error {
	if p.Kind != account.Unknown {
		return p
	}
	o.stays(p.In(o.talk.lang))
	return nil
}

func (o *office) stays(why string) {
	o.talk.say(text.Stays, "id", o.directory, "n", len(o.record.People), "why", why)
}
