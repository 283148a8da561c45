package resourcegroups

import (
	"encoding/json"
	"testing"
)

func FuzzReadQuery(f *testing.F) {
	f.Add(`{"ResourceTypeFilters":["AWS::AllSupported"],"TagFilters":[{"Key":"Stage","Values":["Test"]}]}`, "Stage", "Test")
	f.Add(`{"ResourceTypeFilters":["AWS::SSM::ManagedInstance"]}`, "a", "b")
	f.Add(`{"TagFilters":[{}]} x`, "", "")
	f.Fuzz(func(t *testing.T, text, key, value string) {
		q, err := readQuery(text)
		if err != nil {
			return
		}
		if len(q.TagFilters) > 0 && q.Fits(q.ResourceTypeFilters[0], nil) {
			t.Errorf("%q finds what has no tags", text)
		}
		again, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		same, err := readQuery(string(again))
		if err != nil {
			t.Fatalf("%s: %v", again, err)
		}
		tags := map[string]string{key: value}
		for _, kind := range append(q.ResourceTypeFilters, "AWS::X::Y") {
			if same.Fits(kind, tags) != q.Fits(kind, tags) {
				t.Errorf("%q and %s differ on %s %q", text, again, kind, tags)
			}
		}
	})
}
