package settings

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

func (w Work) location() (*time.Location, error) {
	if w.Zone == "" {
		return time.Local, nil
	}
	return time.LoadLocation(w.Zone)
}

// Location is the zone of working hours.
func (s *Settings) Location() *time.Location {
	l, err := s.Work.location()
	if err != nil { // Read has checked it
		return time.UTC
	}
	return l
}

// WorkingDay tells whether people work on the day of t.
func (s *Settings) WorkingDay(t time.Time) bool {
	t = t.In(s.Location())
	return slices.Contains(s.Work.Days, weekdays[t.Weekday()]) && !slices.Contains(s.Work.Holidays, t.Format(time.DateOnly))
}

// Working tells whether people are at work at t.
func (s *Settings) Working(t time.Time) bool {
	return s.WorkingDay(t) && within(t.In(s.Location()), s.Work.From, s.Work.To)
}

// QuietAt tells whether nobody is to be written to at t.
func (s *Settings) QuietAt(t time.Time) bool {
	return s.Quiet.Holidays && !s.WorkingDay(t) || within(t.In(s.Location()), s.Quiet.From, s.Quiet.To)
}

// within tells whether the time of day is in [from, to), which may go over
// midnight; where both are the same it never is.
func within(t time.Time, from, to string) bool {
	now := t.Format("15:04")
	if from <= to {
		return from <= now && now < to
	}
	return now >= from || now < to
}

// Exempt tells whether one of a resource's tags keeps it out of sweeps.
func (s *Settings) Exempt(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		return slices.ContainsFunc(s.ExemptionTags, func(tag string) bool { return strings.EqualFold(tag, key) })
	})
}

// Members are the people of a list of names of people and groups, each once,
// sorted.
func (s *Settings) Members(names []string) []string {
	var out []string
	for _, name := range names {
		if _, is := s.People[name]; is {
			out = append(out, name)
		}
		out = append(out, s.Groups[name]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Caller is the person whose ARN it is; "" where nobody is said to have it.
func (s *Settings) Caller(arn string) string {
	for name, p := range s.People {
		if slices.ContainsFunc(p.AWS, func(pattern string) bool { return matches(pattern, arn) }) {
			return name
		}
	}
	return ""
}

func matches(pattern, arn string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	ok, err := regexp.MatchString("^"+strings.Join(parts, "[^:]*")+"$", arn)
	return err == nil && ok
}

// Member is the person of a Slack id; "" where nobody has it.
func (s *Settings) Member(slack string) string {
	for name, p := range s.People {
		if slack != "" && p.Slack == slack {
			return name
		}
	}
	return ""
}

// Channel is where a topic is written to; "" is nowhere.
func (s *Settings) Channel(topic string) string {
	if c := s.Channels[topic]; c != "" {
		return c
	}
	return s.Channels["default"]
}

// Approval is who must agree to a plan of a duty with so many steps; ok is false
// where nobody must.
func (s *Settings) Approval(duty string, steps int) (a Approval, ok bool) {
	a, ok = s.Approvals[duty]
	if !ok {
		a, ok = s.Approvals["*"]
	}
	if ok && a.Over > 0 && steps <= a.Over {
		return Approval{}, false
	}
	return a, ok
}
