package s3

import (
	"strings"
	"time"
)

// conditions are those of a read, or of the source of a copy.
type conditions struct {
	match, noneMatch               *string
	modifiedSince, unmodifiedSince *time.Time
	source                         bool // of a copy: every failure is a 412
}

// hold refuses a read whose conditions do not hold: 412, or 304 where the
// reader has it already. Source: RFC 9110, section 13.2.2, which S3 follows
// (Amazon S3 API Reference, "GetObject", conditional headers).
func (c conditions) hold(o *object) error {
	modified := o.Modified.Truncate(time.Second)
	if c.match != nil {
		if !etagMatches(*c.match, o.ETag) {
			return preconditionFailed(c.name("If-Match"))
		}
	} else if c.unmodifiedSince != nil && modified.After(*c.unmodifiedSince) {
		return preconditionFailed(c.name("If-Unmodified-Since"))
	}
	if c.noneMatch != nil {
		if etagMatches(*c.noneMatch, o.ETag) {
			return c.same(o, "If-None-Match")
		}
	} else if c.modifiedSince != nil && !modified.After(*c.modifiedSince) {
		return c.same(o, "If-Modified-Since")
	}
	return nil
}

func (c conditions) name(header string) string {
	if c.source {
		return "x-amz-copy-source-" + header
	}
	return header
}

func (c conditions) same(o *object, header string) error {
	if c.source {
		return preconditionFailed(c.name(header))
	}
	f := fault(statusNotModified, "NotModified", "Not Modified")
	f.Header = map[string]string{"ETag": *o.quoted(), "Last-Modified": o.Modified.UTC().Format(httpTime)}
	return f
}

// etagMatches compares with a list of entity tags, quoted or not.
func etagMatches(list, etag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == "*" || strings.Trim(one, `"`) == etag {
			return true
		}
	}
	return false
}

// writable refuses a conditional write that does not find what it expects. old
// is the object as it is now, nil for none.
// Source: Amazon S3 User Guide, "How to prevent object overwrites with
// conditional writes".
func writable(old *object, key string, ifMatch, ifNoneMatch *string) error {
	if old != nil && old.Marker {
		old = nil
	}
	if ifNoneMatch != nil && old != nil {
		return preconditionFailed("If-None-Match")
	}
	if ifMatch == nil {
		return nil
	}
	if old == nil {
		return noSuchKey(key)
	}
	if !etagMatches(*ifMatch, old.ETag) {
		return preconditionFailed("If-Match")
	}
	return nil
}

// writeConditions refuses conditions that S3 does not know for writes.
func writeConditions(ifMatch, ifNoneMatch *string) error {
	if ifNoneMatch != nil && *ifNoneMatch != "*" {
		return notImplemented("If-None-Match")
	}
	if ifMatch != nil && ifNoneMatch != nil {
		return notImplemented("If-Match")
	}
	return nil
}
