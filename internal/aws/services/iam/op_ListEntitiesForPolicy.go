package iam

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListEntitiesForPolicy lists the users, groups and roles that have a managed
// policy, or that it bounds.
func (s *Service) ListEntitiesForPolicy(ctx context.Context, in *iam.ListEntitiesForPolicyInput) (*iam.ListEntitiesForPolicyOutput, error) {
	sc := store.Scope{Account: api.CallFrom(ctx).Account}
	out := &iam.ListEntitiesForPolicyOutput{}
	err := s.store.View(ctx, func(tx *store.Tx) error {
		if _, err := findManaged(tx, sc, *in.PolicyArn); err != nil {
			return err
		}
		all, err := holdersOf(tx, sc, *in.PolicyArn, in.PolicyUsageFilter)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(h holder) bool { return !wantedHolder(in, h) })
		found, page, err := pageFrom(all, asked{"ListEntitiesForPolicy", in.Marker, in.MaxItems}, func(h holder) string { return h.id })
		for _, h := range found {
			addEntity(out, h)
		}
		out.IsTruncated, out.Marker = page.truncated, page.marker
		return err
	})
	return out, err
}

func (s *Service) listEntitiesForPolicyChecks(ctx context.Context, in *iam.ListEntitiesForPolicyInput) ([]api.Check, error) {
	return s.checksOfPolicy(ctx, "iam:ListEntitiesForPolicy", in.PolicyArn)
}

// holdersOf lists who has a policy (its attachments), whom it bounds, or both,
// each once.
func holdersOf(tx *store.Tx, sc store.Scope, policyARN string, filter types.PolicyUsageType) ([]holder, error) {
	found := make(map[string]holder)
	if filter != types.PolicyUsageTypePermissionsBoundary {
		have, err := attachments.By(tx, sc, "policy", policyARN, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, a := range have {
			h, err := holderByID(tx, sc, a.Holder)
			if err != nil {
				return nil, err
			}
			found[h.id] = h
		}
	}
	if filter != types.PolicyUsageTypePermissionsPolicy {
		people, err := users.By(tx, sc, "boundary", policyARN, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, u := range people {
			found[u.ID] = u.holder()
		}
		parts, err := roles.By(tx, sc, "boundary", policyARN, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, r := range parts {
			found[r.ID] = r.holder()
		}
	}
	return slices.Collect(maps.Values(found)), nil
}

func wantedHolder(in *iam.ListEntitiesForPolicyInput, h holder) bool {
	if !strings.HasPrefix(h.path, pathOr(in.PathPrefix)) {
		return false
	}
	switch in.EntityFilter {
	case types.EntityTypeUser:
		return h.kind == ofUser
	case types.EntityTypeGroup:
		return h.kind == ofGroup
	case types.EntityTypeRole:
		return h.kind == ofRole
	case types.EntityTypeLocalManagedPolicy, types.EntityTypeAWSManagedPolicy:
		return false
	}
	return true
}

func addEntity(out *iam.ListEntitiesForPolicyOutput, h holder) {
	switch h.kind {
	case ofUser:
		out.PolicyUsers = append(out.PolicyUsers, types.PolicyUser{UserId: &h.id, UserName: &h.name})
	case ofGroup:
		out.PolicyGroups = append(out.PolicyGroups, types.PolicyGroup{GroupId: &h.id, GroupName: &h.name})
	default:
		out.PolicyRoles = append(out.PolicyRoles, types.PolicyRole{RoleId: &h.id, RoleName: &h.name})
	}
}
