package cloudwatch

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// dashboard is the stored form of a dashboard. It belongs to no Region.
type dashboard struct {
	Name     string
	Body     string // JSON
	Tags     map[string]string
	Modified time.Time
}

var dashboards = store.Table[dashboard]{
	Name: "cloudwatch.dashboards", Reach: store.Account,
	Key: func(d *dashboard) string { return d.Name },
}

func dashboardARN(account, name string) string {
	return arn.New("cloudwatch", "", account, "dashboard/"+name).String()
}

// onDashboard is the check of an action on a dashboard, which may have no name
// that it could have.
func onDashboard(call *api.Call, action, name string) api.Check {
	return api.Check{Action: action, Resource: dashboardARN(call.Account, name)}
}

// dashboardNamed is the name that an ARN of a dashboard gives it.
func dashboardNamed(text string) (account, name string, ok bool) {
	a, err := arn.Parse(text)
	if err != nil || a.Service != "cloudwatch" {
		return "", "", false
	}
	name, ok = strings.CutPrefix(a.Resource, "dashboard/")
	return a.Account, name, ok && name != ""
}

func findDashboard(tx *store.Tx, sc store.Scope, name string) (*dashboard, error) {
	d, err := dashboards.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return d, err
}

var dashboardName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// mostBody and mostWidgets bound a dashboard.
// Source: CloudWatch API Reference, "Dashboard body structure and syntax".
const (
	mostBody    = 1 << 20
	mostWidgets = 500
)

// checkBody looks at the body of a dashboard: errors keep it from being stored,
// warnings do not.
func checkBody(text string) (faults, warnings []types.DashboardValidationMessage) {
	add := func(list *[]types.DashboardValidationMessage, path, format string, args ...any) {
		message := fmt.Sprintf(format, args...)
		*list = append(*list, types.DashboardValidationMessage{DataPath: &path, Message: &message})
	}
	if len(text) > mostBody {
		add(&faults, "", "The dashboard body is larger than %d bytes", mostBody)
		return faults, nil
	}
	var body map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		add(&faults, "", "The field DashboardBody must be a valid JSON object")
		return faults, nil
	}
	raw, ok := body["widgets"]
	if !ok {
		add(&faults, "", "Should have required property 'widgets'")
		return faults, nil
	}
	var widgets []map[string]json.RawMessage
	if err := json.Unmarshal(raw, &widgets); err != nil {
		add(&faults, "/widgets", "Should be array")
		return faults, nil
	}
	if len(widgets) > mostWidgets {
		add(&faults, "/widgets", "Should NOT have more than %d items", mostWidgets)
	}
	for i, w := range widgets {
		path := fmt.Sprintf("/widgets/%d", i)
		kind := widgetKind(w)
		switch kind {
		case "metric", "text", "log", "alarm", "explorer", "custom":
		case "":
			add(&faults, path, "Should have required property 'type'")
		default:
			add(&warnings, path+"/type", "Should be equal to one of the allowed values")
		}
		if _, ok := w["properties"]; !ok {
			add(&faults, path, "Should have required property 'properties'")
		}
		for _, m := range sides {
			if v, ok := w[m.name]; ok && !within(v, m.low, m.high) {
				add(&faults, path+"/"+m.name, "Should be an integer between %.0f and %.0f", m.low, m.high)
			}
		}
	}
	return faults, warnings
}

// sides are where a widget is and how large, in units of the grid.
var sides = []struct {
	name      string
	low, high float64
}{{"x", 0, 23}, {"y", 0, 1 << 30}, {"width", 1, 24}, {"height", 1, 1000}}

func widgetKind(w map[string]json.RawMessage) string {
	var kind string
	if json.Unmarshal(w["type"], &kind) != nil {
		return ""
	}
	return kind
}

func within(raw json.RawMessage, low, high float64) bool {
	var n float64
	return json.Unmarshal(raw, &n) == nil && n == float64(int64(n)) && n >= low && n <= high
}
