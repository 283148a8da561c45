package notice

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tamachi/internal/notify"
)

// mailbox holds bounces until somebody takes them.
type mailbox struct {
	bounces []notify.Bounce
	broken  error
}

func (m *mailbox) Collect(_ context.Context, take func(notify.Bounce) (bool, error)) error {
	var left []notify.Bounce
	for _, b := range m.bounces {
		taken, err := take(b)
		if err != nil {
			return err
		}
		if !taken {
			left = append(left, b)
		}
	}
	m.bounces = left
	return m.broken
}

func (p *post) collect(m *mailbox) (next time.Time, err error) {
	p.ports.Returns = m
	return p.Collector().Upkeep(p.t.Context())
}

func TestWhatComesBackIsNoted(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	m := &mailbox{bounces: []notify.Bounce{{ID: "n-1", Why: "550 gone"}, {ID: "of another plane", Why: "550 gone"}}}
	if next, err := p.collect(m); err != nil || !next.Equal(noon.Add(collects)) || len(m.bounces) != 1 {
		t.Fatalf("want the one left that is quicker than the note of its sending, got %+v, %v, %v", m.bounces, next, err)
	}
	p.want("n-1", notify.Delivery{State: notify.Waiting, At: noon}, true)
	p.work()
	p.clk.Advance(time.Hour)
	for range 2 { // the second time as after a kill between the note and the mailbox
		m.bounces = []notify.Bounce{{ID: "n-1", Why: "550 gone"}}
		if _, err := p.collect(m); err != nil || m.bounces != nil {
			t.Fatalf("want it taken, got %+v, %v", m.bounces, err)
		}
		p.want("n-1", notify.Delivery{State: notify.Bounced, Attempts: 1, Error: "550 gone", At: noon.Add(time.Hour)}, true)
		p.clk.Advance(time.Hour)
	}
	p.clk.Advance(remembered)
	p.work()
	p.want("n-1", notify.Delivery{}, false)
}

func TestABounceSaysNothingAboutWhatWasRefused(t *testing.T) {
	p := open(t)
	p.put(note("n-1"))
	p.out.Fail(notify.ErrRefused)
	p.work()
	refused := notify.Delivery{State: notify.Failed, Attempts: 1, Error: notify.ErrRefused.Error(), At: noon}
	p.want("n-1", refused, true)
	if _, err := p.collect(&mailbox{bounces: []notify.Bounce{{ID: "n-1", Why: "550 gone"}}}); err != nil {
		t.Fatal(err)
	}
	p.want("n-1", refused, true)
}

func TestABrokenMailboxIsLookedAtAgain(t *testing.T) {
	p := open(t)
	broken := errors.New("permission denied")
	if _, err := p.collect(&mailbox{broken: broken}); !errors.Is(err, broken) {
		t.Errorf("want the error, got %v", err)
	}
}

func TestWordsOfAServerAreBounded(t *testing.T) {
	if got := bounded(strings.Repeat("界", longestError)); len(got) > longestError || !strings.HasPrefix(got, "界") || strings.ContainsRune(got, '\uFFFD') {
		t.Errorf("want whole characters up to %d bytes, got %d: %q", longestError, len(got), got)
	}
}
