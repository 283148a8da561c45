// Package tag is what the rooms of the wing have in common about tags: how a
// request's are read and checked, and the resources that carry them.
package tag

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Most is how many tags a resource may have (Systems Manager API Reference,
// "AddTagsToResource").
const Most = 50

// Read reads the tags of a request. A key is given once only: "each tag key
// must be unique" for a resource (Tagging AWS Resources User Guide). Refuse
// makes the error that the operation answers with.
func Read(given []types.Tag, refuse func(why string) error) (map[string]string, error) {
	if len(given) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(given))
	for _, t := range given {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, refuse("Tag keys that begin with aws: are reserved: " + *t.Key + ".")
		}
		if _, twice := tags[*t.Key]; twice {
			return nil, refuse("The tag key " + *t.Key + " is given twice.")
		}
		tags[*t.Key] = *t.Value
	}
	if len(tags) > Most {
		return nil, refuse(fmt.Sprintf("A resource can have %d tags at most.", Most))
	}
	return tags, nil
}

// Asked adds to a check what a policy may ask about the tags of a request.
func Asked(c api.Check, given []types.Tag) api.Check {
	c.Keys, c.Sets = maps.Clone(c.Keys), maps.Clone(c.Sets)
	if c.Keys == nil {
		c.Keys = map[string]string{}
	}
	if c.Sets == nil {
		c.Sets = map[string][]string{}
	}
	keys := map[string]bool{}
	for _, t := range given {
		c.Keys["aws:RequestTag/"+*t.Key] = *t.Value
		keys[*t.Key] = true
	}
	c.Sets["aws:TagKeys"] = slices.Sorted(maps.Keys(keys))
	return c
}

// Made are the checks of an action that makes a resource, with tags if some
// are given: to set them is an action of its own on the resource.
func Made(c api.Check, given []types.Tag, resource string) []api.Check {
	if len(given) == 0 {
		return []api.Check{c}
	}
	return []api.Check{Asked(c, given), Asked(api.Check{Action: "ssm:AddTagsToResource", Resource: resource, LazyTags: c.LazyTags}, given)}
}

// Room is the resources of one type that carry tags.
type Room interface {
	// Tags returns a resource's tags and its ARN, which is given for one that
	// does not exist too; store.ErrNotFound then.
	Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error)
	// SetTags replaces them.
	SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error
	// ID is what an ARN names in the room.
	ID(a arn.ARN) (id string, ok bool)
	// Tagged lists all resources.
	Tagged(ctx context.Context, account, region string) ([]api.Tagged, error)
}

// Records are the resources that a table keeps, one a record.
type Records[R any] struct {
	Store *store.Store
	Table *store.Table[R]
	Type  string                        // as ARNs have it, such as document
	Of    func(r *R) *map[string]string // where a record keeps its tags
	Key   func(id string) string        // of the record that an id means; nil is the id itself
}

var _ Room = (*Records[struct{}])(nil)

func (r *Records[R]) arn(scope store.Scope, key string) string {
	return arn.New("ssm", scope.Region, scope.Account, r.Type+"/"+key).String()
}

func (r *Records[R]) key(id string) string {
	if r.Key == nil {
		return id
	}
	return r.Key(id)
}

// Tags returns a resource's tags and its ARN.
func (r *Records[R]) Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error) {
	key := r.key(id)
	one, err := r.Table.Get(tx, scope, key)
	if err != nil {
		return nil, r.arn(scope, key), err
	}
	return *r.Of(one), r.arn(scope, key), nil
}

// SetTags replaces a resource's tags.
func (r *Records[R]) SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error {
	one, err := r.Table.Get(tx, scope, r.key(id))
	if err != nil {
		return err
	}
	*r.Of(one) = maps.Clone(tags)
	return r.Table.Put(tx, scope, one)
}

// ID is the resource that an ARN names.
func (r *Records[R]) ID(a arn.ARN) (id string, ok bool) {
	id, ok = strings.CutPrefix(a.Resource, r.Type+"/")
	return id, ok && a.Service == "ssm"
}

// Tagged lists the resources of an account in a Region with their tags.
func (r *Records[R]) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	scope := store.In(account, region)
	return store.Shown(ctx, r.Store, r.Table, scope, func(one *R) api.Tagged {
		return api.Tagged{ARN: r.arn(scope, r.Table.Key(one)), Type: "ssm:" + r.Type, Tags: *r.Of(one)}
	})
}
