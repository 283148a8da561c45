package managednodes

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tamachi/internal/store"
)

func TestTargets(t *testing.T) {
	r := newRoom(t)
	scope := store.In(account, region)
	put := func(id, workspace string, age time.Duration, tags map[string]string) {
		err := r.st.Update(t.Context(), func(tx *store.Tx) error {
			return managedNodes.Put(tx, scope, &managedNode{ID: id, WorkspaceID: workspace, PlatformType: "Linux", Tags: tags, Registered: morning.Add(-age)})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put("mi-a", "", 0, map[string]string{"Floor": "3", "Role": "web"})
	put("mi-b", "", 0, map[string]string{"Floor": "3"})
	put("mi-c", "ws-one", time.Hour, map[string]string{"Floor": "4", "Role": "web"})
	put("mi-d", "ws-one", 0, nil)
	for _, row := range []struct {
		name    string
		targets []Target
		want    string // ids, or the error's beginning
	}{
		{"no target means no node", nil, ""},
		{"a tag's value", []Target{{"tag:Floor", []string{"3"}}}, "mi-a mi-b"},
		{"one of several values", []Target{{"tag:Floor", []string{"3", "4"}}}, "mi-a mi-b mi-c"},
		{"several tags must all fit", []Target{{"tag:Floor", []string{"3", "4"}}, {"tag:Role", []string{"web"}}}, "mi-a mi-c"},
		{"the key alone", []Target{{"tag-key", []string{"Role", "Other"}}}, "mi-a mi-c"},
		{"ids, each once", []Target{{"InstanceIds", []string{"mi-b", "mi-a", "mi-b"}}}, "mi-a mi-b"},
		{"ids in the small letters of the User Guide", []Target{{"instanceids", []string{"mi-b"}}}, "mi-b"},
		{"ids and a tag must both fit", []Target{{"InstanceIds", []string{"mi-b", "mi-c"}}, {"tag:Role", []string{"web"}}}, "mi-c"},
		{"a desktop is the node that it registered last", []Target{{"InstanceIds", []string{"ws-one"}}}, "mi-d"},
		{"all nodes", []Target{{"InstanceIds", []string{"*"}}}, "mi-a mi-b mi-c mi-d"},
		{"an id that names none is left out", []Target{{"InstanceIds", []string{"mi-x", "mi-a"}}}, "mi-a"},
		{"a tag that nobody has", []Target{{"tag:Colour", []string{"red"}}}, ""},
		{"a resource group", []Target{{"resource-groups:Name", []string{"third"}}}, "mi-a mi-b"},
		{"several groups, one of which is not there", []Target{{"resource-groups:Name", []string{"third", "fourth", "x"}}}, "mi-a mi-b mi-c"},
		{"a group and a tag must both fit", []Target{{"resource-groups:Name", []string{"third"}}, {"tag:Role", []string{"web"}}}, "mi-a"},
		{"a group of everything holds what has tags", []Target{{"resource-groups:Name", []string{"all"}}}, "mi-a mi-b mi-c"},
		{"a group limited to nodes", []Target{{"resource-groups:Name", []string{"third"}}, {"resource-groups:ResourceTypeFilters", []string{"AWS::SSM::ManagedInstance"}}}, "mi-a mi-b"},
		{"a group limited to something else", []Target{{"resource-groups:Name", []string{"third"}}, {"resource-groups:ResourceTypeFilters", []string{"AWS::EC2::Instance"}}}, ""},
		{"all of a type", []Target{{"resource-groups:ResourceTypeFilters", []string{"AWS::SSM::ManagedInstance"}}}, "mi-a mi-b mi-c mi-d"},
		{"something else about groups", []Target{{"resource-groups:Owner", []string{"x"}}}, "the target key resource-groups:Owner is not known"},
		{"another key", []Target{{"Colour", []string{"red"}}}, `the target key "Colour" is not known`},
		{"a tag without a name", []Target{{"tag:", []string{"red"}}}, `the target key "tag:" is not known`},
		{"a tag without values", []Target{{"tag:Floor", nil}}, "the target tag:Floor has no values"},
		{"a key twice", []Target{{"tag:Floor", []string{"3"}}, {"tag:Floor", []string{"4"}}}, "the target key tag:Floor is there twice"},
	} {
		var got []string
		err := r.st.View(t.Context(), func(tx *store.Tx) error {
			found, err := r.Targets(tx, scope, row.targets)
			for _, n := range found {
				got = append(got, n.ID)
			}
			return err
		})
		said := strings.Join(got, " ")
		if err != nil {
			if said = err.Error(); !errors.Is(err, ErrTarget) {
				t.Errorf("%s: %v is no ErrTarget", row.name, err)
			}
		}
		if said != row.want && (err == nil || !strings.HasPrefix(said, row.want)) {
			t.Errorf("%s: got %q, want %q", row.name, said, row.want)
		}
	}
	foreign := store.In("999988887777", region)
	if err := r.st.View(t.Context(), func(tx *store.Tx) error {
		found, err := r.Targets(tx, foreign, []Target{{"InstanceIds", []string{"mi-a", "*"}}})
		if len(found) > 0 {
			t.Errorf("another account finds %v", found)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// FuzzTargets: what cannot be read is refused, and what can be read says of
// every node that it fits or not.
func FuzzTargets(f *testing.F) {
	f.Add("tag:Floor", "3", "InstanceIds", "*")
	f.Add("tag-key", "Floor", "resource-groups:Name", "x")
	f.Fuzz(func(t *testing.T, key, value, other, second string) {
		targets := []Target{{key, []string{value}}, {other, []string{second}}}
		err := CheckTargets(targets)
		if err != nil {
			if !errors.Is(err, ErrTarget) {
				t.Errorf("%q: %v is no ErrTarget", targets, err)
			}
			return
		}
		tags := map[string]string{key: value, other: second, "Floor": "3"}
		if again, err := tagsOf(tagText(tags)); err != nil || !maps.Equal(tags, again) {
			t.Errorf("the index makes %q of the tags %q: %v", again, tags, err)
		}
		node := &managedNode{ID: "mi-a", Tags: map[string]string{"Floor": "3"}}
		for _, one := range targets {
			name, isTag := strings.CutPrefix(one.Key, "tag:")
			if isTag && one.fits(node.Tags) != (name == "Floor" && slices.Contains(one.Values, "3")) {
				t.Errorf("%q fits the node: %v", one, one.fits(node.Tags))
			}
		}
	})
}
