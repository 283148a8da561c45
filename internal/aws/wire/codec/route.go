package codec

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/aws/model"
)

// route is the URI pattern of an operation, taken apart.
type route struct {
	op       *model.Operation
	segments []segment
	query    url.Values // literal parameters that the pattern demands
}

// segment is a literal, a label {Name}, or a greedy label {Name+} that takes
// slashes too.
type segment struct {
	literal string
	label   string
	greedy  bool
}

// tables keeps the routes of each service, most specific first, for the life
// of the process: *model.Service -> []route.
var tables sync.Map

func routesOf(svc *model.Service) []route {
	if t, ok := tables.Load(svc); ok {
		return t.([]route)
	}
	routes := make([]route, 0, len(svc.Operations))
	for _, op := range svc.Operations {
		routes = append(routes, parseRoute(op))
	}
	slices.SortFunc(routes, func(a, b route) int {
		if c := compareRoutes(a, b); c != 0 {
			return c
		}
		return strings.Compare(a.op.Name, b.op.Name)
	})
	t, _ := tables.LoadOrStore(svc, routes)
	return t.([]route)
}

func parseRoute(op *model.Operation) route {
	path, query, _ := strings.Cut(op.URI, "?")
	r := route{op: op}
	r.query, _ = url.ParseQuery(query) // the model's own text
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		inner, isLabel := strings.CutPrefix(part, "{")
		if !isLabel {
			r.segments = append(r.segments, segment{literal: part})
			continue
		}
		inner = strings.TrimSuffix(inner, "}")
		name, greedy := strings.CutSuffix(inner, "+")
		r.segments = append(r.segments, segment{label: name, greedy: greedy})
	}
	return r
}

// compareRoutes puts the route first that demands more: literals before labels from
// the left, then more segments, then more query parameters.
func compareRoutes(a, b route) int {
	for i := range min(len(a.segments), len(b.segments)) {
		if c := rank(a.segments[i]) - rank(b.segments[i]); c != 0 {
			return c
		}
	}
	if c := len(b.segments) - len(a.segments); c != 0 {
		return c
	}
	return len(b.query) - len(a.query)
}

func rank(s segment) int {
	switch {
	case s.greedy:
		return 2
	case s.label != "":
		return 1
	}
	return 0
}

// Match finds the operation of a REST request by method, path and query, or
// nil.
func Match(svc *model.Service, r *Request) *model.Operation {
	parts := strings.Split(strings.TrimPrefix(r.Path, "/"), "/")
	for _, candidate := range routesOf(svc) {
		if candidate.op.Method == r.Method && candidate.demands(r.Query) && fits(candidate.segments, parts) {
			return candidate.op
		}
	}
	return nil
}

func (r route) demands(query url.Values) bool {
	for name, values := range r.query {
		if !query.Has(name) || values[0] != "" && query.Get(name) != values[0] {
			return false
		}
	}
	return true
}

func fits(segments []segment, parts []string) bool {
	for i, s := range segments {
		after := len(segments) - i - 1
		switch {
		case s.greedy:
			return len(parts)-i > after && parts[i] != "" && fits(segments[i+1:], parts[len(parts)-after:])
		case i == len(parts):
			return false
		case s.label != "" && parts[i] == "":
			return false
		case s.label == "" && s.literal != parts[i]:
			return false
		}
	}
	return len(segments) == len(parts)
}

// Labels cuts the values of an operation's labels out of a path that fits; a
// value that is no proper escape is left out.
func Labels(op *model.Operation, path string) map[string]string {
	if !strings.Contains(op.URI, "{") {
		return nil
	}
	r := parseRoute(op)
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	values := map[string]string{}
	at := 0
	for i, s := range r.segments {
		if at >= len(parts) {
			break
		}
		taken := 1
		if s.greedy {
			taken = max(1, len(parts)-at-(len(r.segments)-i-1))
		}
		if s.label != "" {
			if text, err := url.PathUnescape(strings.Join(parts[at:at+taken], "/")); err == nil {
				values[s.label] = text
			}
		}
		at += taken
	}
	return values
}
