package directoryservice_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"go.uber.org/goleak"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/directoryservice"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
	"tamachi/internal/directory"
	"tamachi/internal/directory/embedded"
	"tamachi/internal/directory/ldap"
	"tamachi/internal/id"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	morning = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
	home    = store.In("111122223333", "ap-northeast-1")
	foreign = store.In("444455556666", "ap-northeast-1")
)

// office is both rooms over one store, the directory server that answers for
// them on a socket, and the client that asks it: as the house plugs them.
type office struct {
	ds   *directoryservice.Service
	data *directoryservicedata.Service
	ldap *embedded.Server
	st   *store.Store
	logs *bytes.Buffer
}

func open(t *testing.T, path string) *office {
	t.Helper()
	tables := append(directoryservice.Tables(), directoryservicedata.Tables()...)
	clk := clock.NewFrozen(morning)
	st, err := store.Open(context.Background(), store.Options{Path: path, Clock: clk}, tables...)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{st: st, logs: new(bytes.Buffer)}
	var directories port
	o.data = directoryservicedata.New(st, id.Random(), clk, directoryservicedata.Ports{Directories: &directories})
	box := seal.Memory()
	if path != "" {
		if box, err = seal.Open(seal.Options{Folder: filepath.Join(filepath.Dir(path), "keys")}); err != nil {
			t.Fatal(err)
		}
	}
	o.ldap = embedded.New(o.data, nil, embedded.DefaultLimits(), slog.New(slog.NewTextHandler(o.logs, &slog.HandlerOptions{Level: slog.LevelDebug})))
	o.ds = directoryservice.New(st, id.Random(), clk, directoryservice.Ports{
		Users: o.data, Server: ldap.New(o.ldap.Endpoint, clock.Real{}, ldap.DefaultTimeout), Networks: directoryservice.Sites{}, Box: box,
	})
	directories.Service = o.ds
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- o.ldap.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, st.Close()); err != nil {
			t.Errorf("want an end without error, got %v", err)
		}
	})
	return o
}

// port lets the two rooms know each other: one is made before the other.
type port struct{ *directoryservice.Service }

func in(t *testing.T, sc store.Scope, operation string) context.Context {
	return api.WithCall(t.Context(), &api.Call{
		Account: sc.Account, Region: sc.Region, Time: morning, Operation: operation, RequestID: "r-1",
		Present: func(string) bool { return false },
	})
}

