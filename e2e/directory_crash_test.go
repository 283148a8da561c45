package e2e

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/smithy-go"
	"github.com/go-ldap/ldap/v3"

	"tamachi/internal/desk/account/dsdata"
)

// TestNothingAnsweredOfDirectoriesIsLost kills the plane while people come to a
// directory, get passwords, join groups and go, and while directories are made
// and deleted. After each start all that was answered is so, passwords proved by
// LDAP, and what was under way can be asked for again by its token.
func TestNothingAnsweredOfDirectoriesIsLost(t *testing.T) {
	t.Parallel()
	rounds, moment := strikes(t)
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	v.start(t)
	corp, err := ds.NewFromConfig(v.config).CreateDirectory(t.Context(), theDirectory())
	if err != nil {
		t.Fatal(err)
	}
	clerks, landlord := make([]*clerk, 4), &landlord{made: map[string]string{*corp.DirectoryId: ""}}
	for i := range clerks {
		clerks[i] = &clerk{group: fmt.Sprintf("staff%d", i)}
		if err := v.corp(t, *corp.DirectoryId).people.CreateGroup(t.Context(), &dsdata.CreateGroupInput{DirectoryID: *corp.DirectoryId, SAMAccountName: clerks[i].group}); err != nil {
			t.Fatal(err)
		}
	}
	for round := range (rounds + 1) / 2 {
		c := v.corp(t, *corp.DirectoryId)
		steps := []func(context.Context) error{func(ctx context.Context) error { return landlord.step(ctx, c) }}
		for _, k := range clerks {
			steps = append(steps, func(ctx context.Context) error { return k.step(ctx, c) })
		}
		write(t, steps, func() {
			moment()
			v.kill(t)
		})
		v.start(t)
		c = v.corp(t, *corp.DirectoryId)
		landlord.check(t, c)
		for _, k := range clerks {
			k.check(t, c)
		}
		if t.Failed() {
			t.Fatalf("after kill %d", round)
		}
	}
	done := landlord.done
	for _, k := range clerks {
		done += k.done
	}
	if done < rounds {
		t.Errorf("%d calls were answered in %d rounds: the test shows nothing", done, rounds)
	}
	t.Logf("%d answered calls", done)
}

func theDirectory() *ds.CreateDirectoryInput {
	return &ds.CreateDirectoryInput{Name: new("corp.example.com"), Password: new("Sesame-opens-1"), Size: types.DirectorySizeSmall}
}

// corp is the directory with its people, asked over the network.
type corp struct {
	id     string
	rooms  *ds.Client
	people *dsdata.Client
	addr   string
	over   *tls.Config
}

