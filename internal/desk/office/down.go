package office

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// down removes the office that was made from this machine, as far as the
// endpoint has operations for it, and says what stays.
func (o *office) down(ctx context.Context) error {
	o.talk.of = 3
	if o.record.Directory == "" {
		return o.notOurs(ctx)
	}
	o.directory = o.record.Directory
	have, err := o.desktops(ctx)
	if err != nil {
		return err
	}
	// The repair of the morning puts new desktops in the place of ours, so ours
	// are told by their users and not by their ids.
	var ours, others []string
	for user, w := range have {
		if slices.Contains(byDay, user) || slices.Contains(byNight, user) {
			ours = append(ours, aws.ToString(w.WorkspaceId))
		} else {
			others = append(others, user)
		}
	}
	slices.Sort(ours)
	slices.Sort(others)
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

func (o *office) terminate(ctx context.Context, ids []string) error {
	o.talk.step(text.Terminate, "n", len(ids))
	if len(ids) == 0 {
		return nil
	}
	in := &workspaces.TerminateWorkspacesInput{}
	for _, id := range ids {
		in.TerminateWorkspaceRequests = append(in.TerminateWorkspaceRequests, types.TerminateRequest{WorkspaceId: aws.String(id)})
	}
	out, err := o.hands.Desktops.TerminateWorkspaces(ctx, in)
	if err != nil {
		return account.Explain("workspaces:TerminateWorkspaces", err)
	}
	var refused []error
	for _, f := range out.FailedRequests {
		refused = append(refused, errors.New(text.Refused.In(o.talk.lang, "user", aws.ToString(f.WorkspaceId),
			"code", aws.ToString(f.ErrorCode), "message", aws.ToString(f.ErrorMessage))))
	}
	if err := errors.Join(refused...); err != nil {
		return err
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

// removeDirectory undoes the registration and the directory. Where the endpoint
// cannot, the directory stays and the record of it too.
func (o *office) removeDirectory(ctx context.Context) error {
	o.talk.step(text.Deregister, "id", o.directory)
	_, err := o.hands.Desktops.DeregisterWorkspaceDirectory(ctx, &workspaces.DeregisterWorkspaceDirectoryInput{DirectoryId: &o.directory})
	if err != nil {
		return o.cannot(account.Explain("workspaces:DeregisterWorkspaceDirectory", err))
	}
	o.talk.step(text.Delete, "id", o.directory, "n", len(o.record.People))
	_, err = o.hands.Directories.DeleteDirectory(ctx, &directoryservice.DeleteDirectoryInput{DirectoryId: &o.directory})
	if err != nil {
		return o.cannot(account.Explain("ds:DeleteDirectory", err))
	}
	if err := o.shelf.Remove(subject, o.target); err != nil {
		return err
	}
	o.talk.say(text.Removed)
	return nil
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
