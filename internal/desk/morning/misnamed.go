package morning

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/spelling"
)

// space is the namespace whose metrics are known by name.
const space = "AWS/WorkSpaces"

// published are the metrics of space. The names of other namespaces, such as
// CPUUtilization, are not among them, and CloudWatch takes an alarm on any name.
// Source: WorkSpaces Administration Guide, "Monitor your WorkSpaces using
// CloudWatch metrics" and "WorkSpaces Pools metrics and dimensions".
var published = []string{
	"Available", "Bandwidth", "BandwidthInbound", "CPUQueueLength", "CPUUsage", "CongestionWindow", "ConnectionAttempt",
	"ConnectionDuration", "ConnectionFailure", "ConnectionSuccess", "FramesPerSecond", "GPUUsage", "InSessionLatency", "Maintenance",
	"MemoryPageHardFaults", "MemoryUsage", "PagingFileUsage", "RootVolumeDiskIOQueueLength", "RootVolumeDiskUsage",
	"SessionDisconnect", "SessionLaunchTime", "Stopped", "TCPRetransmissionRate", "TrustedDeviceCertificateDaysBeforeExpiration",
	"TrustedDeviceValidationAttempt", "TrustedDeviceValidationFailure", "TrustedDeviceValidationSuccess", "UDPPacketLossRate", "Unhealthy",
	"UpTime", "UserConnected", "UserVolumeDiskIOQueueLength", "UserVolumeDiskUsage",

	"ActiveUserSessionCapacity", "ActualUserSessionCapacity", "AvailableUserSessionCapacity", "DesiredUserSessionCapacity",
	"InsufficientCapacityError", "PendingUserSessionCapacity", "UserSessionsCapacityUtilization",
}

// Misnamed is an alarm on metrics that nobody publishes: no data comes, so it
// never fires, or always, as it takes missing data.
type Misnamed struct {
	Name    string        `json:"name"`
	Metrics []Unpublished `json:"metrics"`
	Put     string        `json:"put"`            // the alarm as PutMetricAlarm takes it
	Mend    string        `json:"mend,omitempty"` // a command; Judge writes it
	Link    string        `json:"link,omitempty"`
}

// Unpublished is a metric of space that is none.
type Unpublished struct {
	Name  string   `json:"name"`
	Meant []string `json:"meant,omitempty"` // what may be meant, nearest first; Judge finds it
}

// misnamed looks at the metrics of an alarm, those of its expressions too; nil
// where they are right, or of a namespace that is not known.
func misnamed(a types.MetricAlarm) *Misnamed {
	one := &Misnamed{Name: aws.ToString(a.AlarmName)}
	look := func(namespace, metric *string) {
		name := aws.ToString(metric)
		if aws.ToString(namespace) == space && !slices.Contains(published, name) && !slices.ContainsFunc(one.Metrics, func(m Unpublished) bool { return m.Name == name }) {
			one.Metrics = append(one.Metrics, Unpublished{Name: name})
		}
	}
	if a.MetricName != nil {
		look(a.Namespace, a.MetricName)
	}
	for _, q := range a.Metrics {
		if q.MetricStat != nil && q.MetricStat.Metric != nil {
			look(q.MetricStat.Metric.Namespace, q.MetricStat.Metric.MetricName)
		}
	}
	if one.Metrics == nil {
		return nil
	}
	one.Put = putOf(a)
	return one
}

// putOf is an alarm as the CLI's --cli-input-json takes it; what only an answer
// has, and what has no value, is left out. It is "" where that cannot be written.
func putOf(a types.MetricAlarm) string {
	switch a.EvaluationWindow.(type) {
	case nil, *types.EvaluationWindowMemberSlidingWindow: // the default
		a.EvaluationWindow = nil
	default:
		return ""
	}
	body, err := json.Marshal(a)
	var whole map[string]any
	if err != nil || json.Unmarshal(body, &whole) != nil {
		return ""
	}
	for _, answered := range []string{
		"AlarmArn", "AlarmConfigurationUpdatedTimestamp", "EvaluationState", "StateReason", "StateReasonData",
		"StateTransitionedTimestamp", "StateUpdatedTimestamp", "StateValue",
	} {
		delete(whole, answered)
	}
	return jsonOf(given(whole))
}

// given is a value of JSON without members that have none.
func given(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, of := range v {
			if of = given(of); of == nil || of == "" {
				delete(v, name)
			} else {
				v[name] = of
			}
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = given(v[i])
		}
	}
	return v
}

