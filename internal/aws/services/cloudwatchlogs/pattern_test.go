package cloudwatchlogs

import (
	"maps"
	"strings"
	"testing"
	"time"
)

func TestPatterns(t *testing.T) {
	const event = `{"eventName":"UpdateTrail","sourceIPAddress":"111.111.1.9","n":5,"deep":{"ok":true,"none":null,"a b":"x"},"list":[{"id":1,"flag":"running"},{"id":2,"flag":"stopped"}],"text":"12"}`
	const access = `127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /apache_pb.gif HTTP/1.0" 404 1534`
	for _, row := range []struct {
		name, pattern, message string
		want                   bool
	}{
		{"nothing matches all", ``, "anything", true},
		{"a term is found", `ERROR`, "[ERROR 400] BAD REQUEST", true},
		{"a term is found inside a word", `Exception`, "NullPointerException: x", true},
		{"terms know upper and lower case", `error`, "ERROR", false},
		{"all terms must be there", `ERROR REQUEST`, "ERROR only", false},
		{"a phrase is exact", `"BAD REQUEST"`, "BAD  REQUEST", false},
		{"a quote inside a phrase", `"a \"b\""`, `say a "b" now`, true},
		{"one of the optional terms", `?ERROR ?WARN`, "a WARN", true},
		{"none of the optional terms", `?ERROR ?WARN`, "an INFO", false},
		{"optional terms beside others are ignored", `ERROR ?WARN`, "ERROR", true},
		{"an excluded term", `ERROR -BAD`, "ERROR BAD", false},
		{"an excluded term that is not there", `ERROR -"BAD ONE"`, "ERROR BAD", true},
		{"a regular expression", `%ERROR \d{3}%`, "ERROR 404", true},
		{"a regular expression that does not match", `%^\d+$%`, "12a", false},
		{"a term in Japanese", `接続`, "端末が接続しました", true},

		{"a member equals", `{ $.eventName = "UpdateTrail" }`, event, true},
		{"a member equals a bare word", `{$.eventName=UpdateTrail}`, event, true},
		{"a member is another", `{ $.eventName = "DeleteTrail" }`, event, false},
		{"asterisks", `{ $.eventName = "*date*" }`, event, true},
		{"an asterisk at the end", `{ $.sourceIPAddress != 123.123.* }`, event, true},
		{"a missing member is not unequal", `{ $.missing != "x" }`, event, false},
		{"more", `{ $.n > 4.5 }`, event, true},
		{"less or equal", `{ $.n <= 4 }`, event, false},
		{"an exponent", `{ $.n = 5e0 }`, event, true},
		{"and, or, parentheses", `{ $.eventName = "x" && $.n = 5 || ($.n = 5 && ($.text = "12")) }`, event, true},
		{"and binds more than or", `{ $.n = 5 || $.n = 6 && $.n = 7 }`, event, true},
		{"exists", `{ $.deep.none EXISTS }`, event, true},
		{"not exists", `{ $.deep.other NOT EXISTS }`, event, true},
		{"is true", `{ $.deep.ok IS TRUE }`, event, true},
		{"is null", `{ $.deep.none IS NULL }`, event, true},
		{"a missing member is not null", `{ $.deep.other IS NULL }`, event, false},
		{"an element", `{ $.list[1].flag = "stopped" }`, event, true},
		{"any element", `{ $.list[*].id = 2 }`, event, true},
		{"an element that is not there", `{ $.list[7].id = 2 }`, event, false},
		{"a member in quotes", `{ $.deep["a b"] = "x" }`, event, true},
		{"a regular expression of a member", `{ $.eventName = %^Up.*Trail$% }`, event, true},
		{"a message that is no JSON", `{ $.n = 5 }`, "n 5", false},
		{"two values are no JSON", `{ $.n = 5 }`, `{"n":5}{"n":5}`, false},

		{"fields by name", `[ip, user, username, timestamp, request, status_code=4*, bytes > 1000]`, access, true},
		{"a field that is too small", `[ip, user, username, timestamp, request, status_code=4*, bytes > 2000]`, access, false},
		{"too few fields", `[ip, user]`, access, false},
		{"an ellipsis", `[ip, ..., status_code = 404, bytes]`, access, true},
		{"an ellipsis for nothing", `[a, ..., b]`, "1 2", true},
		{"or in a field", `[w1 = ERROR || w1 = WARN, ...]`, "WARN it", true},
		{"and in a field", `[w1 != ERROR && w1 != WARN, ...]`, "WARN it", false},
		{"fields without names", `[,,x=c]`, "a b c", true},
		{"a field in quotes", `[..., request = "GET *", code, size]`, access, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := parsePattern(row.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if _, got := p.match(row.message); got != row.want {
				t.Errorf("%s on %s: want %v, got %v", row.pattern, row.message, row.want, got)
			}
		})
	}
}

