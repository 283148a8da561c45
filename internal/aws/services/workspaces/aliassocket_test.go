package workspaces_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

const noSuchAlias = "wsca-zzzzzzzzz"

// alias is the one association of an alias.
func (w wired) alias(id string) types.ConnectionAliasAssociation {
	w.t.Helper()
	out, err := w.DescribeConnectionAliases(w.t.Context(), &sdk.DescribeConnectionAliasesInput{AliasIds: []string{id, noSuchAlias}})
	if err != nil || len(out.ConnectionAliases) != 1 || len(out.ConnectionAliases[0].Associations) != 1 {
		w.t.Fatalf("alias %s: %+v, %v", id, out, err)
	}
	return out.ConnectionAliases[0].Associations[0]
}

// TestConnectionAliasesOverASocket makes, shares, associates and deletes one.
func TestConnectionAliasesOverASocket(t *testing.T) {
	w, ctx := overASocket(t), t.Context()
	w.done(w.RegisterWorkspaceDirectory(ctx, &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: &w.directory}))
	create := func(name string) (*sdk.CreateConnectionAliasOutput, error) {
		return w.CreateConnectionAlias(ctx, &sdk.CreateConnectionAliasInput{ConnectionString: &name, Tags: []types.Tag{{Key: new("Team"), Value: new("it")}}})
	}
	made, err := create("desktop.example.com")
	w.done(made, err)
	id := made.AliasId
	w.no("ResourceAlreadyExistsException")(create("Desktop.Example.Com"))
	w.no("InvalidParameterValuesException")(create("desktop"))
	w.no("ValidationException")(create("desktop.example.com/x"))
	w.no("InvalidParameterValuesException")(w.DescribeConnectionAliases(ctx, &sdk.DescribeConnectionAliasesInput{NextToken: new("bogus")}))
	if a := w.alias(*id); a.AssociationStatus != types.AssociationStatusNotAssociated {
		t.Errorf("want a new alias unassociated, got %+v", a)
	}
	tags, err := w.DescribeTags(ctx, &sdk.DescribeTagsInput{ResourceId: id})
	w.done(tags, err)
	if len(tags.TagList) != 1 || *tags.TagList[0].Value != "it" {
		t.Errorf("tags: %+v", tags.TagList)
	}

	associate := func(id, directory string) (*sdk.AssociateConnectionAliasOutput, error) {
		return w.AssociateConnectionAlias(ctx, &sdk.AssociateConnectionAliasInput{AliasId: &id, ResourceId: &directory})
	}
	w.no("ResourceNotFoundException")(associate(*id, "d-ffffffffff"))
	w.no("ResourceNotFoundException")(associate(noSuchAlias, w.directory))
	with, err := associate(*id, w.directory)
	w.done(with, err)
	w.no("ResourceAssociatedException")(associate(*id, w.directory))
	if a := w.alias(*id); a.AssociationStatus != types.AssociationStatusAssociatedWithOwnerAccount || *a.ResourceId != w.directory || *a.ConnectionIdentifier != *with.ConnectionIdentifier {
		t.Errorf("want the alias with the directory, got %+v", a)
	}
	part := func(id string) (any, error) {
		return w.DisassociateConnectionAlias(ctx, &sdk.DisassociateConnectionAliasInput{AliasId: &id})
	}
	remove := func(id string) (any, error) {
		return w.DeleteConnectionAlias(ctx, &sdk.DeleteConnectionAliasInput{AliasId: &id})
	}
	w.no("ResourceAssociatedException")(remove(*id))
	w.done(part(*id))
	w.no("InvalidResourceStateException")(part(*id))

	share := func(id string, allow bool) (any, error) {
		return w.UpdateConnectionAliasPermission(ctx, &sdk.UpdateConnectionAliasPermissionInput{AliasId: &id, ConnectionAliasPermission: &types.ConnectionAliasPermission{SharedAccountId: new(stranger), AllowAssociation: &allow}})
	}
	w.done(share(*id, true))
	w.no("ResourceNotFoundException")(share(noSuchAlias, true))
	w.no("ResourceNotFoundException")(w.DescribeConnectionAliasPermissions(ctx, &sdk.DescribeConnectionAliasPermissionsInput{AliasId: new(noSuchAlias)}))
	shared, err := w.DescribeConnectionAliasPermissions(ctx, &sdk.DescribeConnectionAliasPermissionsInput{AliasId: id})
	w.done(shared, err)
	if p := shared.ConnectionAliasPermissions; len(p) != 1 || *p[0].SharedAccountId != stranger || !*p[0].AllowAssociation {
		t.Errorf("want one account, got %+v", p)
	}
	w.no("ResourceAssociatedException")(remove(*id))
	w.done(share(*id, false))
	w.done(remove(*id))
	w.no("ResourceNotFoundException")(remove(*id))
	if out, err := w.DescribeConnectionAliases(ctx, &sdk.DescribeConnectionAliasesInput{AliasIds: []string{*id}}); err != nil || len(out.ConnectionAliases) != 0 {
		t.Errorf("want no alias left, got %+v, %v", out, err)
	}
	w.done(create("desktop.example.com"))
}
