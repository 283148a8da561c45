package directoryservice

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/directory"
	"tamachi/internal/directory/fake"
	"tamachi/internal/id"
	"tamachi/internal/seal"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

var (
	morning = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	home    = store.In("111122223333", "ap-northeast-1")
	abroad  = store.In("111122223333", "us-east-1")
	foreign = store.In("444455556666", "ap-northeast-1")
)

// people are accounts by directory and folded name, with their passwords.
type people map[string]string

func (p people) Seal(_ context.Context, password string) (string, error) {
	return "sealed " + password, nil
}

func (p people) SealRandom(password string) string { return "sealed " + password }

func (p people) Enrol(_ *store.Tx, _ store.Scope, d directory.Domain, name, sealed string) error {
	key := d.ID + "/" + strings.ToLower(name)
	if _, ok := p[key]; ok {
		return directory.ErrNameTaken
	}
	p[key] = sealed
	return nil
}

func (p people) SetPassword(_ *store.Tx, _ store.Scope, directoryID, name, sealed string) error {
	key := directoryID + "/" + strings.ToLower(name)
	if _, ok := p[key]; !ok {
		return directory.ErrNoUser
	}
	p[key] = sealed
	return nil
}

func (p people) Remove(_ *store.Tx, _ store.Scope, directoryID, name string) error {
	key := directoryID + "/" + strings.ToLower(name)
	if _, ok := p[key]; !ok {
		return directory.ErrNoUser
	}
	delete(p, key)
	return nil
}

func (p people) Verify(_ context.Context, directoryID, name, password string) (directory.Standing, error) {
	sealed, ok := p[directoryID+"/"+strings.ToLower(name)]
	switch {
	case !ok:
		return directory.Unknown, nil
	case sealed != "sealed "+password:
		return directory.WrongPassword, nil
	}
	return directory.Good, nil
}

func (p people) Lookup(_ context.Context, directoryID, name string) (directory.Account, error) {
	if _, ok := p[directoryID+"/"+strings.ToLower(name)]; !ok {
		return directory.Account{}, directory.ErrNoUser
	}
	return directory.Account{SAMAccountName: name}, nil
}

func (p people) ChangePassword(_ context.Context, directoryID, name, _, next string) error {
	return p.SetPassword(nil, home, directoryID, name, "sealed "+next)
}

func (p people) Dismiss(_ *store.Tx, _ store.Scope, directoryID string) error {
	maps.DeleteFunc(p, func(key, _ string) bool { return strings.HasPrefix(key, directoryID+"/") })
	return nil
}

type room struct {
	*Service
	people people
	clk    *clock.Frozen
}

func newRoom(t *testing.T) *room {
	t.Helper()
	clk := clock.NewFrozen(morning)
	st, err := store.Open(t.Context(), store.Options{Clock: clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	p := people{}
	return &room{New(st, id.Seeded(1), clk, Ports{Users: p, Box: seal.Memory(), Remotes: fake.NewRemotes(), Networks: Sites{}}), p, clk}
}

// in is a call as the gate makes it; given are the members of the input.
func in(t *testing.T, sc store.Scope, given ...string) context.Context {
	return api.WithCall(t.Context(), &api.Call{
		Account: sc.Account, Region: sc.Region, Time: morning, RequestID: "r-1",
		Present: func(m string) bool { return slices.Contains(given, m) },
	})
}

// simple is a good request for a directory.
func simple() *ds.CreateDirectoryInput {
	return &ds.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall,
		VpcSettings: &types.DirectoryVpcSettings{VpcId: new("vpc-12345678"), SubnetIds: []string{"subnet-11111111", "subnet-22222222"}},
	}
}

func (r *room) create(t *testing.T, sc store.Scope) string {
	t.Helper()
	out, err := r.CreateDirectory(in(t, sc), simple())
	if err != nil {
		t.Fatal(err)
	}
	return *out.DirectoryId
}

func (r *room) describe(t *testing.T, sc store.Scope, ids ...string) (*ds.DescribeDirectoriesOutput, error) {
	t.Helper()
	return r.DescribeDirectories(in(t, sc), &ds.DescribeDirectoriesInput{DirectoryIds: ids})
}

func wantCode(t *testing.T, err error, code, words string) {
	t.Helper()
	var e smithy.APIError
	if !errors.As(err, &e) || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), words) {
		t.Errorf("want %s with %q, got %v", code, words, err)
	}
}

