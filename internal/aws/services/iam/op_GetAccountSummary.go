package iam

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetAccountSummary counts what the account has, and says how much it may have.
func (s *Service) GetAccountSummary(ctx context.Context, in *iam.GetAccountSummaryInput) (*iam.GetAccountSummaryOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	all := maps.Clone(quotas)
	err := s.store.View(ctx, func(tx *store.Tx) error {
		for _, of := range []func(*store.Tx, store.Scope, map[string]int32) error{
			count("Users", &users), count("Groups", &groups), count("Roles", &roles), count("InstanceProfiles", &profiles),
			count("Policies", &policies), countDevices, countInUse,
		} {
			if err := of(tx, sc, all); err != nil {
				return err
			}
		}
		return nil
	})
	return &iam.GetAccountSummaryOutput{SummaryMap: all}, err
}

func (s *Service) getAccountSummaryChecks(ctx context.Context, in *iam.GetAccountSummaryInput) ([]api.Check, error) {
	return api.OnAny("iam:GetAccountSummary"), nil
}

// quotas are the limits of an account, and what it never has here: the root
// user has no credentials, and there are no certificates and no providers (IAM
// User Guide, "IAM and AWS STS quotas").
var quotas = map[string]int32{
	"UsersQuota": maxUsers, "GroupsQuota": maxGroups, "RolesQuota": 1000, "InstanceProfilesQuota": 1000,
	"GroupsPerUserQuota": maxGroupsPerUser, "AccessKeysPerUserQuota": maxKeys,
	"PoliciesQuota": maxPolicies, "PolicySizeQuota": maxManaged, "PolicyVersionsInUseQuota": 10000, "VersionsPerPolicyQuota": maxVersions,
	"UserPolicySizeQuota": 2048, "GroupPolicySizeQuota": 5120, "RolePolicySizeQuota": 10240, "AssumeRolePolicySizeQuota": 2048,
	"AttachedPoliciesPerUserQuota": 10, "AttachedPoliciesPerGroupQuota": 10, "AttachedPoliciesPerRoleQuota": 10,
	"ServerCertificates": 0, "ServerCertificatesQuota": 20, "SigningCertificatesPerUserQuota": 2, "Providers": 0,
	"AccountMFAEnabled": 0, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 0, "AccountSigningCertificatesPresent": 0,
	"GlobalEndpointTokenVersion": 2,
}

// count counts the records of a table.
func count[R any](name string, t *store.Table[R]) func(*store.Tx, store.Scope, map[string]int32) error {
	return func(tx *store.Tx, sc store.Scope, into map[string]int32) error {
		all, err := t.List(tx, sc, store.Page{})
		into[name] = int32(len(all))
		return err
	}
}

func countDevices(tx *store.Tx, sc store.Scope, into map[string]int32) error {
	all, err := devices.List(tx, sc, store.Page{})
	into["MFADevices"], into["MFADevicesInUse"] = int32(len(all)), 0
	for _, d := range all {
		if d.User != "" {
			into["MFADevicesInUse"]++
		}
	}
	return err
}
