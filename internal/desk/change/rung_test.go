package change

import (
	"strings"
	"testing"
)

func TestTheTrailTellsOfARepair(t *testing.T) {
	for _, row := range []struct {
		name, record string
		want         bool
	}{
		{"a reboot", `{"requestParameters":{"rebootWorkspaceRequests":[{"workspaceId":"ws-2"},{"workspaceId":"ws-1"}]},"responseElements":{"failedRequests":[]}}`, true},
		{"a restore", `{"requestParameters":{"workspaceId":"ws-1"},"responseElements":null}`, true},
		{"one that was refused for this desktop", `{"requestParameters":{"rebuildWorkspaceRequests":[{"workspaceId":"ws-1"}]},"responseElements":{"failedRequests":[{"workspaceId":"ws-1"}]}}`, false},
		{"one that was denied", `{"errorCode":"AccessDenied","requestParameters":{"workspaceId":"ws-1"}}`, false},
		{"another desktop", `{"requestParameters":{"workspaceId":"ws-2"}}`, false},
		{"no record", `{`, false},
	} {
		if got := named(row.record, "ws-1"); got != row.want {
			t.Errorf("%s: want %v, got %v", row.name, row.want, got)
		}
	}
}

func FuzzNamed(f *testing.F) {
	f.Add(`{"requestParameters":{"rebootWorkspaceRequests":[{"workspaceId":"ws-1"}]}}`)
	f.Add(`{"requestParameters":null,"responseElements":[]}`)
	f.Fuzz(func(t *testing.T, record string) {
		if named(record, "ws-1") && !strings.Contains(record, "ws-1") && !strings.Contains(record, `\u`) {
			t.Errorf("%s does not name it", record)
		}
	})
}
