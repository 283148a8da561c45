package kms

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ask is what an operation wants to be allowed on a key.
type ask struct {
	action  string
	grant   types.GrantOperation // a grant that lists it allows the action
	context map[string]string    // encryption context of the request
	keys    map[string]string    // further condition keys
	sets    map[string][]string
	// home: the operation does not work across accounts, whatever the key's
	// policy says (API reference, "Cross-account use: No").
	home bool
	// fits, if not nil, says whether a grant reaches far enough.
	fits func(*Grant) bool
}

// on is the check of an action on the key that a request names.
func (s *Service) on(ctx context.Context, given string, a ask) (checks []api.Check, err error) {
	if err := s.firstUse(ctx, given); err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		c, err := checkOn(tx, api.CallFrom(ctx), given, a)
		checks = []api.Check{c}
		return err
	})
	return checks, err
}

// checkOn makes one check. A key that is not there yields a check on its name.
func checkOn(tx *store.Tx, call *api.Call, given string, a ask) (api.Check, error) {
	k, err := find(tx, call, given)
	if _, missing := errors.AsType[*types.NotFoundException](err); missing {
		return api.Check{Action: a.action, Resource: nameARN(call, given), Keys: a.allKeys(call, nil), Sets: a.allSets()}, nil
	}
	if err != nil {
		return api.Check{}, err
	}
	c, err := a.check(tx, call, k)
	if n, perr := parse(call, given); perr == nil && n.alias != "" {
		c.Keys["kms:RequestAlias"] = n.alias
	}
	return c, err
}

// nameARN is an ARN for what a request names, though there is no such key.
func nameARN(call *api.Call, given string) string {
	n, err := parse(call, given)
	switch {
	case err == nil:
		return n.arn()
	case strings.HasPrefix(given, "arn:aws:kms:"):
		return given
	}
	return arn.New("kms", call.Region, call.Account, "key/"+given).String()
}

// check makes the check of an action on a key.
func (a ask) check(tx *store.Tx, call *api.Call, k *Key) (api.Check, error) {
	c := api.Check{
		Action: a.action, Resource: k.ARN(), Tags: k.Tags, Owner: k.Account, Policy: k.Policy, Ruled: true,
		Keys: a.allKeys(call, k), Sets: a.allSets(),
	}
	if a.home && call.Caller.Account != k.Account {
		c.Policy = ""
		return c, nil
	}
	names, err := aliasNames(tx, k)
	if err != nil {
		return c, err
	}
	if len(names) > 0 {
		c.Sets["kms:ResourceAliases"] = names
	}
	if a.grant != "" {
		c.Granted, err = a.granted(tx, call, k)
	}
	return c, err
}

// allKeys are the condition keys of a check.
// Source: AWS KMS Developer Guide, "AWS KMS condition keys".
func (a ask) allKeys(call *api.Call, k *Key) map[string]string {
	all := map[string]string{"kms:CallerAccount": call.Caller.Account}
	maps.Copy(all, a.keys)
	if n := len(call.Via); n > 0 {
		all["kms:ViaService"] = viaService(call.Via[n-1], call.Region)
	}
	for key, value := range a.context {
		all["kms:EncryptionContext:"+key] = value
	}
	if k != nil {
		all["kms:KeySpec"], all["kms:KeyUsage"] = string(k.Spec), string(k.Usage)
		all["kms:KeyOrigin"], all["kms:MultiRegion"] = string(k.Origin), "false"
		all["kms:CustomerMasterKeySpec"], all["kms:CustomerMasterKeyUsage"] = string(k.Spec), string(k.Usage)
	}
	return all
}

// known are the condition keys of the service, and families of them. Each check
// has them all, so that a policy that names one that is not in the request is
// evaluated with it absent.
var known = []string{
	"kms:BypassPolicyLockoutSafetyCheck", "kms:CustomerMasterKeySpec", "kms:CustomerMasterKeyUsage", "kms:DataKeyPairSpec",
	"kms:EncryptionAlgorithm", "kms:EncryptionContext:", "kms:EncryptionContextKeys", "kms:ExpirationModel",
	"kms:GrantConstraintType", "kms:GrantIsForAWSResource", "kms:GrantOperations", "kms:GranteePrincipal",
	"kms:KeyAgreementAlgorithm", "kms:KeyOrigin", "kms:KeySpec", "kms:KeyUsage", "kms:MacAlgorithm", "kms:MessageType",
	"kms:MultiRegion", "kms:MultiRegionKeyType", "kms:PrimaryRegion", "kms:ReEncryptOnSameKey", "kms:RecipientAttestation:",
	"kms:ReplicaRegion", "kms:RequestAlias", "kms:ResourceAliases", "kms:RetiringPrincipal", "kms:RotationPeriodInDays",
	"kms:ScheduleKeyDeletionPendingWindowInDays", "kms:SigningAlgorithm", "kms:ValidTo", "kms:ViaService",
	"kms:WrappingAlgorithm", "kms:WrappingKeySpec",
}

// allSets are the condition keys with several values, and those without any.
func (a ask) allSets() map[string][]string {
	all := make(map[string][]string, len(known)+len(a.sets))
	for _, key := range known {
		all[key] = nil
	}
	maps.Copy(all, a.sets)
	if len(a.context) > 0 {
		all["kms:EncryptionContextKeys"] = slices.Sorted(maps.Keys(a.context))
	}
	return all
}

// firstUse makes the AWS managed key of a service at its first use by the
// service.
func (s *Service) firstUse(ctx context.Context, given string) error {
	call := api.CallFrom(ctx)
	n, err := parse(call, given)
	service := managedService(n.alias)
	if err != nil || service == "" || n.scope.Account != call.Account || len(call.Via) == 0 {
		return nil //nolint:nilerr // the operation says what is wrong with the name
	}
	if call.Via[len(call.Via)-1] != service+".amazonaws.com" {
		return nil
	}
	_, err = s.Managed(ctx, call.Account, call.Region, service)
	return err
}

// viaService writes ssm.amazonaws.com as policies name it:
// ssm.ap-northeast-1.amazonaws.com.
func viaService(host, region string) string {
	name, rest, ok := strings.Cut(host, ".")
	if !ok || strings.HasPrefix(rest, region+".") {
		return host
	}
	return name + "." + region + "." + rest
}

// with is a map of the condition keys that have a value.
func with(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}

// flag writes a boolean as a condition key has it.
func flag(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// onAll is the check of an action without a resource.
func onAll(call *api.Call, action string, keys map[string]string, sets map[string][]string) []api.Check {
	return []api.Check{{Action: action, Resource: "*", Keys: ask{keys: keys}.allKeys(call, nil), Sets: ask{sets: sets}.allSets()}}
}
