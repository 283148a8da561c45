package hr

import (
	"encoding/json"
	"strings"
	"time"
)

// JSON writes the feed in the form that Read takes.
func (f *Feed) JSON() ([]byte, error) {
	all := make([]map[string]any, len(f.People))
	for i := range f.People {
		p := &f.People[i]
		one := map[string]any{"state": string(p.State)}
		for name, v := range map[string]string{
			"id": p.ID, "account": p.Account, "given": p.Given, "surname": p.Surname, "kana": p.Kana, "email": p.Email,
			"department": p.Department, "manager": p.Manager, "start": date(p.Start), "end": date(p.End), "bundle": p.Bundle, "mode": p.Mode,
		} {
			if v != "" {
				one[name] = v
			}
		}
		if len(p.Groups) > 0 {
			one["groups"] = p.Groups
		}
		all[i] = one
	}
	b, err := json.MarshalIndent(map[string]any{"people": all}, "", " ")
	return append(b, '\n'), err
}

func date(d Day) string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}

// With is the feed with some people of another one put in: in the place of whom
// they are, else behind. Who has an id is known by it, else by the account. It
// fails where the two together say two things of one account.
func (f *Feed) With(others *Feed) (*Feed, error) {
	all, place := append([]Person(nil), f.People...), f.places()
	for _, p := range others.People {
		at := -1
		for _, key := range p.keys() {
			if i, known := place[key]; known {
				at = i
				break
			}
		}
		if at < 0 {
			at = len(all)
			all = append(all, p)
		}
		all[at] = p
		for _, key := range p.keys() {
			place[key] = at
		}
	}
	for i := range all {
		all[i].Line = i + 1
	}
	next := &Feed{People: all}
	return next, next.alone()
}

// Finder finds whoever a person of another feed is in this one: by the id, else
// by the account; nil is nobody.
func (f *Feed) Finder() func(*Person) *Person {
	place := f.places()
	return func(p *Person) *Person {
		for _, key := range p.keys() {
			if i, known := place[key]; known {
				return &f.People[i]
			}
		}
		return nil
	}
}

func (f *Feed) places() map[string]int {
	place := map[string]int{}
	for i := range f.People {
		for _, key := range f.People[i].keys() {
			place[key] = i
		}
	}
	return place
}

// keys are the names by which a feed knows somebody.
func (p *Person) keys() []string {
	var out []string
	if p.ID != "" {
		out = append(out, "id "+p.ID)
	}
	if p.Account != "" {
		out = append(out, "account "+strings.ToLower(p.Account))
	}
	return out
}
