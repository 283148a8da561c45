package documents

import (
	"context"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListDocumentVersions lists the versions of a document, the newest first.
func (s *Service) ListDocumentVersions(ctx context.Context, in *ssm.ListDocumentVersionsInput) (*ssm.ListDocumentVersionsOutput, error) {
	caller := store.In(api.CallFrom(ctx).Place())
	after, limit, err := paging.Place("ListDocumentVersions", in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	r := s.resolve(caller, *in.Name)
	out := &ssm.ListDocumentVersionsOutput{DocumentVersions: []types.DocumentVersionInfo{}}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		d, all, err := s.versionsOf(tx, caller, r, after, limit+1)
		if err != nil {
			return err
		}
		if len(all) > limit {
			all = all[:limit]
			out.NextToken = new(api.Token("ListDocumentVersions", strconv.FormatInt(all[limit-1].Number, 10)))
		}
		for _, v := range all {
			out.DocumentVersions = append(out.DocumentVersions, types.DocumentVersionInfo{
				Name: &v.Name, DocumentVersion: num(v.Number), VersionName: api.Optional(v.VersionName), DisplayName: api.Optional(v.DisplayName),
				CreatedDate: &v.Created, IsDefaultVersion: v.Number == d.Default, DocumentFormat: types.DocumentFormat(v.Format),
				Status: v.status(), StatusInformation: api.Optional(v.Reason), ReviewStatus: v.reviewStatus(),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// versionsOf returns the versions that a caller may see, from the newest down,
// after a number.
func (s *Service) versionsOf(tx *store.Tx, caller store.Scope, r reference, after string, limit int) (*document, []*version, error) {
	if r.wrong {
		return nil, nil, noDocument(r.name)
	}
	if r.amazon != nil {
		return r.amazon.doc, []*version{r.amazon.version}, nil
	}
	d, err := own(tx, r.scope, r.name)
	if err != nil {
		return nil, nil, err
	}
	top := r.name + ";"
	if n, err := strconv.ParseInt(after, 10, 64); err == nil {
		top = versionKey(r.name, n)
	}
	all, err := versions.List(tx, r.scope, store.Page{Min: r.name + ":", Max: top, Descending: true, Limit: limit})
	if err != nil || r.scope.Account == caller.Account {
		return d, all, err
	}
	var seen []*version
	for _, v := range all {
		if d.shows(caller.Account, v.Number) {
			seen = append(seen, v)
		}
	}
	return d, seen, nil
}

func (s *Service) listDocumentVersionsChecks(ctx context.Context, in *ssm.ListDocumentVersionsInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:ListDocumentVersions", *in.Name)
}
