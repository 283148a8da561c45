package compliance

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	by := execution{At: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC), ID: "e", Type: "Command"}
	storetest.Golden(t, &records, &record{Node: "mi-0123456789abcdef0", Kind: "Custom:Floor", Hash: "h", Last: by, Items: []item{
		{ID: "a", Title: "t", Severity: "LOW", Status: compliant, Details: map[string]string{"k": "v"}, By: by},
	}})
}

func TestAScanOutlivesTheReportOfItsRun(t *testing.T) {
	found := func(status string) item {
		return item{ID: "a", Status: status, Details: map[string]string{scanned: "pb-1"}}
	}
	for _, row := range []struct{ name, kind, scan, run, want string }{
		{"patches lack, the run succeeded", associationKind, nonCompliant, compliant, nonCompliant},
		{"patches lack, the run failed", associationKind, nonCompliant, nonCompliant, nonCompliant},
		{"none lacks, the run failed", associationKind, compliant, nonCompliant, nonCompliant},
		{"none lacks, the run succeeded", associationKind, compliant, compliant, compliant},
		{"of another type", "Custom:Floor", nonCompliant, compliant, compliant},
	} {
		old := &record{Kind: row.kind, Items: []item{found(row.scan)}}
		got := (&record{Kind: row.kind, Items: []item{{ID: "a", Status: row.run}, {ID: "b", Status: compliant}}}).scans(old)
		if got.Items[0].Status != row.want || got.Items[1].Status != compliant {
			t.Errorf("%s: got %+v, want %s", row.name, got.Items, row.want)
		}
	}
}
