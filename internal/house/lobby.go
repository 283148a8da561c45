package house

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/store"
	"tamachi/internal/webaccess"
)

// lobby lets people in by the password of their directory.
type lobby struct {
	directories *directories
	desktops    *workspaces.Service
	sessions    *tamachi.Service
	as          gate.Principal // wakes a desktop, in the trail
	log         *slog.Logger
	guises      guises
}

var _ webaccess.Lobby = lobby{}

// kept are the refusals that say that the password is right, and the account
// may not come in.
var kept = []string{"the account is disabled", "the account has expired", "the account is locked"}

// SignIn asks the directory, as any client would.
func (l lobby) SignIn(ctx context.Context, in desktops.SignIn) (string, time.Time, error) {
	at, err := l.door(ctx, in.Code)
	if err != nil {
		return "", time.Time{}, err
	}
	name, err := l.directories.Prove(ctx, at.scope(), at.DirectoryID, plain(in.User), in.Password, in.OneTime)
	if err := l.judge(ctx, at, in, name, err); err != nil {
		return "", time.Time{}, err
	}
	at.UserName = name
	return l.sessions.SignedIn(ctx, at.Person)
}

// visited is where a person wants in.
type visited struct{ desktops.Person }

func (v visited) scope() store.Scope { return store.In(v.Account, v.Region) }

// door finds the directory of a registration code, whose people may sign in.
func (l lobby) door(ctx context.Context, code string) (visited, error) {
	account, region, id, found, err := l.desktops.Coded(ctx, code)
	if err == nil && !found {
		err = fmt.Errorf("%w: no directory has this registration code", desktops.ErrStranger)
	}
	if err == nil {
		err = l.desktops.SignsIn(ctx, account, region, id)
	}
	return visited{desktops.Person{Account: account, Region: region, DirectoryID: id}}, err
}

// judge says what the answer of a directory means to a person who gave what is
// in. A refusal is kept for the account whose directory it is.
func (l lobby) judge(ctx context.Context, at visited, in desktops.SignIn, name string, err error) error {
	if err == nil {
		return nil
	}
	why := desktops.Mistaken
	refusal, refused := errors.AsType[*directory.Refusal](err)
	switch {
	case refused:
		at.UserName = l.known(ctx, at.scope(), at.DirectoryID, plain(in.User))
		if err = meaning(refusal); !errors.Is(err, desktops.ErrStranger) {
			why = desktops.KeptOut
		}
		err = fmt.Errorf("%w: %w", err, refusal)
	case errors.Is(err, directory.ErrCodeNeeded): // half a sign-in, which is no refusal
		return fmt.Errorf("%w: %w", desktops.ErrCodeNeeded, err)
	case errors.Is(err, directory.ErrFactorNeeded):
		return fmt.Errorf("%w: %w", desktops.ErrFactorNeeded, err)
	case errors.Is(err, directory.ErrHasFactor):
		return fmt.Errorf("%w: %w", desktops.ErrHasFactor, err)
	case errors.Is(err, directory.ErrWrongCode):
		at.UserName, why = name, desktops.Unfinished
		err = fmt.Errorf("%w: %w", desktops.ErrWrongCode, err)
	case errors.Is(err, directory.ErrNoUser):
		err = fmt.Errorf("%w: %w", desktops.ErrStranger, err)
	default:
		return err
	}
	if kept := l.sessions.Refused(ctx, at.Person, in, why); kept != nil {
		l.log.WarnContext(ctx, "a refused sign-in not stored", "account", at.Account, "resource", at.DirectoryID, "err", kept)
	}
	return err
}

// known is a name that the directory has, else "": people write passwords into
// the wrong field.
func (l lobby) known(ctx context.Context, sc store.Scope, directoryID, name string) string {
	account, _, err := l.directories.person(ctx, sc, directoryID, name)
	if err != nil {
		return ""
	}
	return account.SAMAccountName
}

