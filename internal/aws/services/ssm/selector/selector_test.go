package selector_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/aws/services/ssm/selector"
)

// desktops is an answer in the form of AWS's example of the User Guide, with two
// of everything.
const desktops = `{
	"NextToken": "next", "Took": 70.0, "Serial": 9007199254740993,
	"Reservations": [
		{"OwnerId": "111122223333", "ReservationId": "r-1", "Groups": [], "Instances": [
			{"ImageId": "ami-1", "State": {"Code": 16, "Name": "running"}, "Tags": [{"Key": "Owner", "Value": "sales"}, {"Key": "Name", "Value": "a"}],
			 "BlockDeviceMappings": [{"Ebs": {"DeleteOnTermination": true, "Status": "attached", "VolumeId": "vol-1"}, "DeviceName": "/dev/xvda"}]}]},
		{"OwnerId": "111122223333", "ReservationId": "r-2", "Groups": [], "Instances": [
			{"ImageId": "ami-2", "State": {"Code": 80, "Name": "stopped"}, "Tags": [{"Key": "Owner", "Value": "it's"}],
			 "BlockDeviceMappings": [{"Ebs": {"DeleteOnTermination": false, "Status": "attached", "VolumeId": "vol-2"}, "DeviceName": "/dev/xvda"}]}]}
	]
}`

func TestSelect(t *testing.T) {
	for path, want := range map[string]string{
		// The examples of the User Guide.
		"$.Reservations[0].Instances[0].ImageId":                                        `"ami-1"`,
		"$.Reservations[0].Instances[0].BlockDeviceMappings[0].Ebs.DeleteOnTermination": `true`,
		"$.Reservations[0].Instances[0].State.Code":                                     `16`,
		"$.Reservations..BlockDeviceMappings..VolumeId":                                 `["vol-1","vol-2"]`,
		"$.Reservations[0].Instances[0].BlockDeviceMappings[0]":                         `{"Ebs":{"DeleteOnTermination":true,"Status":"attached","VolumeId":"vol-1"},"DeviceName":"/dev/xvda"}`,
		"$.Reservations..Instances..State":                                              `[{"Code":16,"Name":"running"},{"Code":80,"Name":"stopped"}]`,
		// Beyond them.
		"$.Reservations[*].Instances[*].ImageId":                                    `["ami-1","ami-2"]`,
		"$..Name":                                                                   `["running","stopped"]`,
		"$..ReservationId":                                                          `["r-1","r-2"]`,
		"$['Reservations'][1]['ReservationId']":                                     `"r-2"`,
		"$.Reservations[-1].ReservationId":                                          `"r-2"`,
		"$.Reservations[0,1].ReservationId":                                         `["r-1","r-2"]`,
		"$.Reservations[1:].ReservationId":                                          `["r-2"]`,
		"$.Reservations[0]['ReservationId','OwnerId']":                              `["r-1","111122223333"]`,
		"$.Reservations[0].Instances[0].Tags[?(@.Key=='Owner')].Value":              `["sales"]`,
		"$..Tags[?(@.Key == 'Owner')].Value":                                        `["sales","it's"]`,
		"$..Instances[?(@.State.Code > 16)].ImageId":                                `["ami-2"]`,
		"$..Instances[?(@.State.Name=='running' && @.ImageId =~ /^ami.*/)].ImageId": `["ami-1"]`,
		"$..Instances[?(@.Tags[1])].ImageId":                                        `["ami-1"]`,
		"$.Reservations[?(@..Code==80)].ReservationId":                              `["r-2"]`,
		"$..Tags[?(@.Value != 'what..?')].Value":                                    `["sales","a","it's"]`,
		"$..[?(@.DeviceName)].Ebs.VolumeId":                                         `["vol-1","vol-2"]`,
		"$.Reservations[0].Instances[0].State[?(@.Code == 16)].Name":                `["running"]`,
		"$.Reservations.length()":                                                   `2`,
		"$..VolumeId.length()":                                                      `2`,
		"$.Reservations[0].Groups.length()":                                         `0`,
		"$.Reservations[0].Groups":                                                  `[]`,
		"$.Reservations[?(@.ReservationId=='r-3')]":                                 `[]`,
		"$..Nothing":    `[]`,
		"$.Took":        `70.0`,
		"$.Serial":      `9007199254740993`,
		" $.NextToken ": `"next"`,
		"$.Reservations[0].Instances[0].Tags[?(@.Value in ['a','b'])].Key":               `["Name"]`,
		"$.Reservations[?(@.Instances[0].Tags[0].Value == \"it's\")].ReservationId":      `["r-2"]`,
		"$.Reservations[?(@.Instances[*].State.Code == 80)].Instances[0].Tags[0]['Key']": `["Owner"]`,
	} {
		got, err := selector.Select(json.RawMessage(desktops), path)
		if err != nil || string(got) != want {
			t.Errorf("%s: want %s, got %s, %v", path, want, got, err)
		}
	}
	if got, err := selector.Select(json.RawMessage(`{"Name":"top","Sub":{"Name":"in"},"Z":{"Name":"z"},"A":{"Name":"a"}}`), "$..Name"); err != nil || string(got) != `["top","in","z","a"]` {
		t.Errorf("want an element before what is in it, in the answer's order; got %s, %v", got, err)
	}
	if got, err := selector.Select(json.RawMessage(`{"b":1,"a":[null]}`), "$"); err != nil || string(got) != `{"b":1,"a":[null]}` {
		t.Errorf("want the whole answer, got %s, %v", got, err)
	}
}

