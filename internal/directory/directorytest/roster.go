package directorytest

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/directory"
)

// Open makes or reaches a directory for one test. What the suite puts into it
// has names that begin with "zz", and is taken out again.
type Open func(t *testing.T) directory.Roster

// most is a page that holds everything the suite makes.
const most = 250

// RunRoster runs the suite of directories that can be changed.
func RunRoster(t *testing.T, open Open) {
	parts := []struct {
		name string
		run  func(*testing.T, roster)
	}{
		{"a user is made, shown and removed", testUser},
		{"names that every domain begins with are taken", testBuiltin},
		{"attributes change as LDAP changes them", testChanges},
		{"a user logs on after a password is set", testLogons},
		{"users are listed in pages and found by value", testUserPages},
		{"a group is made, changed and removed", testGroup},
		{"members join and leave", testMembers},
		{"members and groups are listed in pages", testMemberPages},
		{"who is removed leaves all groups", testForgotten},
		{"names of markup are only names", testMarkup},
	}
	for _, p := range parts {
		t.Run(p.name, func(t *testing.T) { p.run(t, roster{open(t), t}) })
	}
}

// roster makes things that are taken out at the end of the test.
type roster struct {
	directory.Roster
	t *testing.T
}

func (r roster) user(a directory.Account) directory.Account {
	r.t.Helper()
	ctx := r.t.Context()
	made, err := r.AddUser(ctx, a)
	if err != nil {
		r.t.Fatalf("add user %s: %v", a.SAMAccountName, err)
	}
	r.t.Cleanup(func() { _ = r.RemoveUser(withoutEnd(ctx), a.SAMAccountName) }) // a test may have removed it
	return made
}

func (r roster) group(name string) directory.Group {
	r.t.Helper()
	ctx := r.t.Context()
	made, err := r.AddGroup(ctx, directory.Group{SAMAccountName: name, Scope: directory.Global, Kind: directory.Security})
	if err != nil {
		r.t.Fatalf("add group %s: %v", name, err)
	}
	r.t.Cleanup(func() { _ = r.RemoveGroup(withoutEnd(ctx), name) })
	return made
}

func (r roster) want(err, want error) {
	r.t.Helper()
	if !errors.Is(err, want) {
		r.t.Errorf("want %v, got %v", want, err)
	}
}

func testUser(t *testing.T, r roster) {
	ctx := t.Context()
	made := r.user(directory.Account{
		SAMAccountName: "zz.Suzuki", GivenName: "Ichirou", Surname: "鈴木", Email: "suzuki@example.com",
		Enabled: true, Attributes: map[string][]string{"department": {"Sales"}},
	})
	if !strings.HasPrefix(made.SID, "S-1-5-21-") || made.DN == "" {
		t.Errorf("want a SID and a DN, got %+v", made)
	}
	got, err := r.User(ctx, "ZZ.suzuki")
	if err != nil {
		t.Fatal(err)
	}
	if got.SAMAccountName != "zz.Suzuki" || got.GivenName != "Ichirou" || got.Surname != "鈴木" || got.Email != "suzuki@example.com" ||
		got.SID != made.SID || got.DN != made.DN || !slices.Equal(got.Values("DEPARTMENT"), []string{"Sales"}) {
		t.Errorf("want %+v, got %+v", made, got)
	}
	if got.Enabled {
		t.Error("want a user without a password disabled")
	}
	_, err = r.AddUser(ctx, directory.Account{SAMAccountName: "zz.SUZUKI"})
	r.want(err, directory.ErrNameTaken)
	_, err = r.AddGroup(ctx, directory.Group{SAMAccountName: "zz.SUZUKI", Scope: directory.Global, Kind: directory.Security})
	r.want(err, directory.ErrNameTaken)
	r.want(r.RemoveUser(ctx, "zz.suzuki"), nil)
	_, err = r.User(ctx, "zz.suzuki")
	r.want(err, directory.ErrNoUser)
	r.want(r.RemoveUser(ctx, "zz.suzuki"), directory.ErrNoUser)
	r.want(r.Disable(ctx, "zz.suzuki"), directory.ErrNoUser)
	r.want(r.Reset(ctx, "zz.suzuki", "Sesame-opens-1"), directory.ErrNoUser)
	r.want(r.ChangeUser(ctx, "zz.suzuki", nil), directory.ErrNoUser)
}

func testBuiltin(t *testing.T, r roster) {
	for _, name := range []string{"krbtgt", "Guest", "domain ADMINS"} {
		_, err := r.AddUser(t.Context(), directory.Account{SAMAccountName: name})
		r.want(err, directory.ErrNameTaken)
		_, err = r.AddGroup(t.Context(), directory.Group{SAMAccountName: name, Scope: directory.Global, Kind: directory.Security})
		r.want(err, directory.ErrNameTaken)
	}
}

