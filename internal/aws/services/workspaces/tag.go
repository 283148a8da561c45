package workspaces

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/store"
)

// maxTags is how many tags a resource may have (API reference, CreateTags).
const maxTags = 50

// newTags reads the tags of a request, or says why not.
func newTags(given []types.Tag) (map[string]string, *refusal) {
	if len(given) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(given))
	for _, t := range given {
		key := text(t.Key)
		if strings.HasPrefix(strings.ToLower(key), "aws:") {
			return nil, &refusal{codeInvalid, "The tag key " + key + " begins with aws:, which is reserved."}
		}
		if _, twice := tags[key]; twice {
			return nil, &refusal{codeInvalid, "The tag key " + key + " is given twice."}
		}
		tags[key] = text(t.Value)
	}
	if len(tags) > maxTags {
		return nil, tooManyTags
	}
	return tags, nil
}

var tooManyTags = &refusal{codeLimit, "A resource can have 50 tags at most."}

// addTags adds tags to those that are there.
func addTags(have, added map[string]string) (map[string]string, error) {
	all := maps.Clone(have)
	if all == nil {
		all = make(map[string]string, len(added))
	}
	maps.Copy(all, added)
	if len(all) > maxTags {
		return nil, tooManyTags.exception()
	}
	return all, nil
}

// retag changes the tags of a directory or desktop; an unknown one gives
// store.ErrNotFound.
func retag(tx *store.Tx, sc store.Scope, id string, change func(map[string]string) (map[string]string, error)) error {
	if isDirectory(id) {
		d, err := directories.Get(tx, sc, id)
		if err != nil {
			return err
		}
		if d.Tags, err = change(d.Tags); err != nil {
			return err
		}
		return directories.Put(tx, sc, d)
	}
	d, err := desktopTable.Get(tx, sc, id)
	if err != nil {
		return err
	}
	if d.Tags, err = change(d.Tags); err != nil {
		return err
	}
	return desktopTable.Put(tx, sc, d)
}

// tagsOf are the tags of a resource; an unknown one gives store.ErrNotFound.
func tagsOf(tx *store.Tx, sc store.Scope, id string) (map[string]string, error) {
	if isDirectory(id) {
		d, err := directories.Get(tx, sc, id)
		if err != nil {
			return nil, err
		}
		return d.Tags, nil
	}
	d, err := desktopTable.Get(tx, sc, id)
	if err != nil {
		return nil, err
	}
	return d.Tags, nil
}

func isDirectory(id string) bool { return strings.HasPrefix(id, "d-") }

// tagList shows tags in the order of their keys.
func tagList(tags map[string]string) []types.Tag {
	out := make([]types.Tag, 0, len(tags))
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: new(k), Value: new(tags[k])})
	}
	return out
}

// unknownResource turns a missing record into the API's error.
func unknownResource(err error, id string) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return &types.ResourceNotFoundException{Message: new("The specified resource " + id + " could not be found."), ResourceId: &id}
}
