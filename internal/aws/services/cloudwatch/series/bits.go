package series

import (
	"encoding/binary"
	"errors"
)

// ErrCorrupt reports bytes that are no block.
var ErrCorrupt = errors.New("not a block of points")

// writer appends bits, the highest first.
type writer struct {
	bytes []byte
	free  uint // bits of the last byte that are not used
}

func (w *writer) bit(b uint64) { w.bits(b, 1) }

// bits appends the lowest n bits of v, the highest of them first.
func (w *writer) bits(v uint64, n uint) {
	for n > 0 {
		if w.free == 0 {
			w.bytes = append(w.bytes, 0)
			w.free = 8
		}
		take := min(n, w.free)
		part := v >> (n - take) & (1<<take - 1)
		w.bytes[len(w.bytes)-1] |= byte(part << (w.free - take))
		w.free -= take
		n -= take
	}
}

// reader takes bits off; after a read beyond the end, bad is set and zeros come.
type reader struct {
	bytes []byte
	used  uint // bits of the first byte that were read
	bad   bool
}

func (r *reader) left() int { return len(r.bytes)*8 - int(r.used) }

func (r *reader) bit() uint64 { return r.bits(1) }

func (r *reader) bits(n uint) (v uint64) {
	if int(n) > r.left() {
		r.bad, r.bytes, r.used = true, nil, 0
		return 0
	}
	for n > 0 {
		take := min(n, 8-r.used)
		part := uint64(r.bytes[0]) >> (8 - r.used - take) & (1<<take - 1)
		v = v<<take | part
		r.used += take
		n -= take
		if r.used == 8 {
			r.bytes, r.used = r.bytes[1:], 0
		}
	}
	return v
}

// class is a length of an integer: that many ones (and a zero) before so many
// bits. The last class has no zero.
var (
	timeClasses   = [...]uint{0, 7, 9, 12, 64}
	numberClasses = [...]uint{0, 4, 7, 10, 14, 20, 64}
)

// integer writes a signed integer in the shortest class that holds it.
func (w *writer) integer(v int64, classes []uint) {
	z := uint64(v)<<1 ^ uint64(v>>63)
	for i, n := range classes {
		last := i == len(classes)-1
		if !last && z >= 1<<n {
			w.bit(1)
			continue
		}
		if !last {
			w.bit(0)
		}
		w.bits(z, n)
		return
	}
}

func (r *reader) integer(classes []uint) int64 {
	i := 0
	for i < len(classes)-1 && r.bit() == 1 {
		i++
	}
	z := r.bits(classes[i])
	return int64(z>>1) ^ -int64(z&1)
}

func uvarint(b []byte) (v uint64, rest []byte, err error) {
	v, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, nil, ErrCorrupt
	}
	return v, b[n:], nil
}
