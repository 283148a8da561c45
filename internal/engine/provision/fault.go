package provision

import (
	"errors"
	"fmt"

	"tamachi/internal/desktops"
	"tamachi/internal/directory"
)

// fault is why the work on a desktop failed: what its record shows as
// ErrorCode and ErrorMessage, with what a person can do about it.
type fault struct {
	code string
	what string // "creating the desktop failed"
	err  error
	hint string // "" when the cause says enough
}

// Error is the whole message, one line.
func (f *fault) Error() string {
	text := f.what + ": " + f.err.Error()
	if f.hint != "" {
		text += "; " + f.hint
	}
	return text
}

// passing tells whether it may go well the next time, with nobody doing
// anything: a directory's judgement and the provider's errors that people can
// mend stay.
func (f *fault) passing() bool {
	switch f.code {
	case "Desktop.Failed", "DomainJoin.DirectoryUnreachable", "DomainJoin.Failed", "Activation.Refused", "Node.NotRetired":
		return true
	}
	return false
}

// Unwrap returns the cause.
func (f *fault) Unwrap() error { return f.err }

// notJoined says why a desktop could not join its directory.
func notJoined(job desktops.Job, err error) *fault {
	what := "joining directory " + job.DirectoryID + " failed"
	var no *directory.Refusal
	switch {
	case errors.As(err, &no):
		return &fault{"DomainJoin.ServiceAccountRefused", what + ": bind as " + job.ServiceAccount + " refused", no, ""}
	case errors.Is(err, directory.ErrUnreachable):
		return &fault{"DomainJoin.DirectoryUnreachable", what, err, "check that the directory is active, then rebuild the desktop"}
	}
	return &fault{"DomainJoin.Failed", what, err, ""}
}

// orphan says that a desktop's user left the directory before it was made.
func orphan(job desktops.Job) *fault {
	err := fmt.Errorf("the specified user %s could not be found in the directory %s", job.Spec.UserName, job.DirectoryID)
	return &fault{"ResourceNotFound.User", "creating the desktop failed", err, "create the user, then rebuild the desktop, or terminate it"}
}

// notRetired says that a desktop's node or activation stays.
func notRetired(err error) *fault {
	return &fault{"Node.NotRetired", "removing the desktop's node failed", err, "terminate the desktop again, or rebuild it"}
}

// remedies are the provider's errors that people can mend.
var remedies = []struct {
	err  error
	code string
	hint string
}{
	{desktops.ErrNoSpace, "Desktop.NoSpace", "make room on the file system of the data folder, then rebuild the desktop"},
	{desktops.ErrNoImage, "Desktop.NoImage", "wait until the desktop image is built, or see the log for why it is not, then rebuild the desktop"},
	{desktops.ErrFull, "Desktop.NoAddress", "terminate desktops that nobody needs, then rebuild this one"},
	{desktops.ErrNoSubnet, "Desktop.NoSubnet", "register the directory with subnets that are there, then make the desktop anew"},
}

// failed is nil when err is nil.
func failed(doing string, err error) *fault {
	if err == nil {
		return nil
	}
	for _, r := range remedies {
		if errors.Is(err, r.err) {
			return &fault{r.code, doing + " failed", err, r.hint}
		}
	}
	return &fault{"Desktop.Failed", doing + " failed", err, ""}
}
