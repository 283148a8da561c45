package accessanalyzer

import (
	"slices"
	"strconv"
	"strings"

	"tamachi/internal/policy"
)

func (c checker) checkActions(s site) {
	m, inverted := s.either("Action")
	if m == nil {
		c.find("MISSING_ACTION", s)
		return
	}
	at := s.under(m)
	if m.value.kind == isArray && len(m.value.items) == 0 {
		c.find("EMPTY_ARRAY_ACTION", at)
		return
	}
	texts := c.texts(at)
	for _, a := range texts {
		if !c.full() {
			c.checkAction(a)
		}
	}
	if !inverted {
		c.redundant("REDUNDANT_ACTION", at, texts, strings.ToLower)
	}
}

func (c checker) checkAction(at site) {
	text := at.value.text
	if strings.Contains(text, "${") {
		c.find("VARIABLE_UNSUPPORTED_IN_ELEMENT", at, text)
		return
	}
	vendor, name, two := strings.Cut(text, ":")
	if text == "*" {
		return
	}
	if !two {
		c.find("INVALID_ACTION", at, text, c.likeAction(text))
		return
	}
	if strings.ContainsAny(vendor, "*?") {
		if text != "*:*" {
			c.find("WILDCARD_IN_SERVICE_NAME", at)
		}
		return
	}
	service, known := c.names[strings.ToLower(vendor)]
	if !known {
		c.find("INVALID_SERVICE_IN_ACTION", at, vendor, nearest(vendor, c.services()))
		return
	}
	if name == "*" {
		return
	}
	pattern := strings.ToLower(name)
	if !slices.ContainsFunc(service.Actions, func(a string) bool { return policy.Match(pattern, strings.ToLower(a)) }) {
		c.find("INVALID_ACTION", at, text, strings.ToLower(vendor)+":"+nearest(name, service.Actions))
	}
}

// likeAction is an action of any service with a name without one.
func (c checker) likeAction(name string) string {
	for _, service := range c.services() {
		for _, a := range c.names[service].Actions {
			if strings.EqualFold(a, name) {
				return service + ":" + a
			}
		}
	}
	return "*"
}

func (c checker) services() []string {
	out := make([]string, 0, len(c.names))
	for name := range c.names {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// nearest is the name with the fewest changes from a text; the first of several.
func nearest(text string, names []string) string {
	best, least := "", 1<<30
	text = clip(strings.ToLower(text))
	for _, n := range names {
		if d := distance(text, strings.ToLower(n)); d < least {
			best, least = n, d
		}
	}
	return best
}

// clip bounds what a comparison costs; no name of AWS is longer.
func clip(text string) string { return text[:min(len(text), 128)] }

// distance counts the letters to change, add or take away (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last, row[j+1] = row[j+1], min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// most is how many values of one element are compared with each other.
const most = 100

// redundant finds values that another one of the list includes.
func (c checker) redundant(code string, at site, texts []site, fold func(string) string) {
	var extra []string
	texts = texts[:min(len(texts), most)]
	for i, a := range texts {
		for j, b := range texts {
			wide, narrow := fold(b.value.text), fold(a.value.text)
			if i != j && !strings.Contains(wide+narrow, "${") && policy.Match(wide, narrow) && (wide != narrow || j < i) {
				extra = append(extra, a.value.text)
				break
			}
		}
	}
	switch {
	case len(extra) == 0:
	case code == "REDUNDANT_ACTION":
		c.find(code, at, strconv.Itoa(len(extra)), strings.Join(extra, ", "))
	default:
		c.find(code, at, strconv.Itoa(len(extra)))
	}
}
