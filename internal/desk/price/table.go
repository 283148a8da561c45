package price

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Table is the prices of a Region.
type Table struct {
	Region   string
	Currency string // USD
	Cells    []Cell
}

// Cell is one price with where it is from.
type Cell struct {
	Compute string // STANDARD
	OS      string // as the source writes it: Windows
	Mode    string // AlwaysOn or AutoStop, as AWS's price list writes it
	Unit    string // Month or Hour
	RootGiB int    `json:",omitempty"` // 0: whatever the volumes
	UserGiB int    `json:",omitempty"`
	Price   string // 35.00
	Source  string // title or address of the page or file
	Date    string // of the source: 2026-11-22
}

// The words of AWS's price list.
const (
	AlwaysOn = "AlwaysOn"
	AutoStop = "AutoStop"
	Month    = "Month"
	Hour     = "Hour"
)

// maxTable is how long a file may be: AWS's list of a Region has some 20 MB.
const maxTable = 256 << 20

// Read reads a table of ours.
func Read(r io.Reader) (*Table, error) {
	d := json.NewDecoder(io.LimitReader(r, maxTable))
	d.DisallowUnknownFields()
	t := new(Table)
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("read the price table: %w", err)
	}
	if t.Region == "" || t.Currency == "" {
		return nil, errors.New("the price table names no Region or no currency")
	}
	for i, c := range t.Cells {
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("price %d of the table: %w", i+1, err)
		}
	}
	return t, nil
}

// check refuses a cell that says not what it is the price of, how much that is,
// or who says so.
func (c *Cell) check() error {
	switch {
	case c.Compute == "" || c.OS == "":
		return errors.New("it has no compute type or no operating system")
	case c.Mode != AlwaysOn && c.Mode != AutoStop:
		return fmt.Errorf("its mode %q is neither %s nor %s", c.Mode, AlwaysOn, AutoStop)
	case c.Unit != Month && c.Unit != Hour:
		return fmt.Errorf("its unit %q is neither %s nor %s", c.Unit, Month, Hour)
	case c.RootGiB < 0 || c.UserGiB < 0:
		return errors.New("it has a volume of less than nothing")
	case c.Source == "":
		return errors.New("it names no source")
	}
	if _, err := time.Parse(time.DateOnly, c.Date); err != nil {
		return fmt.Errorf("its date %q is none, as in 2026-11-22", c.Date)
	}
	_, err := amount(c.Price)
	return err
}

// amount reads a decimal number, not less than zero.
func amount(s string) (*big.Rat, error) {
	if len(s) > 32 || s == "" || strings.Trim(s, "0123456789.") != "" {
		return nil, fmt.Errorf("the price %q is no decimal number", s)
	}
	n, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil, fmt.Errorf("the price %q is no decimal number", s)
	}
	return n, nil
}

// find is the price of something; one for its very volumes comes before one for
// any.
func (t *Table) find(want Cell) (*Cell, bool) {
	var loose *Cell
	for i := range t.Cells {
		c := &t.Cells[i]
		if c.Compute != want.Compute || !strings.EqualFold(c.OS, want.OS) || c.Mode != want.Mode || c.Unit != want.Unit {
			continue
		}
		if c.RootGiB == want.RootGiB && c.UserGiB == want.UserGiB {
			return c, true
		}
		if c.RootGiB == 0 && c.UserGiB == 0 {
			loose = c
		}
	}
	return loose, loose != nil
}

// Systems are the operating systems of the table, sorted.
func (t *Table) Systems() []string {
	seen := map[string]bool{}
	for _, c := range t.Cells {
		seen[c.OS] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// Sources are where the prices of the table are from, sorted.
func (t *Table) Sources() []string {
	seen := map[string]bool{}
	for _, c := range t.Cells {
		seen[c.Source+", "+c.Date] = true
	}
	return slices.Sorted(maps.Keys(seen))
}
