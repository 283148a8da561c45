package price

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
)

// Use is what a desktop used in a month, as the plane's meter tells it.
type Use struct {
	Compute          string
	RootGiB, UserGiB int
	MonthlyDays      int              // for which the fee of ALWAYS_ON is due
	HourlyDays       int              // for which the smaller fee of AUTO_STOP is due
	DaysInMonth      int              //
	HourlySeconds    map[string]int64 // by compute type
}

// Cost is what a use costs.
type Cost struct {
	Total *big.Rat
	Lines []Line
	// Missing are the prices that the table does not have. They count nothing.
	Missing []string
}

// Line is one part of a cost.
type Line struct {
	What   string
	Amount *big.Rat
	Cell   Cell
}

// Of computes the cost of a use under an operating system. The fee of a month is
// due by the day (see decision 0025); time that is paid by the hour is not
// rounded, as no source was found for how AWS does.
func (t *Table) Of(u Use, os string) Cost {
	c := Cost{Total: new(big.Rat)}
	of := Cell{Compute: u.Compute, OS: os, RootGiB: u.RootGiB, UserGiB: u.UserGiB}
	if u.MonthlyDays > 0 && u.DaysInMonth > 0 {
		of.Mode, of.Unit = AlwaysOn, Month
		t.add(&c, of, big.NewRat(int64(u.MonthlyDays), int64(u.DaysInMonth)))
	}
	if u.HourlyDays > 0 && u.DaysInMonth > 0 {
		of.Mode, of.Unit = AutoStop, Month
		t.add(&c, of, big.NewRat(int64(u.HourlyDays), int64(u.DaysInMonth)))
	}
	for _, compute := range slices.Sorted(maps.Keys(u.HourlySeconds)) {
		if s := u.HourlySeconds[compute]; s > 0 {
			of.Mode, of.Unit, of.Compute = AutoStop, Hour, compute
			t.add(&c, of, big.NewRat(s, 3600))
		}
	}
	return c
}

// add adds a quantity at the price of the table for what is wanted.
func (t *Table) add(c *Cost, want Cell, quantity *big.Rat) {
	what := fmt.Sprintf("%s %s, %s, %d+%d GB, a %s", want.Mode, want.Compute, want.OS, want.RootGiB, want.UserGiB, want.Unit)
	cell, ok := t.find(want)
	if !ok {
		c.Missing = append(c.Missing, what)
		return
	}
	each, err := amount(cell.Price)
	if err != nil { // Read and readOffer refuse such a cell
		c.Missing = append(c.Missing, what)
		return
	}
	part := new(big.Rat).Mul(each, quantity)
	c.Total.Add(c.Total, part)
	c.Lines = append(c.Lines, Line{What: what, Amount: part, Cell: *cell})
}