func TestSelectRefuses(t *testing.T) {
	deep := strings.Repeat("[", 60) + strings.Repeat("1,", 50_000) + "1" + strings.Repeat("]", 60)
	for _, c := range []struct{ name, answer, path, want string }{
		{"what is not there", desktops, "$.Reservations[0].Instanzen", "no results for path: $.Reservations[0].Instanzen"},
		{"an index behind the end", desktops, "$.Reservations[2].OwnerId", "no results for path"},
		{"a name of a list", desktops, "$.Reservations.OwnerId", "no results for path"},
		{"a length of a text", desktops, "$.NextToken.length()", "no results for path: $.NextToken.length()"},
		{"no root", desktops, "Reservations", "begins with $"},
		{"a path that ends early", desktops, "$.", "invalid JSONPath $."},
		{"an unknown function", desktops, "$.Reservations.sum()", "invalid JSONPath"},
		{"a script", desktops, "$.Reservations[(@.length-1)]", "invalid JSONPath"},
		{"a scan of nothing", desktops, "$..", "invalid JSONPath"},
		{"a long path", desktops, "$." + strings.Repeat("a", 2000), "1024 characters at most"},
		{"no JSON", `{`, "$", "cannot be read"},
		{"two values", `{} {}`, "$", "more behind its value"},
		{"a deep answer", strings.Repeat("[", 100) + strings.Repeat("]", 100), "$", "nests too deeply"},
		{"too large", `"` + strings.Repeat("a", 9<<20) + `"`, "$", "too large"},
		{"a scan in a filter of much", deep, "$..[?(@..x==1)]", "selects too much"},
		{"a path that multiplies", deep, "$..*..*..*..*..x", "selects too much"},
	} {
		if got, err := selector.Select(json.RawMessage(c.answer), c.path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want an error that says %q, got %s, %v", c.name, c.want, got, err)
		}
	}
}

