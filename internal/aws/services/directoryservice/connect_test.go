package directoryservice

import (
	"errors"
	"strings"
	"testing"
	"time"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/directory"
	"tamachi/internal/directory/fake"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// customer is a directory that somebody else keeps.
func (r *room) customer(t *testing.T) *fake.Domain {
	t.Helper()
	d := &fake.Domain{
		Roster: fake.NewRoster(directory.Domain{Name: "ad.example.com", ShortName: "AD", SID: "S-1-5-21-7-8-9"}, func(string) bool { return true }),
		Name:   "ad.example.com", User: "svc.connect", Password: "Sesame-7", Key: "k1",
	}
	if _, err := d.AddUser(t.Context(), directory.Account{SAMAccountName: "Suzuki.Ichirou"}); err != nil {
		t.Fatal(err)
	}
	if err := d.Reset(t.Context(), "suzuki.ichirou", "Sesame-opens-1"); err != nil {
		t.Fatal(err)
	}
	r.ports.Remotes.(*fake.Remotes).Put(d)
	return d
}

func connecting(password string) *ds.ConnectDirectoryInput {
	return &ds.ConnectDirectoryInput{
		Name: new("ad.example.com"), Password: &password, Size: types.DirectorySizeSmall,
		ConnectSettings: &types.DirectoryConnectSettings{
			VpcId: new("vpc-12345678"), SubnetIds: []string{"subnet-11111111", "subnet-22222222"},
			CustomerDnsIps: []string{"10.0.0.5"}, CustomerUserName: new("svc.connect"),
		},
	}
}

func (r *room) connect(t *testing.T, password string) string {
	t.Helper()
	out, err := r.ConnectDirectory(in(t, home), connecting(password))
	if err != nil {
		t.Fatal(err)
	}
	return *out.DirectoryId
}

func (r *room) upkeep(t *testing.T) {
	t.Helper()
	if _, err := r.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (r *room) stage(t *testing.T, id string, stage types.DirectoryStage, reason string) {
	t.Helper()
	out, err := r.DescribeDirectories(in(t, home, "DirectoryIds"), &ds.DescribeDirectoriesInput{DirectoryIds: []string{id}})
	if err != nil {
		t.Fatal(err)
	}
	d := out.DirectoryDescriptions[0]
	got := ""
	if d.StageReason != nil {
		got = *d.StageReason
	}
	if d.Stage != stage || !strings.Contains(got, reason) || (reason == "") != (got == "") {
		t.Errorf("want %s because of %q, got %s because of %q", stage, reason, d.Stage, got)
	}
}

func TestAConnectorIsActiveWhenItsDirectoryTakesIt(t *testing.T) {
	r := newRoom(t)
	d := r.customer(t)
	id := r.connect(t, "Sesame-7")
	r.stage(t, id, types.DirectoryStageRequested, "")
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageActive, "")
	out, err := r.DescribeDirectories(in(t, home), &ds.DescribeDirectoriesInput{})
	if err != nil {
		t.Fatal(err)
	}
	got := out.DirectoryDescriptions[0]
	if got.Type != types.DirectoryTypeAdConnector || *got.ShortName != "AD" || got.VpcSettings != nil || got.DnsIpAddrs[0] != "10.0.0.5" ||
		*got.ConnectSettings.CustomerUserName != "svc.connect" || *got.ConnectSettings.VpcId != "vpc-12345678" {
		t.Errorf("want what was given and found, got %+v", got)
	}

	d.Break(errors.New("no route"))
	r.upkeep(t) // too early
	r.stage(t, id, types.DirectoryStageActive, "")
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageImpaired, "no route")
	d.Break(nil)
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageActive, "")
	d.Password = "changed"
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageImpaired, "refuses the service account svc.connect: wrong password")
	d.Password, d.Key = "Sesame-7", "k2"
	r.clk.Advance(betweenProbes)
	r.upkeep(t)
	r.stage(t, id, types.DirectoryStageImpaired, "another key")
}

func TestAConnectorThatNeverWorksFails(t *testing.T) {
	r := newRoom(t)
	d := r.customer(t)
	wrong := r.connect(t, "x")
	r.upkeep(t)
	r.stage(t, wrong, types.DirectoryStageFailed, "wrong password")
	d.Break(errors.New("no route"))
	away := r.connect(t, "Sesame-7")
	r.upkeep(t)
	r.stage(t, away, types.DirectoryStageCreating, "no route")
	r.clk.Advance(givesUp)
	r.upkeep(t)
	r.stage(t, away, types.DirectoryStageFailed, "no route")
	d.Break(nil)
	r.clk.Advance(time.Hour)
	r.upkeep(t)
	r.stage(t, away, types.DirectoryStageFailed, "no route")
}

