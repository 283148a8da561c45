package cost

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/report"
)

// Rules are by what the sweep judges.
type Rules struct {
	Prices    *price.Table // nil: nothing is said in money
	OS        string       // of desktops that do not tell theirs
	Threshold float64      // hours a month, where no price gives the break-even
	Unused    time.Duration
	Observed  time.Duration // less than that is known of a desktop: nothing is proposed by its hours
	Exempt    []string      // tags: KEY, or KEY=VALUE; keys in any case
	Feed      *hr.Feed      // nil: nobody asked the personnel department
	Least     float64       // a change that saves less a month is not proposed
	Minutes   int           // of AUTO_STOP, which the company wants; 0: any
	Rulings   map[string]*Ruling
}

// Proposal is what the sweep would do with a desktop.
type Proposal string

// The proposals. Whether a desktop can go is its owner's to say; silence never
// ends one.
const (
	Keep       Proposal = "keep"
	ToAutoStop Proposal = "AUTO_STOP"
	ToAlwaysOn Proposal = "ALWAYS_ON"
	Ask        Proposal = "ask"
	Release    Proposal = "release" // its owner has said so
	Shorter    Proposal = "timeout" // it runs on for longer than the company wants
)

// Row is one desktop with what is proposed.
type Row struct {
	Desktop
	HR        hr.State      `json:"hr,omitempty"` // "" where the feed does not know the user
	Owner     string        `json:"owner"`
	Hours     float64       `json:"hoursThisMonth"`        // on AUTO_STOP that it ran, on ALWAYS_ON that somebody was connected
	Month     [2]float64    `json:"hoursAMonth"`           // that AUTO_STOP bills in 30 days: least and most
	BreakEven string        `json:"breakEvenHours"`        // "" where prices are missing
	Now       string        `json:"costAMonth,omitempty"`  // in the table's currency
	Other     string        `json:"costInOther,omitempty"` // on the other running mode, at most
	Proposal  Proposal      `json:"proposal"`
	AskOwner  bool          `json:"askOwner,omitempty"`     // nobody uses it
	Said      *Ruling       `json:"said,omitempty"`         // what was answered, or who was asked
	Saving    string        `json:"savingAMonth,omitempty"` // at least
	Exempt    string        `json:"exempt,omitempty"`       // the tag
	Certain   string        `json:"confidence"`             // high, medium, low
	Why       []report.Line `json:"why"`

	saving   *big.Rat
	now      *big.Rat
	close    bool // finer data would decide
	promised Promise
}

// Plan is what the sweep found, by saving.
type Plan struct {
	*Facts
	Currency  string         `json:"currency,omitempty"`
	Prices    []string       `json:"prices,omitempty"` // sources with their dates
	NoPrice   []string       `json:"noPrice,omitempty"`
	Modes     map[string]int `json:"modes"`
	Cost      string         `json:"costAMonth,omitempty"` // of those with a price
	Saving    string         `json:"savingAMonth,omitempty"`
	Rows      []Row          `json:"desktops"`
	threshold float64
}

// Judge decides about every desktop.
func Judge(f *Facts, r Rules) *Plan {
	p := &Plan{Facts: f, Modes: map[string]int{}, threshold: r.Threshold}
	if r.Prices != nil && r.Prices.Region != f.Region {
		p.NoPrice = append(p.NoPrice, f.Region)
		r.Prices = nil
	}
	j := judge{facts: f, rules: r, rates: map[price.Kind]price.Rates{}, missing: map[string]bool{}}
	cost, saving := new(big.Rat), new(big.Rat)
	p.Rows = make([]Row, len(f.Desktops))
	for i := range f.Desktops {
		p.Rows[i] = j.row(&f.Desktops[i])
		row := &p.Rows[i]
		p.Modes[row.Mode]++
		if row.now != nil {
			cost.Add(cost, row.now)
		}
		if row.saving != nil {
			saving.Add(saving, row.saving)
		}
	}
	if r.Prices != nil {
		p.Currency, p.Cost, p.Saving = r.Prices.Currency, cost.FloatString(2), saving.FloatString(2)
		p.Prices = r.Prices.Sources()
	}
	for what := range j.missing {
		p.NoPrice = append(p.NoPrice, what)
	}
	slices.Sort(p.NoPrice)
	slices.SortStableFunc(p.Rows, func(a, b Row) int {
		return cmp.Or(-money(a.saving).Cmp(money(b.saving)), cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.ID, b.ID))
	})
	return p
}