func TestTyped(t *testing.T) {
	const refused = ""
	for _, c := range []struct{ value, kind, want string }{
		// What the User Guide says can be converted.
		{`"a"`, "StringList", `["a"]`},
		{`"16"`, "Integer", `16`},
		{`"True"`, "Boolean", `true`},
		{`16`, "String", `"16"`},
		{`16`, "StringList", `["16"]`},
		{`true`, "String", `"true"`},
		{`false`, "StringList", `["false"]`},
		{`["a"]`, "String", `"a"`},
		{`[16]`, "Integer", `16`},
		{`["16"]`, "Integer", `16`},
		{`[true]`, "Boolean", `true`},
		// What is of its type already.
		{`"a"`, "String", `"a"`},
		{`16`, "Integer", `16`},
		{`false`, "Boolean", `false`},
		{`["a","b"]`, "StringList", `["a","b"]`},
		{`[1,2]`, "StringList", `["1","2"]`},
		{`[]`, "StringList", `[]`},
		{`[]`, "MapList", `[]`},
		{`{"b":1,"a":2}`, "StringMap", `{"b":1,"a":2}`},
		{`[{"b":1},{"a":2}]`, "MapList", `[{"b":1},{"a":2}]`},
		{`[{"b":1}]`, "StringList", `["{\"b\":1}"]`},
		{`{"b":1}`, "", `{"b":1}`},
		{`70.5`, "String", `"70.5"`},
		// And the rest.
		{`"a"`, "Integer", refused},
		{`1.5`, "Integer", refused},
		{`"yes"`, "Boolean", refused},
		{`1`, "Boolean", refused},
		{`true`, "Integer", refused},
		{`["a","b"]`, "String", refused},
		{`[]`, "String", refused},
		{`{"a":1}`, "String", refused},
		{`[{"a":1}]`, "String", refused},
		{`{"a":1}`, "StringList", refused},
		{`{"a":1}`, "MapList", refused},
		{`"{}"`, "StringMap", refused},
		{`["a"]`, "MapList", refused},
		{`null`, "String", refused},
		{`"a"`, "Text", refused},
	} {
		got, err := selector.Typed(json.RawMessage(c.value), c.kind)
		if (err == nil) != (c.want != refused) || string(got) != c.want {
			t.Errorf("%s as %s: want %q, got %s, %v", c.value, c.kind, c.want, got, err)
		}
	}
	if _, err := selector.Typed(json.RawMessage(`["a","b"]`), "String"); err == nil || err.Error() != "a value of type StringList cannot be converted to String" {
		t.Errorf("want the types named, got %v", err)
	}
}

// The form is that of GetAutomationExecution: one text for a simple value and for
// a map, one for each element of a list, anything but a text as JSON.
func TestTexts(t *testing.T) {
	for value, want := range map[string][]string{
		`"a"`: {"a"}, `16`: {"16"}, `true`: {"true"}, `["a","b"]`: {"a", "b"}, `[]`: {},
		`{"b":true,"a":{"c":"<x>"}}`: {`{"b":true,"a":{"c":"<x>"}}`}, `[{"b":1},{"a":"x"}]`: {`{"b":1}`, `{"a":"x"}`},
	} {
		got, err := selector.Texts(json.RawMessage(value))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: want %q, got %q, %v", value, want, got, err)
		}
	}
	if _, err := selector.Texts(json.RawMessage(`{`)); err == nil {
		t.Error("want an error for what is no JSON")
	}
}

// FuzzSelect wants JSON or an error of any path and answer, and of what was
// selected a value of each type or an error.
func FuzzSelect(f *testing.F) {
	for _, path := range []string{
		"$.Reservations[0].Instances[0].ImageId", "$..Tags[?(@.Key == 'Owner' && @.Value =~ /s.*/)].Value", "$.Reservations.length()",
		"$..*", "$['a','b'][0,1][-1:5:2]", "$[?(@.a[*].b in [1,'x'] || !@.c)]", "$..[?(@.DeviceName)]", "$.Reservations[?(length(@.Instances)>0)]",
	} {
		f.Add(path, desktops)
	}
	f.Fuzz(func(t *testing.T, path, answer string) {
		found, err := selector.Select(json.RawMessage(answer), path)
		if err != nil {
			return
		}
		if !json.Valid(found) {
			t.Fatalf("%q of %q gives no JSON: %s", path, answer, found)
		}
		for _, kind := range []string{"", selector.String, selector.Integer, selector.Boolean, selector.StringList, selector.StringMap, selector.MapList} {
			typed, err := selector.Typed(found, kind)
			if err != nil {
				continue
			}
			if again, err := selector.Typed(typed, kind); err != nil || string(again) != string(typed) {
				t.Errorf("%s as %s is %s, and that again is %s, %v", found, kind, typed, again, err)
			}
			if _, err := selector.Texts(typed); err != nil {
				t.Errorf("%s as %s has no texts: %v", found, kind, err)
			}
		}
	})
}