func TestAConnectorIsRegisteredJoinedAndDeleted(t *testing.T) {
	r := newRoom(t)
	r.customer(t)
	id := r.connect(t, "Sesame-7")
	r.upkeep(t)
	register := func(do func(tx *store.Tx) error) {
		t.Helper()
		if err := r.st.Update(t.Context(), do); err != nil {
			t.Fatal(err)
		}
	}
	register(func(tx *store.Tx) error { return r.MakeServiceAccount(tx, home, id, "svc-workspaces") })
	if len(r.people) != 0 {
		t.Errorf("want no account of the plane's own, got %v", r.people)
	}
	if err := r.Join(t.Context(), home, id); err != nil {
		t.Errorf("join: want no error, got %v", err)
	}
	_, err := r.DeleteDirectory(in(t, home), &ds.DeleteDirectoryInput{DirectoryId: &id})
	if _, ok := errors.AsType[*types.ClientException](err); !ok {
		t.Errorf("delete a registered one: want ClientException, got %v", err)
	}
	register(func(tx *store.Tx) error { return r.RemoveServiceAccount(tx, home, id) })
	_, err = r.ResetUserPassword(in(t, home), &ds.ResetUserPasswordInput{DirectoryId: &id, UserName: new("suzuki.ichirou"), NewPassword: new("Sesame-opens-2")})
	if _, ok := errors.AsType[*types.UnsupportedOperationException](err); !ok {
		t.Errorf("reset a password: want UnsupportedOperationException, got %v", err)
	}
	if name, err := r.Prove(t.Context(), home, id, "suzuki.ichirou", "Sesame-opens-1", ""); err != nil || name != "Suzuki.Ichirou" {
		t.Errorf("prove: want Suzuki.Ichirou, got %q, %v", name, err)
	}
	_, err = r.Prove(t.Context(), home, id, "suzuki.ichirou", "x", "")
	if refusal, ok := errors.AsType[*directory.Refusal](err); !ok || refusal.Reason() != "wrong password" {
		t.Errorf("prove: want a refusal, got %v", err)
	}
	if _, err := r.DeleteDirectory(in(t, home), &ds.DeleteDirectoryInput{DirectoryId: &id}); err != nil {
		t.Errorf("delete: want no error, got %v", err)
	}
}

func TestConnectRefuses(t *testing.T) {
	rows := []struct {
		name   string
		change func(*ds.ConnectDirectoryInput)
	}{
		{"no DNS server", func(i *ds.ConnectDirectoryInput) { i.ConnectSettings.CustomerDnsIps = nil }},
		{"a DNS server by name", func(i *ds.ConnectDirectoryInput) { i.ConnectSettings.CustomerDnsIps = []string{"dc1"} }},
		{"a DNS server everywhere", func(i *ds.ConnectDirectoryInput) { i.ConnectSettings.CustomerDnsIps = []string{"0.0.0.0"} }},
		{"DNS by IPv6", func(i *ds.ConnectDirectoryInput) { i.ConnectSettings.CustomerDnsIpsV6 = []string{"2001:db8::1"} }},
		{"one subnet", func(i *ds.ConnectDirectoryInput) { i.ConnectSettings.SubnetIds = []string{"subnet-11111111"} }},
		{"a name that is too long", func(i *ds.ConnectDirectoryInput) { i.Name = new(strings.Repeat("a", 64) + ".example.com") }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			i := connecting("Sesame-7")
			row.change(i)
			_, err := newRoom(t).ConnectDirectory(in(t, home), i)
			if _, ok := errors.AsType[*types.InvalidParameterException](err); !ok {
				t.Errorf("want InvalidParameterException, got %v", err)
			}
		})
	}
}

func TestTheServiceAccountsPasswordIsSealed(t *testing.T) {
	r := newRoom(t)
	r.customer(t)
	id := r.connect(t, "Sesame-7")
	err := r.st.View(t.Context(), func(tx *store.Tx) error {
		d, err := find(tx, home, id)
		if err == nil && strings.Contains(string(d.Connect.Sealed), "Sesame-7") {
			t.Error("the store shows the password")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	r.ports.Box = seal.Memory() // another master key
	if _, err := r.Upkeep(t.Context()); err == nil {
		t.Error("want an error with another key, got none")
	}
}
