package house

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/webaccess"
)

var _ webaccess.Accounts = lobby{}

// ChangePassword asks the directory. Who is signed in proves their password all
// the same: a browser left open is no proof.
func (l lobby) ChangePassword(ctx context.Context, in desktops.NewPassword) (string, time.Time, error) {
	at, err := l.whose(ctx, in.Secret, &in.SignIn)
	if err != nil {
		return "", time.Time{}, err
	}
	name, err := l.directories.ChangePassword(ctx, at.scope(), at.DirectoryID, plain(in.User), in.Password, in.OneTime, in.Next)
	if weak, ok := errors.AsType[*directory.WeakPasswordError](err); ok {
		return "", time.Time{}, &desktops.WeakPasswordError{Why: string(weak.Why)}
	}
	if errors.Is(err, directory.ErrTooSoon) {
		return "", time.Time{}, fmt.Errorf("%w: %w", desktops.ErrTooSoon, err)
	}
	if err := l.judge(ctx, at, in.SignIn, name, err); err != nil {
		return "", time.Time{}, err
	}
	l.log.InfoContext(ctx, "password changed by its owner", "account", at.Account, "resource", at.DirectoryID+"/"+name)
	at.UserName = name
	if missing, err := l.lacksFactor(ctx, at); err != nil || missing {
		return "", time.Time{}, cmp.Or(err, desktops.ErrFactorNeeded)
	}
	return l.sessions.SignedInAnew(ctx, at.Person)
}

// lacksFactor tells whether a person needs a second factor, and has none yet.
func (l lobby) lacksFactor(ctx context.Context, at visited) (bool, error) {
	needs, err := l.directories.NeedsFactor(ctx, at.scope(), at.DirectoryID)
	if err != nil || !needs {
		return false, err
	}
	has, err := l.directories.HasFactor(ctx, at.scope(), at.DirectoryID, at.UserName)
	return !has, err
}

// BeginFactor asks the directory's keeper, after the password.
func (l lobby) BeginFactor(ctx context.Context, in desktops.Proof) (desktops.Enrolment, error) {
	at, err := l.whose(ctx, in.Secret, &in.SignIn)
	if err != nil {
		return desktops.Enrolment{}, err
	}
	name, e, err := l.directories.BeginFactor(ctx, at.scope(), at.DirectoryID, plain(in.User), in.Password)
	return desktops.Enrolment{Seed: e.Seed, URI: e.URI}, l.judge(ctx, at, in.SignIn, name, err)
}

// FinishFactor lets the person in: password and code are both proved.
func (l lobby) FinishFactor(ctx context.Context, in desktops.Proof) (string, time.Time, error) {
	at, err := l.whose(ctx, in.Secret, &in.SignIn)
	if err != nil {
		return "", time.Time{}, err
	}
	name, err := l.directories.FinishFactor(ctx, at.scope(), at.DirectoryID, plain(in.User), in.Password, in.OneTime)
	if err := l.judge(ctx, at, in.SignIn, name, err); err != nil {
		return "", time.Time{}, err
	}
	l.log.InfoContext(ctx, "second factor confirmed by its owner", "account", at.Account, "resource", at.DirectoryID+"/"+name)
	at.UserName = name
	return l.sessions.SignedInAnew(ctx, at.Person)
}

// whose finds the directory of who is signed in, or of a registration code.
func (l lobby) whose(ctx context.Context, secret string, in *desktops.SignIn) (visited, error) {
	if secret == "" {
		return l.door(ctx, in.Code)
	}
	p, err := l.sessions.Person(ctx, secret)
	if err != nil {
		return visited{}, err
	}
	in.User, p.UserName = p.UserName, ""
	return visited{p}, l.desktops.SignsIn(ctx, p.Account, p.Region, p.DirectoryID)
}
