package embedded

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"tamachi/internal/directory"
	"tamachi/internal/directory/directorytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start runs a server until the test ends.
func start(t testing.TB, accounts directory.Accounts, limits Limits) *Server {
	t.Helper()
	s := New(accounts, limits, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("want the server to end without error, got %v", err)
		}
	})
	return s
}

// dial connects a client of another make.
func dial(t *testing.T, s *Server, d directory.Domain) *ldap.Conn {
	t.Helper()
	addr, err := s.Endpoint(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	c, err := ldap.DialURL("ldap://" + addr)
	if err != nil {
		t.Fatal(err)
	}
	c.SetTimeout(10 * time.Second)
	t.Cleanup(func() { c.Close() })
	return c
}

// raw connects without a client.
func raw(t *testing.T, s *Server) net.Conn {
	t.Helper()
	addr, err := s.Endpoint(t.Context(), directorytest.Corp.ID)
	if err != nil {
		t.Fatal(err)
	}
	c, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestNamesOfABind(t *testing.T) {
	s := start(t, directorytest.Office(), DefaultLimits())
	rows := []struct {
		name, user, password string
		code                 uint16
		text                 string
	}{
		{"the principal name", "tanaka@corp.example.com", "Sesame-3", 0, ""},
		{"the principal name in capitals", "TANAKA@CORP.EXAMPLE.COM", "Sesame-3", 0, ""},
		{"the name of old", `CORP\tanaka`, "Sesame-3", 0, ""},
		{"the name of old with the long domain", `corp.example.com\tanaka`, "Sesame-3", 0, ""},
		{"the distinguished name", "CN=tanaka,CN=Users,DC=corp,DC=example,DC=com", "Sesame-3", 0, ""},
		{"the distinguished name, written otherwise", `cn = \74anaka , cn=USERS,dc=corp,DC=example,DC=com`, "Sesame-3", 0, ""},
		{"nobody at all", "", "", 0, ""},
		{"a name and no password", "tanaka@corp.example.com", "", 53, "proves nothing"},
		{"a password and no name", "", "Sesame-3", 49, "data 525"},
		{"a name without its domain", "tanaka", "Sesame-3", 49, "data 525"},
		{"another domain", `OTHER\tanaka`, "Sesame-3", 49, "data 525"},
		{"another container", "CN=tanaka,CN=Computers,DC=corp,DC=example,DC=com", "Sesame-3", 49, "data 525"},
		{"a wrong password", `CORP\tanaka`, "x", 49, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v4563"},
		{"a disabled account", `CORP\fujita.kouhei`, "Sesame-2", 49, "data 533"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			c := dial(t, s, directorytest.Corp)
			_, err := c.SimpleBind(&ldap.SimpleBindRequest{Username: r.user, Password: r.password, AllowEmptyPassword: true})
			var e *ldap.Error
			switch {
			case r.code == 0 && err != nil:
				t.Fatalf("want no error, got %v", err)
			case r.code == 0:
			case !errors.As(err, &e) || e.ResultCode != r.code || !strings.Contains(e.Error(), r.text):
				t.Fatalf("want code %d with %q, got %v", r.code, r.text, err)
			}
		})
	}
}

func TestAFailedBindLeavesNobodyBound(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	who := func(want string) {
		t.Helper()
		got, err := c.WhoAmI(nil)
		if err != nil || got.AuthzID != want {
			t.Errorf("want %q, got %+v, %v", want, got, err)
		}
	}
	who("")
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	who(`u:CORP\tanaka`)
	if err := c.Bind(`CORP\tanaka`, "x"); err == nil {
		t.Fatal("want a refusal, got none")
	}
	who("")
}

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

func TestFilters(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	fujita, suzuki, tanaka := "CN=fujita.kouhei,CN=Users,", "CN=suzuki.ichirou,CN=Users,", "CN=tanaka,CN=Users,"
	rows := []struct {
		filter string
		want   []string
	}{
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
	}
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

func TestWhatWouldChangeIsRefused(t *testing.T) {
	c := dial(t, start(t, directorytest.Office(), DefaultLimits()), directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	me := "CN=tanaka,CN=Users," + top
	modify := ldap.NewModifyRequest(me, nil)
	modify.Replace("mail", []string{"x"})
	_, compared := c.Compare(me, "cn", "tanaka")
	for name, err := range map[string]error{
		"add": c.Add(ldap.NewAddRequest("CN=new,"+top, nil)), "modify": c.Modify(modify),
		"delete": c.Del(ldap.NewDelRequest(me, nil)), "rename": c.ModifyDN(ldap.NewModifyDNRequest(me, "CN=x", true, "")),
		"compare": compared,
	} {
		if !ldap.IsErrorWithCode(err, 53) {
			t.Errorf("%s: want code 53, got %v", name, err)
		}
	}
	if _, err := c.Extended(&ldap.ExtendedRequest{Name: "1.3.6.1.4.1.1466.20037"}); !ldap.IsErrorWithCode(err, 2) {
		t.Errorf("StartTLS: want protocolError, got %v", err)
	}
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wrap makes a BER element, with a length of three octets.
func wrap(tag byte, content []byte) []byte {
	return append([]byte{tag, 0x82, byte(len(content) >> 8), byte(len(content))}, content...)
}

// nested is a filter of n times "not".
func nested(n int) []byte {
	f := []byte{0x87, 0x02, 'c', 'n'}
	for range n {
		f = wrap(0xa2, f)
	}
	return f
}

// searchFor is a whole search request with a filter.
func searchFor(filter []byte) []byte {
	body := slices.Concat([]byte{4, 0, 10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0}, filter, []byte{0x30, 0})
	return wrap(0x30, append([]byte{2, 1, 1}, wrap(0x63, body)...))
}

func TestBrokenRulesEndTheConnection(t *testing.T) {
	s := start(t, directorytest.Office(), DefaultLimits())
	rows := []struct {
		name string
		send []byte
		says bool // that it ends for a protocol error
	}{
		{"another protocol", []byte("GET / HTTP/1.1\r\n\r\n"), true},
		{"TLS", unhex(t, "16 0301 00c8 01"), true},
		{"an indefinite length", unhex(t, "30 80 020101 4200 0000"), true},
		{"a length of nine octets", unhex(t, "30 89 000000000000000001"), true},
		{"two gigabytes announced", unhex(t, "30 84 7fffffff 020101"), true},
		{"message number 0", unhex(t, "30 05 020100 4200"), true},
		{"a negative message number", unhex(t, "30 05 0201ff 4200"), true},
		{"an operation that is none", unhex(t, "30 05 020101 5f00"), true},
		{"a reply as a request", unhex(t, "30 0c 020101 6107 0a0100 0400 0400"), true},
		{"an element longer than its message", unhex(t, "30 05 020101 60ff"), true},
		{"an empty bind", unhex(t, "30 05 020101 6000"), true},
		{"a tag of several octets", unhex(t, "30 06 020101 7f810000"), true},
		{"a filter of forty levels", searchFor(nested(40)), true},
		{"a filter of a thousand terms", searchFor(wrap(0xa1, bytes.Repeat(nested(0), 1000))), true},
		{"half a message", unhex(t, "30 05 0201"), false},
		{"good-bye", unhex(t, "30 05 020101 4200"), false},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			c := raw(t, s)
			if _, err := c.Write(r.send); err != nil {
				t.Fatal(err)
			}
			if err := c.(*net.TCPConn).CloseWrite(); err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(c)
			if err != nil && len(got) == 0 && r.says {
				t.Fatal(err)
			}
			if says := bytes.Contains(got, []byte(noticeOfDisconnection)); says != r.says {
				t.Errorf("want notice of disconnection %v, got %q", r.says, got)
			}
		})
	}
}

func TestADeepFilterWithinTheLimitIsAnswered(t *testing.T) {
	c := raw(t, start(t, directorytest.Office(), DefaultLimits()))
	if _, err := c.Write(searchFor(nested(maxFilterDepth))); err != nil {
		t.Fatal(err)
	}
	tag := make([]byte, 1)
	if _, err := io.ReadFull(c, tag); err != nil || tag[0] != tagSequence {
		t.Errorf("want an answer, got % x, %v", tag, err)
	}
}

func TestLDAPVersion2IsRefused(t *testing.T) {
	c := raw(t, start(t, directorytest.Office(), DefaultLimits()))
	if _, err := c.Write(unhex(t, "30 0c 020101 6007 020102 0400 8000")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 10)
	if _, err := io.ReadFull(c, got); err != nil || got[9] != byte(protocolError) {
		t.Errorf("want a bind response with code 2, got % x, %v", got, err)
	}
}

// TestSlowClients runs on the clock of the test, over a pipe.
func TestSlowClients(t *testing.T) {
	limits := DefaultLimits()
	bind := unhex(t, "30 0c 020101 6007 020103 0400 8000")
	rows := []struct {
		name  string
		play  func(net.Conn)
		until time.Duration
	}{
		{"who says nothing", func(net.Conn) {}, limits.Hello},
		{"who stops within a message", func(c net.Conn) { _, _ = c.Write(bind[:5]) }, limits.Message},
		{"who drips a message", func(c net.Conn) {
			for _, b := range bind {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				<-time.After(time.Second)
			}
		}, limits.Message},
		{"who never reads", func(c net.Conn) { _, _ = c.Write(bind) }, limits.Operation + limits.Message},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := New(directorytest.Office(), limits, slog.New(slog.DiscardHandler))
				here, there := net.Pipe()
				begin := time.Now()
				played := make(chan struct{})
				go func() { defer close(played); r.play(here) }()
				s.serve(t.Context(), &door{directoryID: directorytest.Corp.ID}, there)
				if got := time.Since(begin); got != r.until {
					t.Errorf("want the connection closed after %v, got %v", r.until, got)
				}
				here.Close()
				<-played
			})
		})
	}
}

