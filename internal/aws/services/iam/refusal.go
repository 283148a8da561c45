package iam

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/store"
)

// The errors of the room in AWS's words, as its console and CLI show them.

func noSuch(format string, args ...any) error {
	return &types.NoSuchEntityException{Message: new(fmt.Sprintf(format, args...))}
}

func alreadyExists(format string, args ...any) error {
	return &types.EntityAlreadyExistsException{Message: new(fmt.Sprintf(format, args...))}
}

func deleteConflict(format string, args ...any) error {
	return &types.DeleteConflictException{Message: new(fmt.Sprintf(format, args...))}
}

func invalidInput(format string, args ...any) error {
	return &types.InvalidInputException{Message: new(fmt.Sprintf(format, args...))}
}

func validation(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationError", Message: fmt.Sprintf(format, args...)}
}

// overQuota names a quota as GetAccountSummary does, without "Quota".
func overQuota(name string, limit int) error {
	return &types.LimitExceededException{Message: new(fmt.Sprintf("Cannot exceed quota for %s: %d", name, limit))}
}

// orNoSuch turns a missing record into NoSuchEntity with the text.
func orNoSuch(err error, format string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return noSuch(format, args...)
	}
	return err
}
