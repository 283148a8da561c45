package probe_test

import (
	"os"
	"strings"
	"testing"

	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/probe/recorded"
)

func TestRecordedLoadIsRead(t *testing.T) {
	recorded.Each(t, os.Getenv(recorded.Folder), probe.LoadPack(), func(t *testing.T, s probe.Sections) {
		l := s.Load()
		count := 0
		for _, p := range l.Processes {
			count += p.Count
			if strings.ContainsRune(p.Name, '\ufffd') {
				t.Errorf("%q has lost its letters", p.Name)
			}
		}
		recorded.All(t, s, "top", count)
		recorded.All(t, s, "disk", len(l.Disks))
		if l.CPUs < 1 || l.UpSeconds <= 0 || l.MemoryFree <= 0 || l.MemoryKiB <= l.MemoryFree || len(l.Disks) == 0 || len(l.Processes) == 0 {
			t.Errorf("want the load of a machine, got %+v", l)
		}
	})
}

func TestRecordedReachIsRead(t *testing.T) {
	p, err := probe.ReachPack("localhost", 445)
	if err != nil {
		t.Fatal(err)
	}
	recorded.Each(t, os.Getenv(recorded.Folder), p, func(t *testing.T, s probe.Sections) {
		r := s.Reach()
		recorded.All(t, s, "dns", len(r.Servers))
		recorded.All(t, s, "name", len(r.Addresses))
		if len(r.Servers) == 0 || r.Port == "" {
			t.Errorf("want name servers and what the port did, got %+v", r)
		}
	})
}
