package cloudwatch

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// further is how many periods an alarm looks back beyond its own.
// Source: CloudWatch User Guide, "How alarm state is evaluated when data is
// missing", whose examples look at five periods for three.
const further = 2

// reading is the statistic of one period.
type reading struct {
	at      int64
	value   float64
	samples float64
}

// verdict is what an evaluation says; without a state, all stays as it is.
type verdict struct {
	state  types.StateValue
	reason string
	data   string
}

// Ways to treat missing data.
const (
	missingIgnore       = "ignore"
	missingBreaching    = "breaching"
	missingNotBreaching = "notBreaching"
)

// breaches tells whether a value is on the wrong side of the threshold.
func (w *watch) breaches(v float64) bool {
	switch w.Comparison {
	case types.ComparisonOperatorGreaterThanThreshold:
		return v > w.Threshold
	case types.ComparisonOperatorGreaterThanOrEqualToThreshold:
		return v >= w.Threshold
	case types.ComparisonOperatorLessThanThreshold:
		return v < w.Threshold
	}
	return v <= w.Threshold
}

// judge decides over the readings of the evaluation range, oldest first; end is
// when the range ends.
// Source: CloudWatch User Guide, "How alarm state is evaluated when data is
// missing".
func (w *watch) judge(readings []reading, end int64) verdict {
	n, need := int(w.Periods), w.need()
	if len(readings) > n {
		readings = readings[len(readings)-n:] // the newest that there are
	}
	bad := 0
	for _, r := range readings {
		if w.breaches(r.value) {
			bad++
		}
	}
	gaps := n - len(readings)
	if gaps > 0 && w.Missing == missingBreaching {
		if bad+gaps >= need {
			return w.crossed(types.StateValueAlarm, readings, gaps, end)
		}
		return w.crossed(types.StateValueOk, readings, gaps, end)
	}
	switch {
	case bad >= need:
		return w.crossed(types.StateValueAlarm, readings, gaps, end)
	case gaps == 0 || w.Missing == missingNotBreaching || bad < len(readings):
		return w.crossed(types.StateValueOk, readings, gaps, end)
	case w.Missing == missingIgnore:
		return verdict{}
	case len(readings) == 0:
		return w.unknown(n, end)
	case (end-readings[0].at)/w.period() >= int64(need):
		// All there is breaches, and has for long enough.
		return w.crossed(types.StateValueAlarm, readings, gaps, end)
	}
	return verdict{} // too few to tell
}

// crossed words a verdict over readings as AWS does.
func (w *watch) crossed(state types.StateValue, readings []reading, gaps int, end int64) verdict {
	alarmed := state == types.StateValueAlarm
	var told []reading
	for _, r := range slices.Backward(readings) {
		if w.breaches(r.value) == alarmed {
			told = append(told, r)
		}
	}
	treated := ""
	if gaps > 0 {
		switch w.Missing {
		case missingBreaching:
			treated = plural(gaps, "missing datapoint was", "missing datapoints were") + " treated as [Breaching]"
		case missingNotBreaching:
			treated = plural(gaps, "missing datapoint was", "missing datapoints were") + " treated as [NonBreaching]"
		}
	}
	var text string
	switch {
	case len(told) == 0 && treated != "":
		text = fmt.Sprintf("Threshold Crossed: no datapoints were received for %s and %s.", plural(gaps, "period", "periods"), treated)
	case len(told) == 0:
		text = "Threshold Crossed"
	default:
		text = w.sentence(state, told, len(readings))
		if treated != "" {
			text = strings.TrimSuffix(text, ".") + ", and " + treated + "."
		}
	}
	return verdict{state, text, w.facts(readings, end)}
}

// sentence tells which of the last readings were on which side.
func (w *watch) sentence(state types.StateValue, told []reading, of int) string {
	values := make([]string, len(told))
	for i, r := range told {
		values[i] = fmt.Sprintf("%s (%s)", decimal(r.value), time.Unix(r.at, 0).UTC().Format("02/01/06 15:04:05"))
	}
	verb, least, from, to := "was", w.need(), "OK", "ALARM"
	if len(told) > 1 {
		verb = "were"
	}
	if state == types.StateValueOk {
		verb += " not"
		least, from, to = 1, "ALARM", "OK"
	}
	return fmt.Sprintf("Threshold Crossed: %d out of the last %d datapoints [%s] %s %s the threshold (%s) (minimum %s for %s -> %s transition).",
		len(told), of, strings.Join(values, ", "), verb, w.words(), decimal(w.Threshold), plural(least, "datapoint", "datapoints"), from, to)
}

func (w *watch) words() string {
	switch w.Comparison {
	case types.ComparisonOperatorGreaterThanThreshold:
		return "greater than"
	case types.ComparisonOperatorGreaterThanOrEqualToThreshold:
		return "greater than or equal to"
	case types.ComparisonOperatorLessThanThreshold:
		return "less than"
	}
	return "less than or equal to"
}

func (w *watch) unknown(n int, end int64) verdict {
	text := "Insufficient Data: " + plural(n, "datapoint was", "datapoints were") + " unknown."
	return verdict{types.StateValueInsufficientData, text, w.facts(nil, end)}
}

// facts is the StateReasonData of a verdict.
func (w *watch) facts(readings []reading, end int64) string {
	type point struct {
		Timestamp   string  `json:"timestamp"`
		SampleCount number  `json:"sampleCount,omitempty"`
		Value       *number `json:"value,omitempty"`
	}
	out := struct {
		Version    string   `json:"version"`
		QueryDate  string   `json:"queryDate"`
		StartDate  string   `json:"startDate,omitempty"`
		Unit       string   `json:"unit,omitempty"`
		Statistic  string   `json:"statistic,omitempty"`
		Period     int32    `json:"period,omitempty"`
		Recent     []number `json:"recentDatapoints"`
		Threshold  number   `json:"threshold"`
		Datapoints []point  `json:"evaluatedDatapoints,omitempty"`
	}{Version: "1.0", QueryDate: stamp(time.Unix(end, 0)), Unit: w.Unit, Statistic: w.Statistic, Period: w.Period, Recent: []number{}, Threshold: number(w.Threshold)}
	for i, r := range readings {
		if i == 0 {
			out.StartDate = stamp(time.Unix(r.at, 0))
		}
		v := number(r.value)
		out.Recent = append(out.Recent, v)
		out.Datapoints = append([]point{{stamp(time.Unix(r.at, 0)), number(r.samples), &v}}, out.Datapoints...)
	}
	const most = 4000 // of StateReasonData
	for {
		b, _ := json.Marshal(out) // plain values
		if len(b) <= most || len(out.Datapoints) == 0 && len(out.Recent) == 0 {
			return string(b)
		}
		out.Datapoints = out.Datapoints[:len(out.Datapoints)/2]
		if len(out.Datapoints) == 0 {
			out.Recent = out.Recent[(len(out.Recent)+1)/2:]
		}
	}
}

// number is written as Java writes a double, with a point.
type number float64

// MarshalJSON writes the number.
func (n number) MarshalJSON() ([]byte, error) { return []byte(decimal(float64(n))), nil }

func decimal(v float64) string {
	if a := math.Abs(v); a != 0 && (a >= 1e7 || a < 1e-3) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'E', -1, 64), "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return mantissa + "E" + strconv.Itoa(n)
	}
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000-0700") }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
