package embedded

import (
	"slices"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
)

// grouped is the office with two groups, one in the other.
func grouped() *directorytest.People {
	p := directorytest.Office()
	id := directorytest.Corp.ID
	p.Put(id, directory.Account{
		SAMAccountName: "tanaka", Enabled: true, SID: "S-1-5-21-1-2-3-1105", MemberOf: []string{"Wallpaper-Free"},
		PasswordSet: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Locked: true,
	}, "Sesame-3")
	p.PutGroup(id, directory.Group{
		SAMAccountName: "Wallpaper-Free", SID: "S-1-5-21-1-2-3-1110", Scope: directory.Global, Kind: directory.Security,
		Members: []string{"tanaka"}, MemberOf: []string{"Office, Tokyo"}, Attributes: map[string][]string{"description": {"may change theirs"}},
	})
	p.PutGroup(id, directory.Group{
		SAMAccountName: "Office, Tokyo", SID: "S-1-5-21-1-2-3-1111", Scope: directory.DomainLocal, Kind: directory.Distribution,
		Members: []string{"Wallpaper-Free"},
	})
	return p
}

func TestGroupsAreFound(t *testing.T) {
	c := dial(t, start(t, grouped(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\suzuki.ichirou`, "Sesame-1"); err != nil {
		t.Fatal(err)
	}
	tanaka, free, office := "CN=tanaka,CN=Users,", "CN=Wallpaper-Free,CN=Users,", `CN=Office\, Tokyo,CN=Users,`
	searches(t, c, []filtered{
		{"(objectClass=group)", []string{office, free}},
		{"(objectCategory=group)", []string{office, free}},
		{"(sAMAccountName=wallpaper-FREE)", []string{free}},
		{"(memberOf=CN=Wallpaper-Free,CN=Users," + top + ")", []string{tanaka}},
		{"(memberOf=cn=wallpaper-free, cn=users, " + top + ")", []string{tanaka}},
		{`(memberOf=CN=Office\5c, Tokyo,CN=Users,` + top + ")", []string{free}},
		{"(member=CN=tanaka,CN=Users," + top + ")", []string{free}},
		{"(member=CN=suzuki.ichirou,CN=Users," + top + ")", nil},
		{"(groupType:1.2.840.113556.1.4.803:=2147483648)", []string{free}},
		{"(groupType=4)", []string{office}},
		{"(userAccountControl:1.2.840.113556.1.4.803:=16)", []string{tanaka}},
		{"(&(objectClass=group)(description=may*))", []string{free}},
	})
}

func TestAGroupAsItIsShown(t *testing.T) {
	c := dial(t, start(t, grouped(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\suzuki.ichirou`, "Sesame-1"); err != nil {
		t.Fatal(err)
	}
	got, err := c.Search(ask("CN=Wallpaper-Free,CN=Users,"+top, ldap.ScopeBaseObject, 0, "(objectClass=*)"))
	if err != nil || len(got.Entries) != 1 {
		t.Fatalf("want the group, got %v, %v", got, err)
	}
	e := got.Entries[0]
	for name, want := range map[string]string{
		"sAMAccountName": "Wallpaper-Free", "groupType": "-2147483646", "sAMAccountType": "268435456",
		"member": "CN=tanaka,CN=Users," + top, "memberOf": `CN=Office\, Tokyo,CN=Users,` + top, "description": "may change theirs",
	} {
		if got := e.GetAttributeValue(name); got != want {
			t.Errorf("%s: want %s, got %s", name, want, got)
		}
	}
	got, err = c.Search(ask(top, ldap.ScopeWholeSubtree, 0, "(sAMAccountName=tanaka)", "pwdLastSet", "userAccountControl"))
	if err != nil || len(got.Entries) != 1 {
		t.Fatalf("want tanaka, got %v, %v", got, err)
	}
	if set, control := got.Entries[0].GetAttributeValue("pwdLastSet"), got.Entries[0].GetAttributeValue("userAccountControl"); set != "134194752000000000" || control != "528" {
		t.Errorf("want when the password was set and a locked account, got %s and %s", set, control)
	}
}

// Pages of every size go through users and groups alike, each once.
func TestPagesGoOnInGroups(t *testing.T) {
	c := dial(t, start(t, grouped(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\suzuki.ichirou`, "Sesame-1"); err != nil {
		t.Fatal(err)
	}
	want := []string{"", "CN=Users,", "CN=fujita.kouhei,CN=Users,", "CN=suzuki.ichirou,CN=Users,", "CN=tanaka,CN=Users,", `CN=Office\, Tokyo,CN=Users,`, "CN=Wallpaper-Free,CN=Users,"}
	for size := range uint32(9) {
		got, err := c.SearchWithPaging(ask(top, ldap.ScopeWholeSubtree, 0, "(objectClass=*)", "1.1"), size+1)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(names(got), want) {
			t.Errorf("pages of %d: want %q, got %q", size+1, want, names(got))
		}
	}
}
