package directoryservicedata

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/directory"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

func TestANewUserIsDisabled(t *testing.T) {
	r := newRoom(t)
	out, err := r.create(t, home, CreateUserInput{
		SAMAccountName: new("Suzuki.Ichirou"), GivenName: new("Ichirou"), Surname: new("Suzuki"), EmailAddress: new("suzuki@example.com"),
		OtherAttributes: map[string]AttributeValue{"DEPARTMENT": {S: new("Sales")}, "otherMobile": {SS: []string{"1", "2"}}, "countryCode": {N: new(int64(392))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(&CreateUserOutput{DirectoryId: new(corp), SAMAccountName: new("Suzuki.Ichirou"), SID: new("S-1-5-21-1-2-3-1103")}, out); d != "" {
		t.Errorf("created: want -, got +:\n%s", d)
	}
	got, err := r.describe(t, home, "suzuki.ichirou", "department", "OtherMobile", "title")
	if err != nil {
		t.Fatal(err)
	}
	want := &DescribeUserOutput{
		DirectoryId: new(corp), DistinguishedName: new("CN=Suzuki.Ichirou,CN=Users,DC=corp,DC=example,DC=com"),
		EmailAddress: new("suzuki@example.com"), Enabled: new(false), GivenName: new("Ichirou"), Surname: new("Suzuki"),
		OtherAttributes: map[string]AttributeValue{"department": {S: new("Sales")}, "otherMobile": {SS: []string{"1", "2"}}},
		Realm:           new("corp.example.com"), SAMAccountName: new("Suzuki.Ichirou"), SID: new("S-1-5-21-1-2-3-1103"),
		UserPrincipalName: new("Suzuki.Ichirou@corp.example.com"),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("described: want -, got +:\n%s", d)
	}
}

func TestCreateUserRefuses(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "x")
	further := func(kv ...any) map[string]AttributeValue {
		out := map[string]AttributeValue{}
		for i := 0; i < len(kv); i += 2 {
			out[kv[i].(string)] = kv[i+1].(AttributeValue)
		}
		return out
	}
	text := AttributeValue{S: new("x")}
	rows := []struct {
		name         string
		sc           store.Scope
		in           CreateUserInput
		code, reason string
	}{
		{"a name that is taken", home, CreateUserInput{SAMAccountName: new("tanaka")}, "ConflictException", ""},
		{"a name that differs in case only", home, CreateUserInput{SAMAccountName: new("TANAKA")}, "ConflictException", ""},
		{"the ticket-granting account", home, CreateUserInput{SAMAccountName: new("krbtgt")}, "ConflictException", ""},
		{"the guest, in another case", home, CreateUserInput{SAMAccountName: new("GUEST")}, "ConflictException", ""},
		{"the name of a group that every domain has", home, CreateUserInput{SAMAccountName: new("Users")}, "ConflictException", ""},
		{"a name that ends in a dot", home, CreateUserInput{SAMAccountName: new("tanaka2.")}, "ValidationException", reasonAttributeValue},
		{"a dot alone", home, CreateUserInput{SAMAccountName: new(".")}, "ValidationException", reasonAttributeValue},
		{"a directory that is not there", home, CreateUserInput{SAMAccountName: new("a"), DirectoryId: new("d-ffffffffff")}, "AccessDeniedException", "DIRECTORY_AUTH"},
		{"a directory of another account", home, CreateUserInput{SAMAccountName: new("a"), DirectoryId: new("d-00000000bb")}, "AccessDeniedException", "DIRECTORY_AUTH"},
		{"a directory of another Region", abroad, CreateUserInput{SAMAccountName: new("a")}, "AccessDeniedException", "DIRECTORY_AUTH"},
		{"an attribute that does not exist", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("shoeSize", text)}, "ValidationException", reasonAttributeName},
		{"an attribute with a parameter of its own", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("mail", text)}, "ValidationException", reasonAttributeName},
		{"an attribute twice", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("title", text, "TITLE", text)}, "ValidationException", reasonDuplicate},
		{"a number for a text", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("title", AttributeValue{N: new(int64(1))})}, "ValidationException", reasonAttributeValue},
		{"two values at once", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("title", AttributeValue{S: new("x"), SS: []string{"x"}})}, "ValidationException", reasonAttributeValue},
		{"no value", home, CreateUserInput{SAMAccountName: new("a"), OtherAttributes: further("title", AttributeValue{})}, "ValidationException", reasonAttributeValue},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			_, err := r.create(t, row.sc, row.in)
			wantError(t, err, row.code, row.reason)
		})
	}
	if out, err := r.list(t, home, ListUsersInput{}); err != nil || len(out.Users) != 1 {
		t.Errorf("want nothing half made, got %v, %v", out, err)
	}
}

