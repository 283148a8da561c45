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
