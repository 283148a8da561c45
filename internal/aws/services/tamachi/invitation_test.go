package tamachi

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/directory"
	"tamachi/internal/notify"
	"tamachi/internal/store"
	"tamachi/internal/store/storetest"
)

const (
	corp = "d-0123456789"
	hana = "takeda.hanako"
)

// desk of the invitations' tests: people, passwords and mails in memory.
type reception struct {
	*room
	t       *testing.T
	invitee Invitee
	away    error
	refused error // of the mail
	mails   []notify.Notice
	chosen  map[string]string
	barred  bool
}

func newReception(t *testing.T) *reception {
	r := &reception{room: newRoom(t, ""), t: t, invitee: Invitee{Name: "武田 花子", Email: "hanako@example.com", Chooses: true}, chosen: map[string]string{}}
	r.ports.People, r.ports.Passwords, r.ports.Notices = r, r, r
	r.ports.InvitationURL = func(secret string) string { return "https://desk/#" + secret }
	r.ports.SignInURL = func() string { return "https://desk/" }
	r.ports.Sender = func(id string) string { return "no-reply@" + id + ".example.com" }
	return r
}

func (r *reception) Invitee(context.Context, string, string, string, string) (Invitee, error) {
	return r.invitee, r.away
}

func (r *reception) Seal(_ context.Context, password string) (string, error) {
	return "sealed " + password, nil
}

func (r *reception) Choose(_ *store.Tx, _ store.Scope, _, name, sealed string) error {
	if r.barred {
		return directory.Refuse(directory.Disabled)
	}
	r.chosen[name] = sealed
	return nil
}

func (r *reception) Post(_ *store.Tx, n notify.Notice) error {
	if r.refused != nil {
		return r.refused
	}
	r.mails = append(r.mails, n)
	return nil
}

func (r *reception) Delivery(*store.Tx, string) (notify.Delivery, bool, error) {
	return notify.Delivery{State: notify.Waiting, Attempts: 3, Error: "the relay is away"}, true, nil
}