// Of those who ask for one name at once, one gets it; the others conflict, and
// what they drew is not half there.
func TestUsersOfOneNameAtOnce(t *testing.T) {
	r := newRoom(t)
	const many = 8
	var made sync.Map
	var g errgroup.Group
	for i := range many {
		g.Go(func() error {
			out, err := r.create(t, home, CreateUserInput{SAMAccountName: new("tanaka"), GivenName: new(fmt.Sprint(i))})
			if conflict := new(ConflictException); errors.As(err, &conflict) {
				return nil
			}
			if err == nil {
				made.Store(*out.SID, i)
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	got, err := r.describe(t, home, "tanaka")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	made.Range(func(sid, i any) bool {
		n++
		if sid != *got.SID || fmt.Sprint(i) != *got.GivenName {
			t.Errorf("%s was answered to %v, stored is %s of %s", sid, i, *got.SID, *got.GivenName)
		}
		return true
	})
	if n != 1 {
		t.Errorf("want one made, got %d", n)
	}
	next, err := r.create(t, home, CreateUserInput{SAMAccountName: new("sato")})
	if err != nil || *next.SID != "S-1-5-21-1-2-3-1104" {
		t.Errorf("want the next number, got %v, %v", next, err)
	}
}

func TestNumbersAreNotUsedTwice(t *testing.T) {
	r := newRoom(t)
	var got []string
	for _, name := range []string{"a", "b"} {
		out, err := r.create(t, home, CreateUserInput{SAMAccountName: &name})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, *out.SID)
	}
	if _, err := r.create(t, home, CreateUserInput{SAMAccountName: new("a")}); err == nil {
		t.Fatal("want a conflict, got none")
	}
	out, err := r.create(t, home, CreateUserInput{SAMAccountName: new("c")})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"S-1-5-21-1-2-3-1103", "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105"}, append(got, *out.SID)); d != "" {
		t.Errorf("want -, got +:\n%s", d)
	}
}

func TestARequestWithAClientTokenHasItsEffectOnce(t *testing.T) {
	r := newRoom(t)
	in := CreateUserInput{SAMAccountName: new("tanaka"), ClientToken: new("token-1")}
	first, err := r.create(t, home, in)
	if err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(8*time.Hour - time.Second)
	again, err := r.create(t, home, in)
	if err != nil || !cmp.Equal(first, again) {
		t.Errorf("the same request: want %v, got %v, %v", first, again, err)
	}
	in.GivenName = new("Hanako")
	_, err = r.create(t, home, in)
	wantError(t, err, "ConflictException", "")
	_, err = r.DisableUser(r.in(t, home, "DisableUser"), &DisableUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka"), ClientToken: new("token-1")})
	wantError(t, err, "ConflictException", "")
	in.GivenName = nil
	r.clk.Advance(time.Second)
	_, err = r.create(t, home, in) // a new request, and the name is taken
	wantError(t, err, "ConflictException", "")
	if _, err := r.create(t, home, CreateUserInput{SAMAccountName: new("sato"), ClientToken: new("token-1")}); err != nil {
		t.Errorf("the token 8 hours later: want no error, got %v", err)
	}
	var left []*receipt
	err = r.st.View(t.Context(), func(tx *store.Tx) (err error) {
		left, err = receipts.List(tx, home, store.Page{})
		return err
	})
	if err != nil || len(left) != 1 {
		t.Errorf("want the one receipt that is not over, got %d, %v", len(left), err)
	}
}

func TestDescribeUserRefuses(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "x")
	_, err := r.describe(t, home, "tanak")
	wantError(t, err, "ResourceNotFoundException", "")
	for _, sc := range []store.Scope{abroad, foreign} {
		_, err := r.describe(t, sc, "tanaka")
		wantError(t, err, "AccessDeniedException", "DIRECTORY_AUTH")
	}
	_, err = r.describe(t, home, "tanaka", "shoeSize")
	wantError(t, err, "ValidationException", reasonAttributeName)
	_, err = r.DescribeUser(r.in(t, home, "DescribeUser"), &DescribeUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka"), Realm: new("else.example.com")})
	wantError(t, err, "ValidationException", reasonRealm)
	if _, err = r.DescribeUser(r.in(t, home, "DescribeUser"), &DescribeUserInput{DirectoryId: new(corp), SAMAccountName: new("tanaka"), Realm: new("CORP.example.com.")}); err != nil {
		t.Errorf("its own realm: want no error, got %v", err)
	}
}

func TestDisableUser(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "x")
	disable := func(sc store.Scope, name string) error {
		_, err := r.DisableUser(r.in(t, sc, "DisableUser"), &DisableUserInput{DirectoryId: new(corp), SAMAccountName: &name})
		return err
	}
	for range 2 {
		if err := disable(home, "Tanaka"); err != nil {
			t.Fatal(err)
		}
		if got, err := r.describe(t, home, "tanaka"); err != nil || *got.Enabled {
			t.Errorf("want tanaka disabled, got %v, %v", got, err)
		}
	}
	wantError(t, disable(home, "nobody"), "ResourceNotFoundException", "")
	wantError(t, disable(foreign, "tanaka"), "AccessDeniedException", "DIRECTORY_AUTH")
	wantError(t, disable(abroad, "tanaka"), "AccessDeniedException", "DIRECTORY_AUTH")
}

func TestDeleteUser(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "Tanaka", "x")
	r.hire(t, "tanaka2", "x")
	err := r.st.Update(t.Context(), func(tx *store.Tx) error {
		return r.Enrol(tx, home, domain, "Administrator", "sealed")
	})
	if err != nil {
		t.Fatal(err)
	}
	remove := func(sc store.Scope, name, token string) error {
		in := &DeleteUserInput{DirectoryId: new(corp), SAMAccountName: &name}
		if token != "" {
			in.ClientToken = &token
		}
		_, err := r.DeleteUser(r.in(t, sc, "DeleteUser"), in)
		return err
	}
	wantError(t, remove(foreign, "tanaka", ""), "AccessDeniedException", "DIRECTORY_AUTH")
	wantError(t, remove(abroad, "tanaka", ""), "AccessDeniedException", "DIRECTORY_AUTH")
	wantError(t, remove(home, "nobody", ""), "ResourceNotFoundException", "")
	wantError(t, remove(home, "administrator", ""), "ValidationException", reasonUnsupported)
	for range 2 { // the same request has its effect once
		if err := remove(home, "TANAKA", "token-1"); err != nil {
			t.Errorf("want tanaka deleted, got %v", err)
		}
	}
	wantError(t, remove(home, "tanaka2", "token-1"), "ConflictException", "")
	wantError(t, remove(home, "tanaka", ""), "ResourceNotFoundException", "")
	if got, err := r.Verify(t.Context(), corp, "tanaka", "x"); err != nil || got != directory.Unknown {
		t.Errorf("its next bind: want it unknown, got %v, %v", got, err)
	}
	out, err := r.list(t, home, ListUsersInput{})
	if err != nil || len(out.Users) != 2 || *out.Users[1].SAMAccountName != "tanaka2" {
		t.Errorf("want Administrator and tanaka2 left, got %+v, %v", out, err)
	}
	again, err := r.create(t, home, CreateUserInput{SAMAccountName: new("tanaka")})
	if err != nil || *again.SID != "S-1-5-21-1-2-3-1105" {
		t.Errorf("a new tanaka: want another SID, got %v, %v", again, err)
	}
}

