package documents

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// readTags reads the tags of a request.
func readTags(given []types.Tag) (map[string]string, error) {
	if len(given) == 0 {
		return nil, nil
	}
	tags := make(map[string]string, len(given))
	for _, t := range given {
		if strings.HasPrefix(strings.ToLower(*t.Key), "aws:") {
			return nil, invalid("Tag keys that begin with aws: are reserved: %s.", *t.Key)
		}
		if _, twice := tags[*t.Key]; twice {
			return nil, invalid("The tag key %s is given twice.", *t.Key)
		}
		tags[*t.Key] = *t.Value
	}
	if len(tags) > maxTags {
		return nil, invalid("A document can have %d tags at most.", maxTags)
	}
	return tags, nil
}

// Tags returns a document's tags and its ARN; store.ErrNotFound when there is
// none.
func (s *Service) Tags(tx *store.Tx, scope store.Scope, id string) (tags map[string]string, arn string, err error) {
	d, err := documents.Get(tx, scope, id)
	if err != nil {
		return nil, arnOf(scope, id), err
	}
	return d.Tags, arnOf(scope, id), nil
}

// SetTags replaces a document's tags.
func (s *Service) SetTags(tx *store.Tx, scope store.Scope, id string, tags map[string]string) error {
	d, err := documents.Get(tx, scope, id)
	if err != nil {
		return err
	}
	d.Tags = maps.Clone(tags)
	return documents.Put(tx, scope, d)
}

// ID is the document that an ARN names.
func (s *Service) ID(a arn.ARN) (id string, ok bool) {
	id, ok = strings.CutPrefix(a.Resource, "document/")
	return id, ok && a.Service == "ssm"
}

// Tagged lists the documents of an account in a Region with their tags.
func (s *Service) Tagged(ctx context.Context, account, region string) ([]api.Tagged, error) {
	scope := store.Scope{Account: account, Region: region}
	var out []api.Tagged
	err := s.st.View(ctx, func(tx *store.Tx) error {
		all, err := documents.List(tx, scope, store.Page{})
		for _, d := range all {
			out = append(out, api.Tagged{ARN: arnOf(scope, d.Name), Type: "ssm:document", Tags: d.Tags})
		}
		return err
	})
	return out, err
}
