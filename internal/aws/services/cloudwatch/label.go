package cloudwatch

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/aws/services/cloudwatch/expression"
)

// labels fills dynamic labels.
// Source: CloudWatch User Guide, "Using dynamic labels".
type labels struct {
	account, region string
	zone            *time.Location // nil is UTC
}

var dynamic = regexp.MustCompile(`\$\{([A-Z_]+|PROP\('[^']*'\))\}`)

// of is the label of a series of a query; name is what ${LABEL} says.
func (l *labels) of(q *dataQuery, s *expression.Series, name string) string {
	if q.Label == "" {
		return name
	}
	return dynamic.ReplaceAllStringFunc(q.Label, func(text string) string {
		word := text[2 : len(text)-1]
		if property, ok := strings.CutPrefix(word, "PROP('"); ok {
			return l.property(q, strings.TrimSuffix(property, "')"))
		}
		if word == "LABEL" {
			return name
		}
		if v, ok := l.fact(s, word); ok {
			return v
		}
		return text
	})
}

// property is a part of what the series is of.
func (l *labels) property(q *dataQuery, name string) string {
	switch name {
	case "AccountId":
		return l.account
	case "Region":
		return l.region
	case "Period":
		return strconv.Itoa(int(q.Period))
	case "Stat":
		return q.Statistic
	}
	m := q.Metric
	if m == nil {
		return ""
	}
	switch name {
	case "MetricName":
		return m.Name
	case "Namespace":
		return m.Namespace
	}
	if of, ok := strings.CutPrefix(name, "Dim."); ok {
		for _, d := range m.Dimensions {
			if d.Name == of {
				return d.Value
			}
		}
	}
	return ""
}

// fact is a number of the series, or when it was; ok is false for another word.
func (l *labels) fact(s *expression.Series, word string) (string, bool) {
	n := len(s.Points)
	if word == "DATAPOINT_COUNT" {
		return strconv.Itoa(n), true
	}
	word, timed := strings.CutSuffix(word, "_TIME")
	if n == 0 {
		return "--", true
	}
	first, last := s.Points[0], s.Points[n-1]
	low, high, sum := first, first, 0.0
	for _, p := range s.Points {
		sum += p.V
		if p.V < low.V {
			low = p
		}
		if p.V > high.V {
			high = p
		}
	}
	at, ok := map[string]expression.Point{"FIRST": first, "LAST": last, "MIN": low, "MAX": high}[word]
	switch {
	case ok && timed:
		zone := l.zone
		if zone == nil {
			zone = time.UTC
		}
		return time.Unix(at.At, 0).In(zone).Format("2006-01-02 15:04:05 MST"), true
	case ok:
		return short(at.V), true
	case word == "AVG" && !timed:
		return short(sum / float64(n)), true
	case word == "SUM" && !timed:
		return short(sum), true
	}
	return "", false
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

var zonePattern = regexp.MustCompile(`^[+-][0-9]{4}$`)

// zoneOf reads a time zone such as +0900.
func zoneOf(text string) (*time.Location, bool) {
	if !zonePattern.MatchString(text) {
		return nil, false
	}
	t, err := time.Parse("-0700", text)
	if err != nil {
		return nil, false
	}
	_, offset := t.Zone()
	return time.FixedZone(text, offset), true
}
