package kms

import (
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
)

// The errors of the room, in AWS's words where they are known.

func invalid(text string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: text}
}

func unsupported(text string) error {
	return &types.UnsupportedOperationException{Message: &text}
}

func notFound(text string) error { return &types.NotFoundException{Message: &text} }

func noSuchKey(arn string) error { return notFound("Key '" + arn + "' does not exist") }

func noSuchAlias(arn string) error { return notFound("Alias " + arn + " is not found.") }

func disabled(arn string) error {
	return &types.DisabledException{Message: new(arn + " is disabled.")}
}

func invalidState(arn, state string) error {
	return &types.KMSInvalidStateException{Message: new(arn + " is " + state + ".")}
}

func wrongUsage(arn string, usage types.KeyUsageType, operation string) error {
	return &types.InvalidKeyUsageException{Message: new(arn + " key usage is " + string(usage) + " which is not valid for " + operation + ".")}
}

func wrongAlgorithm(algorithm string, s types.KeySpec) error {
	return &types.InvalidKeyUsageException{Message: new("Algorithm " + algorithm + " is incompatible with key spec " + string(s) + ".")}
}

// badCiphertext has no message on AWS either: why a ciphertext does not open
// is nobody's business.
func badCiphertext() error { return &types.InvalidCiphertextException{} }

func wrongKey() error {
	return &types.IncorrectKeyException{Message: new("The key ID in the request does not identify a CMK that can perform this operation.")}
}

// foreignCiphertext is AWS's answer to a ciphertext whose key the caller cannot
// be told about.
func foreignCiphertext() error {
	return &smithy.GenericAPIError{
		Code:    "AccessDeniedException",
		Message: "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.",
	}
}

func dryRun(asked *bool) error {
	if asked == nil || !*asked {
		return nil
	}
	return &types.DryRunOperationException{Message: new("The request would have succeeded, but the DryRun option is set.")}
}

// noRecipient refuses attestation documents: there are no Nitro enclaves here
// whose signature could be believed.
func noRecipient(r *types.RecipientInfo) error {
	if r == nil {
		return nil
	}
	return invalid("Recipient is not supported: attestation documents of AWS Nitro Enclaves cannot be verified here.")
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
