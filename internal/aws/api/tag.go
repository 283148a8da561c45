package api

import (
	"errors"
	"maps"
	"slices"
	"strings"
)

// The errors of Retag; rooms say them in their service's words.
var (
	ErrReservedTag = errors.New("tag keys that begin with aws: are reserved")
	ErrTooManyTags = errors.New("the resource has too many tags")
)

// Retag returns tags after some were removed and others set; a resource has at
// most so many.
func Retag(old, set map[string]string, remove []string, most int) (map[string]string, error) {
	tags := maps.Clone(old)
	if tags == nil {
		tags = map[string]string{}
	}
	for _, key := range remove {
		delete(tags, key)
	}
	for key := range set {
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, ErrReservedTag
		}
	}
	maps.Copy(tags, set)
	if len(tags) > most {
		return nil, ErrTooManyTags
	}
	return tags, nil
}

// TagMap is a list of an SDK's tags by their keys.
func TagMap[T any](given []T, of func(T) (key, value *string)) map[string]string {
	tags := make(map[string]string, len(given))
	for _, t := range given {
		key, value := of(t)
		if key == nil {
			continue // the model wants one
		}
		tags[*key] = ""
		if value != nil {
			tags[*key] = *value
		}
	}
	return tags
}

// TagList is tags as an SDK has them, in the order of their keys.
func TagList[T any](tags map[string]string, one func(key, value *string) T) []T {
	out := make([]T, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, one(&key, new(tags[key])))
	}
	return out
}
