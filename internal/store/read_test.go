package store

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

type leafy struct {
	Name string `json:"name"`
	At   time.Time
	Next *leafy `json:",omitempty"`
}

type embedded struct{ Inner int }

// everything has a field of each kind that a record may have.
type everything struct {
	Text    string
	Plain   leafy
	Yes     bool
	Small   int8
	Number  int
	Count   uint16
	Share   float64
	Tags    map[string]string `json:",omitempty"`
	Leaves  map[string]leafy
	List    []string
	Bytes   []byte
	Parts   []leafy
	Far     *int
	When    *time.Time `json:",omitzero"`
	Raw     json.RawMessage
	Any     any
	Lasting time.Duration
	Digits  json.Number `json:",omitempty"`
	Quoted  int         `json:",string"`
	Left    string      `json:"-"`
	Month   time.Month
	Fixed   [2]int
	Keys    map[int]string
	Under   struct{ embedded }
}

func fullRecord() everything {
	seven, then := 7, time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	return everything{
		Text: "a <b> \"c\" \\ \n 日本語 \u2028", Plain: leafy{Name: "p", At: then, Next: &leafy{Name: "q"}}, Yes: true, Small: -8, Number: 1 << 40, Count: 9,
		Share: 1.5e-9, Tags: map[string]string{"a": "b", "ä\"": ""}, Leaves: map[string]leafy{"x": {Name: "y"}}, List: []string{"", "z"}, Bytes: []byte{0, 255},
		Parts: []leafy{{}, {Name: "n"}}, Far: &seven, When: &then, Raw: json.RawMessage(`{"a":[1,"}"]}`), Any: []any{"x", 1.0, nil}, Lasting: time.Hour,
		Digits: "12.5", Quoted: 5, Month: time.May, Fixed: [2]int{1, 2}, Keys: map[int]string{3: "c"},
	}
}

func TestWhatMarshalWritesIsReadWithoutUnmarshal(t *testing.T) {
	read := readers{}.of(reflect.TypeFor[everything]())
	for name, want := range map[string]everything{"a full record": fullRecord(), "one that has only its quoted number": {Raw: json.RawMessage("null")}} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got, due everything
		if !read.readInto(string(text), reflect.ValueOf(&got).Elem()) {
			t.Errorf("%s: %s is left to encoding/json", name, text)
		}
		if err := json.Unmarshal(text, &due); err != nil || !reflect.DeepEqual(got, due) {
			t.Errorf("%s: got %+v, want %+v, %v", name, got, due, err)
		}
	}
}

func TestWhatMarshalDoesNotWriteIsLeftToUnmarshal(t *testing.T) {
	read := readers{}.of(reflect.TypeFor[leafy]())
	for name, text := range map[string]string{
		"a space":                    `{"name":"a" }`,
		"fields in another order":    `{"At":"2026-11-23T01:02:03Z","name":"a"}`,
		"a field twice":              `{"name":"a","name":"b"}`,
		"a field of before":          `{"name":"a","Gone":1}`,
		"a name in other letters":    `{"Name":"a"}`,
		"something behind":           `{"name":"a"}x`,
		"nothing":                    ``,
		"half of it":                 `{"name":"a"`,
		"a time that is none":        `{"At":"yesterday"}`,
		"a number that is a string":  `{"name":1}`,
		"a string that does not end": `{"name":"a`,
	} {
		var got leafy
		if read.readInto(text, reflect.ValueOf(&got).Elem()) {
			t.Errorf("%s: %s was read as %+v", name, text, got)
		}
	}
}

// FuzzRead reads as encoding/json does, or not at all.
func FuzzRead(f *testing.F) {
	text, err := json.Marshal(fullRecord())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"Text":"a","Number":01}`)
	f.Add(`{"Share":1.,"Raw":nul}`)
	f.Add(`{"Bytes":"A","Any":{"a":1,"a":2}}`)
	read := readers{}.of(reflect.TypeFor[everything]())
	f.Fuzz(func(t *testing.T, text string) {
		var got, due everything
		if !read.readInto(text, reflect.ValueOf(&got).Elem()) {
			return
		}
		if err := json.Unmarshal([]byte(text), &due); err != nil || !reflect.DeepEqual(got, due) {
			t.Errorf("%q is read as %+v; encoding/json has %+v, %v", text, got, due, err)
		}
	})
}