func testChanges(t *testing.T, r roster) {
	r.user(directory.Account{SAMAccountName: "zz.tanaka", GivenName: "Hana", Attributes: map[string][]string{"otherMobile": {"1"}}})
	change := func(kind directory.ChangeKind, attribute string, values ...string) []directory.Change {
		return []directory.Change{{Kind: kind, Attribute: attribute, Values: values}}
	}
	rows := []struct {
		name    string
		changes []directory.Change
		err     error
		look    string
		want    []string
	}{
		{"add where nothing is", change(directory.Add, "title", "Chief"), nil, "title", []string{"Chief"}},
		{"add a second value to an attribute of one", change(directory.Add, "title", "Boss"), directory.ErrHasValue, "title", []string{"Chief"}},
		{"add a second value to an attribute of many", change(directory.Add, "otherMobile", "2"), nil, "otherMobile", []string{"1", "2"}},
		{"add a value that is there", change(directory.Add, "otherMobile", "2"), directory.ErrHasValue, "otherMobile", []string{"1", "2"}},
		{"replace what is there", change(directory.Replace, "title", "Boss"), nil, "title", []string{"Boss"}},
		{"replace what is not there", change(directory.Replace, "department", "Sales"), nil, "department", []string{"Sales"}},
		{"replace a name", change(directory.Replace, "givenName", "Hanako"), nil, "givenName", []string{"Hanako"}},
		{"remove one value of many", change(directory.Remove, "otherMobile", "1"), nil, "otherMobile", []string{"2"}},
		{"remove all values", change(directory.Remove, "otherMobile"), nil, "otherMobile", nil},
		{"remove what is not there", change(directory.Remove, "company"), directory.ErrNoValue, "company", nil},
		{"two changes, of which one cannot be", append(change(directory.Replace, "title", "x"), change(directory.Remove, "company")...), directory.ErrNoValue, "title", []string{"Boss"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if err := r.ChangeUser(t.Context(), "ZZ.tanaka", row.changes); !errors.Is(err, row.err) {
				t.Errorf("want %v, got %v", row.err, err)
			}
			got, err := r.User(t.Context(), "zz.tanaka")
			if err != nil {
				t.Fatal(err)
			}
			values := slices.Sorted(slices.Values(got.Values(row.look)))
			if !slices.Equal(values, row.want) {
				t.Errorf("want %s %q, got %q", row.look, row.want, values)
			}
		})
	}
}

func testLogons(t *testing.T, r roster) {
	ctx := t.Context()
	r.user(directory.Account{SAMAccountName: "zz.fujita"})
	enabled := func(want bool) {
		t.Helper()
		if u, err := r.User(ctx, "zz.fujita"); err != nil || u.Enabled != want {
			t.Errorf("want enabled %v, got %v, %v", want, u.Enabled, err)
		}
	}
	r.want(r.Reset(ctx, "zz.fujita", "x"), directory.ErrWeakPassword)
	enabled(false)
	r.want(r.Reset(ctx, "ZZ.fujita", "Sesame-opens-1"), nil)
	enabled(true)
	r.want(r.Disable(ctx, "zz.Fujita"), nil)
	enabled(false)
	r.want(r.Disable(ctx, "zz.fujita"), nil)
}

func testUserPages(t *testing.T, r roster) {
	for _, name := range []string{"zz.c", "zz.A", "zz.b"} {
		r.user(directory.Account{SAMAccountName: name, Surname: "Zz" + name[3:], Attributes: map[string][]string{"department": {"zz Sales"}}})
	}
	list := func(q directory.Query) []string {
		t.Helper()
		found, err := r.ListUsers(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, u := range found {
			names = append(names, u.SAMAccountName)
		}
		return names
	}
	rows := []struct {
		name string
		q    directory.Query
		want []string
	}{
		{"the first of those after a name", directory.Query{After: "zz.", Limit: 2}, []string{"zz.A", "zz.b"}},
		{"the next", directory.Query{After: "ZZ.B", Limit: 2}, []string{"zz.c"}},
		{"those with a value, in any case", directory.Query{Attributes: []string{"department"}, Value: "ZZ sales", Limit: most}, []string{"zz.A", "zz.b", "zz.c"}},
		{"a page of those", directory.Query{Attributes: []string{"department"}, Value: "zz Sales", After: "zz.a", Limit: 1}, []string{"zz.b"}},
		{"one attribute or another", directory.Query{Attributes: []string{"department", "sn"}, Value: "zzb", Limit: most}, []string{"zz.b"}},
		{"a value is not a part of one", directory.Query{Attributes: []string{"department"}, Value: "zz", Limit: most}, nil},
		{"an asterisk is only an asterisk", directory.Query{Attributes: []string{"department"}, Value: "zz*", Limit: most}, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if d := cmp.Diff(row.want, list(row.q)); d != "" {
				t.Errorf("want -, got +:\n%s", d)
			}
		})
	}
}
