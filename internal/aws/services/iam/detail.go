package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/store"
)

// What GetAccountAuthorizationDetails shows of each entity.

// inlineDetails are a holder's inline policies with their documents.
func inlineDetails(tx *store.Tx, sc store.Scope, holder string) ([]types.PolicyDetail, error) {
	own, err := inlineOf(tx, sc, holder)
	out := make([]types.PolicyDetail, 0, len(own))
	for _, p := range own {
		out = append(out, types.PolicyDetail{PolicyName: &p.Name, PolicyDocument: new(escaped(p.Document))})
	}
	return out, err
}

func attachedDetails(tx *store.Tx, sc store.Scope, holder string) ([]types.AttachedPolicy, error) {
	have, err := attachedTo(tx, sc, holder)
	out := make([]types.AttachedPolicy, 0, len(have))
	for _, a := range have {
		out = append(out, a.shown())
	}
	return out, err
}

func (u *user) detail(tx *store.Tx, sc store.Scope) (*types.UserDetail, error) {
	own, err := inlineDetails(tx, sc, u.ID)
	if err != nil {
		return nil, err
	}
	have, err := attachedDetails(tx, sc, u.ID)
	if err != nil {
		return nil, err
	}
	in, err := groupsOf(tx, sc, u.ID)
	names := make([]string, 0, len(in))
	for _, g := range in {
		names = append(names, g.Name)
	}
	return &types.UserDetail{
		Arn: new(u.arn(sc.Account)), CreateDate: &u.Created, Path: &u.Path, UserId: &u.ID, UserName: &u.Name,
		UserPolicyList: own, AttachedManagedPolicies: have, GroupList: names,
		PermissionsBoundary: boundaryOf(u.Boundary), Tags: tagList(u.Tags),
	}, err
}

func (g *group) detail(tx *store.Tx, sc store.Scope) (*types.GroupDetail, error) {
	own, err := inlineDetails(tx, sc, g.ID)
	if err != nil {
		return nil, err
	}
	have, err := attachedDetails(tx, sc, g.ID)
	return &types.GroupDetail{
		Arn: new(g.holder().arn(sc.Account)), CreateDate: &g.Created, Path: &g.Path, GroupId: &g.ID, GroupName: &g.Name,
		GroupPolicyList: own, AttachedManagedPolicies: have,
	}, err
}

func (r *role) detail(tx *store.Tx, sc store.Scope) (*types.RoleDetail, error) {
	own, err := inlineDetails(tx, sc, r.ID)
	if err != nil {
		return nil, err
	}
	have, err := attachedDetails(tx, sc, r.ID)
	if err != nil {
		return nil, err
	}
	in, err := profiles.By(tx, sc, "role", strings.ToLower(r.Name), store.Page{})
	if err != nil {
		return nil, err
	}
	shown, err := shownProfiles(tx, sc, in)
	if err != nil {
		return nil, err
	}
	used, err := lastUseOf(tx, sc, r.ID)
	return &types.RoleDetail{
		Arn: new(r.arn(sc.Account)), CreateDate: &r.Created, Path: &r.Path, RoleId: &r.ID, RoleName: &r.Name,
		AssumeRolePolicyDocument: new(escaped(r.Trust)), RolePolicyList: own, AttachedManagedPolicies: have,
		InstanceProfileList: shown, PermissionsBoundary: boundaryOf(r.Boundary), RoleLastUsed: used, Tags: tagList(r.Tags),
	}, err
}

func (m *managed) detail(tx *store.Tx, sc store.Scope, u usage) (*types.ManagedPolicyDetail, error) {
	all, err := m.everyVersion(tx, sc)
	if err != nil {
		return nil, err
	}
	p := m.shown(sc.Account, u)
	out := &types.ManagedPolicyDetail{
		Arn: p.Arn, PolicyId: p.PolicyId, PolicyName: p.PolicyName, Path: p.Path, DefaultVersionId: p.DefaultVersionId,
		CreateDate: p.CreateDate, UpdateDate: p.UpdateDate, IsAttachable: p.IsAttachable,
		AttachmentCount: p.AttachmentCount, PermissionsBoundaryUsageCount: p.PermissionsBoundaryUsageCount,
	}
	if m.Description != "" {
		out.Description = &m.Description
	}
	for _, v := range all {
		shown := v.shown(m)
		shown.Document = new(escaped(v.Document))
		out.PolicyVersionList = append(out.PolicyVersionList, shown)
	}
	return out, nil
}