func TestCreateDirectory(t *testing.T) {
	r := newRoom(t)
	req := simple()
	req.Description, req.ShortName, req.Tags = new("the office"), new("OFFICE"), []types.Tag{{Key: new("team"), Value: new("vdi")}}
	out, err := r.CreateDirectory(in(t, home), req)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.describe(t, home)
	if err != nil || len(got.DirectoryDescriptions) != 1 {
		t.Fatalf("want one directory, got %v, %v", got, err)
	}
	want := types.DirectoryDescription{
		DirectoryId: out.DirectoryId, Alias: out.DirectoryId, Name: new("corp.example.com"), ShortName: new("OFFICE"),
		Description: new("the office"), Size: types.DirectorySizeSmall, Type: types.DirectoryTypeSimpleAd,
		NetworkType: types.NetworkTypeIpv4Only, Stage: types.DirectoryStageActive,
		LaunchTime: new(morning), StageLastUpdatedDateTime: new(morning),
		VpcSettings: &types.DirectoryVpcSettingsDescription{
			VpcId: new("vpc-12345678"), SubnetIds: []string{"subnet-11111111", "subnet-22222222"}, AvailabilityZones: []string{"zone-1", "zone-2"},
		},
	}
	if d := cmp.Diff(want, got.DirectoryDescriptions[0], cmpopts.IgnoreUnexported(types.DirectoryDescription{}, types.DirectoryVpcSettingsDescription{})); d != "" {
		t.Errorf("want -, got +:\n%s", d)
	}
	if got := r.people[*out.DirectoryId+"/administrator"]; got != "sealed Sesame-1" {
		t.Errorf("want the administrator with the password, got %q", got)
	}
	tags, err := r.ListTagsForResource(in(t, home), &ds.ListTagsForResourceInput{ResourceId: out.DirectoryId})
	if err != nil || len(tags.Tags) != 1 || *tags.Tags[0].Key != "team" || *tags.Tags[0].Value != "vdi" {
		t.Errorf("want the tag, got %+v, %v", tags, err)
	}
}

func TestCreateDirectoryRefuses(t *testing.T) {
	rows := []struct {
		name, code, words string
		change            func(*ds.CreateDirectoryInput)
	}{
		{"one subnet", "InvalidParameterException", "subnet", func(in *ds.CreateDirectoryInput) { in.VpcSettings.SubnetIds = []string{"subnet-11111111"} }},
		{"the same subnet twice", "InvalidParameterException", "subnet", func(in *ds.CreateDirectoryInput) {
			in.VpcSettings.SubnetIds = []string{"subnet-11111111", "subnet-11111111"}
		}},
		{"another kind of network", "InvalidParameterException", "IPv6", func(in *ds.CreateDirectoryInput) { in.NetworkType = types.NetworkTypeIpv6Only }},
		{"a name that is too long", "InvalidParameterException", "Name", func(in *ds.CreateDirectoryInput) { in.Name = new(strings.Repeat("a.", 40) + "com") }},
		{"a label that is too long", "InvalidParameterException", "Name", func(in *ds.CreateDirectoryInput) { in.Name = new(strings.Repeat("a", 64) + ".c") }},
		{"a backslash, which the model's pattern lets through", "InvalidParameterException", "Name", func(in *ds.CreateDirectoryInput) { in.Name = new(`corp\com`) }},
		{"a short name that is too long", "InvalidParameterException", "ShortName", func(in *ds.CreateDirectoryInput) { in.ShortName = new("ABCDEFGHIJKLMNOP") }},
		{"a tag twice", "InvalidParameterException", "more than once", func(in *ds.CreateDirectoryInput) {
			in.Tags = []types.Tag{{Key: new("a"), Value: new("1")}, {Key: new("a"), Value: new("2")}}
		}},
		{"a reserved tag", "InvalidParameterException", "reserved", func(in *ds.CreateDirectoryInput) {
			in.Tags = []types.Tag{{Key: new("AWS:x"), Value: new("1")}}
		}},
		{"too many tags", "InvalidParameterException", "50 tags", func(in *ds.CreateDirectoryInput) {
			for i := range 51 {
				in.Tags = append(in.Tags, types.Tag{Key: new(fmt.Sprint(i)), Value: new("")})
			}
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := newRoom(t)
			req := simple()
			row.change(req)
			_, err := r.CreateDirectory(in(t, home), req)
			wantCode(t, err, row.code, row.words)
			if got, err := r.describe(t, home); err != nil || len(got.DirectoryDescriptions) != 0 || len(r.people) != 0 {
				t.Errorf("want nothing half made, got %v, %v, %v", got, r.people, err)
			}
		})
	}
}

