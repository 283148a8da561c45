package tag

import (
	"errors"
	"maps"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

func given(pairs ...string) []types.Tag {
	var out []types.Tag
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, types.Tag{Key: &pairs[i], Value: &pairs[i+1]})
	}
	return out
}

func TestRead(t *testing.T) {
	for _, row := range []struct {
		name  string
		given []types.Tag
		want  map[string]string
		why   string
	}{
		{"no tags", nil, nil, ""},
		{"two tags", given("a", "1", "b", ""), map[string]string{"a": "1", "b": ""}, ""},
		{"keys differ by their case", given("a", "1", "A", "2"), map[string]string{"a": "1", "A": "2"}, ""},
		{"a key that is given twice", given("a", "1", "a", "2"), nil, "The tag key a is given twice."},
		{"a key that is AWS's", given("Aws:x", "1"), nil, "Tag keys that begin with aws: are reserved: Aws:x."},
	} {
		got, err := Read(row.given, func(why string) error { return errors.New(why) })
		if why := ""; err != nil {
			why = err.Error()
			if why != row.why {
				t.Errorf("%s: got %q, want %q", row.name, why, row.why)
			}
		} else if row.why != "" || !maps.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v, %q", row.name, got, row.want, row.why)
		}
	}
}

// What makes a resource with tags asks for the right to tag too, and leaves
// the check that it was given alone.
func TestMade(t *testing.T) {
	c := api.Check{Action: "ssm:CreateDocument", Resource: "r", Keys: map[string]string{"k": "v"}}
	got := Made(c, given("a", "1"), "t")
	if len(got) != 2 || got[0].Keys["k"] != "v" || got[0].Keys["aws:RequestTag/a"] != "1" || got[1].Action != "ssm:AddTagsToResource" || got[1].Resource != "t" || got[1].Sets["aws:TagKeys"][0] != "a" {
		t.Errorf("got %+v", got)
	}
	if len(c.Keys) != 1 || len(Made(c, nil, "t")) != 1 {
		t.Errorf("the check was changed: %+v", c)
	}
}