func TestTooManyConnections(t *testing.T) {
	limits := DefaultLimits()
	limits.Connections = 3
	s := start(t, directorytest.Office(), limits)
	kept := make([]*ldap.Conn, 3)
	for i := range kept {
		kept[i] = dial(t, s, directorytest.Corp)
		if err := kept[i].Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
	}
	got, err := io.ReadAll(raw(t, s))
	if err != nil || !bytes.Contains(got, []byte("too many connections")) {
		t.Errorf("the fourth: want to be told, got %q, %v", got, err)
	}
	if _, err := kept[0].WhoAmI(nil); err != nil {
		t.Errorf("the first: want no error, got %v", err)
	}
	kept[0].Close()
	deadline := time.After(5 * time.Second)
	for {
		if err := dial(t, s, directorytest.Corp).Bind(`CORP\tanaka`, "Sesame-3"); err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal("want a seat after one went, got none in 5 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestADirectoryThatIsRemovedClosesItsDoor(t *testing.T) {
	people := directorytest.Office()
	s := start(t, people, DefaultLimits())
	c := dial(t, s, directorytest.Corp)
	if err := c.Bind(`CORP\tanaka`, "Sesame-3"); err != nil {
		t.Fatal(err)
	}
	addr, err := s.Endpoint(t.Context(), directorytest.Corp.ID)
	if err != nil {
		t.Fatal(err)
	}
	people.Drop(directorytest.Corp.ID)
	if _, err := c.Search(ask(top, 2, 0, "(objectClass=*)")); err == nil {
		t.Error("search: want an error, got none")
	}
	if _, err := s.Endpoint(t.Context(), directorytest.Corp.ID); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("address: want ErrNoDirectory, got %v", err)
	}
	deadline := time.After(5 * time.Second)
	for {
		probe, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err != nil {
			return
		}
		probe.Close()
		select {
		case <-deadline:
			t.Fatal("want the port closed, got it open after 5 s")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestEndpointAfterTheEnd(t *testing.T) {
	s := New(directorytest.Office(), DefaultLimits(), slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Endpoint(t.Context(), directorytest.Corp.ID); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("want ErrUnreachable, got %v", err)
	}
}
