package tamachi

import (
	"errors"
	"testing"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store/storetest"
)

func (r *room) record(t *testing.T, days int32) string {
	t.Helper()
	r.ports.PlaybackURL = func(ticket string) string { return ticket }
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller}})
	out, err := r.StartDesktopRecording(ctx, &StartDesktopRecordingInput{WorkspaceId: new(desk), Reason: new("case 1"), RetentionDays: &days, DurationMinutes: new(int32(60))})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Recording.RecordingId
}

// upkeep does what time has brought, and returns when to come again.
func (r *room) upkeep(t *testing.T) time.Time {
	t.Helper()
	next, err := r.expire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func TestARecordingIsDeletedWhenItWasKeptLongEnough(t *testing.T) {
	r := newRoom(t, "")
	r.record(t, 7)
	run, _, err := r.Due(t.Context())
	if err != nil || len(run) != 1 || !run[0].Until.Equal(morning.Add(time.Hour)) {
		t.Fatalf("due: got %+v, %v", run, err)
	}
	r.clk.Advance(time.Hour)
	run[0].End, run[0].Bytes = desktops.FilmTimeOver, 4096
	if err := r.Recorded(t.Context(), run[0]); err != nil {
		t.Fatal(err)
	}
	if next := r.upkeep(t); !next.Equal(morning.Add(time.Hour).AddDate(0, 0, 7)) {
		t.Errorf("upkeep comes again at %v", next)
	}
	r.clk.Advance(7 * 24 * time.Hour)
	r.upkeep(t)
	run, remove, err := r.Due(t.Context())
	if err != nil || len(run) != 0 || len(remove) != 1 || remove[0].Bytes != 4096 {
		t.Fatalf("a week later: got %+v, %+v, %v, want it to be removed", run, remove, err)
	}
	if err := r.Removed(t.Context(), remove[0]); err != nil {
		t.Fatal(err)
	}
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now()})
	out, err := r.ListDesktopRecordings(ctx, &ListDesktopRecordingsInput{WorkspaceId: new(desk)})
	if err != nil || len(out.Recordings) != 1 || *out.Recordings[0].DeletedBy != byRetention || *out.Recordings[0].EndReason != "TIME_OVER" {
		t.Errorf("what is known of it: got %+v, %v", out, err)
	}
	r.clk.Advance(factsKept)
	r.upkeep(t)
	if out, err := r.ListDesktopRecordings(ctx, &ListDesktopRecordingsInput{}); err != nil || len(out.Recordings) != 0 {
		t.Errorf("400 days later: got %+v, %v", out, err)
	}
}

func TestARecordingEndsWithItsDesktop(t *testing.T) {
	r := newRoom(t, "")
	id := r.record(t, 7)
	delete(r.states, account+"/"+region+"/"+desk)
	if run, _, err := r.Due(t.Context()); err != nil || len(run) != 0 {
		t.Errorf("due: got %+v, %v", run, err)
	}
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now()})
	out, err := r.ListDesktopRecordings(ctx, &ListDesktopRecordingsInput{Status: new(filmed)})
	if err != nil || len(out.Recordings) != 1 || *out.Recordings[0].RecordingId != id || *out.Recordings[0].EndReason != "DESKTOP_GONE" {
		t.Errorf("got %+v, %v", out, err)
	}
}

// A ticket or a session is for what it was given for, and for nothing else.
func TestATicketForARecordingOpensNothingElse(t *testing.T) {
	r := newRoom(t, "")
	id := r.record(t, 7)
	ctx := api.WithCall(t.Context(), &api.Call{Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller}})
	ticket := func(export bool) string {
		ticket, _, err := r.screening(ctx, id, export)
		if err != nil {
			t.Fatal(err)
		}
		return ticket
	}
	play, file := ticket(false), ticket(true)
	for name, use := range map[string]func() error{
		"a desktop by a ticket to play":   func() error { _, err := r.Redeem(ctx, play); return err },
		"a file by a ticket to play":      func() error { _, err := r.Exported(ctx, play); return err },
		"a film by a ticket for a file":   func() error { _, err := r.RedeemPlayback(ctx, file); return err },
		"a film by a ticket of a desktop": func() error { _, err := r.RedeemPlayback(ctx, r.ticket(t)); return err },
	} {
		if err := use(); !errors.Is(err, desktops.ErrNoPass) {
			t.Errorf("%s: got %v, want it refused", name, err)
		}
	}
	pass, err := r.RedeemPlayback(ctx, play)
	if err != nil || pass.ID != id {
		t.Fatalf("redeem: got %+v, %v", pass, err)
	}
	if _, err := r.Visit(ctx, pass.Secret); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("a desktop by a session of a recording: got %v", err)
	}
	if film, err := r.Playback(ctx, pass.Secret); err != nil || film.ID != id {
		t.Errorf("the film: got %+v, %v", film, err)
	}
	r.clk.Advance(filmLife)
	if _, err := r.Playback(ctx, pass.Secret); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("two hours later: got %v", err)
	}
	if _, err := r.Exported(ctx, file); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("a ticket of two hours ago: got %v", err)
	}
}

func TestTheStoredFormOfRecordingsStays(t *testing.T) {
	storetest.Golden(t, &films, &film{
		ID: "rec-0123456789abcdef0", WorkspaceID: desk, DirectoryID: "d-9067aaaaaa", UserName: "fujita.kouhei", StartedBy: caller, Why: "case 1",
		Status: removed, Start: morning, Until: morning.Add(time.Hour), End: morning.Add(time.Minute), Reason: string(desktops.FilmStopped),
		EndedBy: caller, Bytes: 4096, Millis: 60000, KeepUntil: morning.AddDate(0, 0, 30), Removed: morning.AddDate(0, 0, 30), RemovedBy: byRetention,
	})
}
