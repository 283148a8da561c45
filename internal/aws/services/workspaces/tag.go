package workspaces

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
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

// retag changes the tags of a resource; an unknown one gives store.ErrNotFound.
func retag(tx *store.Tx, sc store.Scope, id string, change func(map[string]string) (map[string]string, error)) error {
	switch kind, _, _ := strings.Cut(id, "-"); kind {
	case "d":
		return retagIn(tx, &directories, sc, id, func(d *Directory) *map[string]string { return &d.Tags }, change)
	case "wsi":
		return retagIn(tx, &images, sc, id, func(r *Image) *map[string]string { return &r.Tags }, change)
	case "wsb":
		return retagIn(tx, &bundles, sc, id, func(r *CustomBundle) *map[string]string { return &r.Tags }, change)
	case "wsca":
		return retagIn(tx, &aliases, sc, id, func(a *Alias) *map[string]string { return &a.Tags }, change)
	case "wsipg":
		return retagIn(tx, &ipGroups, sc, id, func(g *IPGroup) *map[string]string { return &g.Tags }, change)
	}
	return retagIn(tx, &desktopTable, sc, id, func(d *Desktop) *map[string]string { return &d.Tags }, change)
}

func retagIn[R any](tx *store.Tx, t *store.Table[R], sc store.Scope, id string, tags func(*R) *map[string]string, change func(map[string]string) (map[string]string, error)) error {
	r, err := t.Get(tx, sc, id)
	if err != nil {
		return err
	}
	have := tags(r)
	if *have, err = change(*have); err != nil {
		return err
	}
	return t.Put(tx, sc, r)
}

// tagsOf are the tags of a resource; an unknown one gives store.ErrNotFound.
func tagsOf(tx *store.Tx, sc store.Scope, id string) (map[string]string, error) {
	switch kind, _, _ := strings.Cut(id, "-"); kind {
	case "d":
		return tagsIn(tx, &directories, sc, id, func(d *Directory) map[string]string { return d.Tags })
	case "wsi":
		return tagsIn(tx, &images, sc, id, func(r *Image) map[string]string { return r.Tags })
	case "wsb":
		return tagsIn(tx, &bundles, sc, id, func(r *CustomBundle) map[string]string { return r.Tags })
	case "wsca":
		return tagsIn(tx, &aliases, sc, id, func(a *Alias) map[string]string { return a.Tags })
	case "wsipg":
		return tagsIn(tx, &ipGroups, sc, id, func(g *IPGroup) map[string]string { return g.Tags })
	}
	return tagsIn(tx, &desktopTable, sc, id, func(d *Desktop) map[string]string { return d.Tags })
}

func tagsIn[R any](tx *store.Tx, t *store.Table[R], sc store.Scope, id string, tags func(*R) map[string]string) (map[string]string, error) {
	r, err := t.Get(tx, sc, id)
	if err != nil {
		return nil, err
	}
	return tags(r), nil
}

// checksOn are the checks of an action on records of a table, with the tags of
// those that exist.
func checksOn[R any](ctx context.Context, s *Service, t *store.Table[R], tags func(*R) map[string]string, action string, named func(*api.Call, string) arn.ARN, ids ...string) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	var checks []api.Check
	err := s.store.View(ctx, func(tx *store.Tx) error {
		checks = nil
		for _, id := range ids {
			have, err := tagsIn(tx, t, store.In(call.Place()), id, tags)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			checks = append(checks, api.Check{Action: action, Resource: named(call, id).String(), Tags: have})
		}
		return nil
	})
	return checks, err
}

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

// withTags tells each check of a request which tags the request gives: they are
// of the request, whichever of its resources a policy is asked about.
func withTags(checks []api.Check, tags []types.Tag) []api.Check {
	given := tagsAsked(tags)
	for i, c := range checks {
		checks[i] = c.Asking(given, nil)
	}
	return checks
}

// tagsAsked are the tags of a request by their keys.
func tagsAsked(tags []types.Tag) map[string]string {
	given := make(map[string]string, len(tags))
	for _, t := range tags {
		given[text(t.Key)] = text(t.Value)
	}
	return given
}

// tagging is withTags for requests whose tags want the right to tag besides (API
// reference, CreateWorkspaceImage and CreateWorkspaceBundle, Tags).
func tagging(checks []api.Check, tags []types.Tag) []api.Check {
	if len(tags) > 0 {
		checks = append(checks, api.OnAny("workspaces:CreateTags")...)
	}
	return withTags(checks, tags)
}
