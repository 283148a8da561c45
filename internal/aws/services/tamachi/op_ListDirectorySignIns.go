package tamachi

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// ListDirectorySignInsInput asks for one page of the people of a directory.
type ListDirectorySignInsInput struct {
	DirectoryId, NextToken *string
	MaxResults             *int32
}

// ListDirectorySignInsOutput is how they sign in, by name.
type ListDirectorySignInsOutput struct {
	DirectoryId, SecondFactor *string
	Users                     []DirectorySignIn
	NextToken                 *string
}

// DirectorySignIn is how a person signs in. SecondFactor is NONE, BEGUN or
// CONFIRMED.
type DirectorySignIn struct {
	UserName, SecondFactor           *string
	Enabled, Locked, ServiceAccount  *bool
	PasswordSetAt, SecondFactorSince *time.Time
}

// ListDirectorySignIns tells who has a second factor, who is locked, and how old
// passwords are.
func (s *Service) ListDirectorySignIns(ctx context.Context, in *ListDirectorySignInsInput) (*ListDirectorySignInsOutput, error) {
	call := api.CallFrom(ctx)
	list, limit := "ListDirectorySignIns "+*in.DirectoryId, limitOf(in.MaxResults)
	after, err := placeOf(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	found, needed, err := s.ports.SignIns.List(ctx, call.Account, call.Region, *in.DirectoryId, after, limit+1) // one more tells whether there is a next page
	if err != nil {
		return nil, noSignIn(err, *in.DirectoryId, "")
	}
	out := &ListDirectorySignInsOutput{DirectoryId: in.DirectoryId, SecondFactor: new(factorOptional), Users: []DirectorySignIn{}}
	if needed {
		*out.SecondFactor = factorRequired
	}
	found, out.NextToken = api.Cut(list, found, limit, func(p directory.SignIn) string { return p.UserName })
	for _, p := range found {
		out.Users = append(out.Users, signInShown(p))
	}
	return out, nil
}

func signInShown(p directory.SignIn) DirectorySignIn {
	out := DirectorySignIn{UserName: &p.UserName, SecondFactor: new(string(p.Factor)), Enabled: &p.Enabled, Locked: &p.Locked, ServiceAccount: &p.Service}
	if !p.PasswordSet.IsZero() {
		out.PasswordSetAt = &p.PasswordSet
	}
	if !p.FactorSince.IsZero() {
		out.SecondFactorSince = &p.FactorSince
	}
	return out
}

func (s *Service) listDirectorySignInsChecks(ctx context.Context, in *ListDirectorySignInsInput) ([]api.Check, error) {
	return onDirectoryService(ctx, "ds:AccessDSData", *in.DirectoryId), nil
}
