package office

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/report"
)

// steps is how many steps up has.
const steps = 9

// up makes the office, or completes it.
func (o *office) up(ctx context.Context) error {
	o.talk.of = steps
	for _, do := range []func(context.Context) error{
		o.makeDirectory, o.hire, o.register, o.chooseBundle, o.night, o.openDay,
	} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	o.talk.end(text.Done, "directory", o.directory, "n", len(byDay)+len(byNight))
	return nil
}

// makeDirectory finds the office's directory or creates it, and waits for it.
func (o *office) makeDirectory(ctx context.Context) error {
	found, err := o.findDirectory(ctx)
	if err != nil {
		return err
	}
	if found != nil {
		o.directory = aws.ToString(found.DirectoryId)
		o.talk.step(text.DirectoryKept, "id", o.directory)
		return o.awaitDirectory(ctx)
	}
	o.talk.step(text.Directory, "name", domain)
	secret, err := account.Password(o.world.Rand)
	if err != nil {
		return err
	}
	out, err := o.hands.Directories.CreateDirectory(ctx, &directoryservice.CreateDirectoryInput{
		Name: aws.String(domain), ShortName: aws.String(shortName), Description: aws.String(description),
		Password: &secret, Size: dstypes.DirectorySizeSmall,
	})
	if err != nil {
		return account.Explain("ds:CreateDirectory", err)
	}
	o.directory = aws.ToString(out.DirectoryId)
	if err := o.remember(func(r *record) { *r = record{Directory: o.directory} }); err != nil {
		return err
	}
	return o.awaitDirectory(ctx)
}

// findDirectory looks for the directory of the record, else for one that
// describes itself as the office's.
func (o *office) findDirectory(ctx context.Context) (*dstypes.DirectoryDescription, error) {
	all, err := account.AllDirectories(ctx, o.hands.Directories)
	if err != nil {
		return nil, err
	}
	var alike *dstypes.DirectoryDescription
	for i, d := range all {
		if d.Stage == dstypes.DirectoryStageDeleted || d.Stage == dstypes.DirectoryStageDeleting {
			continue
		}
		if id := aws.ToString(d.DirectoryId); id != "" && id == o.record.Directory {
			return &all[i], nil
		}
		if aws.ToString(d.Name) == domain && aws.ToString(d.Description) == description {
			alike = &all[i]
		}
	}
	return alike, nil
}

func (o *office) awaitDirectory(ctx context.Context) error {
	return o.watch(ctx, func() (report.Message, []any, bool, error) {
		d, err := o.findDirectory(ctx)
		if err != nil || d == nil {
			return text.DirectoryWait, []any{"id", o.directory, "stage", "-"}, false, err
		}
		if d.Stage == dstypes.DirectoryStageFailed {
			return report.Message{}, nil, false, fmt.Errorf("directory %s: %s: %s", o.directory, d.Stage, aws.ToString(d.StageReason))
		}
		return text.DirectoryWait, []any{"id", o.directory, "stage", string(d.Stage)}, d.Stage == dstypes.DirectoryStageActive, nil
	})
}

// conflict is the code of a user that is there, or is off, already.
const conflict = "ConflictException"

// hire makes the people who are not in the directory, each with a password,
// for a user without one cannot be used.
func (o *office) hire(ctx context.Context) error {
	o.talk.step(text.Staff)
	made := 0
	for _, p := range people {
		if slices.Contains(o.record.People, p.Account) {
			continue
		}
		_, err := o.hands.People.CreateUser(ctx, &dsdata.CreateUserInput{
			DirectoryID: o.directory, SAMAccountName: p.Account, GivenName: p.Given, Surname: p.Surname,
			EmailAddress: p.Account + "@" + domain,
		})
		if err != nil && account.Explain("", err).Code != conflict {
			return account.Explain("ds-data:CreateUser", err)
		}
		// A user that was there already may have been left without a password by
		// a run that was broken off.
		if err := o.giveAccess(ctx, p.Account, err == nil); err != nil {
			return err
		}
		if err == nil {
			made++
		}
		if err := o.remember(func(r *record) { r.People = append(r.People, p.Account) }); err != nil {
			return err
		}
	}
	o.talk.line(text.StaffMade, "made", made, "kept", len(people)-made)
	return nil
}

// giveAccess sets a random password where the user has none yet.
func (o *office) giveAccess(ctx context.Context, name string, isNew bool) error {
	if !isNew {
		got, err := o.hands.People.DescribeUser(ctx, &dsdata.DescribeUserInput{DirectoryID: o.directory, SAMAccountName: name})
		if err != nil {
			return account.Explain("ds-data:DescribeUser", err)
		}
		if got.Enabled != nil && *got.Enabled {
			return nil
		}
	}
	return o.resetPassword(ctx, o.hands.Directories, name)
}

func (o *office) resetPassword(ctx context.Context, as Directories, name string) error {
	secret, err := account.Password(o.world.Rand)
	if err != nil {
		return err
	}
	_, err = as.ResetUserPassword(ctx, &directoryservice.ResetUserPasswordInput{
		DirectoryId: &o.directory, UserName: &name, NewPassword: &secret,
	})
	if err != nil {
		return account.Explain("ds:ResetUserPassword", err)
	}
	return nil
}

