package s3

import (
	"fmt"
	"strconv"
	"strings"
)

// window is a part of an object's bytes.
type window struct{ offset, size int64 }

// contentRange is the header of a partial answer.
func (w window) contentRange(total int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", w.offset, w.offset+w.size-1, total)
}

// parseRange reads a Range header. ok is false for one that is to be ignored:
// malformed, of another unit, or of several ranges, as S3 does not give more
// than one. Source: RFC 9110, section 14.2; Amazon S3 API Reference,
// "GetObject", Range.
func parseRange(header string, size int64) (w window, ok bool, err error) {
	spec, found := strings.CutPrefix(header, "bytes=")
	first, last, dash := strings.Cut(strings.TrimSpace(spec), "-")
	if !found || !dash {
		return window{}, false, nil
	}
	first, last = strings.TrimSpace(first), strings.TrimSpace(last)
	from, fromOK := digits(first)
	to, toOK := digits(last)
	switch {
	case first == "" && toOK: // the last bytes
		n := min(to, size)
		if n == 0 {
			return window{}, false, unsatisfiable(header, size)
		}
		return window{size - n, n}, true, nil
	case !fromOK || last != "" && !toOK || toOK && to < from:
		return window{}, false, nil
	case from >= size:
		return window{}, false, unsatisfiable(header, size)
	case last == "":
		to = size - 1
	}
	to = min(to, size-1)
	return window{from, to - from + 1}, true, nil
}

// digits reads a number without sign; what is too large is the largest.
func digits(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 1<<63 - 1, true
	}
	return n, true
}

func unsatisfiable(header string, size int64) error {
	f := fault(statusRequestedRangeNotSatisfiable, "InvalidRange", "The requested range is not satisfiable",
		"RangeRequested", header, "ActualObjectSize", strconv.FormatInt(size, 10))
	f.Header = map[string]string{"Content-Range": "bytes */" + strconv.FormatInt(size, 10)}
	return f
}

// copyRange reads x-amz-copy-source-range, which must lie within the source.
// Source: Amazon S3 API Reference, "UploadPartCopy".
func copyRange(header *string, size int64) (window, error) {
	if header == nil {
		return window{0, size}, nil
	}
	spec, found := strings.CutPrefix(*header, "bytes=")
	first, last, dash := strings.Cut(spec, "-")
	from, fromOK := digits(first)
	to, toOK := digits(last)
	if !found || !dash || !fromOK || !toOK || to < from {
		return window{}, invalidArgument("The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
			"x-amz-copy-source-range", *header)
	}
	if to >= size {
		return window{}, invalidArgument(fmt.Sprintf("Range specified is not valid for source object of size: %d", size), "x-amz-copy-source-range", *header)
	}
	return window{from, to - from + 1}, nil
}
