package schedule

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// set is a set of small numbers.
type set [4]uint64

func (s *set) add(n int)      { s[n>>6] |= 1 << (n & 63) }
func (s *set) has(n int) bool { return n >= 0 && n < 256 && s[n>>6]&(1<<(n&63)) != 0 }

// from is the smallest member that is not below n; false if there is none.
func (s *set) from(n int) (int, bool) {
	n = max(n, 0)
	for word := n >> 6; word < len(s); word++ {
		rest := s[word]
		if word == n>>6 {
			rest &= ^uint64(0) << (n & 63)
		}
		if rest != 0 {
			return word<<6 + bits.TrailingZeros64(rest), true
		}
	}
	return 0, false
}

// span is what a field may hold.
type span struct {
	name     string
	min, max int
	names    []string // of the numbers from min on
}

const firstYear, lastYear = 1970, 2199

var (
	seconds     = span{"seconds", 0, 59, nil}
	minutes     = span{"minutes", 0, 59, nil}
	hours       = span{"hours", 0, 23, nil}
	daysOfMonth = span{"day of month", 1, 31, nil}
	months      = span{"month", 1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	daysOfWeek  = span{"day of week", 1, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	years       = span{"year", firstYear, lastYear, nil} // its members are kept less firstYear
)

// parse reads a field of numbers: a list of values, ranges and steps.
func (p span) parse(field string) (set, error) {
	var out set
	for part := range strings.SplitSeq(field, ",") {
		from, to, step, err := p.part(part)
		if err != nil {
			return set{}, fmt.Errorf("%w: %q in the field %s: %w", ErrInvalid, part, p.name, err)
		}
		if to < from { // over the end of the field
			to += p.max - p.min + 1
		}
		for n := from; n <= to; n += step {
			v := n
			if v > p.max {
				v -= p.max - p.min + 1
			}
			if p.min == firstYear {
				v -= firstYear
			}
			out.add(v)
		}
	}
	return out, nil
}

// part reads one member of the list.
func (p span) part(part string) (from, to, step int, err error) {
	body, by, stepped := strings.Cut(part, "/")
	step = 1
	if stepped {
		step, err = number(by)
		if err != nil || step < 1 || step > p.max-p.min+1 {
			return 0, 0, 0, fmt.Errorf("the step is not from 1 to %d", p.max-p.min+1)
		}
	}
	if body == "*" {
		return p.min, p.max, step, nil
	}
	low, high, ranged := strings.Cut(body, "-")
	if from, err = p.value(low); err != nil {
		return 0, 0, 0, err
	}
	switch {
	case ranged:
		if to, err = p.value(high); err != nil {
			return 0, 0, 0, err
		}
		if to < from && p.min == firstYear {
			return 0, 0, 0, fmt.Errorf("the range ends before it begins")
		}
	case stepped:
		to = p.max
	default:
		to = from
	}
	return from, to, step, nil
}

// value reads one number or name.
func (p span) value(text string) (int, error) {
	for i, name := range p.names {
		if strings.EqualFold(text, name) {
			return p.min + i, nil
		}
	}
	n, err := number(text)
	if err != nil || n < p.min || n > p.max {
		return 0, fmt.Errorf("%q is not from %d to %d", text, p.min, p.max)
	}
	return n, nil
}

// number reads plain digits, at most four.
func number(text string) (int, error) {
	if len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}
