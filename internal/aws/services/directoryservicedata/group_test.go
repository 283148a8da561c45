package directoryservicedata

import (
	"errors"
	"testing"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
	"tamachi/internal/store"
)

func TestTheRoomIsARoster(t *testing.T) {
	directorytest.RunRoster(t, func(t *testing.T) directory.Roster {
		r := newRoom(t)
		return r.Roster(home, domain)
	})
}

// group makes a group.
func (r *room) group(t *testing.T, directoryID, name string) {
	t.Helper()
	_, err := r.CreateGroup(r.in(t, home, "CreateGroup"), &CreateGroupInput{DirectoryId: &directoryID, SAMAccountName: &name})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCreateGroupRefuses(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.group(t, corp, "Sales")
	text := AttributeValue{S: new("x")}
	rows := []struct {
		name         string
		in           CreateGroupInput
		code, reason string
	}{
		{"a name that is taken", CreateGroupInput{SAMAccountName: new("SALES")}, "ConflictException", ""},
		{"the name of a user", CreateGroupInput{SAMAccountName: new("tanaka")}, "ConflictException", ""},
		{"a group that every domain has", CreateGroupInput{SAMAccountName: new("domain admins")}, "ConflictException", ""},
		{"a built-in group", CreateGroupInput{SAMAccountName: new("Administrators")}, "ConflictException", ""},
		{"an account that every domain has", CreateGroupInput{SAMAccountName: new("krbtgt")}, "ConflictException", ""},
		{"a name that ends in a dot", CreateGroupInput{SAMAccountName: new("Sales.")}, "ValidationException", reasonAttributeValue},
		{"a name of blanks", CreateGroupInput{SAMAccountName: new(" \u3000")}, "ValidationException", reasonAttributeValue},
		{"a name with a line end", CreateGroupInput{SAMAccountName: new("a\nb")}, "ValidationException", reasonAttributeValue},
		{"the scope of built-in groups", CreateGroupInput{SAMAccountName: new("a"), GroupScope: new("BuiltinLocal")}, "ValidationException", reasonAttributeValue},
		{"a name that cannot be seen", CreateGroupInput{SAMAccountName: new("a\x01")}, "ValidationException", reasonAttributeValue},
		{"an attribute of users", CreateGroupInput{SAMAccountName: new("a"), OtherAttributes: map[string]AttributeValue{"department": text}}, "ValidationException", reasonAttributeName},
		{"a directory that is closed", CreateGroupInput{SAMAccountName: new("a"), DirectoryId: new(shut)}, "AccessDeniedException", "DATA_DISABLED"},
		{"a directory of another account", CreateGroupInput{SAMAccountName: new("a"), DirectoryId: new("d-00000000bb")}, "AccessDeniedException", "DIRECTORY_AUTH"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if row.in.DirectoryId == nil {
				row.in.DirectoryId = new(corp)
			}
			_, err := r.CreateGroup(r.in(t, home, "CreateGroup"), &row.in)
			wantError(t, err, row.code, row.reason)
		})
	}
}

func TestUpdatesRefuse(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.group(t, corp, "Sales")
	text := map[string]AttributeValue{"title": {S: new("x")}}
	user := func(in UpdateUserInput) error {
		in.DirectoryId, in.SAMAccountName = new(corp), new("tanaka")
		_, err := r.UpdateUser(r.in(t, home, "UpdateUser"), &in)
		return err
	}
	if err := user(UpdateUserInput{UpdateType: new("ADD"), OtherAttributes: text, Surname: new("Tanaka")}); err != nil {
		t.Fatal(err)
	}
	wantError(t, user(UpdateUserInput{UpdateType: new("ADD"), OtherAttributes: text}), "ValidationException", reasonHasValue)
	wantError(t, user(UpdateUserInput{UpdateType: new("REMOVE"), EmailAddress: new("x")}), "ValidationException", reasonNoValue)
	wantError(t, user(UpdateUserInput{OtherAttributes: map[string]AttributeValue{"cn": {S: new("x")}}}), "ValidationException", reasonAttributeName)
	if err := user(UpdateUserInput{UpdateType: new("REMOVE"), Surname: new("any")}); err != nil {
		t.Errorf("a value that is to go need not be told, got %v", err)
	}
	if got, err := r.describe(t, home, "tanaka", "title"); err != nil || got.Surname != nil || *got.OtherAttributes["title"].S != "x" {
		t.Errorf("want a title and no surname, got %+v, %v", got, err)
	}
	_, err := r.UpdateGroup(r.in(t, home, "UpdateGroup"), &UpdateGroupInput{DirectoryId: new(corp), SAMAccountName: new("Sales"), GroupScope: new("DomainLocal")})
	wantError(t, err, "ValidationException", reasonUnsupported)
}

