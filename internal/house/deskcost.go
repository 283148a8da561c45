package house

import (
	"context"
	"errors"
	"maps"
	"math/big"
	"os"
	"slices"
	"time"

	room "tamachi/internal/aws/services/desk"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/cost"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/price"
	"tamachi/internal/desk/settings"
)

// priced is a table as it was read: that of AWS has 20 MB.
type priced struct {
	table *price.Table
	file  string
	at    time.Time
	size  int64
}

// prices is the table of the settings for a Region, or why there is none.
func (f *deskFile) prices(ctx context.Context, file, region string) (*price.Table, *room.Sentence) {
	if file == "" {
		return nil, room.Say("The settings of the desk name no price table (prices), so there are hours only.", "デスクの設定に価格表 (prices) がないため、時間だけを表示します。")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	is, err := os.Stat(file)
	if err == nil && (f.table.file != file || f.table.size != is.Size() || !f.table.at.Equal(is.ModTime())) {
		var t *price.Table
		if t, err = cost.Prices(file, ""); err == nil {
			f.table = priced{t, file, is.ModTime(), is.Size()}
		}
	}
	if err != nil {
		f.h.o.Log.WarnContext(ctx, "prices cannot be read", "err", err)
		return nil, room.Say("The price table of the desk's settings cannot be read; the log of the plane says why.", "デスクの設定の価格表を読み込めません。理由はプレーンのログにあります。")
	}
	if t := f.table.table; t.Region == region {
		return t, nil
	}
	return nil, room.Say("The price table of the desk's settings is of another Region, "+f.table.table.Region+".", "デスクの設定の価格表は別のリージョン ("+f.table.table.Region+") のものです。")
}

// Costs adds up the month so far.
func (f *deskFile) Costs(ctx context.Context, v room.Visitor, system string) (*room.CostSummary, error) {
	conf, err := settings.Load(f.World.Getenv)
	if err != nil {
		return nil, &room.Refusal{Why: err.Error()}
	}
	table, without := f.prices(ctx, conf.Prices, v.Region)
	if system != "" && (table == nil || !slices.Contains(table.Systems(), system)) {
		return nil, &room.Unknown{What: say(v, "There are no prices of the operating system "+system+".", "OS "+system+" の価格はありません。")}
	}
	a, err := f.hands(ctx, v, v.Region)
	if err != nil {
		return nil, err
	}
	_, there, missed, err := account.Fleet(ctx, a.Desktops, a.Desktops)
	if err == nil && missed != nil && !denied(missed) {
		err = missed // who may not see directories sees the desktops
	}
	if err != nil {
		return nil, troubled(v, err)
	}
	now := f.World.Clock.Now().UTC()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	used, err := f.used(ctx, v, month)
	if err != nil {
		return nil, err
	}
	s := cost.Spend(there, used, system, table)
	out := &room.CostSummary{
		Month: new(month.Format("2006-01")), At: &now, RunningSeconds: new(int64(s.Running / time.Second)), Cost: dollars(s.Cost), Unpriced: without,
		Untold: new(int32(s.Untold)), Missing: s.Missing, Modes: []room.ModeCost{}, BreakEvens: []room.BreakEven{}, Savings: []room.Saving{},
	}
	for _, m := range s.Fees {
		out.Modes = append(out.Modes, room.ModeCost{
			RunningMode: new(m.Mode), Desktops: new(int32(m.Desktops)), RunningSeconds: new(int64(m.Running / time.Second)), Cost: dollars(m.Cost),
		})
	}
	for _, e := range s.Evens {
		out.BreakEvens = append(out.BreakEvens, room.BreakEven{
			ComputeTypeName: new(e.Compute), OperatingSystem: new(e.OS), RootVolumeSizeGib: new(int32(e.RootGiB)), UserVolumeSizeGib: new(int32(e.UserGiB)),
			Desktops: new(int32(e.Desktops)), Hours: new(e.Hours.FloatString(1)),
		})
	}
	if table != nil {
		out.Currency, out.Systems, out.Prices = &table.Currency, table.Systems(), table.Sources()
	}
	return out, f.saved(ctx, v, a, month, out)
}

// used is what the meter says of every desktop of a month. Who may describe
// desktops may read it, as by DescribeDesktopUsage.
func (f *deskFile) used(ctx context.Context, v room.Visitor, month time.Time) (all []cost.Used, err error) {
	for place := ""; ; {
		found, next, err := f.h.rooms.workspaces.Usage(ctx, v.Account, v.Region, month, "", place, 1000)
		if err != nil {
			return nil, err
		}
		for _, u := range found {
			one := cost.Used{ID: u.Desktop, Running: u.Running, Use: price.Use{Compute: u.Compute, RootGiB: u.RootGiB, UserGiB: u.UserGiB, HourlySeconds: map[string]int64{}}}
			one.MonthlyDays, one.HourlyDays, one.DaysInMonth = u.Fees(month)
			for compute, d := range u.Hourly {
				one.HourlySeconds[compute] = int64(d / time.Second)
			}
			all = append(all, one)
		}
		if place = next; next == "" {
			return all, nil
		}
	}
}

// saved adds what changes of sweeps have saved, as the ledger has it. Who may
// not read metrics sees the rest.
func (f *deskFile) saved(ctx context.Context, v room.Visitor, a *account.Account, month time.Time, out *room.CostSummary) error {
	s, err := f.shelf()
	if err != nil {
		return err
	}
	all, broken := plan.In(s).List()
	if broken != nil {
		f.h.o.Log.WarnContext(ctx, "plans cannot be read", "err", broken)
	}
	at := plan.Place{Account: v.Account, Region: v.Region, Endpoint: f.h.access.HTTP}
	var theirs []*plan.Record
	for _, r := range all {
		if f.sees(v, r.Plan) {
			theirs = append(theirs, moved(r, at.Endpoint))
		}
	}
	l, err := cost.Book(ctx, cost.EyesOf(a, f.World.Clock), theirs, at, month, *out.At)
	if p, ok := errors.AsType[*account.Problem](err); ok {
		out.Unanswered = append(out.Unanswered, p.In(langOf(v)))
		return nil
	}
	if err != nil {
		return err
	}
	out.Changes = new(int32(len(l.Entries)))
	for _, currency := range slices.Sorted(maps.Keys(l.Promised)) {
		out.Savings = append(out.Savings, room.Saving{Currency: &currency, Promised: new(l.Promised[currency]), Realised: new(l.Realised[currency])})
	}
	return nil
}

// moved is a plan of this plane under one of its addresses, whichever it was
// made by.
func moved(r *plan.Record, endpoint string) *plan.Record {
	copied, p := *r, *r.Plan
	p.Places = slices.Clone(p.Places)
	for i := range p.Places {
		p.Places[i].Endpoint = endpoint
	}
	copied.Plan = &p
	return &copied
}

func denied(err error) bool {
	p, ok := errors.AsType[*account.Problem](err)
	return ok && p.Kind == account.Denied
}

func dollars(r *big.Rat) *string {
	if r == nil {
		return nil
	}
	return new(r.FloatString(2))
}
