package automation

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// branch is aws:branch. Source: User Guide, "Using conditional statements in
// runbooks".
func branch(_ context.Context, r *run) (verdict, error) {
	choices, _ := r.given["Choices"].([]any)
	for i, c := range choices {
		choice, _ := c.(map[string]any)
		holds, err := holds(choice)
		if err != nil {
			return failed(stageInputs, "Choice %d of step %s: %s", i+1, r.task.Name, err), nil
		}
		if holds {
			return r.lead(text(choice["NextStep"])), nil
		}
	}
	if to := r.text("Default"); to != "" {
		return r.lead(to), nil
	}
	v := done(nil)
	v.last = bool(r.task.End)
	return v, nil
}

// lead goes to a step.
func (r *run) lead(to string) verdict {
	if r.book.task(to) == nil {
		return failed(stageInputs, "There is no step %s", to)
	}
	v := done(map[string]any{"OutputPayload": to})
	v.next = to
	return v
}

// holds evaluates a choice: an operation on its variable, or And, Or, Not of
// such.
func holds(choice map[string]any) (bool, error) {
	for _, key := range slices.Sorted(maps.Keys(choice)) {
		switch key {
		case "NextStep", "Variable":
			continue
		case "And", "Or":
			return joined(choice[key], key == "And")
		case "Not":
			inner, _ := choice[key].(map[string]any)
			is, err := holds(inner)
			return !is && err == nil, err
		}
		compare, ok := comparisons[key]
		if !ok {
			return false, fmt.Errorf("there is no operation %s", key)
		}
		return compare(text(choice["Variable"]), text(choice[key]))
	}
	return false, errors.New("it has no operation")
}

func joined(v any, all bool) (bool, error) {
	list, _ := v.([]any)
	for _, e := range list {
		one, _ := e.(map[string]any)
		is, err := holds(one)
		if err != nil || is != all {
			return is && err == nil, err
		}
	}
	return all && len(list) > 0, nil
}

// comparisons are the operations of choices.
var comparisons = map[string]func(is, to string) (bool, error){
	"StringEquals":           words(func(a, b string) bool { return a == b }),
	"EqualsIgnoreCase":       words(strings.EqualFold),
	"StartsWith":             words(strings.HasPrefix),
	"EndsWith":               words(strings.HasSuffix),
	"Contains":               words(strings.Contains),
	"NumericEquals":          numbers(func(c int) bool { return c == 0 }),
	"NumericGreater":         numbers(func(c int) bool { return c > 0 }),
	"NumericLesser":          numbers(func(c int) bool { return c < 0 }),
	"NumericGreaterOrEquals": numbers(func(c int) bool { return c >= 0 }),
	"NumericLesserOrEquals":  numbers(func(c int) bool { return c <= 0 }),
	"BooleanEquals": func(is, to string) (bool, error) {
		a, err := strconv.ParseBool(is)
		b, other := strconv.ParseBool(to)
		return a == b, errors.Join(err, other)
	},
}

func words(f func(a, b string) bool) func(is, to string) (bool, error) {
	return func(is, to string) (bool, error) { return f(is, to), nil }
}

// longestNumber bounds what is compared as a number.
const longestNumber = 64

func numbers(f func(c int) bool) func(is, to string) (bool, error) {
	return func(is, to string) (bool, error) {
		a, ok := number(is)
		if !ok {
			return false, fmt.Errorf("%q is no number", is)
		}
		b, ok := number(to)
		if !ok {
			return false, fmt.Errorf("%q is no number", to)
		}
		return f(a.Cmp(b)), nil
	}
}

// plain is a number without an exponent, which could be a very long one.
var plain = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]+)?$`)

func number(s string) (*big.Rat, bool) {
	if len(s) > longestNumber || !plain.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}

// longestSleep is 7 days less a second (User Guide, "aws:sleep").
const longestSleep = 604799 * time.Second

// sleep is aws:sleep.
func sleep(_ context.Context, r *run) (verdict, error) {
	until, err := r.wakes()
	if err != nil {
		return failed(stageInputs, "%s", err), nil
	}
	if !until.After(r.now) {
		return done(nil), nil
	}
	return verdict{status: types.AutomationExecutionStatusInprogress, wait: wait{Until: until}}, nil
}

func (r *run) wakes() (until time.Time, err error) {
	switch {
	case r.text("Timestamp") != "":
		if until, err = time.Parse(time.RFC3339, r.text("Timestamp")); err != nil {
			return until, fmt.Errorf("Timestamp %s is no time of ISO 8601", r.text("Timestamp")) //nolint:staticcheck // begins with the name of an input
		}
	default:
		d, ok := duration(r.text("Duration"))
		if !ok {
			return until, fmt.Errorf("Duration %s is no duration of ISO 8601", r.text("Duration")) //nolint:staticcheck // begins with the name of an input
		}
		until = r.st.Started.Add(d)
	}
	if until.Sub(r.st.Started) > longestSleep {
		return until, errors.New("The maximum delay is 604799 seconds") //nolint:staticcheck // a sentence
	}
	return until, nil
}

// span is a duration of ISO 8601 without months and years, whose length is not
// fixed.
var span = regexp.MustCompile(`^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.\d{1,9})?S)?)?$`)

func duration(s string) (d time.Duration, ok bool) {
	m := span.FindStringSubmatch(s)
	if m == nil || s == "P" || strings.HasSuffix(s, "T") {
		return 0, false
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		n, err := strconv.Atoi("0" + m[i+1])
		if err != nil {
			return 0, false
		}
		d += time.Duration(n) * unit
	}
	return d, true
}

// pause is aws:pause: it ends by the signal Resume.
func pause(_ context.Context, r *run) (verdict, error) {
	if len(r.st.Asked) > 0 {
		return done(nil), nil
	}
	return verdict{status: types.AutomationExecutionStatusWaiting}, nil
}

// updateVariable is aws:updateVariable. Source: User Guide, "aws:updateVariable –
// Updates a value for a runbook variable".
func updateVariable(_ context.Context, r *run) (verdict, error) {
	name := strings.TrimPrefix(strings.TrimSpace(r.text("Name")), "variable:")
	if _, ok := r.book.Variables[name]; !ok {
		return failed(stageInputs, "The runbook has no variable %s", name), nil
	}
	v := done(map[string]any{"Value": r.given["Value"]})
	v.updates = map[string]any{name: r.given["Value"]}
	return v, nil
}
