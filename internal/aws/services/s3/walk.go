package s3

import (
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/store"
)

// walk goes through the records of a bucket in the order of their keys and
// rolls up what lies below a delimiter. It reads by keyset: behind a common
// prefix it seeks.
type walk[R any] struct {
	bucket, prefix, delimiter string
	limit                     int
	key                       func(*R) string // the object's key
	at                        func(*R) string // the record's key
	after                     string          // only records behind this record key
	min                       string          // only records from this record key on

	found []found[R]
	more  bool // there is more than limit
}

// found is a record or a common prefix.
type found[R any] struct {
	record *R
	prefix string
}

// name is the key or the common prefix, as markers name it.
func (f found[R]) name(w *walk[R]) string {
	if f.record == nil {
		return f.prefix
	}
	return w.key(f.record)
}

// rollPage is how many records a list with a delimiter reads at once: most of
// them may lie below one common prefix.
const rollPage = 64

// past is the record key from which on a list goes on behind a marker: behind
// all versions of that key, or, where the marker is a common prefix of this
// list, behind all that it stands for.
func (w *walk[R]) past(marker string) string {
	if common, ok := w.common(marker); ok && common == marker {
		return behind(place(w.bucket, marker))
	}
	return place(w.bucket, marker) + "\x02"
}

// common is the common prefix that a key is rolled up into.
func (w *walk[R]) common(key string) (string, bool) {
	rest, ok := strings.CutPrefix(key, w.prefix)
	if !ok || w.delimiter == "" {
		return "", false
	}
	i := strings.Index(rest, w.delimiter)
	if i < 0 {
		return "", false
	}
	return w.prefix + rest[:i+len(w.delimiter)], true
}

// run walks. fetch reads a page.
func (w *walk[R]) run(fetch func(store.Page) ([]*R, error)) error {
	w.found, w.more = nil, false
	if w.limit == 0 {
		return nil
	}
	page := store.Page{After: w.after, Min: max(w.min, place(w.bucket, w.prefix)), Max: behind(place(w.bucket, w.prefix))}
	for {
		page.Limit = w.limit + 1 - len(w.found)
		if w.delimiter != "" {
			page.Limit = min(page.Limit, rollPage)
		}
		rows, err := fetch(page)
		if err != nil {
			return err
		}
		under := w.take(rows)
		if w.more || len(rows) < page.Limit {
			return nil
		}
		page.After = w.at(rows[len(rows)-1])
		if under != "" {
			page.Min = max(page.Min, behind(place(w.bucket, under)))
		}
	}
}

// take adds a page of records to what was found. It returns the common prefix
// that the last one was rolled up into.
func (w *walk[R]) take(rows []*R) (under string) {
	for _, r := range rows {
		key := w.key(r)
		common, rolled := w.common(key)
		if rolled && w.last() == common {
			under = common
			continue
		}
		under = ""
		if len(w.found) == w.limit {
			w.more = true
			return ""
		}
		if rolled {
			under = common
			w.found = append(w.found, found[R]{prefix: common})
			continue
		}
		w.found = append(w.found, found[R]{record: r})
	}
	return under
}

// last is the common prefix that was found last, or "".
func (w *walk[R]) last() string {
	if len(w.found) == 0 {
		return ""
	}
	return w.found[len(w.found)-1].prefix
}

// maxPage is how much one answer lists.
const maxPage = 1000

// pageSize reads a limit. Source: Amazon S3 API Reference, "ListObjectsV2",
// max-keys: never more than 1,000.
func pageSize(name string, limit *int32) (int, error) {
	if limit == nil {
		return maxPage, nil
	}
	if *limit < 0 {
		return 0, invalidArgument("Argument "+name+" must be an integer between 0 and 2147483647", name, itoa(int64(*limit)))
	}
	return min(int(*limit), maxPage), nil
}

// encoder writes keys as the client asked: as they are, or URL encoded, since
// XML cannot carry every key.
type encoder types.EncodingType

func (e encoder) text(s string) *string {
	if e == encoder(types.EncodingTypeUrl) {
		s = strings.ReplaceAll(url.QueryEscape(s), "%2F", "/")
	}
	return &s
}

// some is text, or nil for what was not given.
func (e encoder) some(s *string) *string {
	if s == nil {
		return nil
	}
	return e.text(*s)
}