func TestTheEleventhDirectoryIsRefused(t *testing.T) {
	r := newRoom(t)
	for range 10 {
		r.create(t, home)
	}
	_, err := r.CreateDirectory(in(t, home), simple())
	wantCode(t, err, "DirectoryLimitExceededException", "A maximum of 10 directories may be created")
	r.create(t, abroad)
	r.create(t, foreign)
}

func TestDescribeDirectories(t *testing.T) {
	r := newRoom(t)
	var ids []string
	for range 5 {
		ids = append(ids, r.create(t, home))
	}
	theirs := r.create(t, foreign)
	slices.Sort(ids)
	for _, limit := range []int32{0, 1, 2, 4, 5, 6} {
		for _, named := range [][]string{nil, {ids[4], ids[0], ids[2], ids[0]}} {
			var got []string
			var token *string
			for {
				out, err := r.DescribeDirectories(in(t, home), &ds.DescribeDirectoriesInput{DirectoryIds: named, Limit: &limit, NextToken: token})
				if err != nil {
					t.Fatal(err)
				}
				if limit > 0 && len(out.DirectoryDescriptions) > int(limit) {
					t.Fatalf("want at most %d, got %d", limit, len(out.DirectoryDescriptions))
				}
				for _, d := range out.DirectoryDescriptions {
					got = append(got, *d.DirectoryId)
				}
				if token = out.NextToken; token == nil {
					break
				}
			}
			want := ids
			if named != nil {
				want = []string{ids[0], ids[2], ids[4]}
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("limit %d, named %v: want -, got +:\n%s", limit, named, d)
			}
		}
	}
	for name, id := range map[string]string{"an unknown id": "d-ffffffffff", "another account's": theirs} {
		_, err := r.describe(t, home, ids[0], id)
		wantCode(t, err, "EntityDoesNotExistException", "Directory "+id+" does not exist")
		if err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
	_, err := r.describe(t, abroad, ids[0])
	wantCode(t, err, "EntityDoesNotExistException", ids[0])
	_, err = r.DescribeDirectories(in(t, home, "DirectoryIds"), &ds.DescribeDirectoriesInput{DirectoryIds: []string{}})
	wantCode(t, err, "InvalidParameterException", "empty")
	_, err = r.DescribeDirectories(in(t, home), &ds.DescribeDirectoriesInput{NextToken: new("x")})
	wantCode(t, err, "InvalidNextTokenException", "NextToken")
}

func TestListTagsPages(t *testing.T) {
	r := newRoom(t)
	req := simple()
	for _, k := range []string{"c", "a", "b"} {
		req.Tags = append(req.Tags, types.Tag{Key: new(k), Value: new("")})
	}
	out, err := r.CreateDirectory(in(t, home), req)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var token *string
	for {
		page, err := r.ListTagsForResource(in(t, home), &ds.ListTagsForResourceInput{ResourceId: out.DirectoryId, Limit: new(int32(1)), NextToken: token})
		if err != nil || len(page.Tags) != 1 {
			t.Fatalf("want one tag, got %+v, %v", page, err)
		}
		got = append(got, *page.Tags[0].Key)
		if token = page.NextToken; token == nil {
			break
		}
	}
	if d := cmp.Diff([]string{"c", "a", "b"}, got); d != "" {
		t.Errorf("want -, got +:\n%s", d)
	}
	_, err = r.ListTagsForResource(in(t, foreign), &ds.ListTagsForResourceInput{ResourceId: out.DirectoryId})
	wantCode(t, err, "EntityDoesNotExistException", "does not exist")
	_, err = r.ListTagsForResource(in(t, home), &ds.ListTagsForResourceInput{ResourceId: out.DirectoryId, NextToken: new("x")})
	wantCode(t, err, "InvalidNextTokenException", "NextToken")
}

func TestResetUserPasswordRefuses(t *testing.T) {
	r := newRoom(t)
	id := r.create(t, home)
	reset := func(sc store.Scope, id, user, password string) error {
		_, err := r.ResetUserPassword(in(t, sc), &ds.ResetUserPasswordInput{DirectoryId: &id, UserName: &user, NewPassword: &password})
		return err
	}
	rows := []struct {
		name               string
		sc                 store.Scope
		id, user, password string
		code, words        string
	}{
		{"an unknown directory", home, "d-ffffffffff", "administrator", "Sesame-2", "EntityDoesNotExistException", "Directory d-ffffffffff does not exist"},
		{"another account", foreign, id, "administrator", "Sesame-2", "EntityDoesNotExistException", "does not exist"},
		{"another Region", abroad, id, "administrator", "Sesame-2", "EntityDoesNotExistException", "does not exist"},
		{"an unknown user", home, id, "nobody", "Sesame-2", "UserDoesNotExistException", "nobody"},
		{"a short password", home, id, "administrator", "Sesa-2", "InvalidPasswordException", "too short"},
		{"two kinds of characters", home, id, "administrator", "sesame-open", "InvalidPasswordException", "three kinds"},
		{"the user's name in it", home, id, "administrator", "1-Administrator", "InvalidPasswordException", "user's name"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { wantCode(t, reset(row.sc, row.id, row.user, row.password), row.code, row.words) })
	}
	if got := r.people[id+"/administrator"]; got != "sealed Sesame-1" {
		t.Errorf("want the old password, got %q", got)
	}
	if err := reset(home, id, "Administrator", "Sesame-2"); err != nil || r.people[id+"/administrator"] != "sealed Sesame-2" {
		t.Errorf("want the new password, got %q, %v", r.people[id+"/administrator"], err)
	}
}

func TestServiceAccount(t *testing.T) {
	r := newRoom(t)
	id := r.create(t, home)
	register := func(sc store.Scope, name string) error {
		return r.st.Update(t.Context(), func(tx *store.Tx) error { return r.MakeServiceAccount(tx, sc, id, name) })
	}
	if err := r.Join(t.Context(), home, id); !errors.Is(err, errNoServiceAccount) {
		t.Errorf("before the registration: want errNoServiceAccount, got %v", err)
	}
	if err := register(foreign, "svc-workspaces"); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("another account: want ErrNoDirectory, got %v", err)
	}
	if err := register(home, "svc-workspaces"); err != nil {
		t.Fatal(err)
	}
	first := r.people[id+"/svc-workspaces"]
	if why := directory.Weakness(strings.TrimPrefix(first, "sealed "), "svc-workspaces"); why != "" {
		t.Errorf("want a password that meets the policy, got one of which: %s", why)
	}
	if err := register(home, "SVC-workspaces"); err != nil || r.people[id+"/svc-workspaces"] == first {
		t.Errorf("again: want a new password for the same account, got %v", err)
	}
	if len(r.people) != 2 {
		t.Errorf("want the administrator and one service account, got %d accounts", len(r.people))
	}
}

