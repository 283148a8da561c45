package cost

import "time"

// Track is how often a metric of zeros and ones was one, period by period.
// AWS samples a desktop every five minutes, a plane every minute; a coarse
// track has the samples of many in one number.
type Track struct {
	From   time.Time
	Period time.Duration
	Width  time.Duration // what one sample stands for
	Count  []int16       // samples that were one; none where nothing is known
}

// none is a period without samples: that nothing was measured is not a zero.
const none = -1

// newTrack makes a track of which nothing is known.
func newTrack(from, to time.Time, period, width time.Duration) *Track {
	t := &Track{From: from, Period: period, Width: width, Count: make([]int16, (to.Sub(from)+period-1)/period)}
	for i := range t.Count {
		t.Count[i] = none
	}
	return t
}

// set notes the samples of the period that begins at a time.
func (t *Track) set(at time.Time, samples float64) {
	i := int(at.Sub(t.From) / t.Period)
	most := float64(t.Period / t.Width)
	if at.Before(t.From) || i >= len(t.Count) {
		return
	}
	t.Count[i] = int16(max(0, min(samples, most)))
}

// begins is when a period begins.
func (t *Track) begins(i int) time.Time { return t.From.Add(time.Duration(i) * t.Period) }

// Since is the time of which the samples from a time on said one.
func (t *Track) Since(from time.Time) time.Duration {
	sum := time.Duration(0)
	for i, n := range t.Count {
		if n > 0 && !t.begins(i).Before(from) {
			sum += time.Duration(n) * t.Width
		}
	}
	return sum
}

// Observed is from when on until a time something is known.
func (t *Track) Observed(until time.Time) time.Duration {
	for i, n := range t.Count {
		if n != none {
			return until.Sub(t.begins(i))
		}
	}
	return 0
}

// Range is an amount of time that is known between two ends.
type Range struct{ Least, Most time.Duration }

// Billed is how long a desktop on AUTO_STOP runs for a user who was connected
// so: from each connection until the timeout after its end, and no minute
// twice where the next connection came before that. It is exact where a period
// has one sample; a coarser track leaves room, which the range says.
//
// Tools that add the timeout to each session, or round each session up, count
// minutes twice: that is how 616 hours came about on the 18th day of a month.
// Source: WorkSpaces Administration Guide, "Manage the running mode"; the
// issues of the Cost Optimizer for Amazon WorkSpaces.
func (t *Track) Billed(timeout time.Duration, until time.Time) Range {
	if t.Period == t.Width {
		all := t.covered(timeout, until)
		return Range{all, all}
	}
	sum := time.Duration(0)
	for _, n := range t.Count {
		if n > 0 {
			sum += min(t.Period+timeout, time.Duration(n)*(t.Width+timeout))
		}
	}
	most := min(sum, t.covered(timeout, until))
	return Range{min(t.least(timeout, until), most), most}
}

// covered is the time from the beginning of each period with a one until the
// timeout after its end, each instant once.
func (t *Track) covered(timeout time.Duration, until time.Time) time.Duration {
	sum, end := time.Duration(0), t.From
	for i, n := range t.Count {
		if n <= 0 {
			continue
		}
		from, to := t.begins(i), t.begins(i+1).Add(timeout)
		if from.Before(end) {
			from = end
		}
		if to.After(until) {
			to = until
		}
		if to.After(from) {
			sum += to.Sub(from)
			end = to
		}
	}
	return sum
}

// least is the shortest time that such samples can mean: all that was sampled;
// the gaps of a period between two others, where the timeout outlasts them; and
// the timeout behind each run, up to the next.
func (t *Track) least(timeout time.Duration, until time.Time) time.Duration {
	sum, before := time.Duration(0), -2
	for i, n := range t.Count {
		if n <= 0 {
			continue
		}
		sum += time.Duration(n) * t.Width
		next := t.next(i)
		switch {
		case next == i+1:
			if before == i-1 {
				sum += t.filled(timeout, n)
			}
		case next > 0:
			sum += min(timeout, t.begins(next).Sub(t.begins(i+1)))
		default:
			sum += max(0, min(timeout, until.Sub(t.begins(i+1))))
		}
		before = i
	}
	return sum
}

// filled is how much of the rest of a period between two others the timeout
// fills at least. A gap may reach from the beginning of one period to the end
// of the next: a timeout of one period only fills half of such gaps for sure.
func (t *Track) filled(timeout time.Duration, n int16) time.Duration {
	rest := t.Period - time.Duration(n)*t.Width
	switch {
	case timeout >= 2*t.Period:
		return rest
	case timeout >= t.Period:
		return rest / 2
	}
	return 0
}

// next is the next period with a one, or 0.
func (t *Track) next(i int) int {
	for j := i + 1; j < len(t.Count); j++ {
		if t.Count[j] > 0 {
			return j
		}
	}
	return 0
}
