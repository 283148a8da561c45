package vpc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// passes tells whether a record fits all filters, which filtersOf has seen: of
// each, at least one value
// (EC2 User Guide, "List and filter using the CLI and API").
func passes(l look, h *Head, filters []types.Filter, facts func(filter string) ([]string, bool, error)) (bool, error) {
	for _, f := range filters {
		have, ok, err := factsOf(l, h, text(f.Name), facts)
		if err != nil {
			return false, err
		}
		if !ok {
			return false, fmt.Errorf("no record can tell what filter %s asks", text(f.Name))
		}
		if !fits(f.Values, have) {
			return false, nil
		}
	}
	return true, nil
}

// factsOf are the values that a filter compares: those that every record has,
// or the noun's own.
func factsOf(l look, h *Head, name string, own func(string) ([]string, bool, error)) ([]string, bool, error) {
	if key, ok := strings.CutPrefix(name, "tag:"); ok {
		v, there := h.Tags[key]
		if !there {
			return nil, true, nil
		}
		return []string{v}, true, nil
	}
	switch name {
	case "tag-key":
		keys := make([]string, 0, len(h.Tags))
		for k := range h.Tags {
			keys = append(keys, k)
		}
		return keys, true, nil
	case "owner-id":
		return []string{l.sc.Account}, true, nil
	}
	return own(name)
}

// fits tells whether a value fits a pattern. Values compare with their case.
func fits(patterns, values []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(values, func(v string) bool { return like(p, v) })
	})
}

// like compares a text with a pattern in which * stands for any text, ? for one
// character, and \ takes the meaning from what follows. It goes back to the last
// star only, so it takes no longer than the product of the lengths.
func like(pattern, value string) bool {
	p, v := 0, 0
	star, from := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, v
			p++
			continue
		case p < len(pattern) && pattern[p] == '?':
			p++
			v++
			continue
		case p+1 < len(pattern) && pattern[p] == '\\' && pattern[p+1] == value[v]:
			p += 2
			v++
			continue
		case p < len(pattern) && pattern[p] == value[v]:
			p++
			v++
			continue
		case star < 0:
			return false
		}
		from++
		p, v = star+1, from
	}
	return strings.Trim(pattern[p:], "*") == ""
}
