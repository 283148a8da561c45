package cost

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"time"

	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
)

// Entry is one change of a sweep that was applied: what it was meant to save,
// and what it has.
type Entry struct {
	Plan     string    `json:"plan"`
	Desktop  string    `json:"desktop"`
	Owner    string    `json:"owner,omitempty"`
	Mode     string    `json:"mode"` // since then
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until,omitzero"` // when it was taken back
	Currency string    `json:"currency,omitempty"`
	Promised string    `json:"promised,omitempty"` // for the time since then; "" where no price was known
	Realised string    `json:"realised,omitempty"` // at least; "" where the hours are not known
	Hours    float64   `json:"hours"`              // that AUTO_STOP billed, or would have

	promise            Promise
	promised, realised *big.Rat
}

// Ledger is every change that was applied in one account and Region, with what
// it has saved in a time.
type Ledger struct {
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	Entries  []Entry           `json:"entries"`
	Promised map[string]string `json:"promised"` // by currency, of those that have both
	Realised map[string]string `json:"realised"`
}

// terminated is the mode of a desktop that its owner has released.
const terminated = "TERMINATED"

// Month is the time from the beginning of a month (2026-11) until its end, UTC,
// as bills have it, or until now.
func Month(month string, now time.Time) (from, to time.Time, err error) {
	from, err = time.Parse("2006-01", month)
	if err != nil || from.After(now) {
		return from, to, fmt.Errorf("the month %q is none that has begun, as in 2026-11", month)
	}
	if to = from.AddDate(0, 1, 0); to.After(now) {
		to = now
	}
	return from, to.UTC(), nil
}

// entries are the changes of plans that were applied in a place, with when each
// was taken back.
func entries(records []*plan.Record, at plan.Place) []Entry {
	back := map[string]time.Time{}
	for _, r := range records {
		for i, s := range r.Plan.Steps {
			if r.Plan.Undoes != "" && r.Steps[i].State == plan.Applied {
				back[r.Plan.Undoes+s.Resource] = r.Steps[i].At
			}
		}
	}
	var all []Entry
	for _, r := range records {
		var kept Evidence
		if r.Plan.Duty != Duty && r.Plan.Duty != ReleaseDuty || r.Plan.Undoes != "" || json.Unmarshal(r.Plan.Facts, &kept) != nil || len(kept.Promises) != len(r.Plan.Steps) {
			continue
		}
		for i, s := range r.Plan.Steps {
			place := r.Plan.Places[s.Place]
			var m change.Mode
			if r.Steps[i].State != plan.Applied || place.Account != at.Account || place.Region != at.Region || place.Endpoint != at.Endpoint ||
				json.Unmarshal(s.Do.Input, &m) != nil {
				continue
			}
			if s.Do.Action == change.TerminateDesktop {
				m.Want.Mode = terminated
			}
			all = append(all, Entry{
				Plan: r.Plan.ID, Desktop: s.Resource, Owner: s.Owner, Mode: m.Want.Mode, Since: r.Steps[i].At, Until: back[r.Plan.ID+s.Resource],
				Currency: kept.Currency, promise: kept.Promises[i],
			})
		}
	}
	slices.SortFunc(all, func(a, b Entry) int { return b.Since.Compare(a.Since) })
	return all
}

// Book reads what the changes of a place have saved between two times.
func Book(ctx context.Context, e Eyes, records []*plan.Record, at plan.Place, from, to time.Time) (*Ledger, error) {
	l := &Ledger{From: from.UTC(), To: to.UTC(), Entries: entries(records, at), Promised: map[string]string{}, Realised: map[string]string{}}
	l.Entries = slices.DeleteFunc(l.Entries, func(one Entry) bool {
		return !one.Since.Before(to) || !one.Until.IsZero() && !one.Until.After(from)
	})
	f := &Facts{At: l.To, From: l.From.Truncate(time.Hour)}
	var asked []wish
	for i, one := range l.Entries {
		f.Desktops = append(f.Desktops, Desktop{ID: one.Desktop, Mode: one.Mode})
		if one.Mode == autoStop {
			asked = append(asked, wish{i, "Stopped", "SampleCount"}, wish{i, "Stopped", "Sum"})
		}
	}
	for i, one := range l.Entries { // behind the pairs; see read
		if one.Mode == alwaysOn {
			asked = append(asked, wish{i, "UserConnected", "Sum"})
		}
	}
	if len(asked) > 0 {
		if err := e.sample(ctx, f); err != nil {
			return nil, err
		}
		if err := e.read(ctx, f, asked, time.Hour); err != nil {
			return nil, err
		}
	}
	promised, realised := map[string]*big.Rat{}, map[string]*big.Rat{}
	for i := range l.Entries {
		one := &l.Entries[i]
		one.settle(&f.Desktops[i], f)
		if one.realised != nil && one.promised != nil {
			promised[one.Currency] = new(big.Rat).Add(money(promised[one.Currency]), one.promised)
			realised[one.Currency] = new(big.Rat).Add(money(realised[one.Currency]), one.realised)
		}
	}
	for currency, sum := range promised {
		l.Promised[currency], l.Realised[currency] = sum.FloatString(2), realised[currency].FloatString(2)
	}
	return l, nil
}

