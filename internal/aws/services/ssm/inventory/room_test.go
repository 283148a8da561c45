package inventory

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tamachi/internal/store/storetest"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func TestStoredForms(t *testing.T) {
	const node = "mi-0123456789abcdef0"
	entry := []map[string]string{{"Name": "bash", "Version": "5.2"}}
	storetest.Golden(t, &items, &item{Node: node, Kind: "AWS:Application", Version: "1.1", Captured: "2026-11-22T08:00:00Z", Hash: "h", Entries: entry})
	storetest.Golden(t, &customKinds, &customKind{Name: "Custom:Rack", Version: "1.0", Attributes: []string{"Row"}, Disabled: "0.9"})
	storetest.Golden(t, &deletions, &deletion{ID: "d", Kind: "Custom:Rack", Began: morning, Versions: map[string]int32{"1.0": 2}, Token: "t", Option: "DeleteSchema"})
	storetest.Golden(t, &changes, &change{Node: node, Kind: "AWS:Application", At: morning, Added: entry, Removed: entry})
	storetest.Golden(t, &syncs, &resourceSync{Name: "s", Bucket: "b", Region: "us-east-1", Prefix: "p", KMSKey: "arn:aws:kms:k", Created: morning, Tried: morning, Done: morning, Failed: true, Message: "m", Retry: morning})
	storetest.Golden(t, &sources, &source{Name: "s", Regions: []string{"us-east-1"}, Created: morning, Modified: morning})
	storetest.Golden(t, &dues, &due{Sync: "s", Node: node, Since: "1"})
}

func TestVersionsInOrder(t *testing.T) {
	ascending := []string{"~", "", "0.9", "1.0~rc1", "1.0", "1.0-1", "1.0-1+deb12u1", "1.0-2", "1.0a", "1.0+x", "1.2", "1.10", "3.0.9-1", "3.0.15-1", "2026.11", "1:0.1", "2:0"}
	for i, a := range ascending {
		for j, b := range ascending {
			if got := compareVersions(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%q against %q: got %d", a, b, got)
			}
		}
	}
	if compareVersions("01", "1") != 0 || compareVersions("2026-09-30", "2026-11-02") >= 0 {
		t.Error("zeros in front do not count, and dates are in order")
	}
}

func FuzzVersions(f *testing.F) {
	f.Add("1:2.3~rc1-4", "1.10")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := compareVersions(a, b), compareVersions(b, a)
		if (x < 0) != (y > 0) || compareVersions(a, a) != 0 {
			t.Errorf("%q and %q: %d and %d", a, b, x, y)
		}
	})
}

func TestWhatChangedBetweenTwoDates(t *testing.T) {
	pkg := func(v string) []map[string]string { return []map[string]string{{"Name": "bash", "Version": v}} }
	day := func(n int) time.Time { return morning.AddDate(0, 0, n) }
	history := []*change{
		{Node: "mi-a", Kind: "AWS:Application", At: day(0), Added: pkg("1")},
		{Node: "mi-a", Kind: "AWS:Application", At: day(1), Added: pkg("2"), Removed: pkg("1")},
		{Node: "mi-a", Kind: "AWS:Application", At: day(2), Added: pkg("3"), Removed: pkg("2")},
		{Node: "mi-a", Kind: "AWS:Application", At: day(3), Added: pkg("2"), Removed: pkg("3")},
	}
	for _, row := range []struct {
		name     string
		from, to int
		want     []Change
	}{
		{"two days in one", 0, 2, []Change{{Node: "mi-a", Kind: "AWS:Application", Added: pkg("3"), Removed: pkg("1")}}},
		{"there and back is nothing", 1, 3, nil},
		{"before anything", -2, -1, nil},
		{"from nothing", -1, 0, []Change{{Node: "mi-a", Kind: "AWS:Application", Added: pkg("1")}}},
	} {
		if diff := cmp.Diff(row.want, net(history, "", day(row.from), day(row.to))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}