// misnamedAlarms tells what is meant, as far as that can be guessed, and how the
// alarm is put right.
func (c *file) misnamedAlarms() []Finding {
	if len(c.Misnamed) == 0 {
		return nil
	}
	f := Finding{Kind: AlarmsMisnamed, Misnamed: slices.Clone(c.Misnamed)}
	for i := range f.Misnamed {
		a := &f.Misnamed[i]
		a.Metrics = slices.Clone(a.Metrics)
		right := a.Put
		for j := range a.Metrics {
			m := &a.Metrics[j]
			if m.Meant = meantBy(m.Name); len(m.Meant) == 0 {
				right = ""
				continue
			}
			right = strings.ReplaceAll(right, metricIn(m.Name), metricIn(m.Meant[0]))
		}
		// A character that is not shown would be another alarm's name.
		if right != "" && report.Plain(right) == right {
			a.Mend = plan.Shell("aws", "cloudwatch", "put-metric-alarm", "--cli-input-json", right)
		}
	}
	slices.SortFunc(f.Misnamed, func(a, b Misnamed) int { return strings.Compare(a.Name, b.Name) })
	return []Finding{f}
}

// metricIn is a metric of space as putOf writes it, members in the order of their
// names.
func metricIn(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(jsonOf(map[string]string{"MetricName": name, "Namespace": space}), "{"), "}")
}

// jsonOf is a value in JSON, as people read it: < is no secret. It is "" where a
// value has no JSON.
func jsonOf(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return ""
	}
	return strings.TrimSpace(b.String())
}

// meantBy are the published metrics that a name was probably meant to be: those
// that are spelt nearly so, else those that have the most of its words. A word
// that too many have says nothing.
func meantBy(name string) []string {
	if i := slices.IndexFunc(published, func(one string) bool { return strings.EqualFold(one, name) }); i >= 0 {
		return published[i : i+1]
	}
	if near := spelling.Near(name, published); len(near) > 0 {
		return near
	}
	asked, most, out := wordsOf(name), 0, []string(nil)
	for _, one := range published {
		n := 0
		for _, w := range wordsOf(one) {
			if slices.Contains(asked, w) {
				n++
			}
		}
		switch {
		case n == 0 || n < most:
		case n > most:
			most, out = n, []string{one}
		default:
			out = append(out, one)
		}
	}
	if len(out) > 3 {
		return nil
	}
	return out
}

// alike are words of other namespaces for what is Usage in this one.
var alike = map[string]string{"utilization": "usage", "utilisation": "usage", "used": "usage", "percent": "usage"}

// wordsOf are the words of a name, CPU and Usage of CPUUsage, cpu and percent of
// cpu_percent, in small letters and of more than two.
func wordsOf(name string) (out []string) {
	runes, begin := []rune(name), 0
	for i := range runes {
		last := i+1 == len(runes)
		ends := last || !unicode.IsLetter(runes[i+1]) || unicode.IsUpper(runes[i+1]) &&
			(!unicode.IsUpper(runes[i]) || i+2 < len(runes) && unicode.IsLower(runes[i+2]))
		if !unicode.IsLetter(runes[i]) {
			begin = i + 1
		} else if ends {
			if i+1-begin > 2 {
				word := strings.ToLower(string(runes[begin : i+1]))
				out = append(out, cmp.Or(alike[word], word))
			}
			begin = i + 1
		}
	}
	return out
}

func (g *page) misnamed(f *Finding) {
	g.line("", g.say(text.Misnamed, "n", len(f.Misnamed), "namespace", space))
	for _, a := range f.Misnamed[:min(len(f.Misnamed), most)] {
		var names []string
		for _, m := range a.Metrics {
			name := report.Plain(m.Name)
			if len(m.Meant) > 0 {
				name = g.say(text.MisnamedMeant, "metric", name, "meant", strings.Join(m.Meant, ", "))
			}
			names = append(names, name)
		}
		next := a.Mend
		if next == "" {
			next = plan.Shell("aws", "cloudwatch", "list-metrics", "--namespace", space)
		}
		g.line(report.Plain(a.Name), g.list(names), g.say(text.MisnamedNext, "command", next))
	}
	if more := len(f.Misnamed) - most; more > 0 {
		g.line("", "  "+g.say(text.AndMore, "n", more))
	}
}