// rank puts first what somebody must do something about.
func rank(r *Row) int {
	switch {
	case r.Proposal == ToAutoStop, r.Proposal == ToAlwaysOn, r.Proposal == Shorter:
		return 0
	case r.AskOwner, r.Proposal == Release:
		return 1
	}
	return 2
}

func money(r *big.Rat) *big.Rat {
	if r == nil {
		return new(big.Rat)
	}
	return r
}

// Found tells whether there is anything to do.
func (p *Plan) Found() bool {
	return slices.ContainsFunc(p.Rows, func(r Row) bool { return rank(&r) < 2 })
}

// Close are the places in the facts of the desktops of which finer data would
// decide.
func Close(f *Facts, r Rules) []int {
	if r.Prices != nil && r.Prices.Region != f.Region {
		r.Prices = nil
	}
	j := judge{facts: f, rules: r, rates: map[price.Kind]price.Rates{}, missing: map[string]bool{}}
	var out []int
	for i := range f.Desktops {
		if row := j.row(&f.Desktops[i]); row.close {
			out = append(out, i)
		}
	}
	return out
}

// judge decides about one desktop after the other.
type judge struct {
	facts   *Facts
	rules   Rules
	rates   map[price.Kind]price.Rates
	missing map[string]bool
}

func (j *judge) row(d *Desktop) Row {
	row := Row{Desktop: *d, Proposal: Keep, Owner: d.User, Exempt: j.exempt(d), Certain: "high"}
	if person := j.rules.Feed.Of(d.User); person != nil {
		row.HR = person.At(j.facts.At)
		row.Owner = cmp.Or(person.Manager, d.Tags[change.OwnerTag], d.User)
		if row.HR == hr.Active {
			row.Owner = d.User
		}
	}
	rates := j.ratesOf(d)
	even := j.rules.Threshold
	if b := rates.BreakEven(); b != nil {
		row.BreakEven = b.FloatString(1)
		even, _ = b.Float64()
	}
	j.hours(&row, d)
	j.prices(&row, &rates)
	if j.held(&row, d) {
		return row
	}
	j.unused(&row, d)
	j.said(&row, d)
	j.mode(&row, d, even)
	j.timeout(&row, d)
	j.promise(&row, &rates)
	return row
}

func (j *judge) ratesOf(d *Desktop) price.Rates {
	if j.rules.Prices == nil {
		return price.Rates{}
	}
	k := price.Kind{Compute: d.Compute, OS: cmp.Or(d.OS, j.rules.OS), RootGiB: d.RootGiB, UserGiB: d.UserGiB}
	r, known := j.rates[k]
	if !known {
		r = j.rules.Prices.RatesOf(k)
		j.rates[k] = r
		if !r.Complete() {
			j.missing[strings.TrimSpace(k.Compute+" "+k.OS)] = true
		}
	}
	return r
}

// month is what hours are counted up to.
const month = 30 * day

// hours says how long the desktop ran this month, and would in a whole one.
func (j *judge) hours(row *Row, d *Desktop) {
	track := d.track()
	if track == nil {
		row.Certain = "low"
		return
	}
	seen := track.Observed(j.facts.At)
	if row.Certain = "high"; seen < 7*day {
		row.Certain = "low"
	} else if seen < 28*day {
		row.Certain = "medium"
	}
	if seen <= 0 {
		return
	}
	all := Range{track.Since(track.From), track.Since(track.From)}
	if d.Mode == alwaysOn {
		all = track.Billed(d.timeout(), j.facts.At)
	}
	scale := float64(month) / float64(max(seen, day))
	row.Hours = round(track.Since(j.facts.Month).Hours())
	row.Month = [2]float64{min(round(all.Least.Hours()*scale), month.Hours()), min(round(all.Most.Hours()*scale), month.Hours())}
}