func TestValuesOfPatterns(t *testing.T) {
	for _, row := range []struct {
		pattern, message string
		want             map[string]string
	}{
		{`[ip, id, user, ..., status]`, `127.0.0.1 - frank [a b] "GET /" 404`, map[string]string{"$ip": "127.0.0.1", "$id": "-", "$user": "frank", "$status": "404"}},
		{`[, time]`, `x [a b]`, map[string]string{"$1": "x", "$time": "a b"}},
		{`{ $.a.b = 1 && $.c = * }`, `{"a":{"b":1},"c":"x"}`, map[string]string{"$.a.b": "1", "$.c": "x"}},
		{`x`, `x`, nil},
	} {
		p, err := parsePattern(row.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := p.match(row.message); !ok || !maps.Equal(got, row.want) {
			t.Errorf("%s: want %v, got %v, %v", row.pattern, row.want, got, ok)
		}
	}
}

func TestBadPatterns(t *testing.T) {
	for _, text := range []string{
		`"open`, `""`, `?`, `a-b`, `%(a)%`, `%a`, `%a{1000}%`, `%[%`,
		`{`, `{}`, `{ x = 1 }`, `{ $ = 1 }`, `{ $.a }`, `{ $.a = }`, `{ $.a = 1 && }`, `{ ($.a = 1 }`, `{ $.a IS MAYBE }`, `{ $.a NOT }`, `{ $.a = 1 } x`, `{ $.a[x] = 1 }`,
		`{ $.a = %a% && $.b = %b% && $.c = %c% }`, `{` + strings.Repeat("(", 100) + `$.a=1` + strings.Repeat(")", 100) + `}`,
		`[a`, `[..., a, ...]`, `[a=1 && b=2]`, `[a ! b]`, `[=1]`,
	} {
		if p, err := parsePattern(text); err == nil {
			t.Errorf("want %s refused, got %+v", text, p)
		}
	}
}

// What would take a matcher that tries again and again years is told soon.
func TestHostileMessagesAreMatchedSoon(t *testing.T) {
	start := time.Now()
	for pattern, message := range map[string]string{
		`{ $.a = "` + strings.Repeat("a*", 200) + `b" }`: `{"a":"` + strings.Repeat("a", 1<<20) + `"}`,
		`[..., a]`: strings.Repeat("[ ", 1<<19),
		`[a="` + strings.Repeat("x*", 100) + `"]`: strings.Repeat("x", 1<<20),
		`%a*a*a*a*a*a*b%`:                         strings.Repeat("a", 1<<18),
		`{ $[*][*] = 1 }`:                         strings.Repeat("[", 1<<19) + strings.Repeat("]", 1<<19),
	} {
		p, err := parsePattern(pattern)
		if err != nil {
			t.Fatalf("%s: %v", pattern, err)
		}
		if _, ok := p.match(message); ok && pattern[0] == '{' {
			t.Errorf("%s: want no match", pattern)
		}
	}
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("took %s", d)
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{`ERROR -"a b" ?x`, `{ ($.a[0].b = "x*" && $.c NOT EXISTS) || $.d IS TRUE }`, `[a, ..., b=%x+%, c>1]`, `%[a-z]+%`} {
		f.Add(s, `{"a":[{"b":"xy"}],"d":true}`)
		f.Add(s, `1.2.3.4 - [a b] "c d" 5`)
	}
	f.Fuzz(func(t *testing.T, text, message string) {
		if len(text) > 1024 { // the model's limit
			return
		}
		p, err := parsePattern(text)
		if err != nil {
			return
		}
		values, ok := p.match(message)
		again, ok2 := p.match(message)
		if ok != ok2 || !maps.Equal(values, again) {
			t.Errorf("%q on %q: want one answer, got two", text, message)
		}
	})
}

func FuzzPlace(f *testing.F) {
	f.Add("1/abc/2/3")
	f.Fuzz(func(t *testing.T, text string) {
		if p, ok := parsePlace(text); ok {
			if q, ok := parsePlace(p.String()); !ok || p != q {
				t.Errorf("want %v, got %v", p, q)
			}
		}
	})
}
