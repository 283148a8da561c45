package directoryservicedata_test

import (
	"strings"
	"testing"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/apitest"
)

// client calls a plane as an SDK would.
type client struct {
	t     *testing.T
	plane *apitest.Plane
	in    string // the directory
}

// call makes one operation and returns its answer, or the type of its error.
func (c client) call(path string, in map[string]any) (map[string]any, string) {
	c.t.Helper()
	return c.plane.Post("ds-data", path+"?DirectoryId="+c.in, in)
}

func (c client) good(path string, in map[string]any) map[string]any {
	c.t.Helper()
	out, kind := c.call(path, in)
	if kind != "" {
		c.t.Fatalf("%s: want an answer, got %s: %v", path, kind, out)
	}
	return out
}

func (c client) bad(path string, in map[string]any, want string) {
	c.t.Helper()
	if out, kind := c.call(path, in); kind != want {
		c.t.Errorf("%s: want %s, got %q: %v", path, want, kind, out)
	}
}

// names are the SAMAccountNames of a list.
func names(out map[string]any, list string) string {
	var all []string
	items, _ := out[list].([]any)
	for _, one := range items {
		name, _ := one.(map[string]any)["SAMAccountName"].(string)
		all = append(all, name)
	}
	return strings.Join(all, " ")
}

type m = map[string]any

func (c client) ds() *ds.Client { return ds.NewFromConfig(c.plane.Config()) }

func newClient(t *testing.T) client {
	p := apitest.Start(t, apitest.Options{})
	out, err := ds.NewFromConfig(p.Config()).CreateDirectory(t.Context(), &ds.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall,
	})
	if err != nil {
		t.Fatal(err)
	}
	return client{t, p, *out.DirectoryId}
}

func TestUsersOverTheWire(t *testing.T) {
	c := newClient(t)
	tanaka := m{"SAMAccountName": "tanaka"}
	c.good("/Users/CreateUser", m{"SAMAccountName": "tanaka", "Surname": "Tanaka", "ClientToken": "t-1"})
	c.bad("/Users/CreateUser", m{"SAMAccountName": "tanaka"}, "ConflictException")
	c.good("/Users/UpdateUser", m{"SAMAccountName": "tanaka", "EmailAddress": "tanaka@example.com", "UpdateType": "ADD"})
	c.bad("/Users/UpdateUser", m{"SAMAccountName": "nobody", "Surname": "x"}, "ResourceNotFoundException")
	if got := c.good("/Users/DescribeUser", tanaka); got["EmailAddress"] != "tanaka@example.com" {
		t.Errorf("want the address, got %v", got)
	}
	if got := names(c.good("/Users/SearchUsers", m{"SearchAttributes": []string{"EmailAddress"}, "SearchString": "TANAKA@example.com"}), "Users"); got != "tanaka" {
		t.Errorf("want tanaka, got %s", got)
	}
	c.bad("/Users/SearchUsers", m{"SearchAttributes": []string{"shoeSize"}, "SearchString": "44"}, "ValidationException")
	c.bad("/Users/SearchUsers", m{"SearchAttributes": []string{"sn"}}, "ValidationException")
	c.bad("/Users/DescribeUser", m{"SAMAccountName": "takeda.haneko"}, "ResourceNotFoundException")
	if out, err := c.ds().ResetUserPassword(t.Context(), &ds.ResetUserPasswordInput{DirectoryId: &c.in, UserName: new("tanaka"), NewPassword: new("Welcome-1")}); err != nil {
		t.Errorf("want a password set, got %v, %v", out, err)
	}
	c.good("/Users/DisableUser", tanaka)
	c.bad("/Users/DisableUser", m{"SAMAccountName": "takeda.haneko"}, "ResourceNotFoundException")
	if got := c.good("/Users/DescribeUser", tanaka); got["Enabled"] != false {
		t.Errorf("want tanaka disabled, got %v", got)
	}
	page := c.good("/Users/ListUsers", m{"MaxResults": 1})
	rest := c.good("/Users/ListUsers", m{"NextToken": page["NextToken"]})
	if names(page, "Users")+"|"+names(rest, "Users") != "Administrator|tanaka" {
		t.Errorf("want both users in two pages, got %v and %v", page, rest)
	}
	c.bad("/Users/ListUsers", m{"NextToken": "x"}, "ValidationException")
	c.good("/Users/DeleteUser", tanaka)
	c.bad("/Users/DeleteUser", tanaka, "ResourceNotFoundException")
	c.bad("/Users/DeleteUser", m{"SAMAccountName": "Administrator"}, "ValidationException")
	c.bad("/Users/DescribeUser", tanaka, "ResourceNotFoundException")
}

