package s3

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

func readableVersion(tx *store.Tx, b *bucket, key, version string) (*object, error) {
	if !validVersion(version) {
		return nil, invalidVersion(version)
	}
	o, err := findVersion(tx, b, key, version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchVersion(key, version)
	}
	if err != nil {
		return nil, err
	}
	if o.Marker {
		f := fault(statusMethodNotAllowed, "MethodNotAllowed", "The specified method is not allowed against this resource.",
			"Method", "GET", "ResourceType", "DeleteMarker")
		return nil, deletedFault(o, f)
	}
	return o, nil
}

// deletedFault says in headers that a delete marker is the reason.
func deletedFault(o *object, f *api.Fault) error {
	f.Header = map[string]string{"x-amz-delete-marker": "true", "x-amz-version-id": o.version()}
	return f
}

func invalidVersion(version string) error {
	return invalidArgument("Invalid version id specified", "versionId", version)
}

func validVersion(version string) bool {
	if version == nullVersion {
		return true
	}
	if len(version) != orderLength {
		return false
	}
	for _, c := range []byte(version) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

const orderLength = 32

// nextOrder makes an order that sorts before that of the newest version so
// far, however the clock goes.
func nextOrder(ids *id.Source, now time.Time, last *object) string {
	n := ^uint64(now.UnixNano())
	if last != nil {
		if m, err := strconv.ParseUint(last.Order[:16], 16, 64); err == nil && m <= n {
			n = m - 1
		}
	}
	return fmt.Sprintf("%016x", n) + ids.Hex(orderLength-16)
}

// insert puts a new version of a key in front, as the bucket's versioning asks,
// and dooms what it replaces. o needs everything but Order, Null and Current.
// Source: Amazon S3 User Guide, "Adding objects to versioning-enabled buckets"
// and "... versioning-suspended buckets".
func (s *Service) insert(tx *store.Tx, b *bucket, o *object) error {
	last, err := newest(tx, b, o.Key)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	o.Null, o.Current = b.Versioning != "Enabled", true
	o.Order = nextOrder(s.ids, s.clock.Now(), last)
	if o.Null {
		old := last
		if last != nil && !last.Null {
			if old, err = findVersion(tx, b, o.Key, nullVersion); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if old != nil {
			if err := s.drop(tx, b, old); err != nil {
				return err
			}
		}
		if old == last {
			last = nil
		}
	}
	if last != nil {
		last.Current = false
		if err := versions.Put(tx, b.scope(), last); err != nil {
			return err
		}
	}
	return versions.Put(tx, b.scope(), o)
}

// drop removes the record of a version and dooms its body.
func (s *Service) drop(tx *store.Tx, b *bucket, o *object) error {
	if err := s.doom(tx, b, o.Body); err != nil {
		return err
	}
	return versions.Delete(tx, b.scope(), versions.Key(o))
}

// remove removes a version; where it was the newest, the next one takes its
// place.
func (s *Service) remove(tx *store.Tx, b *bucket, o *object) error {
	if err := s.drop(tx, b, o); err != nil {
		return err
	}
	if !o.Current {
		return nil
	}
	next, err := newest(tx, b, o.Key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	next.Current = true
	return versions.Put(tx, b.scope(), next)
}

// bury deletes an object without naming a version: a delete marker where there
// is versioning. It returns the marker, or nil.
// Source: Amazon S3 API Reference, "DeleteObject".
func (s *Service) bury(tx *store.Tx, b *bucket, key string) (*object, error) {
	if b.versioned() {
		marker := &object{Bucket: b.Name, Key: key, Marker: true, Modified: s.clock.Now().Truncate(time.Second)}
		return marker, s.insert(tx, b, marker)
	}
	o, err := newest(tx, b, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, s.remove(tx, b, o)
}
