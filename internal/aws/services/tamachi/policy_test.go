package tamachi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// office is a plane with a directory in which hanako is, and two groups.
type office struct {
	t     *testing.T
	plane *apitest.Plane
	clk   *clock.Frozen
	id    string
}

type m = map[string]any

func newOffice(t *testing.T) office {
	o := office{t: t, clk: clock.NewFrozen(clock.Real{}.Now().UTC().Truncate(time.Second))}
	o.plane = apitest.Start(t, apitest.Options{Clock: o.clk})
	out, err := ds.NewFromConfig(o.plane.Config()).CreateDirectory(t.Context(), &ds.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall,
	})
	if err != nil {
		t.Fatal(err)
	}
	o.id = *out.DirectoryId
	o.data("/Users/CreateUser", m{"SAMAccountName": "takeda.hanako"})
	o.data("/Groups/CreateGroup", m{"SAMAccountName": "Wallpaper-Free"})
	o.data("/Groups/CreateGroup", m{"SAMAccountName": "Sales"})
	o.data("/GroupMemberships/AddGroupMember", m{"GroupName": "Wallpaper-Free", "MemberName": "Sales"})
	return o
}

func (o office) data(path string, in m) m {
	o.t.Helper()
	out, fault := o.plane.Post("ds-data", path+"?DirectoryId="+o.id, in)
	if fault != "" {
		o.t.Fatalf("%s: want an answer, got %s: %v", path, fault, out)
	}
	return out
}

func (o office) good(operation string, in m) m {
	o.t.Helper()
	out, fault := o.plane.Post("tamachi", "Tamachi."+operation, in)
	if fault != "" {
		o.t.Fatalf("%s: want an answer, got %s: %v", operation, fault, out)
	}
	return out
}

func (o office) bad(operation string, in m, want string) {
	o.t.Helper()
	if out, fault := o.plane.Post("tamachi", "Tamachi."+operation, in); fault != want {
		o.t.Errorf("%s: want %s, got %q: %v", operation, want, fault, out)
	}
}

// decided is which policy decided each setting for hanako.
func (o office) decided() string {
	o.t.Helper()
	out := o.good("ExplainDesktopPolicies", m{"DirectoryId": o.id, "UserName": "Takeda.Hanako"})
	var all []string
	settings, _ := out["Settings"].([]any)
	for _, s := range settings {
		one := s.(m)
		values, _ := json.Marshal(one["Values"])
		all = append(all, one["Setting"].(string)+" "+string(values)+" by "+one["PolicyName"].(string))
	}
	return strings.Join(all, "; ")
}

// printing tells whether a user may print in a session.
func (o office) printing(user string, want bool) {
	o.t.Helper()
	a := o.plane.Access()
	got, err := o.plane.SessionRules(o.t.Context(), desktops.Visit{Account: a.Account, Region: a.Region, DirectoryID: o.id, UserName: user})
	if err != nil || got.Printing != want || !got.ClipboardIn {
		o.t.Errorf("%s: want printing %v, got %+v, %v", user, want, got, err)
	}
}

func (o office) policy(name, scope, target string, settings m) string {
	o.t.Helper()
	in := m{"DirectoryId": o.id, "Name": name, "Scope": scope, "Settings": settings}
	if target != "" {
		in["Target"] = target
	}
	return o.good("CreateDesktopPolicy", in)["Policy"].(m)["PolicyId"].(string)
}

