package house_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
)

// lodge is a plane on a clock of ours with a directory, for whoever signs in.
type lodge struct {
	*office
	clk  *clock.Frozen
	door string // the registration code
}

// do calls an operation as the administrator, past signatures, which are of the
// machine's time.
func (l *lodge) do(service, operation string, in any) any {
	l.t.Helper()
	a := l.Access()
	out, err := l.Gate().Do(l.t.Context(), &api.Call{
		Caller: l.Administrator(), Account: a.Account, Region: a.Region, RequestID: "11111111-1111-4111-8111-111111111114", Time: l.clk.Now(),
		Service: service, Operation: operation,
	}, in)
	if err != nil {
		l.t.Fatalf("%s: %v", operation, err)
	}
	return out
}

func openLodge(t *testing.T) *lodge {
	t.Helper()
	clk := clock.NewFrozen(time.Date(2101, 4, 1, 8, 0, 0, 0, time.UTC)) // cookies are over by the machine's clock
	l := &lodge{office: &office{Plane: apitest.Start(t, apitest.Options{Clock: clk}), t: t}, clk: clk}
	made := l.do("ds", "CreateDirectory", &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-123"), Size: dstypes.DirectorySizeSmall,
	}).(*directoryservice.CreateDirectoryOutput)
	l.directory = *made.DirectoryId
	l.do("workspaces", "RegisterWorkspaceDirectory", &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &l.directory})
	found := l.do("workspaces", "DescribeWorkspaceDirectories", &workspaces.DescribeWorkspaceDirectoriesInput{}).(*workspaces.DescribeWorkspaceDirectoriesOutput)
	l.door = *found.Directories[0].RegistrationCode
	return l
}

// person makes a user with a password.
func (l *lodge) person(name, password string) {
	l.t.Helper()
	l.do("ds-data", "CreateUser", &directoryservicedata.CreateUserInput{DirectoryId: &l.directory, SAMAccountName: &name})
	l.do("ds", "ResetUserPassword", &directoryservice.ResetUserPasswordInput{DirectoryId: &l.directory, UserName: &name, NewPassword: &password})
}

func (v visitor) changes(code, user, former, next string) (int, any) {
	v.o.t.Helper()
	status, out := v.ask(http.MethodPost, "password", map[string]string{"code": code, "user": user, "password": former, "next": next})
	return status, out["reason"]
}

// TestAnExpiredPasswordIsChangedOnThePage: 42 days after it was set a password
// is of no more use but to set the next one.
func TestAnExpiredPasswordIsChangedOnThePage(t *testing.T) {
	l := openLodge(t)
	l.person("fujita.kouhei", "Correct-Horse-7")
	v, elsewhere := l.visitor(), l.visitor()
	if status, out := elsewhere.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Fatalf("on the first day: want 204, got %d, %v", status, out)
	}
	if status, why := elsewhere.changes("", "", "Correct-Horse-7", "Correct-Horse-8"); status != http.StatusConflict || why != "toosoon" {
		t.Errorf("a change on the first day: want 409, toosoon, got %d, %v", status, why)
	}
	l.clk.Advance(43 * 24 * time.Hour)
	for _, row := range []struct{ name, former, next, reason string }{
		{"the former one is wrong", "Correct-Horse-1", "Correct-Horse-8", "wrong"},
		{"a short one", "Correct-Horse-7", "C-8h", "weak-short"},
		{"one with the name", "Correct-Horse-7", "Fujita.Kouhei-8", "weak-name"},
		{"one of two kinds", "Correct-Horse-7", "correct-horse", "weak-kinds"},
		{"the same again", "Correct-Horse-7", "Correct-Horse-7", "weak-used"},
	} {
		if _, why := v.changes(l.door, "fujita.kouhei", row.former, row.next); why != row.reason {
			t.Errorf("%s: want %s, got %v", row.name, row.reason, why)
		}
	}
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusForbidden || out["reason"] != "stale" {
		t.Errorf("the expired password: want 403, stale, got %d, %v", status, out)
	}
	if status, why := v.changes(l.door, `CORP\Fujita.Kouhei`, "Correct-Horse-7", "Correct-Horse-8"); status != http.StatusNoContent {
		t.Fatalf("a good one: want 204, got %d, %v", status, why)
	}
	if status, _ := v.ask(http.MethodGet, "mine", nil); status != http.StatusOK {
		t.Errorf("after the change: want to be signed in, got %d", status)
	}
	if status, _ := elsewhere.ask(http.MethodGet, "mine", nil); status != http.StatusUnauthorized {
		t.Errorf("a session with the former password: want it over, got %d", status)
	}
	if status, out := elsewhere.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusUnauthorized || out["reason"] != "wrong" {
		t.Errorf("the former password: want 401, wrong, got %d, %v", status, out)
	}

	l.clk.Advance(9 * time.Hour) // still signed in, and not a day after the last change
	if status, why := v.changes("", "", "Correct-Horse-0", "Correct-Horse-9"); status != http.StatusUnauthorized || why != "wrong" {
		t.Errorf("who is signed in and does not know the password: want 401, wrong, got %d, %v", status, why)
	}
	l.clk.Advance(16 * time.Hour)
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-8"); status != http.StatusNoContent {
		t.Fatalf("the next day: want 204, got %d, %v", status, out)
	}
	if status, why := v.changes("", "", "Correct-Horse-8", "Correct-Horse-9"); status != http.StatusNoContent {
		t.Errorf("by one's own wish: want 204, got %d, %v", status, why)
	}
	if status, why := l.visitor().changes("", "", "Correct-Horse-9", "Correct-Horse-10"); status != http.StatusUnauthorized || why != "wrong" {
		t.Errorf("by nobody: want 401, got %d, %v", status, why)
	}
}
