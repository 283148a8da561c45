package series

import (
	"math"
	"math/bits"
)

// mostPlaces is how many decimal places a column of decimals can have.
const mostPlaces = 6

// plain marks a column of XORs; less is the number of decimal places.
const plain = 0xff

// column is a sequence of numbers under way.
type column struct {
	places byte
	power  float64 // 10 to the places
	// of decimals
	last int64
	// of XORs
	before      uint64
	lead, trail uint // of the window in use
	window      bool
}

func newColumn(places byte) column {
	return column{places: places, power: math.Pow10(int(places))}
}

// decimal is the number times 10 to the places, where that says all of it.
func decimal(v, power float64) (int64, bool) {
	m := math.Round(v * power)
	if math.Abs(m) > 1<<53 || math.IsNaN(m) {
		return 0, false
	}
	n := int64(m)
	return n, math.Float64bits(float64(n)/power) == math.Float64bits(v)
}

// places is the least number of decimal places that hold the number and is not
// below at; plain when there is none.
func places(v float64, at byte) byte {
	for ; at <= mostPlaces; at++ {
		if _, ok := decimal(v, math.Pow10(int(at))); ok {
			return at
		}
	}
	return plain
}

func (c *column) write(w *writer, v float64) {
	if c.places != plain {
		m, _ := decimal(v, c.power)
		w.integer(m-c.last, numberClasses[:])
		c.last = m
		return
	}
	now := math.Float64bits(v)
	x := now ^ c.before
	c.before = now
	if x == 0 {
		w.bit(0)
		return
	}
	w.bit(1)
	lead, trail := min(uint(bits.LeadingZeros64(x)), 31), uint(bits.TrailingZeros64(x))
	if c.window && lead >= c.lead && trail >= c.trail {
		w.bit(0)
		w.bits(x>>c.trail, 64-c.lead-c.trail)
		return
	}
	c.lead, c.trail, c.window = lead, trail, true
	w.bit(1)
	w.bits(uint64(lead), 5)
	w.bits(uint64(64-lead-trail-1), 6)
	w.bits(x>>trail, 64-lead-trail)
}

func (c *column) read(r *reader) float64 {
	if c.places != plain {
		c.last += r.integer(numberClasses[:])
		return float64(c.last) / c.power
	}
	if r.bit() == 0 {
		return math.Float64frombits(c.before)
	}
	if r.bit() == 1 {
		c.lead = uint(r.bits(5))
		length := uint(r.bits(6)) + 1
		if c.lead+length > 64 {
			r.bad = true
			return 0
		}
		c.trail, c.window = 64-c.lead-length, true
	} else if !c.window {
		r.bad = true
		return 0
	}
	c.before ^= r.bits(64-c.lead-c.trail) << c.trail
	return math.Float64frombits(c.before)
}
