package embedded

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
)

// ask makes a request with these parts.
func ask(base string, scope, size int, filter string, attributes ...string) *ldap.SearchRequest {
	return ldap.NewSearchRequest(base, scope, ldap.NeverDerefAliases, size, 0, false, filter, attributes, nil)
}

const top = "DC=corp,DC=example,DC=com"

func names(r *ldap.SearchResult) []string {
	var out []string
	for _, e := range r.Entries {
		out = append(out, strings.TrimSuffix(e.DN, top))
	}
	return out
}

// filtered is a filter and what it finds.
type filtered struct {
	filter string
	want   []string
}

func searches(t *testing.T, c *ldap.Conn, rows []filtered) {
	for _, r := range rows {
		t.Run(r.filter, func(t *testing.T) {
			got, err := c.Search(ask(top, ldap.ScopeWholeSubtree, 0, r.filter, "1.1"))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(r.want, names(got)); d != "" {
				t.Errorf("want -, got +:\n%s", d)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	fujita, suzuki, tanaka := "CN=fujita.kouhei,CN=Users,", "CN=suzuki.ichirou,CN=Users,", "CN=tanaka,CN=Users,"
	searches(t, c, []filtered{
		{"(objectClass=*)", []string{"", "CN=Users,", fujita, suzuki, tanaka}},
		{"(objectClass=user)", []string{fujita, suzuki, tanaka}},
		{"(&(objectCategory=person)(objectClass=user))", []string{fujita, suzuki, tanaka}},
		{"(objectCategory=CN=Person,CN=Schema,CN=Configuration,DC=corp,DC=example,DC=com)", []string{fujita, suzuki, tanaka}},
		{"(sAMAccountName=TANAKA)", []string{tanaka}},
		{"(sAMAccountName=tanak)", nil},
		{"(&(objectClass=user)(!(sAMAccountName=tanaka)))", []string{fujita, suzuki}},
		{"(|(sAMAccountName=tanaka)(cn=fujita.kouhei))", []string{fujita, tanaka}},
		{"(mail=*)", []string{suzuki}},
		{"(department=sales)", []string{suzuki}},
		{"(cn=*u*i*)", []string{fujita, suzuki}},
		{"(cn=su*ichi*rou)", []string{suzuki}},
		{"(cn=suzuki*i.ichirou)", nil},
		{"(userAccountControl=514)", []string{fujita}},
		{"(userAccountControl:1.2.840.113556.1.4.803:=2)", []string{fujita}},
		{"(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))", []string{suzuki, tanaka}},
		{"(userAccountControl>=513)", []string{fujita}},
		{"(userAccountControl<=512)", []string{suzuki, tanaka}},
		{"(sAMAccountName>=suzuki.ichirou)", []string{suzuki, tanaka}},
		{"(cn~=tanaka)", []string{tanaka}},
		{"(objectSid=S-1-5-21-1-2-3-1105)", []string{tanaka}},
		{`(objectSid=\01\05\00\00\00\00\00\05\15\00\00\00\01\00\00\00\02\00\00\00\03\00\00\00\51\04\00\00)`, []string{tanaka}},
		{"(distinguishedName=cn=tanaka, cn=users, dc=corp,dc=example,dc=com)", []string{tanaka}},
		{"(shoeSize=44)", nil},
		{"(!(shoeSize=44))", nil},
		{"(&(objectClass=user)(!(givenName=x)))", []string{fujita, suzuki, tanaka}},
		{"(cn:caseExactMatch:=tanaka)", nil},
		{"(&)", []string{"", "CN=Users,", fujita, suzuki, tanaka}},
		{"(|)", nil},
	})
}

func TestScopes(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	users, people := "CN=Users,", []string{"CN=fujita.kouhei,CN=Users,", "CN=suzuki.ichirou,CN=Users,", "CN=tanaka,CN=Users,"}
	rows := []struct {
		base                  string
		baseOnly, level, tree []string
	}{
		{top, []string{""}, []string{users}, append([]string{"", users}, people...)},
		{users + top, []string{users}, people, append([]string{users}, people...)},
		{people[2] + top, people[2:], nil, people[2:]},
	}
	for _, r := range rows {
		for scope, want := range [][]string{r.baseOnly, r.level, r.tree} {
			got, err := c.Search(ask(r.base, scope, 0, "(objectClass=*)"))
			if err != nil {
				t.Fatalf("%s, scope %d: %v", r.base, scope, err)
			}
			if d := cmp.Diff(want, names(got)); d != "" {
				t.Errorf("%s, scope %d: want -, got +:\n%s", r.base, scope, d)
			}
		}
	}
	for base, want := range map[string]uint16{
		"CN=nobody,CN=Users," + top: 32, "DC=example,DC=com": 32, "CN=a,CN=tanaka,CN=Users," + top: 32,
		"tanaka": 34, "CN=tanaka+SN=x," + top: 34, "CN=#04," + top: 34,
	} {
		if _, err := c.Search(ask(base, 0, 0, "(objectClass=*)")); !ldap.IsErrorWithCode(err, want) {
			t.Errorf("%s: want code %d, got %v", base, want, err)
		}
	}
}

func TestWhatStrangersMayRead(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	got, err := c.Search(ask("", ldap.ScopeBaseObject, 0, "(objectClass=*)"))
	if err != nil || len(got.Entries) != 1 {
		t.Fatalf("want the root DSE, got %v, %v", got, err)
	}
	for name, want := range map[string]string{"namingContexts": top, "defaultNamingContext": top, "supportedLDAPVersion": "3", "supportedControl": pagedResults} {
		if v := got.Entries[0].GetAttributeValue(name); v != want {
			t.Errorf("%s: want %q, got %q", name, want, v)
		}
	}
	for _, base := range []string{top, "CN=tanaka,CN=Users," + top, "CN=nobody,CN=Users," + top, "DC=else"} {
		if _, err := c.Search(ask(base, 0, 0, "(objectClass=*)")); !ldap.IsErrorWithCode(err, 1) {
			t.Errorf("%s: want operationsError, got %v", base, err)
		}
	}
}

func TestAttributes(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	show := func(typesOnly bool, attributes ...string) map[string][]string {
		t.Helper()
		r := ask(top, ldap.ScopeWholeSubtree, 0, "(sAMAccountName=suzuki.ichirou)", attributes...)
		r.TypesOnly = typesOnly
		got, err := c.Search(r)
		if err != nil || len(got.Entries) != 1 {
			t.Fatalf("want one entry, got %v, %v", got, err)
		}
		out := map[string][]string{}
		for _, a := range got.Entries[0].Attributes {
			out[a.Name] = a.Values
		}
		return out
	}
	if d := cmp.Diff(map[string][]string{"mail": {"suzuki.ichirou@example.com"}, "sn": {"Suzuki"}}, show(false, "MAIL", "sn", "shoeSize")); d != "" {
		t.Errorf("named: want -, got +:\n%s", d)
	}
	if d := cmp.Diff(map[string][]string{"mail": {}}, show(true, "mail")); d != "" {
		t.Errorf("types only: want -, got +:\n%s", d)
	}
	want := map[string][]string{
		"objectClass": {"top", "person", "organizationalPerson", "user"}, "objectCategory": {"CN=Person,CN=Schema,CN=Configuration," + top},
		"distinguishedName": {"CN=suzuki.ichirou,CN=Users," + top}, "cn": {"suzuki.ichirou"}, "name": {"suzuki.ichirou"},
		"sAMAccountName": {"suzuki.ichirou"}, "userPrincipalName": {"suzuki.ichirou@corp.example.com"},
		"givenName": {"Ichirou"}, "sn": {"Suzuki"}, "mail": {"suzuki.ichirou@example.com"}, "department": {"Sales"},
		"userAccountControl": {"512"}, "sAMAccountType": {"805306368"}, "primaryGroupID": {"513"},
		"objectSid": {"\x01\x05\x00\x00\x00\x00\x00\x05\x15\x00\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x4f\x04\x00\x00"},
	}
	for _, all := range [][]string{nil, {"*"}, {"cn", "*"}} {
		if d := cmp.Diff(want, show(false, all...)); d != "" {
			t.Errorf("%q: want -, got +:\n%s", all, d)
		}
	}
}

// crowd is a directory of n people.
func crowd(n int) *directorytest.People {
	p := directorytest.NewPeople(directorytest.Corp)
	for i := range n {
		p.Put(directorytest.Corp.ID, directory.Account{SAMAccountName: fmt.Sprintf("user%04d", i), Enabled: true}, "Sesame-1")
	}
	return p
}

func TestPagesAndSizeLimits(t *testing.T) {
	limits := DefaultLimits()
	limits.Entries = 450
	c := dial(t, start(t, crowd(501), limits), directorytest.Corp)
	if err := c.Bind(`CORP\user0000`, "Sesame-1"); err != nil {
		t.Fatal(err)
	}
	for _, size := range []uint32{1, 7, 100, 200, 450, 451, 1000} {
		got, err := c.SearchWithPaging(ask(top, ldap.ScopeWholeSubtree, 0, "(objectClass=*)", "cn"), size)
		if err != nil {
			t.Fatalf("pages of %d: %v", size, err)
		}
		list := names(got)
		if len(list) != 503 || !slices.IsSorted(list) || len(slices.Compact(list)) != 503 {
			t.Errorf("pages of %d: want 503 entries in order, each once, got %d", size, len(list))
		}
	}
	rows := []struct {
		name    string
		r       *ldap.SearchRequest
		code    uint16
		entries int
	}{
		{"more than one answer holds", ask(top, 2, 0, "(objectClass=user)"), 4, 450},
		{"the client's limit", ask(top, 2, 5, "(objectClass=user)"), 4, 5},
		{"exactly the client's limit", ask(top, 2, 11, "(cn=user049*)"), 0, 10},
		{"exactly as many as there are", ask(top, 2, 10, "(cn=user049*)"), 0, 10},
	}
	for _, r := range rows {
		got, err := c.Search(r.r)
		if r.code == 0 && err != nil || r.code != 0 && !ldap.IsErrorWithCode(err, r.code) || len(got.Entries) != r.entries {
			t.Errorf("%s: want code %d and %d entries, got %v and %d", r.name, r.code, r.entries, err, len(got.Entries))
		}
	}
	forged := ldap.NewControlPaging(5)
	forged.SetCookie([]byte("give me all"))
	r := ask(top, 2, 0, "(objectClass=user)")
	r.Controls = []ldap.Control{forged}
	if _, err := c.Search(r); !ldap.IsErrorWithCode(err, 53) {
		t.Errorf("a forged cookie: want code 53, got %v", err)
	}
	r.Controls = []ldap.Control{ldap.NewControlString("1.2.3.4", true, "")}
	if _, err := c.Search(r); !ldap.IsErrorWithCode(err, 12) {
		t.Errorf("an unknown critical control: want code 12, got %v", err)
	}
	r = ask(top, 2, 3, "(cn=user000*)")
	if got, err := c.SearchWithPaging(r, 2); !ldap.IsErrorWithCode(err, 4) || len(got.Entries) != 3 {
		t.Errorf("a size limit over pages: want code 4 after 3 entries, got %v after %d", err, len(got.Entries))
	}
}