func (o *office) create(t *testing.T, sc store.Scope) string {
	t.Helper()
	out, err := o.ds.CreateDirectory(in(t, sc, "CreateDirectory"), &ds.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-1"), Size: types.DirectorySizeSmall,
		VpcSettings: &types.DirectoryVpcSettings{VpcId: new("vpc-12345678"), SubnetIds: []string{"subnet-11111111", "subnet-22222222"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.DirectoryId
}

func (o *office) register(t *testing.T, sc store.Scope, id string) {
	t.Helper()
	err := o.st.Update(t.Context(), func(tx *store.Tx) error { return o.ds.MakeServiceAccount(tx, sc, id, "svc-workspaces") })
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) disable(t *testing.T, id, name string) {
	t.Helper()
	_, err := o.data.DisableUser(in(t, home, "DisableUser"), &directoryservicedata.DisableUserInput{DirectoryId: &id, SAMAccountName: &name})
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) reset(t *testing.T, id, name, password string) {
	t.Helper()
	_, err := o.ds.ResetUserPassword(in(t, home, "ResetUserPassword"), &ds.ResetUserPasswordInput{DirectoryId: &id, UserName: &name, NewPassword: &password})
	if err != nil {
		t.Fatal(err)
	}
}

func (o *office) binds(t *testing.T, accepted, refused int64) {
	t.Helper()
	if yes, no := o.ldap.Binds(); yes != accepted || no != refused {
		t.Errorf("want %d binds accepted and %d refused by the server so far, got %d and %d", accepted, refused, yes, no)
	}
}

// TestTheNightBatch is the morning's story: somebody tidies the service account
// up, desktops cannot join, and the reset of its password mends it. Every
// answer of Join is one that the server on the socket gave.
func TestTheNightBatch(t *testing.T) {
	o := open(t, "")
	id := o.create(t, home)
	o.register(t, home, id)
	o.binds(t, 0, 0)
	if err := o.ds.Join(t.Context(), home, id); err != nil {
		t.Fatalf("in the evening: want no error, got %v", err)
	}
	o.binds(t, 1, 0)

	o.disable(t, id, "svc-workspaces")
	err := o.ds.Join(t.Context(), home, id)
	want := "bind as svc-workspaces refused: the account is disabled (80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 533, v4563)"
	if refusal := new(directory.Refusal); !errors.As(err, &refusal) || err.Error() != want || refusal.Code != 49 {
		t.Errorf("at night:\nwant %s\ngot  %v", want, err)
	}
	o.binds(t, 1, 1)
	out, err := o.ds.DescribeDirectories(in(t, home, "DescribeDirectories"), &ds.DescribeDirectoriesInput{})
	if err != nil || out.DirectoryDescriptions[0].Stage != types.DirectoryStageActive {
		t.Errorf("want the directory Active all the same, got %v, %v", out, err)
	}

	o.reset(t, id, "SVC-workspaces", "Mended-in-the-night-1")
	if err := o.ds.Join(t.Context(), home, id); err != nil {
		t.Errorf("in the morning: want no error, got %v", err)
	}
	o.binds(t, 2, 1)
}

func TestAPersonsFirstDay(t *testing.T) {
	o := open(t, "")
	id := o.create(t, home)
	server := ldap.New(o.ldap.Endpoint, clock.Real{}, ldap.DefaultTimeout)
	_, err := o.data.CreateUser(in(t, home, "CreateUser"), &directoryservicedata.CreateUserInput{
		DirectoryId: &id, SAMAccountName: new("takeda.hanako"), GivenName: new("Hanako"), Surname: new("Takeda"),
	})
	if err != nil {
		t.Fatal(err)
	}
	boss := directory.Credentials{DirectoryID: id, Domain: "corp.example.com", UserName: "administrator", Password: "Sesame-1"}
	entry, err := server.Find(t.Context(), boss, "takeda.hanako")
	if err != nil || entry.Enabled {
		t.Errorf("before the first password: want a disabled account, got %+v, %v", entry, err)
	}
	o.reset(t, id, "takeda.hanako", "Welcome-1")
	me := directory.Credentials{DirectoryID: id, Domain: "corp.example.com", UserName: "takeda.hanako", Password: "Welcome-1"}
	if err := server.Bind(t.Context(), me); err != nil {
		t.Errorf("with the first password: want no error, got %v", err)
	}
	if _, err := server.Find(t.Context(), me, "takeda.haneko"); !errors.Is(err, directory.ErrNoUser) {
		t.Errorf("the typo: want ErrNoUser, got %v", err)
	}
}

func TestDirectoriesOfTheSameNameAreApart(t *testing.T) {
	o := open(t, "")
	mine, theirs := o.create(t, home), o.create(t, foreign)
	o.register(t, home, mine)
	o.register(t, foreign, theirs)
	o.disable(t, mine, "svc-workspaces")
	if err := o.ds.Join(t.Context(), home, mine); err == nil {
		t.Error("mine: want a refusal, got none")
	}
	if err := o.ds.Join(t.Context(), foreign, theirs); err != nil {
		t.Errorf("theirs: want no error, got %v", err)
	}
	if err := o.ds.Join(t.Context(), home, theirs); !errors.Is(err, directory.ErrNoDirectory) {
		t.Errorf("theirs, asked by me: want ErrNoDirectory, got %v", err)
	}
}

func TestADeletedDirectoryAnswersNobody(t *testing.T) {
	o := open(t, "")
	id, other := o.create(t, home), o.create(t, home)
	for _, name := range []string{"takeda.hanako", "tanaka"} {
		_, err := o.data.CreateUser(in(t, home, "CreateUser"), &directoryservicedata.CreateUserInput{DirectoryId: &id, SAMAccountName: &name})
		if err != nil {
			t.Fatal(err)
		}
	}
	server := ldap.New(o.ldap.Endpoint, clock.Real{}, ldap.DefaultTimeout)
	boss := directory.Credentials{DirectoryID: id, Domain: "corp.example.com", UserName: "administrator", Password: "Sesame-1"}
	if err := server.Bind(t.Context(), boss); err != nil {
		t.Fatal(err)
	}
	if _, err := o.ds.DeleteDirectory(in(t, home, "DeleteDirectory"), &ds.DeleteDirectoryInput{DirectoryId: &id}); err != nil {
		t.Fatal(err)
	}
	if err := server.Bind(t.Context(), boss); !errors.Is(err, directory.ErrUnreachable) {
		t.Errorf("the deleted one: want ErrUnreachable, got %v", err)
	}
	if left, err := o.data.UserExists(t.Context(), home, other, "takeda.hanako"); err != nil || left {
		t.Errorf("want no user in the other directory, got %v, %v", left, err)
	}
	boss.DirectoryID = other
	if err := server.Bind(t.Context(), boss); err != nil {
		t.Errorf("the other one: want no error, got %v", err)
	}
}

// TestADeregisteredDirectoryCanBeDeleted ends a registration: the account and
// the credential go, whatever became of the account meanwhile.
func TestADeregisteredDirectoryCanBeDeleted(t *testing.T) {
	for name, meanwhile := range map[string]func(o *office, id string) error{
		"as it was": func(*office, string) error { return nil },
		"its account deleted": func(o *office, id string) error {
			_, err := o.data.DeleteUser(in(t, home, "DeleteUser"), &directoryservicedata.DeleteUserInput{DirectoryId: &id, SAMAccountName: new("svc-workspaces")})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t, "")
			id := o.create(t, home)
			o.register(t, home, id)
			remove := func() error {
				_, err := o.ds.DeleteDirectory(in(t, home, "DeleteDirectory"), &ds.DeleteDirectoryInput{DirectoryId: &id})
				return err
			}
			if _, ok := errors.AsType[*types.ClientException](remove()); !ok {
				t.Error("want a registered directory kept")
			}
			if err := meanwhile(o, id); err != nil {
				t.Fatal(err)
			}
			for range 2 { // the second time finds nothing to do
				err := o.st.Update(t.Context(), func(tx *store.Tx) error { return o.ds.RemoveServiceAccount(tx, home, id) })
				if err != nil {
					t.Fatal(err)
				}
			}
			if left, err := o.data.UserExists(t.Context(), home, id, "svc-workspaces"); err != nil || left {
				t.Errorf("the account is there: %v, %v; want it gone", left, err)
			}
			if err := o.ds.Join(t.Context(), home, id); err == nil {
				t.Error("a join without a registration: want an error, got none")
			}
			o.binds(t, 0, 0)
			if err := remove(); err != nil {
				t.Errorf("delete it: want no error, got %v", err)
			}
		})
	}
}

// TestPasswordsAreKeptSealed reads the store's file and the log: no password is
// in either.
func TestPasswordsAreKeptSealed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tamachi.db")
	o := open(t, path)
	id := o.create(t, home)
	o.register(t, home, id)
	o.reset(t, id, "Administrator", "Boss-secret-1")
	o.reset(t, id, "svc-workspaces", "Join-secret-1")
	if err := o.ds.Join(t.Context(), home, id); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	for _, password := range []string{"Sesame-1", "Boss-secret-1", "Join-secret-1"} {
		if bytes.Contains(all, []byte(password)) {
			t.Errorf("%s is in the store", password)
		}
		if strings.Contains(o.logs.String(), password) {
			t.Errorf("%s is in the log", password)
		}
	}
}

func TestTheServiceAccountOutlivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tamachi.db")
	var id string
	t.Run("before", func(t *testing.T) {
		o := open(t, path)
		id = o.create(t, home)
		o.register(t, home, id)
		if err := o.ds.Join(t.Context(), home, id); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("after", func(t *testing.T) {
		o := open(t, path)
		if err := o.ds.Join(t.Context(), home, id); err != nil {
			t.Fatal(err)
		}
		o.binds(t, 1, 0)
	})
}
