package cost

import (
	"math/rand/v2"
	"testing"
	"time"
)

var begin = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// visits are when somebody was connected, in minutes since the month began.
type visits [][2]int

// sampled is what CloudWatch has of visits: one sample a width, in periods.
func sampled(v visits, length, period, width time.Duration) *Track {
	t := newTrack(begin, begin.Add(length), period, width)
	for i := range t.Count {
		t.Count[i] = 0
	}
	for at := time.Duration(0); at < length; at += width {
		for _, one := range v {
			if from, to := time.Duration(one[0])*minute, time.Duration(one[1])*minute; at < to && at+width > from {
				t.Count[at/period]++
				break
			}
		}
	}
	return t
}

// perSession counts as the best known tool does: a session ends after a timeout
// of samples without a user, is rounded up to whole hours, and has the timeout
// added. Source: the code and the issues (9, 17, 67) of the Cost Optimizer for
// Amazon WorkSpaces, as they were before growth was capped.
func perSession(t *Track, timeout time.Duration) time.Duration {
	sum, began, last := time.Duration(0), -1, -1
	end := func() {
		if began >= 0 {
			length := time.Duration(last-began+1) * t.Width
			sum += (length + time.Hour - 1).Truncate(time.Hour) + timeout
		}
		began = -1
	}
	for i, n := range t.Count {
		switch {
		case n > 0:
			if began < 0 {
				began = i
			}
			last = i
		case began >= 0 && time.Duration(i-last)*t.Width >= timeout:
			end()
		}
	}
	end()
	return sum
}

// perSample counts each sample as five minutes, whatever it stands for: 28 hours
// become 140 on an endpoint that samples by the minute (issue 23: 92).
func perSample(t *Track) time.Duration {
	sum := time.Duration(0)
	for _, n := range t.Count {
		sum += time.Duration(n) * 5 * time.Minute
	}
	return sum
}

// often is a visit of a length every so many minutes, all day.
func often(every, length, days int) visits {
	var v visits
	for at := 0; at < days*24*60; at += every {
		v = append(v, [2]int{at, at + length})
	}
	return v
}

func TestHoursAreThoseOfTheBill(t *testing.T) {
	for _, row := range []struct {
		name            string
		visits          visits
		days            int
		width           time.Duration
		want            time.Duration
		session, sample time.Duration // what the others say; 0 is right too
	}{
		{
			name: "one visit of two hours, and the hour after it", visits: visits{{540, 660}}, days: 1, width: 5 * minute, want: 3 * time.Hour,
			sample: 2 * time.Hour,
		},
		{
			name: "two visits with half of the timeout between them are one run", visits: visits{{540, 570}, {600, 630}}, days: 1, width: 5 * minute,
			want: 150 * minute, session: 3 * time.Hour, sample: time.Hour,
		},
		{
			name: "five minutes are an hour and five minutes, not two hours", visits: visits{{540, 545}}, days: 1, width: 5 * minute,
			want: 65 * minute, session: 2 * time.Hour, sample: 5 * minute,
		},
		{
			// 18 days have 432 hours; the tool's user was told of 616.
			name: "a look every 75 minutes for 18 days cannot be more than 18 days", visits: often(75, 5, 18), days: 18, width: 5 * minute,
			want: 374*time.Hour + 30*minute, session: 692 * time.Hour, sample: 28*time.Hour + 50*minute,
		},
		{
			name: "connected all the time is all the time", visits: visits{{0, 18 * 24 * 60}}, days: 18, width: 5 * minute,
			want: 432 * time.Hour, session: 433 * time.Hour,
		},
		{
			name: "samples by the minute are minutes", visits: often(24*60, 60, 28), days: 28, width: minute,
			want: 56 * time.Hour, session: 56 * time.Hour, sample: 140 * time.Hour,
		},
		{name: "nobody", visits: nil, days: 18, width: 5 * minute},
	} {
		t.Run(row.name, func(t *testing.T) {
			length := time.Duration(row.days) * day
			fine := sampled(row.visits, length, row.width, row.width)
			got := fine.Billed(time.Hour, begin.Add(length))
			if got.Least != row.want || got.Most != row.want {
				t.Errorf("want %s, got %+v", row.want, got)
			}
			if others := perSession(fine, time.Hour); row.session != 0 && others != row.session {
				t.Errorf("want the tool that counts sessions to say %s, got %s", row.session, others)
			}
			if others := perSample(fine); row.sample != 0 && others != row.sample {
				t.Errorf("want the tool that counts samples to say %s, got %s", row.sample, others)
			}
			for _, period := range []time.Duration{time.Hour, day} {
				if r := sampled(row.visits, length, period, row.width).Billed(time.Hour, begin.Add(length)); r.Least > row.want || r.Most < row.want {
					t.Errorf("by periods of %s: want %s between the ends, got %+v", period, row.want, r)
				}
			}
		})
	}
}

// TestCoarserTracksHoldTheTruth draws visits at random: what hours and days say
// must have what the samples say between its ends.
func TestCoarserTracksHoldTheTruth(t *testing.T) {
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		var v visits
		for at := 0; at < 10*24*60; {
			at += rnd.IntN(600)
			length := 1 + rnd.IntN(300)
			v = append(v, [2]int{at, at + length})
			at += length
		}
		length, timeout := 10*day, time.Duration(1+rnd.IntN(4))*time.Hour
		until := begin.Add(length)
		want := sampled(v, length, 5*minute, 5*minute).Billed(timeout, until).Least
		for _, period := range []time.Duration{time.Hour, day} {
			if r := sampled(v, length, period, 5*minute).Billed(timeout, until); r.Least > want || r.Most < want {
				t.Errorf("seed %d, %s, timeout %s: want %s between the ends, got %+v", seed, period, timeout, want, r)
			}
		}
	}
}