// settle computes one entry, from the change until it was taken back, within
// the ledger's time. Fees of a month count by their part of 30 days.
func (e *Entry) settle(d *Desktop, f *Facts) {
	from, to := e.Since, f.At
	if from.Before(f.From) {
		from = f.From
	}
	if !e.Until.IsZero() && e.Until.Before(to) {
		to = e.Until
	}
	part := big.NewRat(int64(max(0, to.Sub(from))/time.Second), int64(month/time.Second))
	if e.Mode == terminated { // what is gone costs nothing
		if saving, ok := new(big.Rat).SetString(e.promise.Saving); ok {
			e.promised, e.realised = saving.Mul(saving, part), saving
			e.Promised, e.Realised = saving.FloatString(2), saving.FloatString(2)
		}
		return
	}
	track := d.track()
	if track == nil || track.Observed(f.At) == 0 || !to.After(from) {
		return
	}
	hours := track.within(from, to)
	ran := hours.Since(hours.From)
	if e.Mode == alwaysOn {
		ran = hours.Billed(time.Hour, to).Least
	}
	e.Hours = round(ran.Hours())
	on, ok1 := new(big.Rat).SetString(e.promise.AlwaysOn)
	off, ok2 := new(big.Rat).SetString(e.promise.AutoStop)
	hour, ok3 := new(big.Rat).SetString(e.promise.Hour)
	saving, ok4 := new(big.Rat).SetString(e.promise.Saving)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return
	}
	e.promised = saving.Mul(saving, part)
	e.realised = on.Sub(on, off)
	e.realised.Mul(e.realised, part)
	e.realised.Sub(e.realised, hour.Mul(hour, new(big.Rat).SetFloat64(ran.Hours())))
	if e.Mode == alwaysOn {
		e.realised.Neg(e.realised)
	}
	e.Promised, e.Realised = e.promised.FloatString(2), e.realised.FloatString(2)
}

// within is the track between two times, by whole periods.
func (t *Track) within(from, to time.Time) *Track {
	a := max(0, min(len(t.Count), int((from.Sub(t.From)+t.Period-1)/t.Period)))
	b := max(a, min(len(t.Count), int((to.Sub(t.From)+t.Period-1)/t.Period)))
	return &Track{From: t.begins(a), Period: t.Period, Width: t.Width, Count: t.Count[a:b]}
}

// Write prints the ledger for a person.
func (l *Ledger) Write(w io.Writer, lang report.Lang) error {
	fmt.Fprintln(w, text.LedgerTime.In(lang, "from", l.From.Format(time.DateOnly), "to", l.To.Format("2006-01-02 15:04")))
	if len(l.Entries) == 0 {
		_, err := fmt.Fprintln(w, text.NoEntries.In(lang))
		return err
	}
	dash := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	t := report.Table{Header: []string{
		text.ColumnPlan.In(lang), text.ColumnDesktop.In(lang), text.ColumnMode.In(lang), text.ColumnSince.In(lang), text.ColumnUntil.In(lang),
		text.ColumnRan.In(lang), text.ColumnPromised.In(lang), text.ColumnRealised.In(lang),
	}}
	for _, e := range l.Entries {
		until := ""
		if !e.Until.IsZero() {
			until = e.Until.Format(time.DateOnly)
		}
		t.Rows = append(t.Rows, []string{
			e.Plan, e.Desktop, e.Mode, e.Since.Format(time.DateOnly), dash(until), one(e.Hours), dash(e.Promised), dash(e.Realised),
		})
	}
	if err := t.Write(w, ""); err != nil {
		return err
	}
	for _, currency := range slices.Sorted(maps.Keys(l.Promised)) {
		fmt.Fprintln(w, text.Ledger.In(lang, "currency", currency, "promised", l.Promised[currency], "realised", l.Realised[currency]))
	}
	return nil
}
