package tamachi

import (
	"context"
	"errors"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/directory"
)

// SignIns knows how people of directories sign in. Its errors are
// directory.ErrNoDirectory, directory.ErrNoUser and directory.ErrUnreachable.
type SignIns interface {
	// RequireFactor says whether a directory's people need a second factor.
	RequireFactor(ctx context.Context, account, region, directoryID string, needed bool) error
	// List returns up to limit people after a name, and whether they need one.
	List(ctx context.Context, account, region, directoryID, after string, limit int) (people []directory.SignIn, needed bool, err error)
	// DropFactor ends a second factor; directory.ErrNoFactor if there is none.
	DropFactor(ctx context.Context, account, region, directoryID, user string) error
	// Unlock forgets a person's failures.
	Unlock(ctx context.Context, account, region, directoryID, user string) error
}

// DirectoryUser names a user of a directory.
type DirectoryUser struct {
	DirectoryId, UserName *string
}

// The words for whether a directory wants a second factor.
const (
	factorOptional = "OPTIONAL"
	factorRequired = "REQUIRED"
)

// noSignIn says what was not found.
func noSignIn(err error, directoryID, user string) error {
	switch {
	case errors.Is(err, directory.ErrNoFactor):
		return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: "The user " + user + " has no second factor."}
	case errors.Is(err, directory.ErrUnreachable):
		return &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: "The directory " + directoryID + " does not answer."}
	}
	return noSubject(err, directoryID, user)
}

// onDirectoryService is the check of one of AWS's actions on a directory: AWS
// has none of our names.
func onDirectoryService(ctx context.Context, action, directoryID string) []api.Check {
	call := api.CallFrom(ctx)
	return api.On(action, arn.New("ds", call.Region, call.Account, "directory/"+directoryID))
}