func TestSearches(t *testing.T) {
	r := newRoom(t)
	for _, name := range []string{"a1", "a2", "b1"} {
		_, err := r.create(t, home, CreateUserInput{SAMAccountName: &name, Surname: new("S" + name[:1]), OtherAttributes: map[string]AttributeValue{"otherMobile": {SS: []string{"1", name}}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	search := func(in SearchUsersInput) (*SearchUsersOutput, error) {
		in.DirectoryId = new(corp)
		return r.SearchUsers(r.in(t, home, "SearchUsers"), &in)
	}
	out, err := search(SearchUsersInput{SearchAttributes: []string{"Surname"}, SearchString: new("SA"), MaxResults: new(int32(1))})
	if err != nil || len(out.Users) != 1 || *out.Users[0].SAMAccountName != "a1" || out.NextToken == nil || out.Users[0].OtherAttributes != nil {
		t.Fatalf("want a1 and a token, got %+v, %v", out, err)
	}
	token := out.NextToken
	out, err = search(SearchUsersInput{SearchAttributes: []string{"Surname"}, SearchString: new("SA"), NextToken: token})
	if err != nil || len(out.Users) != 1 || *out.Users[0].SAMAccountName != "a2" || out.NextToken != nil {
		t.Errorf("want a2 and no token, got %+v, %v", out, err)
	}
	out, err = search(SearchUsersInput{SearchAttributes: []string{"OTHERmobile", "mail"}, SearchString: new("B1")})
	if err != nil || len(out.Users) != 1 || len(out.Users[0].OtherAttributes["otherMobile"].SS) != 2 {
		t.Errorf("want b1 with what was searched, got %+v, %v", out, err)
	}
	_, err = search(SearchUsersInput{SearchAttributes: []string{"countryCode"}, SearchString: new("1")})
	wantError(t, err, "ValidationException", reasonSearch)
	_, err = search(SearchUsersInput{SearchAttributes: []string{"shoeSize"}, SearchString: new("1")})
	wantError(t, err, "ValidationException", reasonAttributeName)
	_, err = r.SearchGroups(r.in(t, home, "SearchGroups"), &SearchGroupsInput{DirectoryId: new(corp), SearchAttributes: []string{"SAMAccountName"}, SearchString: new("x"), NextToken: token})
	wantError(t, err, "ValidationException", reasonToken)
}

// A directory elsewhere has its changes made there, and receipts here.
func TestADirectoryElsewhere(t *testing.T) {
	r := newRoom(t)
	create := func(name, token string) error {
		_, err := r.CreateUser(r.in(t, home, "CreateUser"), &CreateUserInput{DirectoryId: new(elsewhere), SAMAccountName: &name, ClientToken: &token})
		return err
	}
	for range 2 { // the same request has its effect once
		if err := create("tanaka", "t-1"); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, create("suzuki", "t-1"), "ConflictException", "")
	wantError(t, create("tanaka", "t-2"), "ConflictException", "")
	if _, err := r.remote.User(t.Context(), "tanaka"); err != nil {
		t.Errorf("want tanaka in the directory itself, got %v", err)
	}
	in := &DescribeUserInput{DirectoryId: new(elsewhere), SAMAccountName: new("Tanaka")}
	if got, err := r.DescribeUser(r.in(t, home, "DescribeUser"), in); err != nil || *got.SAMAccountName != "tanaka" {
		t.Errorf("want tanaka, got %+v, %v", got, err)
	}
	r.remote.Break(errors.New("the cable is cut"))
	_, err := r.DescribeUser(r.in(t, home, "DescribeUser"), in)
	wantError(t, err, "DirectoryUnavailableException", "")
	wantError(t, create("suzuki", "t-3"), "DirectoryUnavailableException", "")
}

func TestTheDirectoryIsEmptiedWithItsGroups(t *testing.T) {
	r := newRoom(t)
	r.hire(t, "tanaka", "Sesame-1")
	r.group(t, corp, "Sales")
	r.group(t, "d-00000000aa", "Sales")
	ro := r.Roster(home, domain)
	if err := ro.AddMember(t.Context(), "sales", "tanaka"); err != nil {
		t.Fatal(err)
	}
	if err := r.st.Update(t.Context(), func(tx *store.Tx) error { return r.Dismiss(tx, home, corp) }); err != nil {
		t.Fatal(err)
	}
	if got, err := ro.ListGroups(t.Context(), directory.Query{Limit: 9}); err != nil || len(got) != 0 {
		t.Errorf("want no group left, got %+v, %v", got, err)
	}
	r.hire(t, "tanaka", "Sesame-1")
	r.group(t, corp, "Sales")
	if got, err := ro.Members(t.Context(), "Sales", "", 9); err != nil || len(got) != 0 {
		t.Errorf("want nobody in the new group, got %+v, %v", got, err)
	}
	in := &ListGroupsInput{DirectoryId: new("d-00000000aa")}
	if got, err := r.ListGroups(r.in(t, home, "ListGroups"), in); err != nil || len(got.Groups) != 1 {
		t.Errorf("want the other directory's group there, got %+v, %v", got, err)
	}
}
