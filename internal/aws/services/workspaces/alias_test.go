package workspaces_test

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// as runs an operation in an account and returns the code of its error.
func (p *plane) as(account, operation string, in any) string {
	p.t.Helper()
	_, err := p.call(account, operation, in)
	return codeOf(err)
}

// TestSharedAlias lets another account see an alias, and no more until it is
// shared with it.
func TestSharedAlias(t *testing.T) {
	p := open(t)
	p.register()
	id := must[sdk.CreateConnectionAliasOutput](p, "CreateConnectionAlias", &sdk.CreateConnectionAliasInput{ConnectionString: new("desktop.example.com")}).AliasId
	seen := func(account string) int {
		t.Helper()
		out, err := p.call(account, "DescribeConnectionAliases", &sdk.DescribeConnectionAliasesInput{})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.(*sdk.DescribeConnectionAliasesOutput).ConnectionAliases)
	}
	part := &sdk.DisassociateConnectionAliasInput{AliasId: id}
	share := func(account string, allow bool) string {
		return p.as(account, "UpdateConnectionAliasPermission", &sdk.UpdateConnectionAliasPermissionInput{
			AliasId: id, ConnectionAliasPermission: &types.ConnectionAliasPermission{SharedAccountId: new(stranger), AllowAssociation: &allow},
		})
	}
	same(t, "a stranger sees", 0, seen(stranger))
	same(t, "a stranger parts", "ResourceNotFoundException", p.as(stranger, "DisassociateConnectionAlias", part))
	same(t, "the string is taken everywhere", "ResourceAlreadyExistsException", p.as(stranger, "CreateConnectionAlias", &sdk.CreateConnectionAliasInput{ConnectionString: new("desktop.example.com")}))
	same(t, "the owner shares", "", share(account, true))
	same(t, "the other sees", 1, seen(stranger))
	same(t, "the other may not share with itself", "InvalidParameterValuesException", share(stranger, true))
	same(t, "nor delete", "ResourceNotFoundException", p.as(stranger, "DeleteConnectionAlias", &sdk.DeleteConnectionAliasInput{AliasId: id}))
	same(t, "nor associate a directory that is not its own", "ResourceNotFoundException",
		p.as(stranger, "AssociateConnectionAlias", &sdk.AssociateConnectionAliasInput{AliasId: id, ResourceId: new(corp)}))
	must[sdk.AssociateConnectionAliasOutput](p, "AssociateConnectionAlias", &sdk.AssociateConnectionAliasInput{AliasId: id, ResourceId: new(corp)})
	same(t, "the other cannot part the owner's", "InvalidResourceStateException", p.as(stranger, "DisassociateConnectionAlias", part))
	same(t, "the owner ends the share", "", share(account, false))
	same(t, "a stranger again", 0, seen(stranger))
}

// TestAliasIsARegistrationCode signs people in by the name in place of the code.
func TestAliasIsARegistrationCode(t *testing.T) {
	p := open(t)
	p.register()
	id := must[sdk.CreateConnectionAliasOutput](p, "CreateConnectionAlias", &sdk.CreateConnectionAliasInput{ConnectionString: new("desktop.example.com")}).AliasId
	leads := func() string {
		t.Helper()
		_, _, directory, _, err := p.room.Coded(t.Context(), "DESKTOP.example.com")
		if err != nil {
			t.Fatal(err)
		}
		return directory
	}
	same(t, "unassociated", "", leads())
	must[sdk.AssociateConnectionAliasOutput](p, "AssociateConnectionAlias", &sdk.AssociateConnectionAliasInput{AliasId: id, ResourceId: new(corp)})
	same(t, "associated", corp, leads())
	must[sdk.DeregisterWorkspaceDirectoryOutput](p, "DeregisterWorkspaceDirectory", &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: new(corp)})
	same(t, "after the directory was deregistered", "", leads())
}
