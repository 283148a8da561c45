package series

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ErrStatistic reports a text that names no statistic.
var ErrStatistic = errors.New("not a statistic")

// Statistic is what is computed of a point's samples.
// Source: CloudWatch User Guide, "CloudWatch statistics definitions".
type Statistic struct {
	kind       string // as in kinds, or Average, Sum, Minimum, Maximum, SampleCount
	low, high  float64
	percent    bool // the bounds are percentiles, not values
	noLow, all bool // of bounds that are values: open below, open above
}

// kinds are the families of statistics that need the samples themselves: those
// of a percentile, trimmed mean, count and sum, winsorized mean, percentile
// rank.
var kinds = regexp.MustCompile(`^(?i)(p|tm|tc|ts|wm|pr)(?:([0-9]{1,3}(?:\.[0-9]{1,10})?)|\(([^:()]*):([^:()]*)\))$`)

// ParseStatistic reads the name of a statistic: Average, p99.9, tm90,
// TM(2%:98%), PR(:300), IQM and the like.
func ParseStatistic(text string) (Statistic, error) {
	switch text {
	case "Average", "Sum", "Minimum", "Maximum", "SampleCount":
		return Statistic{kind: text}, nil
	}
	if strings.EqualFold(text, "IQM") {
		return Statistic{kind: "tm", low: 25, high: 75, percent: true}, nil
	}
	m := kinds.FindStringSubmatch(text)
	if m == nil {
		return Statistic{}, ErrStatistic
	}
	s := Statistic{kind: strings.ToLower(m[1])}
	if m[2] == "" {
		return s.bounded(strings.TrimSpace(m[3]), strings.TrimSpace(m[4]))
	}
	n, err := strconv.ParseFloat(m[2], 64)
	if err != nil || n > 100 || s.kind == "pr" {
		return Statistic{}, ErrStatistic
	}
	s.high, s.percent = n, true
	return s, nil
}

// bounded reads the two bounds: both percentages, or both values; one may be
// left out.
func (s Statistic) bounded(low, high string) (Statistic, error) {
	if s.kind == "p" || low == "" && high == "" {
		return Statistic{}, ErrStatistic
	}
	s.percent = strings.HasSuffix(low, "%") || strings.HasSuffix(high, "%")
	s.noLow, s.all = low == "", high == ""
	s.low, s.high = 0, 100
	for _, b := range []struct {
		text string
		into *float64
	}{{low, &s.low}, {high, &s.high}} {
		if b.text == "" {
			continue
		}
		text, percent := strings.CutSuffix(b.text, "%")
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || percent != s.percent || math.IsNaN(n) || math.IsInf(n, 0) || percent && (n < 0 || n > 100) {
			return Statistic{}, ErrStatistic
		}
		*b.into = n
	}
	if !s.noLow && !s.all && s.low >= s.high || s.percent && s.kind == "pr" {
		return Statistic{}, ErrStatistic
	}
	return s, nil
}

// Simple tells whether it is one of the five that every point has.
func (s Statistic) Simple() bool {
	switch s.kind {
	case "Average", "Sum", "Minimum", "Maximum", "SampleCount":
		return true
	}
	return false
}

// Percent is that of a percentile, 0 of any other statistic.
func (s Statistic) Percent() float64 {
	if s.kind != "p" {
		return 0
	}
	return s.high
}

// Of computes the statistic; ok is false where the point's samples are not
// known, or some of them are negative, as percentiles on AWS ask for neither.
// Source: CloudWatch API Reference, "GetMetricStatistics".
func (s Statistic) Of(p *Point) (v float64, ok bool) {
	switch s.kind {
	case "SampleCount":
		return p.Count, true
	case "Sum":
		return p.Sum, true
	case "Minimum":
		return p.Min, true
	case "Maximum":
		return p.Max, true
	case "Average":
		return p.Sum / p.Count, p.Count != 0
	}
	values, known := p.Samples()
	if !known || p.Min < 0 || p.Count <= 0 {
		return 0, false
	}
	if s.kind == "p" {
		return percentile(values, s.high, p.Count), true
	}
	return s.trimmed(values, p.Count)
}

// percentile is the least value that the share of all samples does not exceed.
func percentile(values []Value, percent, count float64) float64 {
	want, seen := percent/100*count, 0.0
	for _, v := range values {
		seen += v.Count
		if seen >= want-1e-9*count {
			return v.Value
		}
	}
	return values[len(values)-1].Value
}

// trimmed computes a statistic of the samples between two bounds.
func (s Statistic) trimmed(values []Value, count float64) (float64, bool) {
	inside, sum, under, over := 0.0, 0.0, 0.0, 0.0
	first, last := math.NaN(), math.NaN()
	from, to := s.low/100*count, s.high/100*count
	seen := 0.0
	for _, v := range values {
		n := v.Count
		if s.percent {
			before := max(0, min(n, from-seen))
			behind := max(0, min(n, seen+n-to))
			under, over = under+before, over+behind
			n = max(0, n-before-behind)
		} else if !s.noLow && v.Value <= s.low {
			under, n = under+n, 0
		} else if !s.all && v.Value > s.high {
			over, n = over+n, 0
		}
		seen += v.Count
		if n > 0 {
			inside, sum, last = inside+n, sum+n*v.Value, v.Value
			if math.IsNaN(first) {
				first = v.Value
			}
		}
	}
	switch s.kind {
	case "tc":
		return inside, true
	case "ts":
		return sum, true
	case "pr":
		return 100 * inside / count, true
	case "wm": // what is outside counts as the bound
		if inside == 0 {
			return 0, false
		}
		return (sum + under*first + over*last) / count, true
	}
	return sum / inside, inside > 0
}
