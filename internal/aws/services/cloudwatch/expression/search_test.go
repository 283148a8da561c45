package expression

import (
	"strings"
	"testing"
)

func TestSearches(t *testing.T) {
	cpu := &Metric{"AWS/WorkSpaces", "CPUUsage", map[string]string{"WorkspaceId": "ws-1"}}
	for _, row := range []struct {
		text string
		want bool
	}{
		{"{AWS/WorkSpaces,WorkspaceId} CPUUsage", true},
		{`{AWS/WorkSpaces, "WorkspaceId"}`, true},
		{"{AWS/WorkSpaces}", false},
		{"{AWS/WorkSpaces,DirectoryId}", false},
		{"cpu", true},
		{"cpu usage ws", true},
		{`"CPU"`, false},
		{`MetricName="CPUUsage"`, true},
		{`MetricName=CPU AND Namespace=workspaces`, true},
		{`WorkspaceId=("ws-1" OR "ws-2")`, true},
		{"NOT usage", false},
		{"memory OR (cpu AND NOT ws-2)", true},
		{"", true},
	} {
		s, err := ParseSearch(row.text)
		if err != nil {
			t.Errorf("%s: %v", row.text, err)
		} else if got := s.Finds(cpu); got != row.want {
			t.Errorf("%s: got %v, want %v", row.text, got, row.want)
		}
	}
	for _, text := range []string{"{open", "(a", "a)", "a=", "=a", "NOT", "a OR", `"open`, strings.Repeat("(", 5000), strings.Repeat("NOT ", 5000) + "a"} {
		if _, err := ParseSearch(text); err == nil {
			t.Errorf("%.30q was taken", text)
		}
	}
}

func FuzzParseSearch(f *testing.F) {
	f.Add(`{AWS/WorkSpaces,WorkspaceId} MetricName="CPUUsage" (a OR NOT b=c)`)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ParseSearch(text); err == nil {
			s.Finds(&Metric{"a", "bC", map[string]string{"d": "e"}})
		}
	})
}
