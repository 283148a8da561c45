package eventbridge

import (
	"strings"
	"testing"
	"time"
)

func TestWhatATargetGets(t *testing.T) {
	const event = `{"id":"i","detail":{"state":"on \"air\"","n":5,"list":[{"a":1},{"a":2}],"o.k":true}}`
	r := &rule{Name: "r", Bus: "default", Account: "111122223333", Region: "eu-west-1"}
	paths := map[string]string{"state": "$.detail.state", "n": "$.detail.n", "second": "$.detail.list[1].a", "odd": "$.detail['o.k']", "none": "$.detail.x", "all": "$.detail.list"}
	template := func(text string) target { return target{Template: &text, Paths: paths} }
	for _, c := range []struct {
		name string
		of   target
		want string
	}{
		{"the event", target{}, event},
		{"a text of one's own", target{Input: new(`{"x":1}`)}, `{"x":1}`},
		{"a part", target{Path: new("$.detail.list[0]")}, `{"a":1}`},
		{"a part that is not there", target{Path: new("$.detail.list[9].a")}, `null`},
		{"all by a path", target{Path: new("$")}, `{"detail":{"list":[{"a":1},{"a":2}],"n":5,"o.k":true,"state":"on \"air\""},"id":"i"}`},
		{"values", template(`{"s": <state>, "n": <n>, "a": <second>, "o": <odd>}`), `{"s": "on \"air\"", "n": 5, "a": 2, "o": true}`},
		{"values in a string", template(`"it is <state>, <n> of <all><none>"`), `"it is on \"air\", 5 of [{\"a\":1},{\"a\":2}]"`},
		{"what is not there", template(`{"x": <none>}`), `{"x": null}`},
		{"what the room knows", template(`{"rule": <aws.events.rule-name>, "at": "<aws.events.event.ingestion-time>"}`), `{"rule": "r", "at": "T"}`},
		{"an escaped quote", template(`"a \" <n>"`), `"a \" 5"`},
	} {
		got, err := c.of.input(r, event, "T")
		if err != nil || got != c.want {
			t.Errorf("%s: want %s, got %s (%v)", c.name, c.want, got, err)
		}
	}
	one := template("<unknown>")
	if _, err := one.input(r, event, "T"); err == nil || !strings.Contains(err.Error(), "<unknown>") {
		t.Errorf("a variable without a path: %v", err)
	}
}

func TestHowLongAnErrandIsTried(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	count := func(tg target) (n int, last time.Time) {
		e := &errand{Due: at, Taken: at}
		for now := at; ; now = e.Due {
			n++
			e.Tried++
			if !e.again(&tg, now) {
				return n, now
			}
		}
	}
	if n, last := count(target{}); n < 100 || n > usualRetries+1 || last.Sub(at) > usualOldest {
		t.Errorf("as usual: %d times until %v", n, last)
	}
	if n, _ := count(target{Retries: new(int32(2))}); n != 3 {
		t.Errorf("two retries: tried %d times", n)
	}
	if _, last := count(target{Oldest: new(int32(60))}); last.Sub(at) > time.Minute {
		t.Errorf("for a minute: until %v", last)
	}
}

func FuzzInput(f *testing.F) {
	f.Add(`{"a":[1,{"b":"<x>"}]}`, "$.a[1].b", `{"x": <x>, "y": "<x> <aws.events.event>"}`)
	f.Add(`"s"`, `$['a']["b"]`, `<x`)
	f.Fuzz(func(t *testing.T, event, path, template string) {
		v, err := decode(event)
		if err != nil {
			return
		}
		p, err := readPath(path)
		if err != nil {
			return
		}
		found, _ := p.in(v)
		if _, err := encode(found); err != nil {
			t.Errorf("%q of %q: %v", path, event, err)
		}
		one := target{Template: &template, Paths: map[string]string{"x": path}}
		_, _ = one.input(&rule{}, event, "T")
	})
}
