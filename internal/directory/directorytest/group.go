package directorytest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/directory"
)

// withoutEnd is a context for what is done after a test's own has ended.
func withoutEnd(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func testGroup(t *testing.T, r roster) {
	ctx := t.Context()
	made := r.group("zz Wallpaper-Free")
	if !strings.HasPrefix(made.SID, "S-1-5-21-") || made.DN == "" {
		t.Errorf("want a SID and a DN, got %+v", made)
	}
	_, err := r.AddGroup(ctx, directory.Group{SAMAccountName: "ZZ wallpaper-free", Scope: directory.Global, Kind: directory.Security})
	r.want(err, directory.ErrNameTaken)
	change := []directory.Change{{Kind: directory.Add, Attribute: "description", Values: []string{"may change theirs"}}}
	r.want(r.ChangeGroup(ctx, "zz wallpaper-free", directory.Universal, directory.Distribution, change), nil)
	got, err := r.Group(ctx, "zz WALLPAPER-free")
	if err != nil {
		t.Fatal(err)
	}
	if got.SAMAccountName != "zz Wallpaper-Free" || got.SID != made.SID || got.Scope != directory.Universal || got.Kind != directory.Distribution ||
		!slices.Equal(got.Values("description"), []string{"may change theirs"}) {
		t.Errorf("want it changed, got %+v", got)
	}
	r.want(r.ChangeGroup(ctx, "zz wallpaper-free", directory.DomainLocal, "", nil), nil)
	r.want(r.ChangeGroup(ctx, "zz wallpaper-free", directory.Global, "", nil), directory.ErrProtected)
	r.want(r.ChangeGroup(ctx, "zz wallpaper-free", "", "", change), directory.ErrHasValue)
	if got, err := r.Group(ctx, "zz wallpaper-free"); err != nil || got.Scope != directory.DomainLocal {
		t.Errorf("want DomainLocal, got %+v, %v", got, err)
	}
	found, err := r.ListGroups(ctx, directory.Query{Attributes: []string{"description"}, Value: "May change theirs", Limit: most})
	if err != nil || len(found) != 1 || found[0].SID != made.SID {
		t.Errorf("want the group by its description, got %+v, %v", found, err)
	}
	r.want(r.RemoveGroup(ctx, "zz Wallpaper-Free"), nil)
	_, err = r.Group(ctx, "zz wallpaper-free")
	r.want(err, directory.ErrNoGroup)
	r.want(r.RemoveGroup(ctx, "zz wallpaper-free"), directory.ErrNoGroup)
	r.want(r.ChangeGroup(ctx, "zz wallpaper-free", "", "", nil), directory.ErrNoGroup)
}

func testMembers(t *testing.T, r roster) {
	ctx := t.Context()
	r.group("zz.outer")
	r.group("zz.inner")
	tanaka := r.user(directory.Account{SAMAccountName: "zz.Tanaka"})
	r.want(r.AddMember(ctx, "ZZ.inner", "zz.TANAKA"), nil)
	r.want(r.AddMember(ctx, "zz.outer", "zz.inner"), nil)
	r.want(r.AddMember(ctx, "zz.inner", "zz.tanaka"), directory.ErrIsMember)
	r.want(r.AddMember(ctx, "zz.inner", "zz.inner"), directory.ErrProtected)
	r.want(r.AddMember(ctx, "zz.inner", "zz.nobody"), directory.ErrNoMember)
	r.want(r.AddMember(ctx, "zz.nothing", "zz.tanaka"), directory.ErrNoGroup)
	r.want(r.AddMember(ctx, "zz.tanaka", "zz.inner"), directory.ErrNoGroup)
	members, err := r.Members(ctx, "zz.inner", "", most)
	want := directory.Member{SAMAccountName: "zz.Tanaka", SID: tanaka.SID, Kind: directory.UserMember}
	if err != nil || len(members) != 1 || members[0] != want {
		t.Errorf("want %+v, got %+v, %v", want, members, err)
	}
	members, err = r.Members(ctx, "zz.outer", "", most)
	if err != nil || len(members) != 1 || members[0].Kind != directory.GroupMember || members[0].SAMAccountName != "zz.inner" {
		t.Errorf("want only the inner group in the outer, got %+v, %v", members, err)
	}
	for member, want := range map[string]string{"zz.tanaka": "zz.inner", "zz.inner": "zz.outer"} {
		groups, err := r.GroupsOf(ctx, member, "", most)
		if err != nil || !slices.ContainsFunc(groups, func(g directory.Group) bool { return g.SAMAccountName == want }) {
			t.Errorf("groups of %s: want %s, got %+v, %v", member, want, groups, err)
		}
	}
	r.want(r.RemoveMember(ctx, "zz.inner", "zz.Tanaka"), nil)
	r.want(r.RemoveMember(ctx, "zz.inner", "zz.tanaka"), directory.ErrNotMember)
	r.want(r.RemoveMember(ctx, "zz.inner", "zz.nobody"), directory.ErrNoMember)
	r.want(r.RemoveMember(ctx, "zz.nothing", "zz.tanaka"), directory.ErrNoGroup)
	if members, err := r.Members(ctx, "zz.inner", "", most); err != nil || len(members) != 0 {
		t.Errorf("want nobody left, got %+v, %v", members, err)
	}
	_, err = r.Members(ctx, "zz.nothing", "", most)
	r.want(err, directory.ErrNoGroup)
	_, err = r.GroupsOf(ctx, "zz.nobody", "", most)
	r.want(err, directory.ErrNoMember)
}

func testMemberPages(t *testing.T, r roster) {
	ctx := t.Context()
	r.group("zz.all")
	for _, name := range []string{"zz.m3", "zz.M1", "zz.m2"} {
		r.user(directory.Account{SAMAccountName: name})
		r.want(r.AddMember(ctx, "zz.all", name), nil)
	}
	for _, name := range []string{"zz.g2", "zz.G1"} {
		r.group(name)
		r.want(r.AddMember(ctx, name, "zz.m1"), nil)
	}
	var names []string
	for after := ""; ; {
		page, err := r.Members(ctx, "zz.all", after, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			names = append(names, m.SAMAccountName)
		}
		if len(page) < 2 {
			break
		}
		after = page[1].SAMAccountName
	}
	if want := []string{"zz.M1", "zz.m2", "zz.m3"}; !slices.Equal(names, want) {
		t.Errorf("want %v, got %v", want, names)
	}
	groups, err := r.GroupsOf(ctx, "zz.m1", "zz.all", 1)
	if err != nil || len(groups) != 1 || groups[0].SAMAccountName != "zz.G1" {
		t.Errorf("want zz.G1, got %+v, %v", groups, err)
	}
}

func testForgotten(t *testing.T, r roster) {
	ctx := t.Context()
	r.group("zz.g")
	r.group("zz.h")
	r.user(directory.Account{SAMAccountName: "zz.leaver"})
	r.want(r.AddMember(ctx, "zz.g", "zz.leaver"), nil)
	r.want(r.AddMember(ctx, "zz.g", "zz.h"), nil)
	r.want(r.RemoveUser(ctx, "zz.leaver"), nil)
	r.want(r.RemoveGroup(ctx, "zz.h"), nil)
	if members, err := r.Members(ctx, "zz.g", "", most); err != nil || len(members) != 0 {
		t.Errorf("want nobody left, got %+v, %v", members, err)
	}
	r.user(directory.Account{SAMAccountName: "zz.leaver"})
	groups, err := r.GroupsOf(ctx, "zz.leaver", "", most)
	if err != nil || slices.ContainsFunc(groups, func(g directory.Group) bool { return g.SAMAccountName == "zz.g" }) {
		t.Errorf("want a new user of the name in no group of the old one, got %+v, %v", groups, err)
	}
}

func testMarkup(t *testing.T, r roster) {
	ctx := t.Context()
	r.user(directory.Account{SAMAccountName: "zz.plain"})
	for _, name := range []string{"*", "zz.plain)(cn=*", "zz.*", "a/b", "", "\x00", "CN=zz.plain"} {
		_, err := r.User(ctx, name)
		r.want(err, directory.ErrNoUser)
		_, err = r.Group(ctx, name)
		r.want(err, directory.ErrNoGroup)
		_, err = r.GroupsOf(ctx, name, "", most)
		r.want(err, directory.ErrNoMember)
	}
}
