package rate

import (
	"regexp"
	"testing"
)

func TestLimits(t *testing.T) {
	for _, row := range []struct {
		name                string
		written             string
		targets             int
		concurrent, allowed int
	}{
		{"a number is itself, whatever the targets", "10", 3, 10, 10},
		{"ten percent of fifty", "10%", 50, 5, 5},
		{"concurrency rounds up, errors round down", "10%", 51, 6, 5},
		{"one percent of few lets one run and none fail", "1%", 7, 1, 0},
		{"all of them", "100%", 7, 7, 7},
		{"a percentage of nothing lets one run", "50%", 0, 1, 0},
		{"thirty-three percent of ten", "33%", 10, 4, 3},
	} {
		l, err := Concurrency(row.written)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if got := l.Concurrent(row.targets); got != row.concurrent {
			t.Errorf("%s: %d at a time, want %d", row.name, got, row.concurrent)
		}
		if got := l.Allowed(row.targets); got != row.allowed {
			t.Errorf("%s: %d errors allowed, want %d", row.name, got, row.allowed)
		}
		if l.String() != row.written {
			t.Errorf("%s: written as %q, want %q", row.name, l, row.written)
		}
	}
}

// The numbers of the API Reference, CreateAssociation.
func TestErrorsThatStop(t *testing.T) {
	for _, row := range []struct {
		name    string
		written string
		targets int
		last    int // the error that stops
	}{
		{"0 stops at the first error", "0", 50, 1},
		{"3 stops at the fourth", "3", 50, 4},
		{"10% of 50 stops at the sixth", "10%", 50, 6},
		{"0% stops at the first", "0%", 50, 1},
	} {
		l, err := Errors(row.written)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if l.Exceeded(row.last-1, row.targets) || !l.Exceeded(row.last, row.targets) {
			t.Errorf("%s: %d stops it: %v, %d stops it: %v", row.name,
				row.last-1, l.Exceeded(row.last-1, row.targets), row.last, l.Exceeded(row.last, row.targets))
		}
	}
}

func TestWhatIsNoLimit(t *testing.T) {
	for _, s := range []string{"", "%", "-1", "+1", "1.5", "101%", "01", "0x1", "1 %", "12345678", "١"} {
		if _, err := Errors(s); err == nil {
			t.Errorf("%q is taken for a MaxErrors", s)
		}
	}
	for _, s := range []string{"0", "0%"} {
		if _, err := Concurrency(s); err == nil {
			t.Errorf("%q is taken for a MaxConcurrency", s)
		}
	}
}

// FuzzLimits holds the readers to the patterns of the model.
func FuzzLimits(f *testing.F) {
	concurrency := regexp.MustCompile(`^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$`)
	errors := regexp.MustCompile(`^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$`)
	for _, s := range []string{"0", "1", "100%", "99%", "9999999", "x"} {
		f.Add(s, 100)
	}
	f.Fuzz(func(t *testing.T, s string, targets int) {
		short := len(s) >= 1 && len(s) <= mostDigits
		targets = min(max(targets, 0), 1<<30)
		c, err := Concurrency(s)
		if want := short && concurrency.MatchString(s); (err == nil) != want {
			t.Errorf("MaxConcurrency %q: %v, the model says %v", s, err, want)
		}
		if n := c.Concurrent(targets); err == nil && (n < 1 || (c.percent && n > max(targets, 1))) {
			t.Errorf("MaxConcurrency %q of %d is %d", s, targets, n)
		}
		e, err := Errors(s)
		if want := short && errors.MatchString(s); (err == nil) != want {
			t.Errorf("MaxErrors %q: %v, the model says %v", s, err, want)
		}
		if n := e.Allowed(targets); n < 0 || (e.percent && n > targets) {
			t.Errorf("MaxErrors %q of %d is %d", s, targets, n)
		}
	})
}
