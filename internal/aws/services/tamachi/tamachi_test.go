package tamachi

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/id"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	account = "111122223333"
	region  = "ap-northeast-1"
	desk    = "ws-aaaaaaaaa"
	caller  = "arn:aws:iam::111122223333:user/administrator"
)

var morning = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)

// states are the WorkSpaces of the plane, by account/region/id.
type states map[string]string

func (s states) State(_ context.Context, account, region, id string) (string, error) {
	state, ok := s[account+"/"+region+"/"+id]
	if !ok {
		return "", desktops.ErrNotFound
	}
	return state, nil
}

func (s states) Look(ctx context.Context, account, region, id string) (desktops.Visit, error) {
	state, err := s.State(ctx, account, region, id)
	return desktops.Visit{State: state, DirectoryID: "d-9067aaaaaa", UserName: "fujita.kouhei"}, err
}

func (s states) Extend(ctx context.Context, account, region, id string, now time.Time) (time.Time, error) {
	_, err := s.State(ctx, account, region, id)
	return now.Add(time.Hour), err
}

type room struct {
	*Service
	clk    *clock.Frozen
	states states
}

func newRoom(t *testing.T, path string) *room {
	t.Helper()
	r := &room{clk: clock.NewFrozen(morning), states: states{account + "/" + region + "/" + desk: "AVAILABLE"}}
	st, err := store.Open(t.Context(), store.Options{Path: path, Clock: r.clk}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() }) // closed by the test already, in one of them
	r.Service = New(st, id.Random(), r.clk, Ports{
		Desktops: r.states, TicketURL: func(ticket string) string { return "http://desk/" + ticket },
	})
	return r
}

// call opens a desktop as the gate would.
func (r *room) call(t *testing.T, account, region, workspaceID string) (*OpenDesktopOutput, error) {
	t.Helper()
	ctx := api.WithCall(t.Context(), &api.Call{
		Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller, Account: account},
	})
	return r.OpenDesktop(ctx, &OpenDesktopInput{WorkspaceId: &workspaceID})
}

func (r *room) ticket(t *testing.T) string {
	t.Helper()
	out, err := r.call(t, account, region, desk)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(*out.Url, "http://desk/")
}

func TestATicketOpensItsDesktopOnceWithinAMinute(t *testing.T) {
	r := newRoom(t, "")
	out, err := r.call(t, account, region, desk)
	if err != nil {
		t.Fatal(err)
	}
	if want := morning.Add(time.Minute); !out.ExpiresAt.Equal(want) {
		t.Errorf("ExpiresAt: want %s, got %s", want, out.ExpiresAt)
	}
	ticket := strings.TrimPrefix(*out.Url, "http://desk/")
	if len(ticket) != 43 {
		t.Errorf("ticket: want 256 bits in 43 characters, got %q", ticket)
	}
	r.clk.Advance(59 * time.Second)
	pass, err := r.Redeem(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	if pass.ID != desk || !pass.Expires.Equal(r.clk.Now().Add(12*time.Hour)) || pass.Secret == ticket {
		t.Errorf("pass: want %s for 12 hours with a secret of its own, got %+v", desk, pass)
	}
	visit, err := r.Visit(t.Context(), pass.Secret)
	want := desktops.Visit{
		Account: account, Region: region, ID: desk, Caller: caller, State: "AVAILABLE", DirectoryID: "d-9067aaaaaa", UserName: "fujita.kouhei",
		Grant: hash(pass.Secret), Since: r.clk.Now(), Until: pass.Expires,
	}
	if diff := cmp.Diff(want, visit); diff != "" || err != nil {
		t.Errorf("visit: %v, want - got +:\n%s", err, diff)
	}
	if _, err := r.Redeem(t.Context(), ticket); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("second use: want ErrNoPass, got %v", err)
	}
}

func TestATicketOrSessionIsNothing(t *testing.T) {
	r := newRoom(t, "")
	late := r.ticket(t)
	r.clk.Advance(time.Minute)
	used := r.ticket(t)
	pass, err := r.Redeem(t.Context(), used)
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct{ name, secret string }{
		{"a minute later", late},
		{"when it was used", used},
		{"when it was guessed", strings.Repeat("A", 43)},
		{"when it is empty", ""},
		{"when it is a session's secret", pass.Secret},
		{"when it is the stored hash", hash(r.ticket(t))},
		{"when it is a megabyte", strings.Repeat("x", 1<<20)},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if _, err := r.Redeem(t.Context(), row.secret); !errors.Is(err, desktops.ErrNoPass) {
				t.Errorf("redeem: want ErrNoPass, got %v", err)
			}
			if row.secret == pass.Secret {
				return
			}
			if _, err := r.Visit(t.Context(), row.secret); !errors.Is(err, desktops.ErrNoPass) {
				t.Errorf("visit: want ErrNoPass, got %v", err)
			}
		})
	}
	r.clk.Advance(sessionLife)
	if _, err := r.Visit(t.Context(), pass.Secret); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("session after twelve hours: want ErrNoPass, got %v", err)
	}
}

func TestOneOfManyWhoRedeemAtOnceGetsIn(t *testing.T) {
	r := newRoom(t, filepath.Join(t.TempDir(), "db"))
	ticket := r.ticket(t)
	var wg sync.WaitGroup
	in := make(chan string, 20)
	for range cap(in) {
		wg.Go(func() {
			if pass, err := r.Redeem(t.Context(), ticket); err == nil {
				in <- pass.Secret
			} else if !errors.Is(err, desktops.ErrNoPass) {
				t.Errorf("want ErrNoPass, got %v", err)
			}
		})
	}
	wg.Wait()
	if len(in) != 1 {
		t.Errorf("want one of %d to get in, got %d", cap(in), len(in))
	}
}

