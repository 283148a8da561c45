package eventpattern

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
)

// test tells whether a scalar fits; there is false for a field without any.
type test func(v any, there bool) bool

// exactly wants a value as it is written.
func exactly(want any) test {
	return func(v any, there bool) bool { return there && v == want }
}

// text wants a string.
func text(fits func(s string) bool) test {
	return func(v any, there bool) bool {
		s, ok := v.(string)
		return there && ok && fits(s)
	}
}

// most is the largest number that can be compared.
const most = 5e9

func number(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil && math.Abs(f) <= most
}

// comparisons are those of numeric.
var comparisons = map[string]func(v, with float64) bool{
	"=":  func(v, with float64) bool { return v == with },
	"<":  func(v, with float64) bool { return v < with },
	"<=": func(v, with float64) bool { return v <= with },
	">":  func(v, with float64) bool { return v > with },
	">=": func(v, with float64) bool { return v >= with },
}

func numeric(of any) (test, error) {
	list, ok := of.([]any)
	if !ok || len(list) != 2 && len(list) != 4 {
		return nil, errors.New("it must be a list of comparisons and numbers")
	}
	type step struct {
		fits func(v, with float64) bool
		with float64
	}
	var steps []step
	for i := 0; i < len(list); i += 2 {
		name, _ := list[i].(string)
		with, ok := number(list[i+1])
		if comparisons[name] == nil || !ok {
			return nil, errors.New("Value of > must be numeric, as of =, <, <= and >=") //nolint:revive,staticcheck // begins as AWS's
		}
		steps = append(steps, step{comparisons[name], with})
	}
	if len(list) == 4 {
		lower, _ := list[0].(string)
		upper, _ := list[2].(string)
		if !strings.HasPrefix(lower, ">") || !strings.HasPrefix(upper, "<") || steps[0].with >= steps[1].with {
			return nil, errors.New("Bottom must be less than top") //nolint:revive,staticcheck // AWS's words
		}
	}
	return func(v any, there bool) bool {
		f, ok := number(v)
		return there && ok && !slices.ContainsFunc(steps, func(s step) bool { return !s.fits(f, s.with) })
	}, nil
}

// anythingBut wants a value that none of those given is.
func anythingBut(of any) (test, error) {
	var not []test
	switch of := of.(type) {
	case string, json.Number:
		not = append(not, exactly(of))
	case []any:
		if len(of) == 0 {
			return nil, errors.New("Inside anything but list, values must not be empty") //nolint:revive,staticcheck // begins as AWS's
		}
		for _, v := range of {
			switch v.(type) {
			case string, json.Number:
			default:
				return nil, errors.New("Inside anything but list, start|null|boolean is not supported.") //nolint:revive,staticcheck // AWS's words
			}
			not = append(not, exactly(v))
		}
	case map[string]any:
		some, err := butCompared(of)
		if err != nil {
			return nil, err
		}
		not = some
	default:
		return nil, errors.New("Value of anything-but must be an array or single string/number value.") //nolint:revive,staticcheck // AWS's words
	}
	return func(v any, there bool) bool {
		return there && !slices.ContainsFunc(not, func(t test) bool { return t(v, true) })
	}, nil
}

// butCompared reads the comparison inside of anything-but, with one value or
// several.
func butCompared(of map[string]any) (out []test, err error) {
	if len(of) != 1 {
		return nil, errors.New("Only one key allowed in match expression") //nolint:revive,staticcheck // AWS's words
	}
	for name, values := range of {
		compare := map[string]func(of any) (test, error){
			"prefix": affix(strings.HasPrefix), "suffix": affix(strings.HasSuffix), "equals-ignore-case": ignoringCase, "wildcard": wildcard,
		}[name]
		if compare == nil {
			return nil, errors.New("Unsupported anything-but pattern: " + name) //nolint:revive,staticcheck // AWS's words
		}
		list, ok := values.([]any)
		if !ok {
			list = []any{values}
		}
		if len(list) == 0 {
			return nil, errors.New("its list is empty")
		}
		for _, v := range list {
			t, err := compare(v)
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	return out, nil
}

// wildcard wants a string in which each * is any text; \* and \\ are the
// characters themselves.
func wildcard(of any) (test, error) {
	given, ok := of.(string)
	if !ok {
		return nil, errText
	}
	parts, part, star := []string{}, strings.Builder{}, false
	for i := 0; i < len(given); i++ {
		switch given[i] {
		case '\\':
			if i+1 == len(given) || given[i+1] != '*' && given[i+1] != '\\' {
				return nil, errors.New("Invalid escape character") //nolint:revive,staticcheck // AWS's words
			}
			i++
			star = false
			part.WriteByte(given[i])
		case '*':
			if star {
				return nil, errors.New("Consecutive wildcard characters") //nolint:revive,staticcheck // AWS's words
			}
			parts, star = append(parts, part.String()), true
			part.Reset()
		default:
			star = false
			part.WriteByte(given[i])
		}
	}
	parts = append(parts, part.String())
	return text(func(s string) bool { return between(parts, s) }), nil
}

// between tells whether a text is some parts with any text between them. The
// leftmost place of each is as good as any.
func between(parts []string, s string) bool {
	last := len(parts) - 1
	if last == 0 {
		return s == parts[0]
	}
	rest, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	if rest, ok = strings.CutSuffix(rest, parts[last]); !ok {
		return false
	}
	for _, part := range parts[1:last] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return true
}
