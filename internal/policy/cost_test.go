package policy

import (
	"strings"
	"testing"
)

// TestHostileTextsCostTheProductOfTheirLengths counts the steps of the matcher
// on texts that make it go back as often as can be. The sizes are those that
// the largest policies and headers have; a bound of time would waver.
func TestHostileTextsCostTheProductOfTheirLengths(t *testing.T) {
	for _, row := range []struct {
		name           string
		pattern, value func(n int) string
		linear         bool // it goes back nowhere
	}{
		{"a literal", func(n int) string { return strings.Repeat("a", n) }, func(n int) string { return strings.Repeat("a", n) }, true},
		{"one star", func(n int) string { return "*" + strings.Repeat("a", n) + "b" }, func(n int) string { return strings.Repeat("a", n) }, false},
		{"many stars", func(n int) string { return strings.Repeat("*a", n/2) + "b" }, func(n int) string { return strings.Repeat("a", n) }, false},
		{"stars side by side", func(n int) string { return strings.Repeat("*", n) + "b" }, func(n int) string { return strings.Repeat("a", n) }, false},
		{"a question behind a star", func(n int) string { return "*" + strings.Repeat("?", n/2) + "b" }, func(n int) string { return strings.Repeat("a", n) }, false},
		{"stars within segments", func(n int) string {
			return "arn:*:*" + strings.Repeat("a", n/4) + "b:*" + strings.Repeat("a", n/4) + "b:*"
		}, func(n int) string {
			return "arn:aws:" + strings.Repeat("a", n/2) + ":" + strings.Repeat("a", n/2)
		}, false},
		{"a star over colons and one that stays", func(n int) string { return "*:*" + strings.Repeat("a", n/4) + "b" }, func(n int) string { return strings.Repeat(strings.Repeat("a", n/8)+":", 8) }, false},
		{"colons only", func(n int) string { return strings.Repeat("*:", n/2) + "b" }, func(n int) string { return strings.Repeat(":", n) }, false},
		{"one segment after the other", func(n int) string { return "*:*aab:*aab:*aab:*aab" + strings.Repeat("*a", n/8) }, func(n int) string { return strings.Repeat("aaaaaaaaaaaaaaa:", n/16) }, false},
	} {
		for _, n := range []int{64, 512, 4096} {
			written, value := row.pattern(n), row.value(n)
			for _, as := range []style{likeText, resourceText} {
				p, err := compile(written, as, false)
				if err != nil {
					t.Fatal(err)
				}
				_, steps := matchCounted(p.text, value)
				most := 2 * (len(p.text) + 1) * (len(value) + 1)
				if row.linear {
					most = len(value)
				}
				if steps > most {
					t.Errorf("%s, %d characters: %d steps, want %d at most", row.name, n, steps, most)
				}
			}
		}
	}
}

// asked counts how often it is asked for keys.
type asked struct {
	Context
	times int
}

func (a *asked) Values(key string) ([]string, bool) {
	a.times++
	return a.Context.Values(key)
}

// TestDecisionsAskForKeysInProportion decides by documents with ever more
// statements, conditions and variables: what is looked up grows with what is
// written, not faster.
func TestDecisionsAskForKeysInProportion(t *testing.T) {
	for name, one := range map[string]string{
		"conditions":              `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"a:b":["x*","y*"],"c:d":"z"}}}`,
		"variables in resources":  `{"Effect":"Allow","Action":"a:b","Resource":["arn:${a:b}${a:b}","arn:${c:d}*"]}`,
		"variables in conditions": `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"ForAnyValue:StringLike":{"a:b":["${a:b}x","${c:d}${a:b}"]}}}`,
	} {
		for _, n := range []int{1, 10, 100, 1000} {
			d, err := Parse(`{"Version":"2012-10-17","Statement":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`)
			if err != nil {
				t.Fatal(err)
			}
			set, keys := NewSet(Policy{Document: d}), &asked{Context: Keys{"a:b": {"value"}, "c:d": {"other"}}}
			Decide(&Request{Action: "a:b", Resource: "arn:x", Keys: keys, Who: Who{Kind: User, Account: "111122223333", ARN: "arn:u"}}, &Policies{Identity: set})
			if most := 12 * n; keys.times > most {
				t.Errorf("%s, %d statements: asked %d times, want %d at most", name, n, keys.times, most)
			}
		}
	}
}