func (v *victim) corp(t *testing.T, id string) *corp {
	t.Helper()
	at, err := url.Parse(*v.config.BaseEndpoint)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(filepath.Join(v.data, "ca", "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &corp{
		id, ds.NewFromConfig(v.config), dsdata.New(v.config), at.Host,
		&tls.Config{RootCAs: roots, ServerName: id + "." + v.config.Region + ".tamachi.internal", MinVersion: tls.VersionTLS12},
	}
}

// bind proves a password by LDAPS.
func (c *corp) bind(name, password string) error {
	conn, err := ldap.DialURL("ldaps://"+c.addr, ldap.DialWithTLSConfig(c.over))
	if err != nil {
		return err
	}
	return errors.Join(conn.Bind(name+"@corp.example.com", password), conn.Close())
}

// employee is a person as the answers say.
type employee struct {
	name, group, sid, password string
	enabled, member, gone      bool
}

// act is a call about an employee, which notes what was answered. It may be made
// again by its token.
type act func(ctx context.Context, e *employee, c *corp, token string) error

// careers are what happens to one employee after the other.
var careers = [][]act{
	{hire, join, reset},
	{hire, join, reset, disable},
	{hire, reset, join, leave, reset},
	{hire, join, reset, fire},
}

func hire(ctx context.Context, e *employee, c *corp, token string) error {
	out, err := c.people.CreateUser(ctx, &dsdata.CreateUserInput{DirectoryID: c.id, SAMAccountName: e.name, ClientToken: token})
	if err == nil && e.sid != "" && e.sid != out.SID {
		err = fmt.Errorf("%s is %s and was %s", e.name, out.SID, e.sid)
	}
	if err == nil {
		e.sid = out.SID
	}
	return err
}

func join(ctx context.Context, e *employee, c *corp, token string) error {
	err := c.people.AddGroupMember(ctx, &dsdata.GroupMemberInput{DirectoryID: c.id, GroupName: e.group, MemberName: e.name, ClientToken: token})
	e.member = err == nil
	return err
}

func leave(ctx context.Context, e *employee, c *corp, token string) error {
	err := c.people.RemoveGroupMember(ctx, &dsdata.GroupMemberInput{DirectoryID: c.id, GroupName: e.group, MemberName: e.name, ClientToken: token})
	e.member = err != nil
	return err
}

func reset(ctx context.Context, e *employee, c *corp, token string) error {
	password := "Sesame-" + token
	_, err := c.rooms.ResetUserPassword(ctx, &ds.ResetUserPasswordInput{DirectoryId: &c.id, UserName: &e.name, NewPassword: &password})
	if err == nil {
		e.password, e.enabled = password, true
	}
	return err
}

func disable(ctx context.Context, e *employee, c *corp, token string) error {
	err := c.people.DisableUser(ctx, &dsdata.DisableUserInput{DirectoryID: c.id, SAMAccountName: e.name, ClientToken: token})
	e.enabled = err != nil
	return err
}

func fire(ctx context.Context, e *employee, c *corp, token string) error {
	err := c.people.DeleteUser(ctx, &dsdata.DeleteUserInput{DirectoryID: c.id, SAMAccountName: e.name, ClientToken: token})
	if err == nil {
		e.gone, e.member = true, false
	}
	return err
}

// clerk leads employees through their careers.
type clerk struct {
	group string
	staff []*employee
	acts  int // of the last employee
	done  int
}

func (k *clerk) step(ctx context.Context, c *corp) error {
	if n := len(k.staff); n == 0 || k.acts == len(careers[(n-1)%len(careers)]) {
		k.staff, k.acts = append(k.staff, &employee{name: fmt.Sprintf("%s.%d", k.group, n), group: k.group}), 0
	}
	if err := k.act(ctx, c, k.acts); err != nil {
		return err
	}
	k.acts++
	k.done++
	return nil
}

func (k *clerk) act(ctx context.Context, c *corp, which int) error {
	n := len(k.staff) - 1
	return careers[n%len(careers)][which](ctx, k.staff[n], c, fmt.Sprintf("%s-%d-%d", k.group, n, which))
}

// check asks again for the last employee, who is the same, and for what was under
// way, and looks at everybody. A password that is set again would undo what came
// after it.
func (k *clerk) check(t *testing.T, c *corp) {
	t.Helper()
	if k.acts > 0 {
		if err := k.act(t.Context(), c, 0); err != nil {
			t.Errorf("%s, there and asked for again: %v", k.staff[len(k.staff)-1].name, err)
		}
	}
	if err := k.step(t.Context(), c); err != nil {
		t.Errorf("act %d about %s, under way and asked for again: %v", k.acts, k.staff[len(k.staff)-1].name, err)
		return
	}
	members := map[string]bool{}
	in := &dsdata.ListGroupMembersInput{DirectoryID: c.id, SAMAccountName: k.group}
	for more := true; more; more = in.NextToken != "" {
		out, err := c.people.ListGroupMembers(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range out.Members {
			members[m.SAMAccountName] = true
		}
		in.NextToken = out.NextToken
	}
	for i, e := range k.staff {
		if members[e.name] != e.member {
			t.Errorf("%s is a member: %v, want %v", e.name, members[e.name], e.member)
		}
		if i >= len(k.staff)-2*len(careers) { // of those before them nothing changes
			e.check(t, c)
		}
	}
}

func (e *employee) check(t *testing.T, c *corp) {
	t.Helper()
	out, err := c.people.DescribeUser(t.Context(), &dsdata.DescribeUserInput{DirectoryID: c.id, SAMAccountName: e.name})
	if coded, ok := errors.AsType[smithy.APIError](err); e.gone && ok && coded.ErrorCode() == "ResourceNotFoundException" {
		return
	}
	if err != nil || e.gone {
		t.Errorf("%s, gone: %v, is %+v, %v", e.name, e.gone, out, err)
		return
	}
	if out.SID != e.sid || *out.Enabled != e.enabled {
		t.Errorf("%s is %s, enabled: %v; want %s, %v", e.name, out.SID, *out.Enabled, e.sid, e.enabled)
	}
	if e.password == "" {
		return
	}
	if err := c.bind(e.name, e.password); (err == nil) != e.enabled {
		t.Errorf("%s, enabled: %v, binds with the last password: %v", e.name, e.enabled, err)
	}
}

// landlord makes directories, with an alias, and deletes them.
type landlord struct {
	made   map[string]string // aliases by id, as answered
	opened string            // the one at work
	tried  int
	done   int
}

func (l *landlord) step(ctx context.Context, c *corp) error {
	l.tried++
	switch alias := fmt.Sprintf("office-%d", l.tried); {
	case l.opened == "":
		out, err := c.rooms.CreateDirectory(ctx, theDirectory())
		if err != nil {
			return err
		}
		l.opened = *out.DirectoryId
		l.made[l.opened] = ""
	case l.made[l.opened] == "":
		if _, err := c.rooms.CreateAlias(ctx, &ds.CreateAliasInput{DirectoryId: &l.opened, Alias: &alias}); err != nil {
			return err
		}
		l.made[l.opened] = alias
	default:
		if _, err := c.rooms.DeleteDirectory(ctx, &ds.DeleteDirectoryInput{DirectoryId: &l.opened}); err != nil {
			return err
		}
		delete(l.made, l.opened)
		l.opened = ""
	}
	l.done++
	return nil
}

// check wants the directories that were answered for. What was done to the one at
// work when the plane was killed may have happened or not.
func (l *landlord) check(t *testing.T, c *corp) {
	t.Helper()
	out, err := c.rooms.DescribeDirectories(t.Context(), &ds.DescribeDirectoriesInput{})
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]string{}
	for _, d := range out.DirectoryDescriptions {
		there[*d.DirectoryId] = ""
		if alias := aws.ToString(d.Alias); alias != *d.DirectoryId {
			there[*d.DirectoryId] = alias
		}
	}
	for id, alias := range l.made {
		is, ok := there[id]
		switch {
		case ok && is == alias:
		case id == l.opened && alias == "" && is == fmt.Sprintf("office-%d", l.tried): // was under way
		case id == l.opened && alias != "" && !ok: // so was this
		default:
			t.Errorf("directory %s has alias %q, there: %v; want %q", id, is, ok, alias)
		}
		delete(there, id)
	}
	if len(there) > 1 || len(there) == 1 && l.opened != "" {
		t.Errorf("%v are there, which nobody was told of", there)
	}
	for _, d := range out.DirectoryDescriptions {
		if *d.DirectoryId == c.id {
			continue
		}
		if _, err := c.rooms.DeleteDirectory(t.Context(), &ds.DeleteDirectoryInput{DirectoryId: d.DirectoryId}); err != nil {
			t.Errorf("delete %s: %v", *d.DirectoryId, err)
		}
	}
	l.made, l.opened = map[string]string{c.id: ""}, ""
}
