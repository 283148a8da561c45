package settings

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"tamachi/internal/desk/spelling"
)

// checker collects what is wrong with values, with their lines.
type checker struct {
	root *yaml.Node
	out  []*Problem
}

func (c *checker) wrong(text string, path ...string) {
	c.out = append(c.out, &Problem{Line: line(c.root, path...), Text: strings.Join(path, ".") + ": " + text})
}

// check tells what no type can say.
func (s *Settings) check(root *yaml.Node) []*Problem {
	c := &checker{root: root}
	s.checkThresholds(c)
	s.checkTimes(c)
	s.checkPeople(c)
	s.checkApprovals(c)
	s.checkExceptions(c)
	s.checkSenders(c)
	s.Acceptance.check(c, "acceptance")
	slices.SortStableFunc(c.out, func(a, b *Problem) int { return cmp.Compare(a.Line, b.Line) })
	return c.out
}

func (s *Settings) checkThresholds(c *checker) {
	t := s.Thresholds
	for name, v := range map[string]float64{"cpu-percent": t.CPUPercent, "memory-percent": t.MemoryPercent, "disk-percent": t.DiskPercent} {
		if !(v > 0 && v <= 100) {
			c.wrong("want a percentage above 0, up to 100", "thresholds", name)
		}
	}
	for name, v := range map[string]float64{
		"latency-milliseconds": t.LatencyMilliseconds, "cpu-for": float64(t.CPUFor), "latency-for": float64(t.LatencyFor),
		"stuck-after": float64(t.StuckAfter), "unused-days": float64(t.UnusedDays), "clock-skew": float64(t.ClockSkew),
		"offender-days": float64(t.OffenderDays), "disconnects": float64(t.DisconnectsAtOnce), "answer-within": float64(t.AnswerWithin),
		"steps-in-one-plan": float64(t.MaximumStepsAtOnce),
	} {
		if !(v > 0) {
			c.wrong("want more than zero", "thresholds", name)
		}
	}
	if t.KeepLeaverDays < 0 || !(t.MinimumSavingMonth >= 0) {
		c.wrong("keep-leaver-days and minimum-saving must not be below zero", "thresholds")
	}
	for i, tag := range s.ExemptionTags {
		if tag == "" {
			c.wrong(fmt.Sprintf("entry %d is empty: it would exempt nothing", i+1), "exemption-tags")
		}
	}
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (s *Settings) checkTimes(c *checker) {
	if _, err := s.Work.location(); err != nil {
		c.wrong(fmt.Sprintf("%q is no time zone such as Asia/Tokyo", s.Work.Zone), "work", "zone")
	}
	for _, d := range s.Work.Days {
		if !slices.Contains(weekdays, d) {
			c.wrong(fmt.Sprintf("%q: want %s", d, strings.Join(weekdays, ", ")), "work", "days")
		}
	}
	for _, h := range s.Work.Holidays {
		if _, err := time.Parse(time.DateOnly, h); err != nil {
			c.wrong(fmt.Sprintf("%q: want a day such as 2026-12-31", h), "work", "holidays")
		}
	}
	for _, at := range []struct{ text, a, b string }{
		{s.Work.From, "work", "from"}, {s.Work.To, "work", "to"}, {s.Quiet.From, "quiet", "from"}, {s.Quiet.To, "quiet", "to"},
	} {
		if err := clockTime(at.text); err != nil {
			c.wrong(err.Error(), at.a, at.b)
		}
	}
	if s.Work.From >= s.Work.To {
		c.wrong("the day ends before it begins", "work", "to")
	}
}

var (
	slackMember  = regexp.MustCompile(`^[UW][A-Z0-9]{2,20}$`)
	slackChannel = regexp.MustCompile(`^([CG][A-Z0-9]{2,20}|#[\p{Ll}\p{Lo}\p{Nd}_-]{1,80})$`)
)

func (s *Settings) checkPeople(c *checker) {
	for _, name := range slices.Sorted(maps.Keys(s.People)) {
		p := s.People[name]
		if p.Mail != "" {
			if _, err := mail.ParseAddress(p.Mail); err != nil {
				c.wrong(fmt.Sprintf("%q is no address", p.Mail), "people", name, "mail")
			}
		}
		if p.Slack != "" && !slackMember.MatchString(p.Slack) {
			c.wrong(fmt.Sprintf("%q is no member id such as U024BE7LH", p.Slack), "people", name, "slack")
		}
		if !slices.Contains([]string{"", "ja", "en"}, p.Language) {
			c.wrong("want ja or en", "people", name, "language")
		}
	}
	for _, group := range slices.Sorted(maps.Keys(s.Groups)) {
		if _, both := s.People[group]; both {
			c.wrong("is a person too", "groups", group)
		}
		for _, name := range s.Groups[group] {
			c.someone(s, name, "groups", group)
		}
	}
	if s.Intake.SecretFile != "" && s.HR == "" {
		c.wrong("hr must name the file that the intake writes", "hr-intake")
	}
	if s.Owner != "" {
		c.someone(s, s.Owner, "owner")
	}
	for _, name := range s.Escalate {
		c.someone(s, name, "escalate")
	}
	for topic, channel := range s.Channels {
		if !slackChannel.MatchString(channel) {
			c.wrong(fmt.Sprintf("%q is no channel such as '#aws_ops' or C024BE91L (a # needs quotes in YAML)", channel), "channels", topic)
		}
	}
	if !slices.Contains([]string{"", "ja", "en"}, s.Language) {
		c.wrong("want ja or en", "language")
	}
}

// someone wants the name of a person or a group.
func (c *checker) someone(s *Settings, name string, path ...string) {
	if _, is := s.People[name]; is {
		return
	}
	if _, is := s.Groups[name]; is && path[0] != "groups" {
		return
	}
	names := slices.Concat(slices.Collect(maps.Keys(s.People)), slices.Collect(maps.Keys(s.Groups)))
	p := &Problem{Line: line(c.root, path...), Text: fmt.Sprintf("%s: nobody is called %q under people or groups", strings.Join(path, "."), name)}
	if near := spelling.Near(name, names); len(near) > 0 {
		p.Near = near[0]
	}
	c.out = append(c.out, p)
}

func (s *Settings) checkApprovals(c *checker) {
	for _, duty := range slices.Sorted(maps.Keys(s.Approvals)) {
		a := s.Approvals[duty]
		if len(a.Stages) == 0 {
			c.wrong("no stages: nobody could approve", "approvals", duty)
		}
		if a.Expires < 0 || a.Over < 0 {
			c.wrong("expires and over must not be below zero", "approvals", duty)
		}
		if !(a.Auto.More >= 0) || math.IsInf(a.Auto.More, 0) || a.Auto.Times < 0 {
			c.wrong("more and times must not be below zero", "approvals", duty, "auto")
		}
		if a.Auto.Times == 0 && (a.Auto.More != 0 || a.Auto.Own) {
			c.wrong("times must say how often a month the rule agrees", "approvals", duty, "auto")
		}
		for i, stage := range a.Stages {
			for _, name := range stage.Of {
				c.someone(s, name, "approvals", duty, "stages")
			}
			if able := len(s.Members(stage.Of)); stage.Need < 0 || able < max(1, stage.Need) {
				c.wrong(fmt.Sprintf("stage %d needs %d of %d people", i+1, max(1, stage.Need), able), "approvals", duty, "stages")
			}
		}
	}
}

func (s *Settings) checkExceptions(c *checker) {
	for kind, e := range s.Exceptions {
		if e.Group == "" || e.Longest < 0 {
			c.wrong("want a group, and a longest time that is not below zero", "exceptions", kind)
		}
	}
}

func (s *Settings) checkSenders(c *checker) {
	for _, a := range []struct{ address, key, of string }{{s.Slack.API, "slack", "api"}, {s.Answers.URL, "answers", "url"}} {
		if u, err := url.Parse(a.address); a.address != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
			c.wrong("want an address such as https://desk.example.com", a.key, a.of)
		}
	}
	if u, err := url.Parse(s.Answers.URL); err == nil && (u.RawQuery != "" || u.Fragment != "" || u.User != nil) {
		c.wrong("want an address without user, query and fragment", "answers", "url")
	}
	if s.Mail.From != "" {
		if _, err := mail.ParseAddress(s.Mail.From); err != nil {
			c.wrong(fmt.Sprintf("%q is no address", s.Mail.From), "mail", "from")
		}
	}
	if (s.Mail.Relay == "") != (s.Mail.From == "") {
		c.wrong("relay and from go together", "mail")
	}
	if s.Mail.Relay != "" {
		u, err := url.Parse(s.Mail.Relay)
		if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
			c.wrong("want smtp://[USER@]HOST[:PORT] or smtps://[USER@]HOST[:PORT]", "mail", "relay")
			return
		}
		if _, given := u.User.Password(); given {
			c.wrong("a password does not belong there but in the password-file", "mail", "relay")
		}
	}
}