func round(h float64) float64 { return float64(int64(h*100+0.5)) / 100 }

// prices says what a month costs in the one mode and in the other. Of an hour's
// range the dearer end is taken for AUTO_STOP, so that no saving is promised
// that may not come.
func (j *judge) prices(row *Row, rates *price.Rates) {
	hourly := rates.Hourly(new(big.Rat).SetFloat64(row.Month[1]))
	on, off := rates.AlwaysOn, hourly
	if row.Mode == alwaysOn {
		row.now = on
		if off != nil {
			row.Other = off.FloatString(2)
		}
	} else {
		row.now = off
		if on != nil {
			row.Other = on.FloatString(2)
		}
	}
	if row.now != nil {
		row.Now = row.now.FloatString(2)
	}
}

// exempt is the tag that keeps the sweep away from a desktop.
func (j *judge) exempt(d *Desktop) string {
	for _, rule := range j.rules.Exempt {
		key, value, valued := strings.Cut(rule, "=")
		for k, v := range d.Tags {
			if strings.EqualFold(k, key) && (!valued || v == value) {
				return k + "=" + v
			}
		}
	}
	return ""
}

// held tells of what keeps every proposal away.
func (j *judge) held(row *Row, d *Desktop) bool {
	switch {
	case row.Exempt != "":
		row.Why = append(row.Why, report.Say(text.Exempt, "tag", row.Exempt))
	case j.facts.untagged && len(j.rules.Exempt) > 0:
		row.Why = append(row.Why, report.Say(text.Untagged))
	case d.Mode != alwaysOn && d.Mode != autoStop:
		row.Why = append(row.Why, report.Say(text.OtherMode, "mode", d.Mode))
	case d.State != "AVAILABLE" && d.State != "STOPPED":
		row.Why = append(row.Why, report.Say(text.State, "state", d.State))
	default:
		return false
	}
	return true
}

// unused finds desktops that nobody needs: the personnel department says so, or
// nobody signed in for long. That a login is not known means something only
// where the desktop has been watched as long.
func (j *judge) unused(row *Row, d *Desktop) {
	days, track := int(j.rules.Unused/day), d.track()
	switch {
	case row.HR == hr.Left:
		row.AskOwner = true
		row.Why = append(row.Why, report.Say(text.HasLeft, "user", d.User))
	case row.HR == hr.Leave:
		row.Why = append(row.Why, report.Say(text.OnLeave, "user", d.User))
	case !d.LastLogin.IsZero() && j.facts.At.Sub(d.LastLogin) >= j.rules.Unused:
		row.AskOwner = true
		row.Why = append(row.Why, report.Say(text.LongAgo, "day", d.LastLogin.UTC().Format(time.DateOnly), "n", int(j.facts.At.Sub(d.LastLogin)/day)))
	case d.LastLogin.IsZero() && track != nil && track.Observed(j.facts.At) >= min(j.rules.Unused, window-day) && track.Since(track.From) == 0:
		row.AskOwner = true
		row.Why = append(row.Why, report.Say(text.Never, "n", min(days, int(window/day))))
	}
	if row.AskOwner {
		row.Proposal = Ask
	}
}

