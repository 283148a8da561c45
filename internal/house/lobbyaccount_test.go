package house_test

import (
	"encoding/base32"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/clock"
	"tamachi/internal/proof"
)

// lodge is a plane on a clock of ours with a directory, for whoever signs in.
type lodge struct {
	*office
	clk  *clock.Frozen
	door string // the registration code
}

// farAhead is before no cookie's end by the machine's clock.
var farAhead = time.Date(2101, 4, 1, 8, 0, 0, 0, time.UTC)

func openLodge(t *testing.T, at time.Time) *lodge {
	t.Helper()
	clk := clock.NewFrozen(at)
	l := &lodge{office: &office{Plane: apitest.Start(t, apitest.Options{Clock: clk}), t: t}, clk: clk}
	made := l.Do("ds", "CreateDirectory", &directoryservice.CreateDirectoryInput{
		Name: new("corp.example.com"), Password: new("Sesame-123"), Size: dstypes.DirectorySizeSmall,
	}).(*directoryservice.CreateDirectoryOutput)
	l.directory = *made.DirectoryId
	l.Do("workspaces", "RegisterWorkspaceDirectory", &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: &l.directory})
	found := l.Do("workspaces", "DescribeWorkspaceDirectories", &workspaces.DescribeWorkspaceDirectoriesInput{}).(*workspaces.DescribeWorkspaceDirectoriesOutput)
	l.door = *found.Directories[0].RegistrationCode
	return l
}

// person makes a user with a password.
func (l *lodge) person(name, password string) {
	l.t.Helper()
	l.Do("ds-data", "CreateUser", &directoryservicedata.CreateUserInput{DirectoryId: &l.directory, SAMAccountName: &name})
	l.Do("ds", "ResetUserPassword", &directoryservice.ResetUserPasswordInput{DirectoryId: &l.directory, UserName: &name, NewPassword: &password})
}

func (v visitor) changes(code, user, former, next string) (int, any) {
	v.o.t.Helper()
	status, out := v.ask(http.MethodPost, "password", map[string]string{"code": code, "user": user, "password": former, "next": next})
	return status, out["reason"]
}

// TestAnExpiredPasswordIsChangedOnThePage: 42 days after it was set a password
// is of no more use but to set the next one.
func TestAnExpiredPasswordIsChangedOnThePage(t *testing.T) {
	l := openLodge(t, farAhead)
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

// tamachi calls the plane's own service over its socket.
func (l *lodge) tamachi(operation string, in map[string]any) (map[string]any, string) {
	in["DirectoryId"] = l.directory
	return l.Post("tamachi", "Tamachi."+operation, in)
}

// stands is how fujita signs in.
func (l *lodge) stands() string {
	l.t.Helper()
	out, fault := l.tamachi("ListDirectorySignIns", map[string]any{"MaxResults": 50})
	if fault != "" {
		l.t.Fatal(fault)
	}
	text := out["SecondFactor"].(string)
	for _, u := range out["Users"].([]any) {
		one := u.(map[string]any)
		if one["ServiceAccount"] != (one["UserName"] == "svc-workspaces") {
			l.t.Errorf("which is no person: got %v", one)
		}
		if one["UserName"] != "fujita.kouhei" {
			continue
		}
		text += " " + one["SecondFactor"].(string)
		if one["Locked"] == true {
			text += " locked"
		}
	}
	return text
}

// TestALostAppIsReplaced: the directory asks for a second factor, which a person
// sets up at the sign-in; the app is lost, and an administrator ends it.
func TestALostAppIsReplaced(t *testing.T) {
	l := openLodge(t, clock.Real{}.Now())
	l.person("fujita.kouhei", "Correct-Horse-7")
	if got := l.stands(); got != "OPTIONAL NONE" {
		t.Errorf("at first: got %q", got)
	}
	for _, row := range []struct {
		operation string
		in        map[string]any
		fault     string
	}{
		{"UpdateDirectorySignIn", map[string]any{"SecondFactor": "REQUIRED"}, ""},
		{"UpdateDirectorySignIn", map[string]any{"SecondFactor": "SOMETIMES"}, "ValidationException"},
		{"ResetUserSecondFactor", map[string]any{"UserName": "fujita.kouhei"}, "ResourceNotFoundException"},
		{"UnlockDirectoryUser", map[string]any{"UserName": "nobody"}, "ResourceNotFoundException"},
		{"ListDirectorySignIns", map[string]any{"NextToken": "x"}, "ValidationException"},
	} {
		if _, fault := l.tamachi(row.operation, row.in); fault != row.fault {
			t.Errorf("%s %v: want %q, got %q", row.operation, row.in, row.fault, fault)
		}
	}
	v := l.visitor()
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusUnauthorized || out["reason"] != "enrol" {
		t.Fatalf("without a factor: want 401, enrol, got %d, %v", status, out)
	}
	seed := v.enrols(l, "Correct-Horse-7")
	if got := l.stands(); got != "REQUIRED BEGUN" {
		t.Errorf("shown to an app: got %q", got)
	}
	if _, out := v.factor(l, "factor/confirm", "Correct-Horse-7", "000000"); out["reason"] != "wrongcode" {
		t.Errorf("a wrong first code: got %v", out)
	}
	if _, out := v.factor(l, "factor/confirm", "wrong", l.shows(seed)); out["reason"] != "wrong" {
		t.Errorf("the first code without the password: got %v", out)
	}
	if status, out := v.factor(l, "factor/confirm", "Correct-Horse-7", l.shows(seed)); status != http.StatusNoContent {
		t.Fatalf("the first code: want 204, got %d, %v", status, out)
	}
	if status, _ := v.ask(http.MethodGet, "mine", nil); status != http.StatusOK {
		t.Errorf("with the factor: want to be signed in, got %d", status)
	}
	if _, out := v.factor(l, "factor", "Correct-Horse-7", ""); out["reason"] != "hasfactor" {
		t.Errorf("a second app: want hasfactor, got %v", out)
	}
	thief := l.visitor()
	if _, why := thief.changes(l.door, "fujita.kouhei", "Correct-Horse-7", "Correct-Horse-8"); why != "code" {
		t.Errorf("the password is changed without the app: want code, got %v", why)
	}

	// The phone is at the bottom of a lake.
	if _, fault := l.tamachi("ResetUserSecondFactor", map[string]any{"UserName": "Fujita.Kouhei"}); fault != "" {
		t.Fatal(fault)
	}
	if got := l.stands(); got != "REQUIRED NONE" {
		t.Errorf("after the reset: got %q", got)
	}
	if _, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); out["reason"] != "enrol" {
		t.Errorf("after the reset: want enrol, got %v", out)
	}
	if v.enrols(l, "Correct-Horse-7") == seed {
		t.Error("want another key for another app")
	}
}

