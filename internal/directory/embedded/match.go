package embedded

import (
	"cmp"
	"strconv"
	"strings"

	"tamachi/internal/directory"
)

type (
	all       []filter
	anyOf     []filter
	not       struct{ of filter }
	undefined struct{}
	present   string
	equal     struct{ name, value string }
	ordered   struct {
		name, value string
		sign        int // 1: at least, -1: at most
	}
	substrings struct {
		name, initial string
		middle        []string
		final         string
	}
	bits struct {
		name string
		mask int64
		all  bool
	}
)

func (f all) match(e *entry) truth {
	out := yes
	for _, g := range f {
		out = min(out, g.match(e))
	}
	return out
}

func (f anyOf) match(e *entry) truth {
	out := no
	for _, g := range f {
		out = max(out, g.match(e))
	}
	return out
}

func (f not) match(e *entry) truth { return yes - f.of.match(e) }

func (undefined) match(*entry) truth { return unknown }

func (f present) match(e *entry) truth {
	return some(e, string(f), func(string, syntax) bool { return true })
}

func (f equal) match(e *entry) truth {
	return some(e, f.name, func(v string, s syntax) bool { return s.compare(v, s.read(f.value)) == 0 })
}

func (f ordered) match(e *entry) truth {
	return some(e, f.name, func(v string, s syntax) bool { return s.compare(v, s.read(f.value))*f.sign >= 0 })
}

func (f bits) match(e *entry) truth {
	return some(e, f.name, func(v string, s syntax) bool {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || s != asNumber {
			return false
		}
		if f.all {
			return n&f.mask == f.mask
		}
		return n&f.mask != 0
	})
}

func (f substrings) match(e *entry) truth {
	return some(e, f.name, func(v string, s syntax) bool {
		if s != asText {
			return false // Active Directory knows no parts of numbers and octets
		}
		v = fold(v)
		rest, ok := strings.CutPrefix(v, fold(f.initial))
		if !ok {
			return false
		}
		for _, m := range f.middle {
			_, after, found := strings.Cut(rest, fold(m))
			if !found {
				return false
			}
			rest = after
		}
		return strings.HasSuffix(rest, fold(f.final))
	})
}

// some tells whether one value of an attribute passes. An attribute that the
// schema does not know makes the filter undefined.
func some(e *entry, name string, pass func(string, syntax) bool) truth {
	s, known := schema[name]
	a := e.attribute(name)
	if a == nil {
		if known {
			return no
		}
		return unknown
	}
	for _, v := range a.values {
		if pass(v, s) {
			return yes
		}
	}
	return no
}

// syntax says how the values of an attribute compare.
type syntax int

const (
	asText   syntax = iota // without regard to case
	asNumber               // a decimal number
	asName                 // a distinguished name
	asSID                  // a security identifier, in octets
	asClass                // objectCategory: a name, or the last part of one
)

// read turns the value of a filter into the form that entries hold.
func (s syntax) read(v string) string {
	switch {
	case s == asSID && strings.HasPrefix(v, "S-"):
		if b, err := directory.SIDBytes(v); err == nil {
			return string(b)
		}
	case s == asClass:
		return strings.TrimPrefix(strings.ToLower(strings.SplitN(v, ",", 2)[0]), "cn=")
	}
	return v
}

// compare orders a stored value and one of a filter.
func (s syntax) compare(stored, wanted string) int {
	switch s {
	case asNumber:
		a, errA := strconv.ParseInt(stored, 10, 64)
		b, errB := strconv.ParseInt(wanted, 10, 64)
		if errA == nil && errB == nil {
			return cmp.Compare(a, b)
		}
		return strings.Compare(stored, wanted)
	case asName:
		a, errA := parseDN(stored)
		b, errB := parseDN(wanted)
		if errA == nil && errB == nil && a.equal(b) {
			return 0
		}
		return cmp.Or(strings.Compare(fold(stored), fold(wanted)), 1)
	case asSID:
		return strings.Compare(stored, wanted)
	case asClass:
		return strings.Compare(s.read(stored), wanted)
	default:
		return strings.Compare(fold(stored), fold(wanted))
	}
}

// fold makes texts comparable without regard to case.
func fold(s string) string { return strings.ToLower(s) }