func TestADesktopIsOpenedOnlyWhenItHasAScreen(t *testing.T) {
	rows := []struct{ name, account, region, state, code string }{
		{"a stopped one is refused", account, region, "STOPPED", "InvalidResourceStateException"},
		{"one in ERROR is refused", account, region, "ERROR", "InvalidResourceStateException"},
		{"one that is not there is not found", account, region, "", "ResourceNotFoundException"},
		{"another account's is not found", "999988887777", region, "AVAILABLE", "ResourceNotFoundException"},
		{"another Region's is not found", account, "us-east-1", "AVAILABLE", "ResourceNotFoundException"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := newRoom(t, "")
			r.states[account+"/"+region+"/"+desk] = row.state
			if row.state == "" {
				delete(r.states, account+"/"+region+"/"+desk)
			}
			_, err := r.call(t, row.account, row.region, desk)
			var api smithy.APIError
			if !errors.As(err, &api) || api.ErrorCode() != row.code {
				t.Errorf("want %s, got %v", row.code, err)
			}
		})
	}
}

func TestASessionSeesItsDesktopChangeAndGo(t *testing.T) {
	r := newRoom(t, "")
	pass, err := r.Redeem(t.Context(), r.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	r.states[account+"/"+region+"/"+desk] = "STOPPED"
	if v, err := r.Visit(t.Context(), pass.Secret); err != nil || v.State != "STOPPED" {
		t.Errorf("want STOPPED, got %q %v", v.State, err)
	}
	delete(r.states, account+"/"+region+"/"+desk)
	if _, err := r.Visit(t.Context(), pass.Secret); !errors.Is(err, desktops.ErrNotFound) {
		t.Errorf("want ErrNotFound, got %v", err)
	}
}

func TestTheStoreHoldsNoSecretAndForgetsWhatIsOver(t *testing.T) {
	r := newRoom(t, "")
	for range 3 {
		r.ticket(t)
	}
	ticket := r.ticket(t)
	pass, err := r.Redeem(t.Context(), ticket)
	if err != nil {
		t.Fatal(err)
	}
	open := r.ticket(t)
	if stored := r.stored(t); strings.Contains(stored, open) || strings.Contains(stored, pass.Secret) {
		t.Errorf("want hashes only, got %s", stored)
	}
	r.clk.Advance(sessionLife)
	if _, err := r.Redeem(t.Context(), r.ticket(t)); err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Count(r.stored(t), `"hash"`), 1; got != want {
		t.Errorf("after twelve hours: want only the newest session kept (%d record), got %d", want, got)
	}
}

// stored is all that the room's tables hold.
func (r *room) stored(t *testing.T) string {
	t.Helper()
	var all []*grant
	err := r.st.View(t.Context(), func(tx *store.Tx) error {
		for _, table := range []*store.Table[grant]{&tickets, &sessions} {
			some, err := table.List(tx, store.Scope{}, store.Page{})
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTicketsAndSessionsOutliveThePlane(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	before := newRoom(t, path)
	ticket := before.ticket(t)
	pass, err := before.Redeem(t.Context(), before.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := before.st.Close(); err != nil {
		t.Fatal(err)
	}
	after := newRoom(t, path)
	if _, err := after.Redeem(t.Context(), ticket); err != nil {
		t.Errorf("ticket after a restart: want it good, got %v", err)
	}
	if _, err := after.Visit(t.Context(), pass.Secret); err != nil {
		t.Errorf("session after a restart: want it good, got %v", err)
	}
}

func TestTheActionIsStreamOnTheDesktop(t *testing.T) {
	r := newRoom(t, "")
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region})
	workspaceID := "ws-zzzzzzzzz" // it need not exist
	got, err := r.openDesktopChecks(ctx, &OpenDesktopInput{WorkspaceId: &workspaceID})
	want := []api.Check{{Action: "workspaces:Stream", Resource: "arn:aws:workspaces:ap-northeast-1:111122223333:workspace/ws-zzzzzzzzz"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v, want - got +:\n%s", err, diff)
	}
}

// A change of the stored form needs a migration, or open sessions end.
func TestTheStoredFormStays(t *testing.T) {
	g := grant{Hash: "h", Account: account, Region: region, WorkspaceID: desk, Caller: caller, Expires: morning}
	storetest.Golden(t, &tickets, &g)
	g.Dismissed, g.ViewOnly = true, true
	storetest.Golden(t, &sessions, &g)
	storetest.Golden(t, &deskSessions, &deskSession{
		ID: "se-0123456789abcdef0", Kind: display, Status: ended, WorkspaceID: desk, DirectoryID: "d-9067aaaaaa", UserName: "fujita.kouhei",
		Caller: caller, Client: "192.0.2.1", Platform: "Windows", Browser: "Edge 140", UserAgent: "Mozilla/5.0", Start: morning,
		End: morning.Add(time.Hour), LaunchMS: 900, Reason: string(desktops.Dismissed), Grant: "h", EndedBy: caller,
	})
	g = grant{Hash: "h", Account: account, Region: region, DirectoryID: "d-9067aaaaaa", UserName: "fujita.kouhei", Expires: morning}
	storetest.Golden(t, &people, &g)
}