func TestADirectoryWithoutAVPC(t *testing.T) {
	r := newRoom(t)
	req := simple()
	req.VpcSettings = nil
	if _, err := r.CreateDirectory(in(t, home), req); err != nil {
		t.Fatal(err)
	}
	if got, err := r.describe(t, home); err != nil || got.DirectoryDescriptions[0].VpcSettings != nil {
		t.Errorf("want no VpcSettings, got %+v, %v", got, err)
	}
}

func TestDeleteDirectory(t *testing.T) {
	r := newRoom(t)
	gone, kept := r.create(t, home), r.create(t, home)
	remove := func(sc store.Scope, id string) error {
		_, err := r.DeleteDirectory(in(t, sc), &ds.DeleteDirectoryInput{DirectoryId: &id})
		return err
	}
	wantCode(t, remove(foreign, gone), "EntityDoesNotExistException", "does not exist")
	wantCode(t, remove(abroad, gone), "EntityDoesNotExistException", "does not exist")
	if err := remove(home, gone); err != nil {
		t.Fatal(err)
	}
	wantCode(t, remove(home, gone), "EntityDoesNotExistException", "does not exist")
	err := r.st.Update(t.Context(), func(tx *store.Tx) error { return r.MakeServiceAccount(tx, home, kept, "svc-workspaces") })
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, remove(home, kept), "ClientException", "Cannot delete the directory because it still has authorized applications.")
	got, err := r.describe(t, home)
	if err != nil || len(got.DirectoryDescriptions) != 1 || *got.DirectoryDescriptions[0].DirectoryId != kept || len(r.people) != 2 {
		t.Errorf("want %s with its two accounts left, got %v, %v, %v", kept, got, r.people, err)
	}
}