// invite asks for an invitation as the room of the desktops does, and writes it.
func (r *reception) invite() (next time.Time) {
	r.t.Helper()
	err := r.st.Update(r.t.Context(), func(tx *store.Tx) error {
		return r.Invite(tx, store.In(account, region), desktops.Newcomer{
			WorkspaceID: desk, DirectoryID: corp, UserName: hana, RegistrationCode: "SLnrt+ABC234",
		})
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return r.upkeep()
}

func (r *reception) upkeep() time.Time {
	r.t.Helper()
	next, err := r.Upkeep(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return next
}

// link is the secret of the last mail.
func (r *reception) link() string {
	r.t.Helper()
	if len(r.mails) == 0 {
		r.t.Fatal("want a mail, got none")
	}
	_, rest, _ := strings.Cut(r.mails[len(r.mails)-1].Text, "https://desk/#")
	secret, _, _ := strings.Cut(rest, "\n")
	return secret
}

func (r *reception) in(account string) context.Context {
	return api.WithCall(r.t.Context(), &api.Call{
		Account: account, Region: region, Time: r.clk.Now(), Caller: api.Caller{ARN: caller, Account: account},
	})
}

// accept returns the code of the refusal, "" for none.
func (r *reception) accept(in context.Context, secret string) string {
	r.t.Helper()
	_, err := r.AcceptInvitation(in, &AcceptInvitationInput{Token: &secret, Password: new("Correct-Horse-7")})
	if known, ok := errors.AsType[smithy.APIError](err); ok {
		return known.ErrorCode()
	}
	if err != nil {
		r.t.Fatal(err)
	}
	return ""
}

func (r *reception) want(state, why string) {
	r.t.Helper()
	out, err := r.ListInvitations(r.in(account), &ListInvitationsInput{})
	if err != nil || len(out.Invitations) != 1 {
		r.t.Fatalf("want one invitation, got %+v, %v", out, err)
	}
	i := out.Invitations[0]
	got := ""
	if i.Error != nil {
		got = *i.Error
	}
	if *i.State != state || got != why {
		r.t.Errorf("want %s %q, got %s %q", state, why, *i.State, got)
	}
}

func TestALinkEndsAfterSevenDays(t *testing.T) {
	r := newReception(t)
	r.invite()
	r.clk.Advance(linkLife - time.Second)
	if g, err := r.Guest(t.Context(), r.link()); err != nil || g.UserName != hana {
		t.Errorf("in time: want %s, got %+v, %v", hana, g, err)
	}
	r.want("SENT", "the relay is away")
	r.clk.Advance(time.Second)
	if _, err := r.Guest(t.Context(), r.link()); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("too late: want ErrNoPass, got %v", err)
	}
	if code := r.accept(r.in(account), r.link()); code != "ResourceNotFoundException" || len(r.chosen) != 0 {
		t.Errorf("too late: want ResourceNotFoundException, got %q, %v", code, r.chosen)
	}
	r.want("EXPIRED", "the relay is away")
}

func TestALinkIsGoodOnceAndInItsAccount(t *testing.T) {
	r := newReception(t)
	r.invite()
	if code := r.accept(r.in("444455556666"), r.link()); code != "ResourceNotFoundException" {
		t.Errorf("from another account: want ResourceNotFoundException, got %q", code)
	}
	r.barred = true
	if code := r.accept(r.in(account), r.link()); code != "InvalidResourceStateException" {
		t.Errorf("a disabled account: want InvalidResourceStateException, got %q", code)
	}
	r.barred = false
	if code := r.accept(r.in(account), r.link()); code != "" || r.chosen[hana] != "sealed Correct-Horse-7" {
		t.Errorf("want the password set, got %q, %v", code, r.chosen)
	}
	if code := r.accept(r.in(account), r.link()); code != "ResourceNotFoundException" {
		t.Errorf("again: want ResourceNotFoundException, got %q", code)
	}
}

func TestTheLinkEndsWithTheDesktop(t *testing.T) {
	r := newReception(t)
	r.invite()
	for range 2 {
		err := r.st.Update(t.Context(), func(tx *store.Tx) error {
			return r.Withdraw(tx, store.In(account, region), desk)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Guest(t.Context(), r.link()); !errors.Is(err, desktops.ErrNoPass) {
		t.Errorf("want ErrNoPass, got %v", err)
	}
}

func TestADirectoryThatIsAwayIsAskedAgain(t *testing.T) {
	r := newReception(t)
	r.away = fmt.Errorf("dial: %w", directory.ErrUnreachable)
	if next := r.invite(); !next.Equal(r.clk.Now().Add(askAgain)) {
		t.Errorf("want to ask again in a minute, got %v", next)
	}
	r.want("WAITING", "")
	r.away = nil
	r.upkeep() // too early
	if len(r.mails) != 0 {
		t.Errorf("want no mail yet, got %d", len(r.mails))
	}
	r.clk.Advance(askAgain)
	r.upkeep()
	if len(r.mails) != 1 {
		t.Errorf("want the mail, got %d", len(r.mails))
	}
}

func TestInvitationsThatCannotBeSent(t *testing.T) {
	rows := []struct {
		name   string
		change func(*reception)
		why    string
	}{
		{"nobody of that name", func(r *reception) { r.away = directory.ErrNoUser }, "no such user in the directory"},
		{"no such directory", func(r *reception) { r.away = directory.ErrNoDirectory }, "no such directory"},
		{"no address", func(r *reception) { r.invitee.Email = "" }, "the user has no mail address in the directory"},
		{"an address that is none", func(r *reception) { r.refused = fmt.Errorf("%w: it is none", notify.ErrRefused) }, "it is none"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := newReception(t)
			row.change(r)
			r.invite()
			r.ports.Notices = silent{r}
			r.want("FAILED", row.why)
		})
	}
}

// silent knows of no delivery.
type silent struct{ *reception }

func (silent) Delivery(*store.Tx, string) (notify.Delivery, bool, error) {
	return notify.Delivery{}, false, nil
}

func TestAPersonOfAnotherDirectoryGetsNoLink(t *testing.T) {
	r := newReception(t)
	r.invitee.Chooses = false
	r.invite()
	if text := r.mails[0].Text; strings.Contains(text, "#") || !strings.Contains(text, "Registration code: SLnrt+ABC234") {
		t.Errorf("want a mail without a link, got %s", text)
	}
}

func TestStoredInvitation(t *testing.T) {
	storetest.Golden(t, &invitations, &invitation{
		WorkspaceID: desk, DirectoryID: corp, UserName: hana, RegistrationCode: "SLnrt+ABC234", State: toWrite, Error: "x", Email: "hanako@example.com",
		NoticeID: "invitation-1", Hash: hash("secret"), Asked: morning, Next: morning.Add(time.Minute), Expires: morning.Add(linkLife), Accepted: morning.Add(time.Hour),
	})
}

func (s states) Newcomer(_ context.Context, account, region, id string) (desktops.Newcomer, error) {
	state, ok := s[account+"/"+region+"/"+id]
	if !ok {
		return desktops.Newcomer{}, desktops.ErrNotFound
	}
	return desktops.Newcomer{WorkspaceID: id, DirectoryID: corp, UserName: hana, RegistrationCode: "SLnrt+ABC234", State: state}, nil
}

func TestADesktopThatIsNotReadyInvitesNobody(t *testing.T) {
	r := newReception(t)
	for _, state := range []string{"PENDING", "ERROR", "TERMINATING"} {
		r.states[account+"/"+region+"/"+desk] = state
		_, err := r.SendInvitation(r.in(account), &SendInvitationInput{WorkspaceId: new(desk)})
		if known, ok := errors.AsType[smithy.APIError](err); !ok || known.ErrorCode() != "InvalidResourceStateException" {
			t.Errorf("%s: want InvalidResourceStateException, got %v", state, err)
		}
	}
}