func (o *office) register(ctx context.Context) error {
	registered, err := o.registration(ctx)
	if err != nil {
		return err
	}
	if registered == types.WorkspaceDirectoryStateRegistered {
		o.talk.step(text.RegisterKept, "id", o.directory)
		return nil
	}
	o.talk.step(text.Register, "id", o.directory)
	if registered == "" {
		_, err = o.hands.Desktops.RegisterWorkspaceDirectory(ctx, &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &o.directory})
		if err != nil {
			return account.Explain("workspaces:RegisterWorkspaceDirectory", err)
		}
	}
	return o.watch(ctx, func() (report.Message, []any, bool, error) {
		state, err := o.registration(ctx)
		if state == types.WorkspaceDirectoryStateError {
			err = fmt.Errorf("directory %s: registered with an ERROR", o.directory)
		}
		return text.DirectoryWait, []any{"id", o.directory, "stage", string(state)}, state == types.WorkspaceDirectoryStateRegistered, err
	})
}

// registration is the state of the directory for desktops; "" is not registered.
func (o *office) registration(ctx context.Context) (types.WorkspaceDirectoryState, error) {
	all, err := account.AllDesktopDirectories(ctx, o.hands.Desktops)
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if aws.ToString(d.DirectoryId) == o.directory && d.State != types.WorkspaceDirectoryStateDeregistered {
			return d.State, nil
		}
	}
	return "", nil
}

// chooseBundle takes the smallest of AWS's own bundles.
func (o *office) chooseBundle(ctx context.Context) error {
	o.talk.step(text.Bundle)
	best := -1
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := o.hands.Desktops.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{
			Owner: aws.String("AMAZON"), NextToken: token,
		})
		if err != nil {
			return nil, account.Explain("workspaces:DescribeWorkspaceBundles", err)
		}
		for _, b := range out.Bundles {
			if size := bundleSize(b); best < 0 || size < best {
				best, o.bundle = size, aws.ToString(b.BundleId)
			}
		}
		return out.NextToken, nil
	})
	if err == nil && o.bundle == "" {
		err = errors.New(text.NoBundle.In(o.talk.lang))
	}
	return err
}

// bundleSize orders bundles by their compute type, small ones first.
func bundleSize(b types.WorkspaceBundle) int {
	order := []types.Compute{types.ComputeValue, types.ComputeStandard, types.ComputePerformance, types.ComputePower, types.ComputePowerpro}
	if b.ComputeType != nil {
		if i := slices.Index(order, b.ComputeType.Name); i >= 0 {
			return i
		}
	}
	return len(order)
}

// openDay makes the desktops that are well. It comes after the night, or a
// desktop that is still on its way would meet the disabled account too, and it
// need not wait for them.
func (o *office) openDay(ctx context.Context) error {
	have, err := o.desktops(ctx)
	if err != nil {
		return err
	}
	missing := without(byDay, have)
	if len(missing) == 0 {
		o.talk.step(text.Kept, "users", strings.Join(byDay, ", "))
		return nil
	}
	o.talk.step(text.Day, "users", strings.Join(missing, ", "))
	return o.create(ctx, o.hands.Desktops, missing)
}

// desktops are the office's desktops by user, those on their way out left out.
func (o *office) desktops(ctx context.Context) (map[string]types.Workspace, error) {
	all, err := account.AllDesktops(ctx, o.hands.Desktops, nil)
	if err != nil {
		return nil, err
	}
	have := map[string]types.Workspace{}
	for _, w := range all {
		if aws.ToString(w.DirectoryId) == o.directory && w.State != types.WorkspaceStateTerminating && w.State != types.WorkspaceStateTerminated {
			have[strings.ToLower(aws.ToString(w.UserName))] = w
		}
	}
	return have, nil
}

func without(users []string, have map[string]types.Workspace) []string {
	return slices.DeleteFunc(slices.Clone(users), func(u string) bool { _, ok := have[u]; return ok })
}

func (o *office) create(ctx context.Context, as Desktops, users []string) error {
	in := &workspaces.CreateWorkspacesInput{}
	for _, u := range users {
		in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{
			DirectoryId: &o.directory, UserName: aws.String(u), BundleId: &o.bundle,
			WorkspaceProperties: &types.WorkspaceProperties{RunningMode: types.RunningModeAutoStop},
			Tags:                []types.Tag{{Key: aws.String(tagKey), Value: &o.directory}},
		})
	}
	out, err := as.CreateWorkspaces(ctx, in)
	if err != nil {
		return account.Explain("workspaces:CreateWorkspaces", err)
	}
	var refused []error
	for _, f := range out.FailedRequests {
		user := ""
		if f.WorkspaceRequest != nil {
			user = aws.ToString(f.WorkspaceRequest.UserName)
		}
		refused = append(refused, errors.New(text.Refused.In(o.talk.lang, "user", user,
			"code", aws.ToString(f.ErrorCode), "message", aws.ToString(f.ErrorMessage))))
	}
	return errors.Join(refused...)
}

// watch looks again and again until done, and says what it sees when that
// changes or much time has passed.
func (o *office) watch(ctx context.Context, look func() (report.Message, []any, bool, error)) error {
	const first, longest, often = 100 * time.Millisecond, 5 * time.Second, 10 * time.Second
	began, said := o.world.Clock.Now(), o.world.Clock.Now()
	last := ""
	for pause := first; ; pause = min(pause*3/2, longest) {
		m, args, done, err := look()
		if err != nil || done {
			return err
		}
		now := o.world.Clock.Now()
		if now.Sub(began) > o.timeout {
			return errors.New(text.TooLong.In(o.talk.lang, "timeout", o.timeout))
		}
		if line := m.In(o.talk.lang, args...); line != last && last != "" || now.Sub(said) > often {
			o.talk.line(m, args...)
			said, last = now, line
		} else if last == "" {
			last = line
		}
		if account.Pause(ctx, pause) != nil {
			return errors.New(text.Stopped.In(o.talk.lang))
		}
	}
}