func TestGroupsOverTheWire(t *testing.T) {
	c := newClient(t)
	free := m{"SAMAccountName": "Wallpaper-Free"}
	c.good("/Users/CreateUser", m{"SAMAccountName": "takeda.hanako"})
	made := c.good("/Groups/CreateGroup", m{"SAMAccountName": "Wallpaper-Free", "OtherAttributes": m{"description": m{"S": "may change theirs"}}})
	c.good("/Groups/CreateGroup", m{"SAMAccountName": "Everyone here"})
	c.bad("/Groups/CreateGroup", free, "ConflictException")
	c.good("/Groups/UpdateGroup", m{"SAMAccountName": "wallpaper-free", "GroupScope": "Universal"})
	c.bad("/Groups/UpdateGroup", m{"SAMAccountName": "nothing", "GroupScope": "Universal"}, "ResourceNotFoundException")
	got := c.good("/Groups/DescribeGroup", m{"SAMAccountName": "wallpaper-free", "OtherAttributes": []string{"Description"}})
	if got["SID"] != made["SID"] || got["GroupScope"] != "Universal" || got["GroupType"] != "Security" || got["DistinguishedName"] != "CN=Wallpaper-Free,CN=Users,DC=corp,DC=example,DC=com" {
		t.Errorf("want the group, got %v", got)
	}
	c.bad("/Groups/DescribeGroup", m{"SAMAccountName": "nothing"}, "ResourceNotFoundException")
	page := c.good("/Groups/ListGroups", m{"MaxResults": 1})
	rest := c.good("/Groups/ListGroups", m{"NextToken": page["NextToken"]})
	if names(page, "Groups")+"|"+names(rest, "Groups") != "Everyone here|Wallpaper-Free" {
		t.Errorf("want both groups in two pages, got %v and %v", page, rest)
	}
	c.bad("/Groups/ListGroups", m{"NextToken": "x"}, "ValidationException")
	if got := names(c.good("/Groups/SearchGroups", m{"SearchAttributes": []string{"description"}, "SearchString": "May change theirs"}), "Groups"); got != "Wallpaper-Free" {
		t.Errorf("want the group, got %s", got)
	}
	c.bad("/Groups/SearchGroups", m{"SearchAttributes": []string{"department"}, "SearchString": "x"}, "ValidationException")

	member := m{"GroupName": "Wallpaper-Free", "MemberName": "takeda.hanako"}
	c.good("/GroupMemberships/AddGroupMember", member)
	c.bad("/GroupMemberships/AddGroupMember", member, "ConflictException")
	if got := names(c.good("/GroupMemberships/ListGroupMembers", free), "Members"); got != "takeda.hanako" {
		t.Errorf("want takeda.hanako in it, got %q", got)
	}
	c.bad("/GroupMemberships/ListGroupMembers", m{"SAMAccountName": "nothing"}, "ResourceNotFoundException")
	if got := names(c.good("/GroupMemberships/ListGroupsForMember", m{"SAMAccountName": "takeda.hanako"}), "Groups"); got != "Wallpaper-Free" {
		t.Errorf("want hanako in it, got %q", got)
	}
	c.bad("/GroupMemberships/ListGroupsForMember", m{"SAMAccountName": "nobody"}, "ResourceNotFoundException")
	c.good("/GroupMemberships/RemoveGroupMember", member)
	c.bad("/GroupMemberships/RemoveGroupMember", member, "ResourceNotFoundException")
	if got := names(c.good("/GroupMemberships/ListGroupsForMember", m{"SAMAccountName": "takeda.hanako"}), "Groups"); got != "" {
		t.Errorf("want hanako in none, got %q", got)
	}
	c.good("/Groups/DeleteGroup", free)
	c.bad("/Groups/DeleteGroup", free, "ResourceNotFoundException")
	c.bad("/Groups/DescribeGroup", free, "ResourceNotFoundException")
}
