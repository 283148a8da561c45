package workspaces_test

import (
	"slices"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

func TestRegisteringMakesTheServiceAccount(t *testing.T) {
	p := open(t)
	p.register()
	err := p.store.View(t.Context(), func(tx *store.Tx) error {
		_, err := people.Get(tx, store.In(account, region), corp+"/svc-workspaces")
		return err
	})
	if err != nil {
		t.Errorf("the service account after registration: %v", err)
	}
	out := must[sdk.DescribeWorkspaceDirectoriesOutput](p, "DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{})
	if len(out.Directories) != 1 {
		t.Fatalf("%d directories, want 1", len(out.Directories))
	}
	d := out.Directories[0]
	same(t, "the directory", []any{corp, "corp.example.com", "corp", types.WorkspaceDirectoryStateRegistered, types.WorkspaceDirectoryTypeSimpleAd, "svc-workspaces", 2, "SLnrt+"},
		[]any{deref(d.DirectoryId), deref(d.DirectoryName), deref(d.Alias), d.State, d.DirectoryType, deref(d.CustomerUserName), len(d.SubnetIds), deref(d.RegistrationCode)[:6]})
}

func TestRegistrationsThatAreRefused(t *testing.T) {
	p := open(t)
	p.register()
	tests := []struct {
		name string
		in   sdk.RegisterWorkspaceDirectoryInput
		want string
	}{
		{"an unknown directory", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new("d-9999999999")}, "ResourceNotFoundException"},
		{"one that is not active", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new("d-0000000001")}, "InvalidResourceStateException"},
		{"one that is registered", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp)}, "ResourceAlreadyExistsException"},
		{"none", sdk.RegisterWorkspaceDirectoryInput{}, "ValidationException"},
		{"a malformed id", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new("corp")}, "ValidationException"},
		{"a pool", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp), WorkspaceType: types.WorkspaceTypePools}, "OperationNotSupportedException"},
		{"dedicated tenancy", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp), Tenancy: types.TenancyDedicated}, "InvalidParameterValuesException"},
		{"a reserved tag", sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp), Tags: []types.Tag{{Key: new("aws:x"), Value: new("")}}}, "InvalidParameterValuesException"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := p.call(account, "RegisterWorkspaceDirectory", &tt.in); codeOf(err) != tt.want {
				t.Errorf("want %s, got %v", tt.want, err)
			}
		})
	}
	other := open(t)
	other.refused("RegisterWorkspaceDirectory", &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp), SubnetIds: []string{"subnet-99999999"}}, "UnsupportedNetworkConfigurationException")
	if out := must[sdk.DescribeWorkspaceDirectoriesOutput](other, "DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{}); len(out.Directories) != 0 {
		t.Error("a refused registration left a directory behind")
	}
}

func TestAnotherAccountSeesNoDirectory(t *testing.T) {
	p := open(t)
	p.register()
	out, err := p.call(stranger, "DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{})
	if err != nil || len(out.(*sdk.DescribeWorkspaceDirectoriesOutput).Directories) != 0 {
		t.Errorf("another account: %+v, %v; want none", out, err)
	}
	if _, err := p.call(stranger, "RegisterWorkspaceDirectory", &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp)}); codeOf(err) != "ResourceNotFoundException" {
		t.Errorf("register another account's directory: %v", err)
	}
}

func TestDirectoryFilters(t *testing.T) {
	p := open(t)
	p.register()
	filter := func(name types.DescribeWorkspaceDirectoriesFilterName, value string) *sdk.DescribeWorkspaceDirectoriesInput {
		return &sdk.DescribeWorkspaceDirectoriesInput{Filters: []types.DescribeWorkspaceDirectoriesFilter{{Name: name, Values: []string{value}}}}
	}
	tests := []struct {
		name string
		in   *sdk.DescribeWorkspaceDirectoriesInput
		want int
	}{
		{"its id", &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{corp, "d-9999999999"}}, 1},
		{"another id", &sdk.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{"d-9999999999"}}, 0},
		{"personal", filter(types.DescribeWorkspaceDirectoriesFilterNameWorkspaceType, "PERSONAL"), 1},
		{"pools", filter(types.DescribeWorkspaceDirectoriesFilterNameWorkspaceType, "POOLS"), 0},
		{"its users", filter(types.DescribeWorkspaceDirectoriesFilterNameUserIdentityType, "AWS_DIRECTORY_SERVICE"), 1},
		{"a name", &sdk.DescribeWorkspaceDirectoriesInput{WorkspaceDirectoryNames: []string{"nobody"}}, 0},
	}
	for _, tt := range tests {
		out := must[sdk.DescribeWorkspaceDirectoriesOutput](p, "DescribeWorkspaceDirectories", tt.in)
		if len(out.Directories) != tt.want {
			t.Errorf("%s: %d directories, want %d", tt.name, len(out.Directories), tt.want)
		}
	}
	p.refused("DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{NextToken: new("x")}, "InvalidParameterValuesException")
}

