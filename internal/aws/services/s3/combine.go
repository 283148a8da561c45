package s3

// matrix is a linear map over bits: column i is what bit i becomes.
type matrix [64]uint64

func (m *matrix) times(v uint64) (sum uint64) {
	for i := 0; v != 0; i, v = i+1, v>>1 {
		if v&1 != 0 {
			sum ^= m[i]
		}
	}
	return sum
}

func (m *matrix) square() *matrix {
	var out matrix
	for i := range m {
		out[i] = m.times(m[i])
	}
	return &out
}

// combiner makes the function that joins two CRCs of a reflected polynomial:
// appending size zero bytes to what the first covers is a linear map, found by
// squaring that of one zero bit. The usual inversions before and after cancel.
func combiner(poly uint64, bits int) func(a, b uint64, size int64) uint64 {
	return func(a, b uint64, size int64) uint64 {
		var step matrix // appends one zero bit
		step[0] = poly
		for i := 1; i < bits; i++ {
			step[i] = 1 << (i - 1)
		}
		m := step.square().square().square() // one zero byte
		for n := uint64(max(size, 0)); n != 0; n >>= 1 {
			if n&1 != 0 {
				a = m.times(a)
			}
			m = m.square()
		}
		return a ^ b
	}
}
