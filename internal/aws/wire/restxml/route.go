package restxml

import (
	"net/url"
	"slices"
	"strings"
	"sync"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// place is what the path of an S3 request names.
type place int

const (
	inService place = iota // "/"
	inBucket               // "/bucket" and "/bucket/"
	inObject               // "/bucket/key"
)

// s3Route is what a request must have for an operation of S3.
type s3Route struct {
	op     *model.Operation
	place  place
	query  url.Values // parameters of the URI pattern
	needs  []string   // required members in the query string
	copies bool       // x-amz-copy-source must be there
}

func (r *s3Route) weight() int {
	n := 2 * (len(r.query) + len(r.needs))
	if r.copies {
		n++
	}
	return n
}

// s3Table is the routes of S3 and the parameters that name a part of a bucket
// or object: a request with one is never taken for an operation on the whole.
type s3Table struct {
	routes map[string][]s3Route // by method; the most demanding first
	parts  [3]map[string]bool   // by place
}

// tables keeps the table of each service for the life of the process:
// *model.Service -> *s3Table.
var tables sync.Map

func tableOf(svc *model.Service) *s3Table {
	if t, ok := tables.Load(svc); ok {
		return t.(*s3Table)
	}
	t := &s3Table{routes: map[string][]s3Route{}}
	for i := range t.parts {
		t.parts[i] = map[string]bool{}
	}
	t.parts[inObject]["uploadId"], t.parts[inObject]["partNumber"] = true, true
	for _, op := range svc.Operations {
		if op.HostPrefix != "" || op.Name == "ListDirectoryBuckets" {
			continue // these have hosts of their own
		}
		route := parseS3(op)
		for name, values := range route.query {
			if values[0] == "" {
				t.parts[route.place][name] = true
			}
		}
		t.routes[op.Method] = append(t.routes[op.Method], route)
	}
	for _, routes := range t.routes {
		slices.SortFunc(routes, func(a, b s3Route) int {
			if c := b.weight() - a.weight(); c != 0 {
				return c
			}
			return strings.Compare(a.op.Name, b.op.Name)
		})
	}
	kept, _ := tables.LoadOrStore(svc, t)
	return kept.(*s3Table)
}

func parseS3(op *model.Operation) s3Route {
	path, query, _ := strings.Cut(op.URI, "?")
	r := s3Route{op: op, place: place(strings.Count(path, "{"))}
	r.query, _ = url.ParseQuery(query) // the model's own text
	for _, m := range op.Input.Members {
		switch {
		case m.Required && m.Location == "querystring":
			r.needs = append(r.needs, m.Wire)
		case m.Required && m.Wire == "x-amz-copy-source":
			r.copies = true
		}
	}
	return r
}

func (r *s3Route) fits(where place, q *codec.Request) bool {
	if r.place != where || r.copies && q.Header.Get("X-Amz-Copy-Source") == "" {
		return false
	}
	for name, values := range r.query {
		if !q.Query.Has(name) || values[0] != "" && q.Query.Get(name) != values[0] {
			return false
		}
	}
	for _, name := range r.needs {
		if !q.Query.Has(name) {
			return false
		}
	}
	return true
}

// takes tells whether the operation knows a parameter of the query.
func (r *s3Route) takes(name string) bool {
	if r.query.Has(name) {
		return true
	}
	return slices.ContainsFunc(r.op.Input.Members, func(m *model.Member) bool {
		return m.Location == "querystring" && m.Wire == name
	})
}

// matchS3 finds the operation of a request for S3, or nil. A request for a part
// that its method does not have (PUT ?torrent) is for nothing: taken for the
// whole, it would overwrite an object.
func matchS3(svc *model.Service, r *codec.Request) *model.Operation {
	t := tableOf(svc)
	bucket, key := cutPath(r.Path)
	where := inService
	switch {
	case key != "":
		where = inObject
	case bucket != "":
		where = inBucket
	}
	for i := range t.routes[r.Method] {
		route := &t.routes[r.Method][i]
		if !route.fits(where, r) {
			continue
		}
		for name := range r.Query {
			if t.parts[where][name] && !route.takes(name) {
				return nil
			}
		}
		return route.op
	}
	return nil
}

// cutPath takes an escaped path apart; what follows the slash after the bucket
// is the key, whatever it holds.
func cutPath(path string) (bucket, key string) {
	bucket, key, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return bucket, key
}

// labelsS3 are bucket and key of a request. A part that is no proper escape is
// left out.
func labelsS3(path string) map[string]string {
	labels := map[string]string{}
	bucket, key := cutPath(path)
	for name, text := range map[string]string{"Bucket": bucket, "Key": key} {
		if plain, err := url.PathUnescape(text); err == nil && text != "" {
			labels[name] = plain
		}
	}
	return labels
}