func (r *room) list(t testing.TB, sc store.Scope, in ListUsersInput) (*ListUsersOutput, error) {
	t.Helper()
	if in.DirectoryId == nil {
		in.DirectoryId = new(corp)
	}
	return r.ListUsers(r.in(t, sc, "ListUsers"), &in)
}

func TestListUsersPages(t *testing.T) {
	r := newRoom(t)
	for i := range 23 {
		if _, err := r.create(t, home, CreateUserInput{SAMAccountName: new(fmt.Sprintf("User%02d", i))}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.create(t, home, CreateUserInput{SAMAccountName: new("other"), DirectoryId: new("d-00000000aa")}); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int32{1, 10, 22, 23, 24, 250} {
		var names []string
		var token *string
		for {
			out, err := r.list(t, home, ListUsersInput{MaxResults: &size, NextToken: token})
			if err != nil {
				t.Fatalf("pages of %d: %v", size, err)
			}
			if len(out.Users) == 0 || len(out.Users) > int(size) {
				t.Fatalf("pages of %d: want 1 to %d users, got %d", size, size, len(out.Users))
			}
			for _, u := range out.Users {
				names = append(names, *u.SAMAccountName)
			}
			if token = out.NextToken; token == nil {
				break
			}
		}
		if len(names) != 23 || names[0] != "User00" || names[22] != "User22" {
			t.Errorf("pages of %d: want User00 to User22, got %v", size, names)
		}
	}
}

func TestListUsersRefuses(t *testing.T) {
	r := newRoom(t)
	for i := range 3 {
		r.hire(t, fmt.Sprintf("u%d", i), "x")
	}
	page, err := r.list(t, home, ListUsersInput{MaxResults: new(int32(1))})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.list(t, home, ListUsersInput{DirectoryId: new("d-00000000aa"), NextToken: page.NextToken})
	wantError(t, err, "ValidationException", reasonToken)
	_, err = r.list(t, home, ListUsersInput{NextToken: new("x")})
	wantError(t, err, "ValidationException", reasonToken)
	_, err = r.list(t, home, ListUsersInput{Realm: new("else.example.com")})
	wantError(t, err, "ValidationException", reasonRealm)
	for _, sc := range []store.Scope{abroad, foreign} {
		_, err = r.list(t, sc, ListUsersInput{})
		wantError(t, err, "AccessDeniedException", "DIRECTORY_AUTH")
	}
	out, err := r.list(t, home, ListUsersInput{DirectoryId: new("d-00000000aa")})
	if err != nil || out.Users == nil || len(out.Users) != 0 || out.NextToken != nil {
		t.Errorf("an empty directory: want an empty list, got %+v, %v", out, err)
	}
}

func TestStoredForms(t *testing.T) {
	storetest.Golden(t, &users, &user{
		DirectoryID: corp, Name: "Suzuki.Ichirou", GivenName: "Ichirou", Surname: "Suzuki", Email: "suzuki@example.com",
		SID: "S-1-5-21-1-2-3-1103", Enabled: true, Password: "$argon2id$v=19$...", Former: []string{"pbkdf2-sha256$10$c2FsdA$a2V5"}, Created: morning,
		PasswordSet: morning, MustChange: true, Lasting: true,
		Attributes: map[string]attribute{"title": {S: new("Chief")}, "countryCode": {N: new(int64(392))}, "url": {SS: []string{"a"}}, "flag": {Bool: new(true)}},
	})
	storetest.Golden(t, &groups, &group{
		DirectoryID: corp, Name: "Wallpaper-Free", SID: "S-1-5-21-1-2-3-1104", Scope: "Global", Kind: "Security", Created: morning,
		Attributes: map[string]attribute{"description": {S: new("may change theirs")}},
	})
	storetest.Golden(t, &memberships, &membership{DirectoryID: corp, Group: "wallpaper-free", Member: "suzuki.ichirou", Kind: "USER", Since: morning})
	storetest.Golden(t, &failures, &tries{DirectoryID: corp, User: "suzuki.ichirou", Failures: 5, Last: morning, Until: morning.Add(time.Minute)})
	storetest.Golden(t, &counters, &counter{DirectoryID: corp, Next: 1105})
	storetest.Golden(t, &receipts, &receipt{Token: "t", Digest: "d", Output: []byte(`{"SID":"S-1"}`), Expires: morning})
}

func TestEveryOperationAsksForBothRights(t *testing.T) {
	r := newRoom(t)
	for _, op := range r.Operations() {
		t.Run(op.Name, func(t *testing.T) {
			in := reflect.New(op.In)
			in.Elem().FieldByName("DirectoryId").Set(reflect.ValueOf(new(corp)))
			got, err := op.Checks(r.in(t, home, op.Name), in.Interface())
			if err != nil {
				t.Fatal(err)
			}
			var actions []string
			for _, c := range got {
				actions = append(actions, c.Action)
				if want := "arn:aws:ds:ap-northeast-1:111122223333:directory/" + corp; c.Resource != want {
					t.Errorf("want %s, got %s", want, c.Resource)
				}
			}
			if want := "ds:AccessDSData ds-data:" + op.Name; strings.Join(actions, " ") != want {
				t.Errorf("want %s, got %s", want, actions)
			}
		})
	}
}
