package cloudtrail

import (
	"encoding/json"

	"tamachi/internal/aws/api"
)

// What CloudTrail keeps out of its records beyond what the service models mark
// as sensitive: each entry names the members that are left out, by event source
// and name. Sources: the "Logging API calls" page of each service's guide, and
// CloudTrail User Guide, "CloudTrail record contents".
type omissions map[string]map[string][]string

var requests = omissions{
	"kms.amazonaws.com": {
		"Encrypt": {"plaintext"}, "Sign": {"message"}, "Verify": {"message", "signature"},
		"GenerateMac": {"message"}, "VerifyMac": {"message", "mac"},
		"Decrypt": {"ciphertextBlob", "recipient"}, "ReEncrypt": {"ciphertextBlob"},
		"ImportKeyMaterial":  {"encryptedKeyMaterial", "importToken"},
		"DeriveSharedSecret": {"publicKey", "recipient"}, "RetireGrant": {"grantToken"},
		"GenerateDataKey": {"recipient"}, "GenerateDataKeyPair": {"recipient"}, "GenerateRandom": {"recipient"},
	},
	"sts.amazonaws.com":  {"AssumeRole": {"tokenCode"}, "GetSessionToken": {"tokenCode"}},
	"iam.amazonaws.com":  {"EnableMFADevice": {"authenticationCode1", "authenticationCode2"}, "ResyncMFADevice": {"authenticationCode1", "authenticationCode2"}},
	"logs.amazonaws.com": {"PutLogEvents": {"logEvents"}},
}

var responses = omissions{
	"iam.amazonaws.com": {
		"CreateAccessKey":        {"secretAccessKey"},
		"CreateVirtualMFADevice": {"base32StringSeed", "qRCodePNG"},
	},
	"sts.amazonaws.com": {
		"AssumeRole": {"secretAccessKey"}, "GetSessionToken": {"secretAccessKey"}, "GetFederationToken": {"secretAccessKey"},
	},
	"ssm.amazonaws.com": {"CreateActivation": {"activationCode"}},
	"kms.amazonaws.com": {
		"CreateGrant":     {"grantToken"},
		"GenerateDataKey": {"plaintext", "ciphertextBlob", "ciphertextForRecipient"},
		"Decrypt":         {"plaintext", "ciphertextForRecipient"},
		"GenerateRandom":  {"plaintext", "ciphertextForRecipient"},
	},
}

// discreet leaves out of parameters or elements what the table names, at any
// depth.
func discreet(e *api.Event, o omissions, m json.RawMessage) json.RawMessage {
	leave := o[e.Source][e.Name]
	if len(leave) == 0 || len(m) == 0 {
		return m
	}
	var v any
	if json.Unmarshal(m, &v) != nil {
		return nil // rather nothing in the trail than a secret
	}
	without(v, leave)
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

func without(v any, leave []string) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range leave {
			delete(v, name)
		}
		for _, member := range v {
			without(member, leave)
		}
	case []any:
		for _, element := range v {
			without(element, leave)
		}
	}
}