func TestFacts(t *testing.T) {
	r := newRoom(t)
	id := r.create(t, home)
	got, err := r.Facts(t.Context(), home, id)
	want := directory.Facts{
		Domain: directory.Domain{ID: id, Name: "corp.example.com", ShortName: "CORP", SID: got.SID},
		Type:   "SimpleAD", Alias: id, Stage: "Active", VPCID: "vpc-12345678", SubnetIDs: []string{"subnet-11111111", "subnet-22222222"},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil || !strings.HasPrefix(got.SID, "S-1-5-21-") {
		t.Errorf("%v; want -, got +:\n%s", err, d)
	}
	if _, err := r.Facts(t.Context(), foreign, id); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("another account: want ErrNoDirectory, got %v", err)
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &directories, &record{
		Type: "MicrosoftAD", Edition: "Standard", Alias: "office", Closed: true, LDAPS: &ldaps{Status: "EnableFailed", Reason: "away", Since: morning},
		Certificates: []certificate{{ID: "c-0123456789", PEM: "PEM", CommonName: "office CA", Expires: morning, Registered: morning}},
		Connect:      &connect{UserName: "svc.connect", Sealed: []byte{1, 2}, DNS: []string{"10.0.0.5"}, Keys: []string{"k1"}},
		ID:           "d-0123456789", Name: "corp.example.com", ShortName: "CORP", SID: "S-1-5-21-1-2-3", Description: "the office",
		Size: "Small", VPCID: "vpc-12345678", SubnetIDs: []string{"subnet-11111111", "subnet-22222222"},
		Zones: []string{"ap-northeast-1a", "ap-northeast-1c"}, Tags: []tag{{"team", "vdi"}}, Stage: "Impaired", StageReason: "away", StageSince: morning, Created: morning,
	})
	storetest.Golden(t, &credentials, &credential{DirectoryID: "d-0123456789", UserName: "svc-workspaces", Sealed: []byte{1, 2}, Clear: "secret"})
}

func TestPasswordPolicy(t *testing.T) {
	for password, good := range map[string]bool{
		"Sesame-1": true, "sesame-1": true, "SESAME-1": true, "Sesame12": true, "Sesame-open": true, "ひらけ-Aa": false, "ひらけごま-Aa": true,
		"sesame12": false, "Sesameopen": false, "Aa-1": false, "": false,
	} {
		if why := directory.Weakness(password, "tanaka"); (why == "") != good {
			t.Errorf("%q: want good %v, got %q", password, good, why)
		}
	}
}