func TestBundles(t *testing.T) {
	p := open(t)
	list := func(in sdk.DescribeWorkspaceBundlesInput) []string {
		var ids []string
		for _, b := range must[sdk.DescribeWorkspaceBundlesOutput](p, "DescribeWorkspaceBundles", &in).Bundles {
			ids = append(ids, *b.BundleId)
			if b.State != types.WorkspaceBundleStateAvailable || *b.Owner != "AMAZON" || b.ComputeType == nil || b.RootStorage == nil || b.UserStorage == nil {
				t.Errorf("bundle %s is not described: %+v", *b.BundleId, b)
			}
		}
		return ids
	}
	all := list(sdk.DescribeWorkspaceBundlesInput{Owner: new("AMAZON")})
	same(t, "the catalogue", []string{"wsb-d12perfo0", "wsb-d12power0", "wsb-d12pwpro0", "wsb-d12stand0", "wsb-d12value0"}, all[:5])
	if len(all) != 19 || !slices.IsSorted(all) {
		t.Errorf("want 19 bundles by id, those without a GPU first, got %q", all)
	}
	same(t, "by id", []string{standard}, list(sdk.DescribeWorkspaceBundlesInput{BundleIds: []string{"wsb-zzzzzzzzz", standard}}))
	same(t, "own ones", []string(nil), list(sdk.DescribeWorkspaceBundlesInput{}))
	p.refused("DescribeWorkspaceBundles", &sdk.DescribeWorkspaceBundlesInput{Owner: new("AMAZON"), BundleIds: []string{standard}}, "InvalidParameterValuesException")
	p.refused("DescribeWorkspaceBundles", &sdk.DescribeWorkspaceBundlesInput{NextToken: new("x")}, "InvalidParameterValuesException")
}

func TestADirectoryWithoutAVPCKeepsTheSubnetsGiven(t *testing.T) {
	p := open(t)
	p.office.facts[corp] = workspaces.DirectoryFacts{Name: "corp.example.com", Type: "SIMPLE_AD", Active: true}
	must[sdk.RegisterWorkspaceDirectoryOutput](p, "RegisterWorkspaceDirectory", &sdk.RegisterWorkspaceDirectoryInput{DirectoryId: new(corp), SubnetIds: []string{"subnet-99999999"}})
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	same(t, "subnet of a desktop", "subnet-99999999", deref(p.one(id).SubnetId))
}

func TestDeregistering(t *testing.T) {
	p := open(t)
	in := &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: new(corp)}
	p.refused("DeregisterWorkspaceDirectory", in, "ResourceNotFoundException")
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAutoStop)
	p.refused("DeregisterWorkspaceDirectory", in, "OperationNotSupportedException")
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	p.refused("DeregisterWorkspaceDirectory", in, "OperationNotSupportedException") // it is on its way out
	if _, found, err := p.employee("svc-workspaces"); err != nil || !found {
		t.Errorf("after refusals: service account found %v, %v; want nothing half undone", found, err)
	}
	if _, err := p.call(stranger, "DeregisterWorkspaceDirectory", in); codeOf(err) != "ResourceNotFoundException" {
		t.Errorf("another account: %v", err)
	}
	p.settle(id, desktops.Outcome{})
	must[sdk.DeregisterWorkspaceDirectoryOutput](p, "DeregisterWorkspaceDirectory", in)
	if out := must[sdk.DescribeWorkspaceDirectoriesOutput](p, "DescribeWorkspaceDirectories", &sdk.DescribeWorkspaceDirectoriesInput{}); len(out.Directories) != 0 {
		t.Errorf("registered directories: %+v, want none", out.Directories)
	}
	if _, found, err := p.employee("svc-workspaces"); err != nil || found {
		t.Errorf("service account found %v, %v; want it gone", found, err)
	}
	out := p.create(types.WorkspaceRequest{DirectoryId: new(corp), BundleId: new(standard), UserName: new("fujita.kouhei")})
	if len(out.FailedRequests) != 1 || deref(out.FailedRequests[0].ErrorCode) != "ResourceNotFound.Directory" {
		t.Errorf("a desktop after that: %+v, want it refused", out)
	}
	p.refused("DeregisterWorkspaceDirectory", in, "ResourceNotFoundException")
	p.refused("DeregisterWorkspaceDirectory", &sdk.DeregisterWorkspaceDirectoryInput{DirectoryId: new("corp")}, "ValidationException")
	p.register() // it can be registered anew
}

// employee looks for an account of the directory.
func (p *plane) employee(name string) (written string, found bool, err error) {
	err = p.store.View(p.t.Context(), func(tx *store.Tx) (err error) {
		written, found, err = p.office.User(tx, store.In(account, region), corp, name)
		return err
	})
	return written, found, err
}
