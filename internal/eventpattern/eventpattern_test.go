package eventpattern

import (
	"strings"
	"testing"
)

func TestPatterns(t *testing.T) {
	const event = `{"source":"aws.ec2","n":300,"f":3.5,"ok":true,"none":null,"empty":[],"ip":"10.0.0.7","file":"a/b/photo.PNG",
		"list":["red","blue"],"nest":{"state":"running","deep":{"x":1}},"rows":[{"a":1,"b":2},{"a":3,"b":4}],"star":"a*b"}`
	for _, c := range []struct {
		name, pattern string
		want          bool
	}{
		{"a value", `{"source":["aws.ec2"]}`, true},
		{"another value", `{"source":["aws.s3"]}`, false},
		{"one of several", `{"source":["aws.s3","aws.ec2"]}`, true},
		{"case matters", `{"source":["AWS.ec2"]}`, false},
		{"two fields must both fit", `{"source":["aws.ec2"],"n":[301]}`, false},
		{"a number as written", `{"n":[300]}`, true},
		{"a number written otherwise", `{"n":[300.0]}`, false},
		{"a number is no string", `{"n":["300"]}`, false},
		{"true", `{"ok":[true]}`, true},
		{"null", `{"none":[null]}`, true},
		{"null is not absence", `{"missing":[null]}`, false},
		{"an element of a list", `{"list":["blue"]}`, true},
		{"nested", `{"nest":{"state":["running"],"deep":{"x":[1]}}}`, true},
		{"prefix", `{"source":[{"prefix":"aws."}]}`, true},
		{"prefix ignoring case", `{"source":[{"prefix":{"equals-ignore-case":"AWS."}}]}`, true},
		{"suffix", `{"file":[{"suffix":".png"}]}`, false},
		{"suffix ignoring case", `{"file":[{"suffix":{"equals-ignore-case":".png"}}]}`, true},
		{"equals ignoring case", `{"source":[{"equals-ignore-case":"AWS.EC2"}]}`, true},
		{"wildcard", `{"file":[{"wildcard":"a/*/*.PNG"}]}`, true},
		{"wildcard at the ends", `{"file":[{"wildcard":"*b*"}]}`, true},
		{"wildcard that overlaps", `{"source":[{"wildcard":"aws.ec*c2"}]}`, false},
		{"wildcard without a star", `{"source":[{"wildcard":"aws"}]}`, false},
		{"an escaped star", `{"star":[{"wildcard":"a\\*b"}]}`, true},
		{"a star behind an escaped one", `{"star":[{"wildcard":"a\\**"}]}`, true},
		{"an escaped star is no wildcard", `{"file":[{"wildcard":"a\\*PNG"}]}`, false},
		{"anything but a value", `{"source":[{"anything-but":"aws.s3"}]}`, true},
		{"anything but this value", `{"source":[{"anything-but":"aws.ec2"}]}`, false},
		{"anything but several", `{"source":[{"anything-but":["aws.s3","aws.ec2"]}]}`, false},
		{"anything but a number", `{"n":[{"anything-but":[1,2]}]}`, true},
		{"anything but wants the field", `{"missing":[{"anything-but":"x"}]}`, false},
		{"of a list one element suffices", `{"list":[{"anything-but":"red"}]}`, true},
		{"anything but a prefix", `{"source":[{"anything-but":{"prefix":"aws."}}]}`, false},
		{"anything but suffixes", `{"source":[{"anything-but":{"suffix":["s3",".x"]}}]}`, true},
		{"anything but a wildcard", `{"file":[{"anything-but":{"wildcard":"*/b/*"}}]}`, false},
		{"anything but, ignoring case", `{"source":[{"anything-but":{"equals-ignore-case":["AWS.EC2"]}}]}`, false},
		{"numeric", `{"n":[{"numeric":["=",300.0]}]}`, true},
		{"a range", `{"f":[{"numeric":[">",3,"<=",3.5]}]}`, true},
		{"out of a range", `{"f":[{"numeric":[">=",0,"<",3.5]}]}`, false},
		{"numeric of a string", `{"source":[{"numeric":[">",0]}]}`, false},
		{"cidr", `{"ip":[{"cidr":"10.0.0.0/24"}]}`, true},
		{"out of a cidr", `{"ip":[{"cidr":"10.0.1.0/24"}]}`, false},
		{"cidr of no address", `{"source":[{"cidr":"::/0"}]}`, false},
		{"exists", `{"nest":{"state":[{"exists":true}]}}`, true},
		{"exists not", `{"missing":[{"exists":false}]}`, true},
		{"exists not, below what is missing", `{"missing":{"x":[{"exists":false}]}}`, true},
		{"exists, but should not", `{"source":[{"exists":false}]}`, false},
		{"exists looks at leaves", `{"nest":[{"exists":true}]}`, false},
		{"an empty list is no leaf", `{"empty":[{"exists":false}]}`, true},
		{"null exists", `{"none":[{"exists":true}]}`, true},
		{"members of one element", `{"rows":{"a":[1],"b":[2]}}`, true},
		{"members of two elements", `{"rows":{"a":[1],"b":[4]}}`, false},
		{"or", `{"$or":[{"source":["x"]},{"n":[{"numeric":[">",299]}]}]}`, true},
		{"or that none fits", `{"$or":[{"source":["x"]},{"n":[1]}]}`, false},
		{"or beside a field", `{"source":["x"],"$or":[{"n":[300]},{"n":[1]}]}`, false},
		{"or below a field", `{"nest":{"$or":[{"state":["x"]},{"deep":{"x":[1]}}]}}`, true},
		{"alternatives of kinds", `{"n":[{"prefix":"x"},{"numeric":["<",1000]}]}`, true},
	} {
		p, err := Parse(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		v, err := Decode(event)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Matches(v); got != c.want {
			t.Errorf("%s: %s: want %v, got %v", c.name, c.pattern, c.want, got)
		}
	}
}

func TestWhatIsNoPattern(t *testing.T) {
	for text, part := range map[string]string{
		`[]`: "not an object", `{}`: "Empty objects", `{"a":[]}`: "Empty arrays", `{"a":"x"}`: `"a" must be`, `{"a":1 x`: "no JSON", `{"a":["x"]}}`: "something follows",
		`{"a":["x"]}{}`: "something follows", `{"a":[["x"]]}`: "Match value", `{"a":[{}]}`: "Only one key", `{"a":[{"prefix":"x","suffix":"y"}]}`: "Only one key",
		`{"a":[{"like":"x"}]}`: "Unrecognized match type like", `{"a":[{"prefix":1}]}`: "string", `{"a":[{"prefix":{"x":"y"}}]}`: "string",
		`{"a":[{"numeric":[">"]}]}`: "list", `{"a":[{"numeric":["~",1]}]}`: "numeric", `{"a":[{"numeric":[">",5,"<",1]}]}`: "Bottom",
		`{"a":[{"numeric":["=",6000000000]}]}`: "numeric", `{"a":[{"cidr":"10/8"}]}`: "CIDR", `{"a":[{"exists":"yes"}]}`: "true or false",
		`{"a":[{"wildcard":"a**b"}]}`: "Consecutive", `{"a":[{"wildcard":"\\\\**"}]}`: "Consecutive", `{"a":[{"wildcard":"a\\b"}]}`: "escape", `{"a":[{"anything-but":{"cidr":"::/0"}}]}`: "Unsupported",
		`{"a":[{"anything-but":[]}]}`: "empty", `{"a":[{"anything-but":[null]}]}`: "Inside anything but", `{"a":[{"anything-but":null}]}`: "Value of anything-but",
		strings.Repeat(`{"a":`, 60) + `["x"]` + strings.Repeat(`}`, 60): "deeper",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: want an error with %q, got %v", text, part, err)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add(`{"source":[{"anything-but":{"prefix":"aws."}}],"$or":[{"n":[{"numeric":[">",1,"<",5]}]},{"x":[{"exists":false}]}]}`, `{"source":"x","n":3}`)
	f.Add(`{"a":{"b":[{"wildcard":"*x*y\\*"},{"cidr":"10.0.0.0/8"},null,1.5]}}`, `{"a":[{"b":["axy*"]},{"b":null}]}`)
	f.Fuzz(func(t *testing.T, pattern, event string) {
		p, err := Parse(pattern)
		if err != nil {
			return
		}
		v, err := Decode(event)
		if err != nil {
			return
		}
		if p.Matches(v) != p.Matches([]any{v}) { // one element suffices
			if list, ok := v.([]any); !ok || len(list) > 0 {
				t.Errorf("%s: an array of %s says something else than itself", pattern, event)
			}
		}
	})
}
