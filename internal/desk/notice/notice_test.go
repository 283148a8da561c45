package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

const people = `
people:
  tanabe: {slack: U024BE7LH, mail: tanabe@example.com, language: ja}
  suzuki: {mail: suzuki@example.com}
  ghost: {}
groups: {vdi: [tanabe, suzuki]}
channels: {default: "#aws_ops", desktops: "#vdi"}
work: {zone: UTC}
quiet: {from: "20:00", to: "07:00"}
language: en
slack: {secret-file: secret}
`

var (
	day   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	night = time.Date(2026, 11, 24, 23, 0, 0, 0, time.UTC)
)

// room is a chat and a mailbox in memory.
type room struct {
	chat []notify.ChatMessage
	mail []notify.Notice
	fail map[string]bool // by channel, member or address

	refuse map[string]bool // for good, likewise
}

func (r *room) Post(_ context.Context, m notify.ChatMessage) (string, error) {
	if r.fail[m.To] {
		return "", errors.New("no answer")
	}
	r.chat = append(r.chat, m)
	return fmt.Sprintf("ts-%d", len(r.chat)), nil
}

func (r *room) Send(_ context.Context, n notify.Notice) error {
	if r.fail[n.To] {
		return errors.New("no answer")
	}
	if r.refuse[n.To] {
		return fmt.Errorf("550: %w", notify.ErrRefused)
	}
	if _, err := notify.Compose(n); err != nil {
		return err
	}
	r.mail = append(r.mail, n)
	return nil
}

func deskOf(t *testing.T, r *room, at time.Time) *Desk {
	t.Helper()
	conf, err := settings.Read(strings.NewReader(people))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		t.Fatal(err)
	}
	return &Desk{Settings: conf, Senders: Senders{Chat: r, Mail: r}, Shelf: s, Clock: clock.NewFrozen(at)}
}

func post(id string, change func(*notify.Post)) notify.Post {
	p := notify.Post{ID: id, What: [2]string{"desktops are back " + id, "復旧しました " + id}, Do: [2]string{"restart", "再起動してください"}}
	if change != nil {
		change(&p)
	}
	return p
}

func (r *room) got() []string {
	var out []string
	for _, m := range r.chat {
		out = append(out, m.To+" "+strings.ReplaceAll(m.Text, "\n", "|"))
	}
	for _, m := range r.mail {
		out = append(out, m.To+" "+m.Subject)
	}
	return out
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

func TestWhereAPostGoes(t *testing.T) {
	rows := []struct {
		name string
		post func(*notify.Post)
		want []string
	}{
		{"a topic with a channel of its own", func(p *notify.Post) { p.Topic = "desktops" }, []string{"#vdi desktops are back 1|What to do: restart"}},
		{"another topic", func(p *notify.Post) { p.Topic = "cost" }, []string{"#aws_ops desktops are back 1|What to do: restart"}},
		{
			"people, each in their language by the first way to them", func(p *notify.Post) { p.To = []string{"vdi"} },
			[]string{"U024BE7LH 復旧しました 1|お願い: 再起動してください", "suzuki@example.com desktops are back 1"},
		},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := &room{}
			d := deskOf(t, r, day)
			for range 2 { // said once, however often it is handed over
				if err := d.Send(t.Context(), post("1", row.post)); err != nil {
					t.Fatal(err)
				}
			}
			if !slices.Equal(r.got(), row.want) {
				t.Errorf("want %q, got %q", row.want, r.got())
			}
		})
	}
}

func TestNowhere(t *testing.T) {
	d := deskOf(t, &room{}, day)
	for name, p := range map[string]notify.Post{
		"somebody without an address": post("1", func(p *notify.Post) { p.To = []string{"ghost"} }),
		"nobody":                      post("2", nil),
	} {
		if err := d.Send(t.Context(), p); !errors.Is(err, ErrNowhere) {
			t.Errorf("%s: want ErrNowhere, got %v", name, err)
		}
	}
}

