package incus

import (
	"strings"
	"testing"
)

// metrics is a part of what Incus 6.0.4 tells.
const metrics = `# HELP incus_memory_OOM_kills_total The number of out of memory kills.
# TYPE incus_memory_OOM_kills_total counter
incus_memory_OOM_kills_total{name="ws-aaaaaaaa1",project="tamachi-1",type="container"} 2
incus_memory_OOM_kills_total{name="ws-aaaaaaaa1",project="tamachi-2",type="container"} 7
incus_memory_OOM_kills_total{name="ws-bbbbbbbb2",project="tamachi-1",type="container"} NaN
`

func TestProcessesEndedForWantOfMemoryAreReadFromTheMetrics(t *testing.T) {
	for _, row := range []struct {
		name, instance string
		want           int64
		bad            bool
	}{
		{"of its own project", "ws-aaaaaaaa1", 2, false},
		{"of one that the server does not count", "ws-cccccccc3", 0, false},
		{"what is no number", "ws-bbbbbbbb2", 0, true},
	} {
		n, err := killsOf(strings.NewReader(metrics), "tamachi-1", row.instance)
		if n != row.want || (err != nil) != row.bad {
			t.Errorf("%s: want %d, got %d, %v", row.name, row.want, n, err)
		}
	}
}

func FuzzMetrics(f *testing.F) {
	f.Add(metrics)
	f.Add(killsMetric)
	f.Add(killsMetric + `name="x",project="y"`)
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := killsOf(strings.NewReader(text), "y", "x"); err != nil && n != 0 || n < 0 {
			t.Errorf("%q: got %d, %v", text, n, err)
		}
	})
}
