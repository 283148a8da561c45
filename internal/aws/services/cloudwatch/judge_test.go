package cloudwatch

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
)

// The rows of the two tables of the CloudWatch User Guide, "How alarm state is
// evaluated when data is missing": 0 is within the threshold, X is not, - is
// missing; the oldest comes first. An empty answer is "retain the current
// state".
func TestMissingDataAsDocumented(t *testing.T) {
	const (
		alarm = "ALARM"
		ok    = "OK"
		dark  = "INSUFFICIENT_DATA"
		same  = ""
	)
	for _, row := range []struct {
		points                                 string
		need                                   int32
		missing, ignore, breaching, notBreachg string
	}{
		{"0-X-X", 3, ok, ok, ok, ok},
		{"----0", 3, ok, ok, ok, ok},
		{"-----", 3, dark, same, alarm, ok},
		{"0XX-X", 3, alarm, alarm, alarm, alarm},
		{"--X--", 3, alarm, same, alarm, ok},
		{"0-X-X", 2, alarm, alarm, alarm, alarm},
		{"00X0X", 2, alarm, alarm, alarm, alarm},
		{"0-X--", 2, ok, ok, alarm, ok},
		{"----0", 2, ok, ok, alarm, ok},
		{"---X-", 2, alarm, same, alarm, ok},
		{"----X", 3, same, same, alarm, ok}, // too young to alarm
	} {
		var readings []reading
		for i, c := range row.points {
			if c != '-' {
				readings = append(readings, reading{at: int64(i) * 60, value: map[rune]float64{'0': 0, 'X': 100}[c], samples: 1})
			}
		}
		for missing, want := range map[string]string{"": row.missing, "missing": row.missing, "ignore": row.ignore, "breaching": row.breaching, "notBreaching": row.notBreachg} {
			w := &watch{Period: 60, Periods: 3, Datapoints: row.need, Threshold: 50, Comparison: types.ComparisonOperatorGreaterThanThreshold, Missing: missing}
			if got := w.judge(readings, 300); string(got.state) != want {
				t.Errorf("%s, %d of 3, %q: got %q, want %q", row.points, row.need, missing, got.state, want)
			}
		}
	}
}

func TestReasonsAreWordedAsAWSDoes(t *testing.T) {
	w := &watch{Period: 300, Periods: 3, Threshold: 85, Comparison: types.ComparisonOperatorGreaterThanThreshold, Statistic: "Average", Unit: "Percent"}
	three := []reading{{noon.Unix(), 90, 5}, {noon.Unix() + 300, 95.5, 5}, {noon.Unix() + 600, 1e8, 5}}
	for _, row := range []struct {
		name, missing, want string
		readings            []reading
	}{
		{"all breach", "", "Threshold Crossed: 3 out of the last 3 datapoints [1.0E8 (22/11/26 12:10:00), 95.5 (22/11/26 12:05:00), 90.0 (22/11/26 12:00:00)] were greater than the threshold (85.0) (minimum 3 datapoints for OK -> ALARM transition).", three},
		{"one does not", "", "Threshold Crossed: 1 out of the last 3 datapoints [12.0 (22/11/26 12:10:00)] was not greater than the threshold (85.0) (minimum 1 datapoint for ALARM -> OK transition).", append(three[:2:2], reading{noon.Unix() + 600, 12, 5})},
		{"none came", "", "Insufficient Data: 3 datapoints were unknown.", nil},
		{"none came, which is bad", "breaching", "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].", nil},
		{"none came, which is good", "notBreaching", "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].", nil},
	} {
		w.Missing = row.missing
		if got := w.judge(row.readings, noon.Unix()+900); got.reason != row.want {
			t.Errorf("%s:\n got %s\nwant %s", row.name, got.reason, row.want)
		}
	}
	w.Missing = ""
	want := `{"version":"1.0","queryDate":"2026-11-22T12:15:00.000+0000","startDate":"2026-11-22T12:00:00.000+0000","unit":"Percent","statistic":"Average","period":300,"recentDatapoints":[90.0,95.5,1.0E8],"threshold":85.0,"evaluatedDatapoints":[{"timestamp":"2026-11-22T12:10:00.000+0000","sampleCount":5.0,"value":1.0E8},{"timestamp":"2026-11-22T12:05:00.000+0000","sampleCount":5.0,"value":95.5},{"timestamp":"2026-11-22T12:00:00.000+0000","sampleCount":5.0,"value":90.0}]}`
	if got := w.judge(three, noon.Unix()+900).data; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	w.Periods = 300
	var many []reading
	for i := range 300 {
		many = append(many, reading{int64(i) * 300, 1.0 / 3, 5})
	}
	if got := w.judge(many, 90_000); len(got.data) > 4000 || len(got.reason) < 100 || !strings.Contains(got.data, "recentDatapoints") {
		t.Errorf("got %d bytes of data", len(got.data))
	}
}
