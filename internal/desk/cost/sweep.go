package cost

import (
	"context"
	"strconv"
	"time"

	"tamachi/internal/desk/account"
)

// mostFine bounds for how many desktops each sample is read: a month of one has
// 8,640 of them on AWS.
const mostFine = 300

// Sweep reads and judges. What days do not decide is read by the hour, and what
// hours do not, sample by sample, where that is not too much.
func Sweep(ctx context.Context, e Eyes, r Rules) (*Plan, error) {
	f, err := gather(ctx, e)
	if err != nil {
		return nil, err
	}
	n := &account.Notebook[Facts]{Facts: f, Unanswered: f.Unanswered}
	for _, period := range []time.Duration{time.Hour, f.Sample} {
		open := Close(f, r)
		if len(open) == 0 || period == f.Sample && len(open) > mostFine {
			break
		}
		if err := e.Finer(ctx, f, open, period); err != nil {
			if err := n.Missed(err); err != nil {
				return nil, err
			}
			break
		}
	}
	f.Unanswered = n.Unanswered
	return Judge(f, r), nil
}

// span writes hours that are known between two ends.
func span(least, most float64) string {
	if one(least) == one(most) {
		return one(most)
	}
	return one(least) + "-" + one(most)
}

func one(h float64) string { return strconv.FormatFloat(h, 'f', 1, 64) }