func TestOneOfTwoFails(t *testing.T) {
	r := &room{fail: map[string]bool{"suzuki@example.com": true}}
	d := deskOf(t, r, day)
	p := post("1", func(p *notify.Post) { p.To = []string{"vdi"} })
	if err := d.Send(t.Context(), p); err == nil {
		t.Fatal("want the failure told")
	}
	if said, err := d.Said(t.Context(), "1"); said || err != nil {
		t.Errorf("want it not said to all, got %t, %v", said, err)
	}
	r.fail = nil
	if err := d.Send(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if len(r.chat) != 1 || len(r.mail) != 1 {
		t.Errorf("want each once, got %q", r.got())
	}
}

func TestAThreadOfAnIncident(t *testing.T) {
	r := &room{}
	d := deskOf(t, r, day)
	for _, id := range []string{"1", "2", "3"} {
		if err := d.Send(t.Context(), post(id, func(p *notify.Post) { p.Topic, p.Thread = "desktops", "incident-7" })); err != nil {
			t.Fatal(err)
		}
	}
	if r.chat[0].Thread != "" || r.chat[1].Thread != "ts-1" || r.chat[2].Thread != "ts-1" {
		t.Errorf("want the later ones in the first one's thread, got %+v", r.chat)
	}
}

func TestQuietHoursBecomeADigest(t *testing.T) {
	r := &room{}
	d := deskOf(t, r, night)
	for i := range 10 {
		p := post(fmt.Sprint(i), func(p *notify.Post) { p.Topic, p.Urgent = "cost", i == 9 })
		for range 2 {
			if err := d.Send(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(r.chat) != 1 || !strings.Contains(r.chat[0].Text, "back 9") {
		t.Fatalf("want the urgent one alone, got %q", r.got())
	}
	d.Clock = clock.NewFrozen(night.Add(9 * time.Hour))
	n, err := d.Digest(t.Context())
	if err != nil || n != 9 || len(r.chat) != 2 || !strings.HasPrefix(r.chat[1].Text, "9 notices of the quiet hours\n- desktops are back 0\n  What to do: restart\n- desktops are back 1") {
		t.Errorf("want one post of nine, got %d, %v, %q", n, err, r.got())
	}
	if n, err := d.Digest(t.Context()); n != 0 || err != nil || len(r.chat) != 2 {
		t.Errorf("want nothing more, got %d, %v", n, err)
	}
}

func TestASilentServerLosesNothing(t *testing.T) {
	r := &room{fail: map[string]bool{"suzuki@example.com": true, "U024BE7LH": true}}
	d := deskOf(t, r, day)
	for _, id := range []string{"1", "2"} {
		if err := d.Send(t.Context(), post(id, func(p *notify.Post) { p.To = []string{"vdi"} })); !errors.Is(err, ErrLater) {
			t.Fatalf("want it kept, got %v", err)
		}
	}
	if all, err := d.Standing(); err != nil || len(all) != 2 || all[0].State != "owed" {
		t.Errorf("want both listed, got %+v, %v", all, err)
	}
	r.fail = map[string]bool{"suzuki@example.com": true}
	if n, err := d.Retry(t.Context()); n != 0 || !errors.Is(err, ErrLater) || len(r.chat) != 2 {
		t.Errorf("want those of the chat, got %d, %v, %q", n, err, r.got())
	}
	r.fail = nil
	if err := d.Send(t.Context(), post("3", func(p *notify.Post) { p.To = []string{"suzuki"} })); err != nil {
		t.Fatal(err)
	}
	want := []string{"suzuki@example.com desktops are back 3", "suzuki@example.com desktops are back 1", "suzuki@example.com desktops are back 2"}
	if got := r.got()[2:]; !slices.Equal(got, want) {
		t.Errorf("want the new one and what it takes along, %q, got %q", want, got)
	}
	if n, err := d.Retry(t.Context()); n != 0 || err != nil || len(r.mail) != 3 {
		t.Errorf("want nothing twice, got %d, %v, %q", n, err, r.got())
	}
}

func TestWhatIsRefusedIsSaidOnce(t *testing.T) {
	r := &room{refuse: map[string]bool{"suzuki@example.com": true}}
	d := deskOf(t, r, day)
	p := post("1", func(p *notify.Post) { p.To = []string{"vdi"} })
	if err := d.Send(t.Context(), p); !errors.Is(err, notify.ErrRefused) || errors.Is(err, ErrLater) || !strings.Contains(err.Error(), "suzuki@example.com") {
		t.Errorf("want the reader named who will never get it, got %v", err)
	}
	if err := d.Send(t.Context(), p); err != nil || len(r.chat) != 1 {
		t.Errorf("want nothing more, got %v, %q", err, r.got())
	}
	if all, err := d.Standing(); err != nil || len(all) != 1 || all[0].State != "refused" || all[0].Place != "suzuki@example.com" {
		t.Errorf("want it listed, got %+v, %v", all, err)
	}
}

func TestAServerThatIsSilentForDaysIsGivenUp(t *testing.T) {
	r := &room{fail: map[string]bool{"suzuki@example.com": true}}
	d := deskOf(t, r, day)
	if err := d.Send(t.Context(), post("1", func(p *notify.Post) { p.To = []string{"suzuki"} })); !errors.Is(err, ErrLater) {
		t.Fatal(err)
	}
	d.Clock = clock.NewFrozen(day.Add(6 * 24 * time.Hour))
	if _, err := d.Retry(t.Context()); err == nil {
		t.Error("want the last failure told")
	}
	if n, err := d.Retry(t.Context()); n != 0 || err != nil {
		t.Errorf("want it given up, got %d, %v", n, err)
	}
	if all, err := d.Standing(); err != nil || len(all) != 1 || all[0].State != "given up" || all[0].Place != "suzuki@example.com" || all[0].Why == "" || all[0].What[1] == "" {
		t.Errorf("want it listed with its reason, got %+v, %v", all, err)
	}
}

func TestAServerThatIsAwayIsKnockedAtLessAndLess(t *testing.T) {
	pause, want := often, []time.Duration{2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 16 * time.Minute, 32 * time.Minute, time.Hour, time.Hour}
	for i, w := range want {
		if pause = rest(pause, false); pause != w {
			t.Fatalf("look %d: want %s, got %s", i, w, pause)
		}
	}
	if got := rest(pause, true); got != often {
		t.Errorf("want %s once it goes, got %s", often, got)
	}
}

// TestTheKeeper is what tamachi notice serve does beside its pages.
func TestTheKeeper(t *testing.T) {
	r := &room{fail: map[string]bool{"#vdi": true}}
	d := deskOf(t, r, night)
	if err := d.Send(t.Context(), post("wait", func(p *notify.Post) { p.Topic = "cost" })); err != nil {
		t.Fatal(err)
	}
	if err := d.Send(t.Context(), post("now", func(p *notify.Post) { p.Topic, p.Urgent = "desktops", true })); !errors.Is(err, ErrLater) {
		t.Fatal(err)
	}
	r.fail = nil
	for range 2 {
		if err := d.tend(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.got(); len(got) != 1 || !strings.HasPrefix(got[0], "#vdi") {
		t.Errorf("want the urgent one alone at night, got %q", got)
	}
	d.Clock = clock.NewFrozen(night.Add(9 * time.Hour))
	for range 2 {
		if err := d.tend(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.got(); len(got) != 2 || !strings.HasPrefix(got[1], "#aws_ops") {
		t.Errorf("want the other in the morning, once, got %q", got)
	}
}

// TestADigestKeepsButtonsAndLinks asks at night: in the morning each question can
// be answered by itself.
func TestADigestKeepsButtonsAndLinks(t *testing.T) {
	r := &room{}
	d := deskOf(t, r, night)
	for _, id := range []string{"1", "2"} {
		if err := d.Send(t.Context(), post(id, func(p *notify.Post) {
			p.To, p.Link, p.Buttons = []string{"vdi"}, "https://desk.example.com/q/"+id, []notify.Button{{Action: "answer-keep", Value: "q-" + id}}
		})); err != nil {
			t.Fatal(err)
		}
	}
	d.Clock = clock.NewFrozen(night.Add(9 * time.Hour))
	if _, err := d.Digest(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(r.chat) != 2 || r.chat[1].Buttons[0].Value != "q-2" || strings.Contains(r.chat[0].Text, "https://") {
		t.Errorf("want each with its buttons, got %+v", r.chat)
	}
	if len(r.mail) != 1 || !strings.Contains(r.mail[0].Text, "https://desk.example.com/q/1") || !strings.Contains(r.mail[0].Text, "https://desk.example.com/q/2") {
		t.Errorf("want one mail with both links, got %+v", r.mail)
	}
}
