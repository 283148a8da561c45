package cost

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/price"
)

// Used is what a desktop used in a month, by the meter.
type Used struct {
	price.Use
	ID      string
	Running time.Duration // in all
}

// Fee is what was used under the fee of a running mode. A desktop whose mode was
// changed within the month counts under both.
type Fee struct {
	Mode     string
	Desktops int           // that have the mode now
	Running  time.Duration // that the month's fee covers, or that is paid by the hour
	Cost     *big.Rat      // nil where nothing has a price
}

// Even is from how many hours a month on ALWAYS_ON is the cheaper mode of a kind
// of desktops.
type Even struct {
	price.Kind
	Desktops int
	Hours    *big.Rat
}

// Spent is what desktops used in a month, and what that costs by a table.
type Spent struct {
	Fees    []Fee // ALWAYS_ON and AUTO_STOP first
	Running time.Duration
	Cost    *big.Rat // of what has a price; nil where nothing has
	Untold  int      // used desktops without a cost, as nobody says what system they run
	Missing []string // prices that the table does not have, sorted
	Evens   []Even   // the most frequent kind first
}

// Spend adds up what desktops used, by the prices of a table; nil is none. os is
// the system of those that do not tell theirs, "" where nobody says it.
func Spend(there []types.Workspace, used []Used, os string, t *price.Table) *Spent {
	s := &Spent{Fees: []Fee{{Mode: alwaysOn}, {Mode: autoStop}}}
	systems, kinds := map[string]string{}, map[price.Kind]int{}
	for _, w := range there {
		d := desktopOf(w)
		d.OS = cmp.Or(d.OS, os)
		systems[d.ID] = d.OS
		s.fee(d.Mode).Desktops++
		kinds[price.Kind{Compute: d.Compute, OS: d.OS, RootGiB: d.RootGiB, UserGiB: d.UserGiB}]++
	}
	for i := range used {
		s.add(&used[i], cmp.Or(systems[used[i].ID], os), t)
	}
	slices.Sort(s.Missing)
	s.Missing = slices.Compact(s.Missing)
	if t == nil {
		return s
	}
	s.evens(kinds, t)
	if s.Untold == 0 && len(s.Missing) == 0 { // all is known: nothing is zero
		for _, c := range []**big.Rat{&s.Cost, &s.fee(alwaysOn).Cost, &s.fee(autoStop).Cost} {
			*c = money(*c)
		}
	}
	return s
}

func (s *Spent) fee(mode string) *Fee {
	for i := range s.Fees {
		if s.Fees[i].Mode == mode {
			return &s.Fees[i]
		}
	}
	s.Fees = append(s.Fees, Fee{Mode: mode})
	return &s.Fees[len(s.Fees)-1]
}

func (s *Spent) add(u *Used, os string, t *price.Table) {
	hourly := time.Duration(0)
	for _, n := range u.HourlySeconds {
		hourly += time.Duration(n) * time.Second
	}
	s.Running += u.Running
	s.fee(autoStop).Running += hourly
	s.fee(alwaysOn).Running += max(0, u.Running-hourly)
	switch {
	case t == nil:
		return
	case os == "":
		s.Untold++
		return
	}
	c := t.Of(u.Use, os)
	s.Missing = append(s.Missing, c.Missing...)
	for _, l := range c.Lines {
		f := s.fee(autoStop)
		if l.Cell.Mode == price.AlwaysOn {
			f = s.fee(alwaysOn)
		}
		f.Cost = new(big.Rat).Add(money(f.Cost), l.Amount)
		s.Cost = new(big.Rat).Add(money(s.Cost), l.Amount)
	}
}

func (s *Spent) evens(kinds map[price.Kind]int, t *price.Table) {
	for k, n := range kinds {
		rates := t.RatesOf(k)
		if even := rates.BreakEven(); even != nil {
			s.Evens = append(s.Evens, Even{Kind: k, Desktops: n, Hours: even})
		}
	}
	slices.SortFunc(s.Evens, func(a, b Even) int {
		return cmp.Or(b.Desktops-a.Desktops, cmp.Compare(a.Compute, b.Compute), cmp.Compare(a.OS, b.OS), a.RootGiB-b.RootGiB, a.UserGiB-b.UserGiB)
	})
}
