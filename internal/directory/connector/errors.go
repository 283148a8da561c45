package connector

import (
	"errors"
	"fmt"

	wire "github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
)

// known are the errors of the vocabulary that pass as they are.
var known = []error{
	directory.ErrUnreachable, directory.ErrNoUser, directory.ErrNoGroup, directory.ErrNoMember, directory.ErrNameTaken, directory.ErrIsMember,
	directory.ErrNotMember, directory.ErrHasValue, directory.ErrNoValue, directory.ErrProtected, directory.ErrWeakPassword,
	directory.ErrTooSoon,
}

// meaning turns the library's errors into those of the vocabulary: the codes
// that judge an account or a right are refusals, the rest is a server that could
// not answer.
func meaning(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*directory.Refusal](err); ok {
		return err
	}
	for _, k := range known {
		if errors.Is(err, k) {
			return err
		}
	}
	e, ok := errors.AsType[*wire.Error](err)
	if !ok {
		return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
	}
	switch e.ResultCode {
	case wire.LDAPResultInvalidCredentials, wire.LDAPResultUnwillingToPerform, wire.LDAPResultInappropriateAuthentication,
		wire.LDAPResultInsufficientAccessRights, wire.LDAPResultStrongAuthRequired, wire.LDAPResultConfidentialityRequired,
		wire.LDAPResultAuthMethodNotSupported, wire.LDAPResultInvalidDNSyntax, wire.LDAPResultConstraintViolation,
		wire.LDAPResultInvalidAttributeSyntax, wire.LDAPResultUndefinedAttributeType, wire.LDAPResultNamingViolation, wire.LDAPResultObjectClassViolation:
		return &directory.Refusal{Code: e.ResultCode, Message: e.Err.Error()}
	}
	return fmt.Errorf("%w: %w", directory.ErrUnreachable, err)
}

// broken tells whether an error is the connection's, not the answer's.
func broken(err error) bool {
	if err == nil {
		return false
	}
	e, ok := errors.AsType[*wire.Error](err)
	return errors.Is(err, directory.ErrUnreachable) || ok && (e.ResultCode == wire.ErrorNetwork || e.ResultCode == wire.LDAPResultUnavailable || e.ResultCode == wire.LDAPResultBusy)
}

// is tells whether an answer has one of the codes.
func is(err error, codes ...uint16) bool { return wire.IsErrorAnyOf(err, codes...) }
