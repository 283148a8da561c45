package directoryservicedata

import (
	"errors"
	"testing"

	"tamachi/internal/directory"
	"tamachi/internal/proof"
)

func TestVerify(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.hire(t, "fujita", "Sesame-2")
	if _, err := r.DisableUser(r.in(t, home, "DisableUser"), &DisableUserInput{DirectoryId: new(corp), SAMAccountName: new("fujita")}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.create(t, home, CreateUserInput{SAMAccountName: new("new")}); err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name, directory, user, password string
		want                            directory.Standing
	}{
		{"the right password", corp, "tanaka", "Sesame-1", directory.Good},
		{"another case of the name", corp, "TANAKA", "Sesame-1", directory.Good},
		{"a wrong password", corp, "tanaka", "Sesame-2", directory.WrongPassword},
		{"an empty password", corp, "tanaka", "", directory.WrongPassword},
		{"a disabled user", corp, "fujita", "Sesame-2", directory.Disabled},
		{"a disabled user with a wrong password", corp, "fujita", "x", directory.WrongPassword},
		{"a user who has no password yet", corp, "new", "", directory.WrongPassword},
		{"an unknown user", corp, "nobody", "x", directory.Unknown},
		{"a user of another directory", "d-00000000aa", "tanaka", "Sesame-1", directory.Unknown},
		{"a name out of the directory", corp, "../d-00000000aa/tanaka", "x", directory.Unknown},
		{"a name of no characters", corp, "", "x", directory.Unknown},
		{"a name of odd octets", corp, "a\x00\xff", "x", directory.Unknown},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := r.Verify(t.Context(), row.directory, row.user, row.password)
			if err != nil || got != row.want {
				t.Errorf("want %d, got %d, %v", row.want, got, err)
			}
		})
	}
	if _, err := r.Verify(t.Context(), "d-ffffffffff", "tanaka", "x"); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("want ErrNoDirectory, got %v", err)
	}
}

func TestAccountsAsTheServerSeesThem(t *testing.T) {
	r := newRoom(t)
	for _, name := range []string{"bb", "Cc", "aa"} {
		r.hire(t, name, "x")
	}
	got, err := r.List(t.Context(), corp, "", 2)
	if err != nil || len(got) != 2 || got[0].SAMAccountName != "aa" || got[1].SAMAccountName != "bb" {
		t.Errorf("want aa and bb, got %v, %v", got, err)
	}
	got, err = r.List(t.Context(), corp, "BB", 2)
	if err != nil || len(got) != 1 || got[0].SAMAccountName != "Cc" || !got[0].Enabled {
		t.Errorf("want Cc behind bb, got %v, %v", got, err)
	}
	if got, err := r.List(t.Context(), corp, "b/../\x00", 2); err != nil || len(got) != 0 {
		t.Errorf("behind no name: want nothing, got %v, %v", got, err)
	}
	if _, err := r.Lookup(t.Context(), corp, "nobody"); !errors.Is(err, directory.ErrNoUser) {
		t.Errorf("want ErrNoUser, got %v", err)
	}
	if d, err := r.Directory(t.Context(), corp); err != nil || d != domain {
		t.Errorf("want %v, got %v, %v", domain, d, err)
	}
}

func TestUserExists(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "x")
	if ok, err := r.UserExists(t.Context(), home, corp, "Tanaka"); err != nil || !ok {
		t.Errorf("tanaka: want true, got %v, %v", ok, err)
	}
	if ok, err := r.UserExists(t.Context(), home, corp, "takeda.haneko"); err != nil || ok {
		t.Errorf("nobody: want false, got %v, %v", ok, err)
	}
	if _, err := r.UserExists(t.Context(), foreign, corp, "tanaka"); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("another account: want ErrNoDirectory, got %v", err)
	}
}

// BenchmarkVerify is one password check at full cost: the aim is under 60 ms.
func BenchmarkVerify(b *testing.B) {
	r := newRoom(b)
	r.cost = proof.Slow()
	r.hire(b, "tanaka", "Sesame-1")
	for b.Loop() {
		if got, err := r.Verify(b.Context(), corp, "tanaka", "Sesame-1"); err != nil || got != directory.Good {
			b.Fatalf("want %d, got %d, %v", directory.Good, got, err)
		}
	}
}

func TestGroupsAsTheServerSeesThem(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "Tanaka", "Sesame-1")
	for _, name := range []string{"Inner", "outer"} {
		r.group(t, corp, name)
	}
	ro := r.Roster(home, domain)
	if err := errors.Join(ro.AddMember(t.Context(), "INNER", "TANAKA"), ro.AddMember(t.Context(), "outer", "inner")); err != nil {
		t.Fatal(err)
	}
	a, err := r.Lookup(t.Context(), corp, "tanaka")
	if err != nil || len(a.MemberOf) != 1 || a.MemberOf[0] != "Inner" || !a.PasswordSet.Equal(morning) || a.Locked {
		t.Errorf("want tanaka in Inner, got %+v, %v", a, err)
	}
	all, err := r.Groups(t.Context(), corp, "", 9)
	if err != nil || len(all) != 2 || all[0].Members[0] != "Tanaka" || all[0].MemberOf[0] != "outer" || all[1].Members[0] != "Inner" {
		t.Errorf("want both groups with their members, got %+v, %v", all, err)
	}
	if rest, err := r.Groups(t.Context(), corp, "INNER", 9); err != nil || len(rest) != 1 || rest[0].SAMAccountName != "outer" {
		t.Errorf("want outer behind Inner, got %+v, %v", rest, err)
	}
	if rest, err := r.Groups(t.Context(), corp, "a/\x00", 9); err != nil || len(rest) != 0 {
		t.Errorf("behind no name: want nothing, got %+v, %v", rest, err)
	}
	if _, err := r.LookupGroup(t.Context(), corp, "nothing"); !errors.Is(err, directory.ErrNoGroup) {
		t.Errorf("want ErrNoGroup, got %v", err)
	}
	for range 5 {
		r.verify(t, "tanaka", "x", directory.WrongPassword)
	}
	if a, err := r.Lookup(t.Context(), corp, "tanaka"); err != nil || !a.Locked {
		t.Errorf("want tanaka locked, got %+v, %v", a, err)
	}
}
