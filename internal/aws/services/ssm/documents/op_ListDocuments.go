package documents

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListDocuments lists one's own documents, Amazon's, and those that others
// share, each in its default version.
func (s *Service) ListDocuments(ctx context.Context, in *ssm.ListDocumentsInput) (*ssm.ListDocumentsOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("ListDocuments", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	filters, err := readFilters(in)
	if err != nil {
		return nil, err
	}
	out := &ssm.ListDocumentsOutput{DocumentIdentifiers: []types.DocumentIdentifier{}}
	last := ""
	err = s.st.View(ctx, func(tx *store.Tx) error {
		all, err := s.all(tx, scope)
		if err != nil {
			return err
		}
		for _, e := range all {
			if e.key() <= after {
				continue
			}
			one, err := e.identify(tx)
			if err != nil {
				return err
			}
			if !fit(&one, e, filters) {
				continue
			}
			if len(out.DocumentIdentifiers) == limit {
				out.NextToken = new(api.Token("ListDocuments", last))
				return nil
			}
			last = e.key()
			out.DocumentIdentifiers = append(out.DocumentIdentifiers, one)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// entry is a document that a caller sees in the list.
type entry struct {
	class  string // Self, Amazon, Private or Public, as the filter Owner says
	scope  store.Scope
	doc    *document
	amazon *held
}

func (e *entry) key() string { return e.doc.Name + ":" + e.scope.Account }

// all are the documents that a caller sees, in the order of their names.
func (s *Service) all(tx *store.Tx, scope store.Scope) ([]*entry, error) {
	var out []*entry
	mine, err := documents.List(tx, scope, store.Page{})
	if err != nil {
		return nil, err
	}
	for _, d := range mine {
		out = append(out, &entry{class: "Self", scope: scope, doc: d})
	}
	for _, name := range slices.Sorted(maps.Keys(s.amazon)) {
		out = append(out, &entry{class: amazonOwner, doc: s.amazon[name].doc, amazon: s.amazon[name]})
	}
	seen := map[share]bool{}
	for class, with := range map[string]string{"Private": scope.Account, "Public": everyone} {
		shared, err := shares.List(tx, store.In(with, scope.Region), store.Page{})
		if err != nil {
			return nil, err
		}
		for _, one := range shared {
			if seen[*one] || one.Owner == scope.Account {
				continue
			}
			seen[*one] = true
			theirs := store.In(one.Owner, scope.Region)
			d, err := documents.Get(tx, theirs, one.Name)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, &entry{class: class, scope: theirs, doc: d})
		}
	}
	slices.SortFunc(out, func(a, b *entry) int { return strings.Compare(a.key(), b.key()) })
	return out, nil
}

// identify shows a document in its default version; another account's by its
// ARN.
func (e *entry) identify(tx *store.Tx) (types.DocumentIdentifier, error) {
	h := e.amazon
	if h == nil {
		v, err := numbered(tx, e.scope, e.doc.Name, e.doc.Default)
		if err != nil {
			return types.DocumentIdentifier{}, err
		}
		h = &held{owner: e.scope.Account, doc: e.doc, version: v}
	}
	c, err := h.version.content()
	if err != nil {
		return types.DocumentIdentifier{}, err
	}
	name := h.Name
	if e.class == "Private" || e.class == "Public" {
		name = arnOf(e.scope, name)
	}
	return types.DocumentIdentifier{
		Name: &name, Owner: &h.owner, CreatedDate: &h.Created, DisplayName: api.Optional(h.DisplayName), VersionName: api.Optional(h.VersionName),
		PlatformTypes: c.platforms(), DocumentVersion: num(h.Number), DocumentType: types.DocumentType(h.Type),
		SchemaVersion: api.Optional(c.schema), DocumentFormat: types.DocumentFormat(h.Format), TargetType: api.Optional(h.TargetType),
		Tags: showTags(e.doc.Tags), Requires: showNeeds(h.Requires), Author: api.Optional(h.author()), ReviewStatus: h.reviewStatus(),
	}, nil
}

// filter is one filter of the list: all must fit, of its values one.
type filter struct {
	key    string
	values []string
}

var filterKeys = []string{"Owner", "Name", "PlatformTypes", "DocumentType", "TargetType"}

func readFilters(in *ssm.ListDocumentsInput) ([]filter, error) {
	if len(in.DocumentFilterList) > 0 && len(in.Filters) > 0 {
		return nil, invalid("You can use either DocumentFilterList or Filters in a single request.")
	}
	var out []filter
	for _, f := range in.DocumentFilterList {
		out = append(out, filter{string(f.Key), []string{*f.Value}})
	}
	for _, f := range in.Filters {
		out = append(out, filter{str(f.Key), f.Values})
	}
	for _, f := range out {
		if !slices.Contains(filterKeys, f.key) && !strings.HasPrefix(f.key, "tag:") {
			return nil, &types.InvalidFilterKey{Message: new("The specified key isn't valid: " + f.key + ". Valid keys are " + strings.Join(filterKeys, ", ") + " and tag:.")}
		}
	}
	return out, nil
}

func fit(one *types.DocumentIdentifier, e *entry, filters []filter) bool {
	for _, f := range filters {
		if !slices.ContainsFunc(f.values, func(v string) bool { return f.fits(one, e, v) }) {
			return false
		}
	}
	return true
}

func (f filter) fits(one *types.DocumentIdentifier, e *entry, value string) bool {
	switch f.key {
	case "Owner":
		return value == "All" || value == e.class || value == *one.Owner
	case "Name":
		return strings.HasPrefix(*one.Name, value)
	case "PlatformTypes":
		return slices.Contains(one.PlatformTypes, types.PlatformType(value))
	case "DocumentType":
		return string(one.DocumentType) == value
	case "TargetType":
		return one.TargetType != nil && *one.TargetType == value
	}
	v, ok := e.doc.Tags[strings.TrimPrefix(f.key, "tag:")]
	return ok && v == value
}

func (s *Service) listDocumentsChecks(context.Context, *ssm.ListDocumentsInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListDocuments"), nil
}