// said brings in what was answered about a desktop that nobody uses.
func (j *judge) said(row *Row, d *Desktop) {
	r := j.rules.Rulings[d.ID]
	if !row.AskOwner || !r.holds(j.facts.At, d.LastLogin, j.rules.Unused) {
		return
	}
	row.Said = r
	day := r.At.UTC().Format(time.DateOnly)
	switch {
	case r.Answer == keep:
		row.AskOwner, row.Proposal = false, Keep
		row.Why = append(row.Why, report.Say(text.KeptBy, "by", r.By, "day", day))
	case r.Answer == release:
		row.AskOwner, row.Proposal = false, Release
		row.Why = append(row.Why, report.Say(text.ReleasedBy, "by", r.By, "day", day))
	case r.Raised:
		row.Why = append(row.Why, report.Say(text.AskedRaised, "people", strings.Join(r.Asked, ", "), "day", day))
	default:
		row.Why = append(row.Why, report.Say(text.AskedOn, "people", strings.Join(r.Asked, ", "), "day", day))
	}
}

// mode compares the running modes.
func (j *judge) mode(row *Row, d *Desktop, even float64) {
	track := d.track()
	idle := row.AskOwner || row.HR == hr.Leave
	switch {
	case row.Proposal == Release:
		return
	case idle && d.Mode == alwaysOn:
		row.Proposal = ToAutoStop
		row.Why = append(row.Why, report.Say(text.IdleOn))
		return
	case idle:
		return
	case track == nil:
		row.Why = append(row.Why, report.Say(text.NoHours))
		return
	case track.Observed(j.facts.At) < j.rules.Observed:
		row.Why = append(row.Why, report.Say(text.TooNew, "n", int(track.Observed(j.facts.At)/day), "days", int(j.rules.Observed/day)))
		return
	}
	least, most := row.Month[0], row.Month[1]
	say := func(m report.Message) {
		row.Why = append(row.Why, report.Say(m, "hours", span(least, most), "even", one(even)))
	}
	switch {
	case d.Mode == alwaysOn && most < even:
		row.Proposal = ToAutoStop
		say(text.BelowEven)
	case d.Mode == alwaysOn && least < even:
		row.close = track.Period > track.Width
		say(text.AroundEven)
	case d.Mode == autoStop && least > even:
		row.Proposal = ToAlwaysOn
		say(text.AboveEven)
	default:
		say(text.Right)
	}
}

// timeout finds what runs on for longer than the company wants. What it saves
// depends on how often its user comes and goes, so nothing is promised.
func (j *judge) timeout(row *Row, d *Desktop) {
	if d.Mode != autoStop || j.rules.Minutes == 0 || d.AutoStopMinutes <= j.rules.Minutes || row.Proposal != Keep && row.Proposal != Ask {
		return
	}
	row.Proposal = Shorter
	row.Why = append(row.Why, report.Say(text.TooLong, "minutes", d.AutoStopMinutes, "want", j.rules.Minutes))
}

// promise is what a change of mode saves at least.
func (j *judge) promise(row *Row, rates *price.Rates) {
	row.promised = Promise{Desktop: row.ID, Hours: row.Month[1]}
	if !rates.Complete() || row.Proposal != ToAutoStop && row.Proposal != ToAlwaysOn && row.Proposal != Release {
		return
	}
	other := rates.AlwaysOn
	switch row.Proposal {
	case Release:
		other = new(big.Rat)
	case ToAutoStop:
		hours := row.Month[1]
		if row.HR == hr.Left || row.HR == hr.Leave {
			hours = 0 // whoever used it is not there
		}
		other = rates.Hourly(new(big.Rat).SetFloat64(hours))
	case Keep, Ask, ToAlwaysOn, Shorter:
	}
	row.saving = new(big.Rat).Sub(row.now, other)
	row.Saving = row.saving.FloatString(2)
	row.promised.Saving = row.Saving
	row.promised.AlwaysOn, row.promised.AutoStop, row.promised.Hour = rates.AlwaysOn.RatString(), rates.AutoStop.RatString(), rates.Hour.RatString()
	if row.Proposal != Release && row.saving.Cmp(new(big.Rat).SetFloat64(j.rules.Least)) < 0 {
		row.Proposal, row.Saving, row.saving = Keep, "", nil
		row.Why = append(row.Why, report.Say(text.TooLittle))
		if row.AskOwner {
			row.Proposal = Ask
		}
	}
}
