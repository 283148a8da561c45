package tamachi

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
)

// watch begins a stream of the desktop as the front of the plane does.
func (r *room) watch(t *testing.T, secret string) desktops.Session {
	t.Helper()
	v, err := r.Visit(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	s, err := r.Began(t.Context(), desktops.Session{Visit: v, Client: "192.0.2.1", Platform: "Windows", Browser: "Edge 140", Opened: r.clk.Now()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r *room) list(t *testing.T, in *ListDesktopSessionsInput) *ListDesktopSessionsOutput {
	t.Helper()
	out, err := r.ListDesktopSessions(api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now()}), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASessionIsKeptFromItsBeginToItsEnd(t *testing.T) {
	r := newRoom(t, "")
	pass, err := r.Redeem(t.Context(), r.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	r.clk.Advance(3 * time.Second) // the desktop started meanwhile
	first := r.watch(t, pass.Secret)
	r.clk.Advance(time.Minute)
	if d := r.list(t, &ListDesktopSessionsInput{}).Sessions[0]; *d.Status != open || *d.DurationSeconds != 60 || d.EndTime != nil || *d.UserName != "fujita.kouhei" {
		t.Errorf("open: got %+v", d)
	}
	first.Shown, first.Closed, first.End = first.Opened.Add(time.Second), r.clk.Now(), desktops.Left
	if err := r.Ended(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	d := r.list(t, &ListDesktopSessionsInput{}).Sessions[0]
	if *d.Status != ended || *d.LaunchMillis != 4000 || *d.Reason != "CLIENT_CLOSED" || !d.EndTime.Equal(r.clk.Now()) || *d.PrincipalArn != caller {
		t.Errorf("ended: got %+v, want four seconds from the wish to the picture", d)
	}
	second := r.watch(t, pass.Secret)
	if second.First || !second.Wished().Equal(second.Opened) {
		t.Errorf("the second stream of a browser session waits from its own begin, got %+v", second)
	}
	if err := r.Failed(t.Context(), desktops.Session{Visit: second.Visit, Client: "198.51.100.7", Opened: r.clk.Now(), End: desktops.Address}); err != nil {
		t.Fatal(err)
	}
	if got := r.list(t, &ListDesktopSessionsInput{Status: new(failed)}).Sessions; len(got) != 1 || got[0].DurationSeconds != nil || *got[0].Reason != "ADDRESS_NOT_ALLOWED" {
		t.Errorf("failed: got %+v", got)
	}
}

func TestSessionsAreFiltered(t *testing.T) {
	r := newRoom(t, "")
	person := desktops.Person{Account: account, Region: region, DirectoryID: "d-9067aaaaaa", UserName: "Takeda.Mai"}
	for range 7 {
		if err := r.Refused(t.Context(), person, desktops.SignIn{Client: "192.0.2.9"}, desktops.Mistaken); err != nil {
			t.Fatal(err)
		}
		r.clk.Advance(time.Second)
	}
	pass, err := r.Redeem(t.Context(), r.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	r.watch(t, pass.Secret)
	at := func(d time.Duration) *time.Time { return new(morning.Add(d)) }
	for _, row := range []struct {
		name string
		in   ListDesktopSessionsInput
		want int
	}{
		{"all", ListDesktopSessionsInput{}, 8},
		{"of a desktop", ListDesktopSessionsInput{WorkspaceId: new(desk)}, 1},
		{"of another desktop", ListDesktopSessionsInput{WorkspaceId: new("ws-zzzzzzzzz")}, 0},
		{"of a user in another case", ListDesktopSessionsInput{UserName: new("takeda.mai")}, 7},
		{"of a user with another status", ListDesktopSessionsInput{UserName: new("takeda.mai"), Status: new(open)}, 0},
		{"open ones", ListDesktopSessionsInput{Status: new(open)}, 1},
		{"since a moment", ListDesktopSessionsInput{From: at(5 * time.Second)}, 3},
		{"until a moment", ListDesktopSessionsInput{To: at(5 * time.Second)}, 5},
		{"between two", ListDesktopSessionsInput{From: at(2 * time.Second), To: at(4 * time.Second), Status: new(failed)}, 2},
	} {
		for _, page := range []int32{2, 100} {
			seen := map[string]bool{}
			row.in.MaxResults, row.in.NextToken = &page, nil
			for {
				out := r.list(t, &row.in)
				for _, d := range out.Sessions {
					seen[*d.SessionId] = true
				}
				if row.in.NextToken = out.NextToken; out.NextToken == nil {
					break
				}
			}
			if len(seen) != row.want {
				t.Errorf("%s, by %d: got %d, want %d", row.name, page, len(seen), row.want)
			}
		}
	}
}

func TestStrangersFillNoStore(t *testing.T) {
	r := newRoom(t, "")
	for range 3 * refusalsAMinute {
		if err := r.Refused(t.Context(), desktops.Person{Account: account, Region: region}, desktops.SignIn{}, desktops.Mistaken); err != nil {
			t.Fatal(err)
		}
	}
	count := func() int { return len(r.list(t, &ListDesktopSessionsInput{MaxResults: new(int32(100))}).Sessions) }
	if got := count(); got != refusalsAMinute {
		t.Errorf("in a minute: kept %d, want %d", got, refusalsAMinute)
	}
	r.clk.Advance(refusalsKept + time.Minute)
	if err := r.Refused(t.Context(), desktops.Person{Account: account, Region: region}, desktops.SignIn{}, desktops.Mistaken); err != nil {
		t.Fatal(err)
	}
	if got := count(); got != 1 {
		t.Errorf("a month later: kept %d, want the newest", got)
	}
}

func TestAnAdministratorEndsASession(t *testing.T) {
	r := newRoom(t, "")
	pass, err := r.Redeem(t.Context(), r.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	s := r.watch(t, pass.Secret)
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller}})
	if _, err := r.EndDesktopSession(ctx, &EndDesktopSessionInput{SessionId: &s.Number}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Visit(t.Context(), pass.Secret); !errors.Is(err, desktops.ErrNoPass) || !errors.Is(err, desktops.ErrDismissed) {
		t.Errorf("the browser session: want it dismissed, got %v", err)
	}
	s.Closed, s.End = r.clk.Now().Add(time.Second), desktops.Dismissed
	if err := r.Ended(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	d := r.list(t, &ListDesktopSessionsInput{}).Sessions[0]
	if *d.Reason != "ENDED_BY_ADMIN" || *d.EndedBy != caller || !d.EndTime.Equal(r.clk.Now()) {
		t.Errorf("got %+v, want who ended it, and when they did", d)
	}
}

func TestSessionsOfAPlaneThatWasKilledEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "db")
	before := newRoom(t, path)
	pass, err := before.Redeem(t.Context(), before.ticket(t))
	if err != nil {
		t.Fatal(err)
	}
	before.watch(t, pass.Secret)
	if _, err := before.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := before.list(t, &ListDesktopSessionsInput{Status: new(open)}).Sessions; len(got) != 1 {
		t.Fatalf("a session of this process is left alone, got %+v", got)
	}
	if err := before.st.Close(); err != nil {
		t.Fatal(err)
	}
	after := newRoom(t, path)
	after.clk.Advance(time.Hour)
	if _, err := after.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := after.list(t, &ListDesktopSessionsInput{}).Sessions[0]
	if *d.Status != ended || *d.Reason != "PLANE_INTERRUPTED" || !d.EndTime.Equal(after.clk.Now()) {
		t.Errorf("got %+v, want it ended at the next start", d)
	}
}

func TestASupporterOnlyLooks(t *testing.T) {
	r := newRoom(t, "")
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller}})
	out, err := r.JoinDesktop(ctx, &JoinDesktopInput{WorkspaceId: new(desk)})
	if err != nil {
		t.Fatal(err)
	}
	pass, err := r.Redeem(t.Context(), strings.TrimPrefix(*out.Url, "http://desk/"))
	if err != nil {
		t.Fatal(err)
	}
	s := r.watch(t, pass.Secret)
	if !s.ViewOnly || *r.list(t, &ListDesktopSessionsInput{}).Sessions[0].Kind != view {
		t.Errorf("got %+v, want one that only looks", s)
	}
}