// TestWhoIsLockedIsLetInAgain: five wrong passwords lock an account, for
// whatever browser; an administrator need not wait.
func TestWhoIsLockedIsLetInAgain(t *testing.T) {
	l := openLodge(t, clock.Real{}.Now())
	l.person("fujita.kouhei", "Correct-Horse-7")
	v := l.visitor()
	for range 5 {
		v.signIn(l.door, "fujita.kouhei", "Correct-Horse-0")
	}
	l.clk.Advance(5 * time.Second) // the page's own wait
	if _, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); out["reason"] != "keptout" {
		t.Errorf("the right password, too late: want keptout, got %v", out)
	}
	if got := l.stands(); got != "OPTIONAL NONE locked" {
		t.Errorf("after five wrong passwords: got %q", got)
	}
	if _, fault := l.tamachi("UnlockDirectoryUser", map[string]any{"UserName": "Fujita.Kouhei"}); fault != "" {
		t.Fatal(fault)
	}
	if got := l.stands(); got != "OPTIONAL NONE" {
		t.Errorf("unlocked: got %q", got)
	}
	if status, out := v.signIn(l.door, "fujita.kouhei", "Correct-Horse-7"); status != http.StatusNoContent {
		t.Errorf("unlocked: want 204, got %d, %v", status, out)
	}
}

func (v visitor) factor(l *lodge, path, password, code string) (int, map[string]any) {
	v.o.t.Helper()
	return v.ask(http.MethodPost, path, map[string]string{"code": l.door, "user": "fujita.kouhei", "password": password, "oneTime": code})
}

// enrols is shown the key for an app.
func (v visitor) enrols(l *lodge, password string) (seed string) {
	v.o.t.Helper()
	status, out := v.factor(l, "factor", password, "")
	picture, _ := out["picture"].(string)
	if status != http.StatusOK || !strings.HasPrefix(picture, "data:image/png;base64,") {
		v.o.t.Fatalf("the key for an app: want 200 and a picture, got %d, %.200v", status, out)
	}
	return out["key"].(string)
}

// shows is the code that an app with that key shows.
func (l *lodge) shows(key string) string {
	seed, err := base32.StdEncoding.DecodeString(key)
	if err != nil {
		l.t.Fatal(err)
	}
	return proof.Code(seed, proof.StepOf(l.clk.Now()))
}
