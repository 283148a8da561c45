package cloudwatch

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// tier is a step at which points are kept, how much time is in one record, how
// long the record is kept, and the step that its points are then rolled up to.
// Source: CloudWatch User Guide, "Metrics retention".
type tier struct{ step, slice, keep, next int64 }

var tiers = []tier{
	{1, hour, 3 * hour, 0},
	{minute, day, 15 * day, 5 * minute},
	{5 * minute, 10 * day, 63 * day, hour},
	{hour, 100 * day, 455 * day, 0},
}

func tierOf(step int64) tier {
	for _, t := range tiers {
		if t.step == step {
			return t
		}
	}
	return tier{}
}

// of is the number of the slice that a time is in.
func (t tier) of(at int64) int64 { return at / t.slice }

// over is when the points of a slice are kept no longer.
func (t tier) over(slice int64) int64 { return (slice+1)*t.slice + t.keep }

// sliceName is the value of the index that finds all records of a slice.
func sliceName(step, slice int64) string { return fmt.Sprintf("%d/%d", step, slice) }

// seriesKey names the points of a metric in a unit at a step.
func seriesKey(metric, unit string, step int64) string {
	return fmt.Sprintf("%s %d %s", metric, step, unit)
}

// blockKey names the block of a slice; slices of a series are in the order of
// time.
func blockKey(series string, slice int64) string { return fmt.Sprintf("%s %08d", series, slice) }

// parts are the metric, the step and the unit in the key of a series.
func parts(key string) (metric string, step int64, unit string) {
	metric, rest, _ := strings.Cut(key, " ")
	text, unit, _ := strings.Cut(rest, " ")
	step, _ = strconv.ParseInt(text, 10, 64) // keys are the room's own
	return metric, step, unit
}

func stepOf(key string) int64 {
	_, step, _ := parts(key)
	return step
}