func TestDesktopPoliciesOverTheWire(t *testing.T) {
	o := newOffice(t)
	company := o.policy("company", "DIRECTORY", "", m{"Wallpaper": "company.png", "Printing": "DISABLED"})
	free := o.policy("free", "GROUP", "wallpaper-free", m{"Wallpaper": "UNMANAGED"})
	o.policy("sales", "OU", "CN=Users,DC=corp,DC=example,DC=com", m{"Printing": "ENABLED", "AllowedSoftware": []string{"firefox", "thunderbird"}})
	if want, got := `AllowedSoftware ["firefox","thunderbird"] by sales; Printing ["ENABLED"] by sales; Wallpaper ["company.png"] by company`, o.decided(); got != want {
		t.Errorf("before: want %s, got %s", want, got)
	}
	o.data("/GroupMemberships/AddGroupMember", m{"GroupName": "Sales", "MemberName": "takeda.hanako"})
	if got := o.decided(); !strings.HasSuffix(got, `Wallpaper ["UNMANAGED"] by free`) {
		t.Errorf("in a group of the group: want her own wallpaper, got %s", got)
	}
	o.printing("takeda.hanako", true)
	o.printing("Administrator", true)
	o.good("UpdateDesktopPolicy", m{"PolicyId": free, "Enabled": false})
	o.bad("UpdateDesktopPolicy", m{"PolicyId": "dp-00000000000000000", "Enabled": false}, "ResourceNotFoundException")
	o.bad("UpdateDesktopPolicy", m{"PolicyId": company, "Target": "everybody"}, "ValidationException")
	if got := o.decided(); !strings.HasSuffix(got, `Wallpaper ["company.png"] by company`) {
		t.Errorf("switched off: want the company's wallpaper, got %s", got)
	}
	page := o.good("ListDesktopPolicies", m{"DirectoryId": o.id, "MaxResults": 2})
	rest := o.good("ListDesktopPolicies", m{"DirectoryId": o.id, "NextToken": page["NextToken"]})
	if len(page["Policies"].([]any)) != 2 || len(rest["Policies"].([]any)) != 1 {
		t.Errorf("want two pages, got %v and %v", page, rest)
	}
	o.bad("ListDesktopPolicies", m{"DirectoryId": o.id, "NextToken": "x"}, "ValidationException")
	own := o.policy("own", "USER", "takeda.hanako", m{"Printing": "DISABLED"})
	o.printing("takeda.hanako", false)
	o.printing("Administrator", true)
	o.good("DeleteDesktopPolicy", m{"PolicyId": own})
	o.good("DeleteDesktopPolicy", m{"PolicyId": company})
	o.bad("DeleteDesktopPolicy", m{"PolicyId": company}, "ResourceNotFoundException")
	o.bad("ExplainDesktopPolicies", m{"DirectoryId": o.id, "UserName": "nobody"}, "ResourceNotFoundException")
	o.bad("ExplainDesktopPolicies", m{"DirectoryId": "d-ffffffffff", "UserName": "nobody"}, "ResourceNotFoundException")
	for name, in := range map[string]m{
		"a directory that is not there": {"DirectoryId": "d-ffffffffff", "Name": "x", "Scope": "DIRECTORY", "Settings": m{"Wallpaper": "x"}},
	} {
		t.Log(name)
		o.bad("CreateDesktopPolicy", in, "ResourceNotFoundException")
	}
	for name, in := range map[string]m{
		"a target without need": {"Scope": "DIRECTORY", "Target": "x", "Settings": m{"Wallpaper": "x"}},
		"no target":             {"Scope": "GROUP", "Settings": m{"Wallpaper": "x"}},
		"no OU":                 {"Scope": "OU", "Target": "Sales", "Settings": m{"Wallpaper": "x"}},
		"nothing set":           {"Scope": "DIRECTORY", "Settings": m{}},
		"an unknown switch":     {"Scope": "DIRECTORY", "Settings": m{"Printing": "MAYBE"}},
	} {
		in["DirectoryId"], in["Name"] = o.id, name
		o.bad("CreateDesktopPolicy", in, "ValidationException")
	}
}

// members are those of a group.
func (o office) members(group string) []string {
	o.t.Helper()
	var all []string
	list, _ := o.data("/GroupMemberships/ListGroupMembers", m{"SAMAccountName": group})["Members"].([]any)
	for _, one := range list {
		all = append(all, one.(m)["SAMAccountName"].(string))
	}
	return all
}

func TestAMembershipEnds(t *testing.T) {
	o := newOffice(t)
	add := func(until time.Time) m {
		return m{"DirectoryId": o.id, "GroupName": "wallpaper-free", "MemberName": "takeda.hanako", "Until": float64(until.Unix())}
	}
	start := o.clk.Now()
	o.good("AddTemporaryGroupMember", add(start.Add(3*time.Minute)))
	o.good("AddTemporaryGroupMember", add(start.Add(5*time.Minute))) // moves the end
	if got := o.members("Wallpaper-Free"); !slices.Equal(got, []string{"Sales", "takeda.hanako"}) {
		t.Errorf("want hanako in it, got %v", got)
	}
	list := o.good("ListTemporaryGroupMembers", m{"DirectoryId": o.id})["Members"].([]any)
	if len(list) != 1 || list[0].(m)["MemberName"] != "takeda.hanako" || list[0].(m)["Until"] != float64(start.Add(5*time.Minute).Unix()) {
		t.Errorf("want one with the later end, got %v", list)
	}
	o.bad("ListTemporaryGroupMembers", m{"DirectoryId": o.id, "NextToken": "x"}, "ValidationException")
	o.bad("AddTemporaryGroupMember", add(start.Add(-time.Minute)), "ValidationException")
	lasting := add(start.Add(time.Minute))
	lasting["MemberName"] = "Sales"
	o.bad("AddTemporaryGroupMember", lasting, "ConflictException")
	nobody := add(start.Add(time.Minute))
	nobody["MemberName"] = "nobody"
	o.bad("AddTemporaryGroupMember", nobody, "ResourceNotFoundException")
	for _, step := range []struct {
		after time.Duration
		there bool
	}{{4*time.Minute + 59*time.Second, true}, {time.Second, false}} {
		o.clk.Advance(step.after)
		if err := o.plane.Upkeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.members("Wallpaper-Free"); slices.Contains(got, "takeda.hanako") != step.there {
			t.Errorf("at %s: want there %v, got %v", o.clk.Now().Sub(start), step.there, got)
		}
	}
	if got := o.members("Wallpaper-Free"); !slices.Equal(got, []string{"Sales"}) {
		t.Errorf("want the lasting member to stay, got %v", got)
	}
	if list, _ := o.good("ListTemporaryGroupMembers", m{"DirectoryId": o.id})["Members"].([]any); len(list) != 0 {
		t.Errorf("want no membership with an end, got %v", list)
	}
}
