package price

import "math/big"

// Kind is what a price depends on beside the running mode.
type Kind struct {
	Compute          string
	OS               string
	RootGiB, UserGiB int
}

// Rates are the prices of a kind of desktop. One that the table does not have
// is nil.
type Rates struct {
	AlwaysOn *big.Rat // a month
	AutoStop *big.Rat // a month
	Hour     *big.Rat // while it runs on AUTO_STOP
	Cells    []Cell   // where they are from
}

// RatesOf looks up the prices of a kind of desktop.
func (t *Table) RatesOf(k Kind) Rates {
	var r Rates
	for _, one := range []struct {
		into       **big.Rat
		mode, unit string
	}{{&r.AlwaysOn, AlwaysOn, Month}, {&r.AutoStop, AutoStop, Month}, {&r.Hour, AutoStop, Hour}} {
		cell, ok := t.find(Cell{Compute: k.Compute, OS: k.OS, Mode: one.mode, Unit: one.unit, RootGiB: k.RootGiB, UserGiB: k.UserGiB})
		if !ok {
			continue
		}
		if each, err := amount(cell.Price); err == nil { // Read and readOffer refuse others
			*one.into, r.Cells = each, append(r.Cells, *cell)
		}
	}
	return r
}

// Complete tells whether the two modes can be compared.
func (r *Rates) Complete() bool { return r.AlwaysOn != nil && r.AutoStop != nil && r.Hour != nil }

// BreakEven is the number of hours a month from which on ALWAYS_ON is the
// cheaper of the two; nil where a price is missing or an hour costs nothing.
func (r *Rates) BreakEven() *big.Rat {
	if !r.Complete() || r.Hour.Sign() == 0 {
		return nil
	}
	d := new(big.Rat).Sub(r.AlwaysOn, r.AutoStop)
	if d.Sign() < 0 {
		return new(big.Rat)
	}
	return d.Quo(d, r.Hour)
}

// Hourly is what a month of AUTO_STOP with so many hours costs; nil where a
// price is missing.
func (r *Rates) Hourly(hours *big.Rat) *big.Rat {
	if r.AutoStop == nil || r.Hour == nil {
		return nil
	}
	sum := new(big.Rat).Mul(r.Hour, hours)
	return sum.Add(sum, r.AutoStop)
}
