package s3

import (
	"errors"
	"fmt"
	"time"

	"tamachi/internal/store"
)

// object is the stored record of one version of an object, or of a delete
// marker.
type object struct {
	Bucket, Key string
	// Order sorts the versions of a key, newest first. It is the version's id,
	// unless that is "null".
	Order    string
	Null     bool `json:",omitempty"`
	Current  bool `json:",omitempty"` // the newest version of its key
	Marker   bool `json:",omitempty"` // a delete marker
	Modified time.Time
	Size     int64             `json:",omitempty"`
	ETag     string            `json:",omitempty"` // without quotes
	Body     body              `json:",omitzero"`
	Checksum checksum          `json:",omitzero"`
	Headers  headers           `json:",omitzero"`
	Meta     map[string]string `json:",omitempty"`
	Tags     map[string]string `json:",omitempty"`
}

// headers are those of an object that a client chose.
type headers struct {
	CacheControl, ContentDisposition, ContentEncoding string     `json:",omitempty"`
	ContentLanguage, ContentType, Redirect            string     `json:",omitempty"`
	Expires                                           *time.Time `json:",omitempty"`
}

// versions are all versions of all objects. Keys begin with the bucket and the
// object's key; "live" holds those that a list of objects shows.
var versions = store.Table[object]{
	Name: "s3.versions", Reach: store.Regional,
	Key: func(o *object) string { return place(o.Bucket, o.Key) + separator + o.Order },
	Indexes: map[string]func(*object) string{
		"live": func(o *object) string {
			if o.Current && !o.Marker {
				return o.Bucket
			}
			return ""
		},
		"null": func(o *object) string {
			if o.Null {
				return place(o.Bucket, o.Key)
			}
			return ""
		},
		"blob": func(o *object) string { return o.Body.Blob },
	},
}

// nullVersion is the id of the version that a bucket without versioning makes.
const nullVersion = "null"

// version is the id on the wire.
func (o *object) version() string {
	if o.Null {
		return nullVersion
	}
	return o.Order
}

// shown is the version's id for answers, nil in a bucket that never had
// versioning.
func (o *object) shown(b *bucket) *string {
	if !b.versioned() {
		return nil
	}
	v := o.version()
	return &v
}

// quoted is the ETag as headers and documents show it.
func (o *object) quoted() *string {
	e := `"` + o.ETag + `"`
	return &e
}

// expires is the header of that name, or what a reader wants in its place.
func (o *object) expires(override *time.Time) *time.Time {
	if override != nil {
		return override
	}
	return o.Headers.Expires
}

// tagKeys are the condition keys s3:ExistingObjectTag/<key>.
func (o *object) tagKeys() map[string]string {
	keys := make(map[string]string, len(o.Tags))
	for k, v := range o.Tags {
		keys["s3:ExistingObjectTag/"+k] = v
	}
	return keys
}

// newest returns the newest version of a key, which may be a delete marker, or
// store.ErrNotFound.
func newest(tx *store.Tx, b *bucket, key string) (*object, error) {
	at := place(b.Name, key)
	list, err := versions.List(tx, b.scope(), store.Page{Min: at + separator, Max: at + "\x02", Limit: 1})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("object %s: %w", key, store.ErrNotFound)
	}
	return list[0], nil
}

// findVersion returns one version of a key, or store.ErrNotFound.
func findVersion(tx *store.Tx, b *bucket, key, version string) (*object, error) {
	at := place(b.Name, key)
	if version != nullVersion {
		o, err := versions.Get(tx, b.scope(), at+separator+version)
		if err == nil && o.Null { // its order is no id
			return nil, fmt.Errorf("object %s: %w", key, store.ErrNotFound)
		}
		return o, err
	}
	return versions.First(tx, b.scope(), "null", at)
}

// findObject returns the version that was asked for, or the newest one; a
// newest one that is a delete marker counts as not found.
func findObject(tx *store.Tx, b *bucket, key string, version *string) (*object, error) {
	if version != nil {
		return findVersion(tx, b, key, *version)
	}
	o, err := newest(tx, b, key)
	if err == nil && o.Marker {
		return nil, fmt.Errorf("object %s is deleted: %w", key, store.ErrNotFound)
	}
	return o, err
}

// readable is findObject with the answers that a caller gets for what cannot
// be read. Source: Amazon S3 User Guide, "Working with delete markers".
func readable(tx *store.Tx, b *bucket, key string, version *string) (*object, error) {
	if version != nil {
		return readableVersion(tx, b, key, *version)
	}
	o, err := newest(tx, b, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noSuchKey(key)
	}
	if err != nil {
		return nil, err
	}
	if o.Marker {
		return nil, deletedFault(o, fault(statusNotFound, "NoSuchKey", "The specified key does not exist.", "Key", key))
	}
	return o, nil
}