// plain is a user name without the domain that people write with it.
func plain(user string) string {
	if i := strings.LastIndexByte(user, '\\'); i >= 0 { // CORP\name
		user = user[i+1:]
	}
	user, _, _ = strings.Cut(user, "@")
	return user
}

func meaning(r *directory.Refusal) error {
	if r.Stale() {
		return desktops.ErrStale
	}
	for _, reason := range kept {
		if r.Reason() == reason {
			return desktops.ErrKeptOut
		}
	}
	return desktops.ErrStranger
}

// Desktops lists the person's desktops.
func (l lobby) Desktops(ctx context.Context, secret string) ([]desktops.Own, error) {
	p, err := l.sessions.Person(ctx, secret)
	if err != nil {
		return nil, err
	}
	return l.desktops.Own(ctx, p)
}

// Enter opens one of them. A stopped one is started by the service, as AWS does
// when its user signs in (WorkSpaces Administration Guide, "Manage the running
// mode in WorkSpaces Personal").
func (l lobby) Enter(ctx context.Context, secret, id, from string) (desktops.Pass, error) {
	p, err := l.sessions.Person(ctx, secret)
	if err != nil {
		return desktops.Pass{}, err
	}
	own, err := l.desktops.Belongs(ctx, p, id)
	if err != nil {
		return desktops.Pass{}, err
	}
	if own.State == string(workspaces.Stopped) {
		_, err := l.serving(p, from).Do(ctx, p.Account, p.Region, "workspaces", "StartWorkspaces", &sdk.StartWorkspacesInput{
			StartWorkspaceRequests: []types.StartRequest{{WorkspaceId: &id}},
		})
		if err != nil {
			return desktops.Pass{}, fmt.Errorf("start %s for its user: %w", id, err)
		}
	}
	if own.State == string(workspaces.Available) {
		l.guises.renew(ctx, p, id)
	}
	return l.sessions.Enter(ctx, p, id)
}

// serving is the service at the wish of a person.
func (l lobby) serving(p desktops.Person, from string) gate.Principal {
	return l.as.Serving(p.UserName+" of "+p.DirectoryID, from)
}

// Ask has something done to the person's own desktop, where their directory
// lets them.
func (l lobby) Ask(ctx context.Context, secret, id string, wish desktops.Favor, to, from string) error {
	p, err := l.sessions.Person(ctx, secret)
	if err != nil {
		return err
	}
	own, err := l.desktops.Belongs(ctx, p, id)
	if err != nil {
		return err
	}
	if change := chosen(own.Offers, wish, to); change != nil {
		return l.modify(ctx, p, id, change, from)
	}
	if to != "" || !slices.Contains(own.May, wish) {
		return desktops.ErrNotNow
	}
	as, failed := l.serving(p, from), []types.FailedWorkspaceChangeRequest(nil)
	switch wish {
	case desktops.Restart:
		var out any
		out, err = as.Do(ctx, p.Account, p.Region, "workspaces", "RebootWorkspaces", &sdk.RebootWorkspacesInput{
			RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}},
		})
		if err == nil {
			failed = out.(*sdk.RebootWorkspacesOutput).FailedRequests
		}
	case desktops.Renew:
		var out any
		out, err = as.Do(ctx, p.Account, p.Region, "workspaces", "RebuildWorkspaces", &sdk.RebuildWorkspacesInput{
			RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}},
		})
		if err == nil {
			failed = out.(*sdk.RebuildWorkspacesOutput).FailedRequests
		}
	case desktops.Extend:
		_, err = as.Do(ctx, p.Account, p.Region, "tamachi", "ExtendDesktop", &tamachi.ExtendDesktopInput{WorkspaceId: &id})
	default:
		return desktops.ErrNotNow
	}
	if len(failed) > 0 {
		return fmt.Errorf("%w: %s", desktops.ErrNotNow, *failed[0].ErrorMessage)
	}
	return err
}

// SignOut ends the person's session.
func (l lobby) SignOut(ctx context.Context, secret string) error {
	return l.sessions.SignOut(ctx, secret)
}
