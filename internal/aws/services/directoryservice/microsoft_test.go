package directoryservice_test

import (
	"errors"
	"testing"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/apitest"
)

// wantFault compares the code of an error.
func wantFault(t *testing.T, err error, code string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code {
		t.Errorf("want %s, got %v", code, err)
	}
}

func TestMicrosoftADOverTheWire(t *testing.T) {
	plane := apitest.Start(t, apitest.Options{})
	c := ds.NewFromConfig(plane.Config())
	ctx, place := t.Context(), standing(t, plane)
	order := func(edition types.DirectoryEdition, subnets ...string) *ds.CreateMicrosoftADInput {
		return &ds.CreateMicrosoftADInput{
			Name: new("corp.example.com"), Password: new("Sesame-opens-1"), Edition: edition,
			VpcSettings: &types.DirectoryVpcSettings{VpcId: place.VpcId, SubnetIds: subnets},
		}
	}
	made, err := c.CreateMicrosoftAD(ctx, order("", place.SubnetIds...))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateMicrosoftAD(ctx, order("", place.SubnetIds[0]))
	wantFault(t, err, "InvalidParameterException")
	_, err = c.CreateMicrosoftAD(ctx, order(types.DirectoryEditionHybrid, place.SubnetIds...))
	wantFault(t, err, "UnsupportedOperationException")
	id := made.DirectoryId
	_, err = c.CreateAlias(ctx, &ds.CreateAliasInput{DirectoryId: id, Alias: new("Office")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateAlias(ctx, &ds.CreateAliasInput{DirectoryId: id, Alias: new("other")})
	wantFault(t, err, "InvalidParameterException")
	second, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateAlias(ctx, &ds.CreateAliasInput{DirectoryId: second.DirectoryId, Alias: new("office")})
	wantFault(t, err, "EntityAlreadyExistsException")
	_, err = c.CreateAlias(ctx, &ds.CreateAliasInput{DirectoryId: new("d-ffffffffff"), Alias: new("nowhere")})
	wantFault(t, err, "EntityDoesNotExistException")
	all, err := c.DescribeDirectories(ctx, &ds.DescribeDirectoriesInput{DirectoryIds: []string{*id}})
	if err != nil {
		t.Fatal(err)
	}
	d := all.DirectoryDescriptions[0]
	if d.Type != types.DirectoryTypeMicrosoftAd || d.Edition != types.DirectoryEditionEnterprise || *d.Alias != "Office" || *d.ShortName != "CORP" || d.Stage != types.DirectoryStageActive {
		t.Errorf("want an active Microsoft AD with its alias, got %+v", d)
	}
	if _, err := c.ResetUserPassword(ctx, &ds.ResetUserPasswordInput{DirectoryId: id, UserName: new("Admin"), NewPassword: new("Sesame-opens-2")}); err != nil {
		t.Errorf("want its administrator called Admin, got %v", err)
	}
	l, err := c.GetDirectoryLimits(ctx, &ds.GetDirectoryLimitsInput{})
	if err != nil {
		t.Fatal(err)
	}
	if got := l.DirectoryLimits; *got.CloudOnlyMicrosoftADCurrentCount != 1 || *got.CloudOnlyMicrosoftADLimit != 20 || *got.CloudOnlyDirectoriesCurrentCount != 1 || got.CloudOnlyDirectoriesLimitReached {
		t.Errorf("want one of each kind, got %+v", got)
	}
}

func TestDataAccessOverTheWire(t *testing.T) {
	c := ds.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	ctx := t.Context()
	made, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall})
	if err != nil {
		t.Fatal(err)
	}
	id := made.DirectoryId
	status := func(want types.DataAccessStatus) {
		t.Helper()
		got, err := c.DescribeDirectoryDataAccess(ctx, &ds.DescribeDirectoryDataAccessInput{DirectoryId: id})
		if err != nil || got.DataAccessStatus != want {
			t.Errorf("want %s, got %+v, %v", want, got, err)
		}
	}
	status(types.DataAccessStatusEnabled)
	_, err = c.EnableDirectoryDataAccess(ctx, &ds.EnableDirectoryDataAccessInput{DirectoryId: id})
	wantFault(t, err, "DirectoryInDesiredStateException")
	if _, err := c.DisableDirectoryDataAccess(ctx, &ds.DisableDirectoryDataAccessInput{DirectoryId: id}); err != nil {
		t.Fatal(err)
	}
	status(types.DataAccessStatusDisabled)
	_, err = c.DisableDirectoryDataAccess(ctx, &ds.DisableDirectoryDataAccessInput{DirectoryId: id})
	wantFault(t, err, "DirectoryInDesiredStateException")
	if _, err := c.EnableDirectoryDataAccess(ctx, &ds.EnableDirectoryDataAccessInput{DirectoryId: id}); err != nil {
		t.Fatal(err)
	}
	status(types.DataAccessStatusEnabled)
	_, err = c.DescribeDirectoryDataAccess(ctx, &ds.DescribeDirectoryDataAccessInput{DirectoryId: new("d-ffffffffff")})
	wantFault(t, err, "DirectoryDoesNotExistException")
}

func TestADirectoryOverTheWire(t *testing.T) {
	c := ds.NewFromConfig(apitest.Start(t, apitest.Options{}).Config())
	ctx := t.Context()
	_, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("sesame"), Size: types.DirectorySizeSmall})
	wantFault(t, err, "ValidationException")
	made, err := c.CreateDirectory(ctx, &ds.CreateDirectoryInput{
		Name: new("corp.example.com"), ShortName: new("CORP"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall,
	})
	if err != nil {
		t.Fatal(err)
	}
	id, nowhere := made.DirectoryId, new("d-ffffffffff")
	_, err = c.DescribeDirectories(ctx, &ds.DescribeDirectoriesInput{DirectoryIds: []string{*nowhere}})
	wantFault(t, err, "EntityDoesNotExistException")
	_, err = c.ListTagsForResource(ctx, &ds.ListTagsForResourceInput{ResourceId: nowhere})
	wantFault(t, err, "EntityDoesNotExistException")
	reset := func(user, password string) error {
		_, err := c.ResetUserPassword(ctx, &ds.ResetUserPasswordInput{DirectoryId: id, UserName: &user, NewPassword: &password})
		return err
	}
	wantFault(t, reset("nobody", "Welcome-1"), "UserDoesNotExistException")
	wantFault(t, reset("Administrator", "welcome"), "InvalidPasswordException")
	if err := reset("Administrator", "Welcome-1"); err != nil {
		t.Fatal(err)
	}
	all, err := c.DescribeDirectories(ctx, &ds.DescribeDirectoriesInput{DirectoryIds: []string{*id}})
	if err != nil || all.DirectoryDescriptions[0].Type != types.DirectoryTypeSimpleAd || *all.DirectoryDescriptions[0].Alias != *id {
		t.Errorf("want a Simple AD without an alias, got %+v, %v", all, err)
	}
	_, err = c.DeleteDirectory(ctx, &ds.DeleteDirectoryInput{DirectoryId: nowhere})
	wantFault(t, err, "EntityDoesNotExistException")
	if _, err := c.DeleteDirectory(ctx, &ds.DeleteDirectoryInput{DirectoryId: id}); err != nil {
		t.Fatal(err)
	}
	_, err = c.DescribeDirectories(ctx, &ds.DescribeDirectoriesInput{DirectoryIds: []string{*id}})
	wantFault(t, err, "EntityDoesNotExistException")
}
