package documents

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// UpdateDocument makes a new version of a document out of its latest one. The
// default version stays.
func (s *Service) UpdateDocument(ctx context.Context, in *ssm.UpdateDocumentInput) (*ssm.UpdateDocumentOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	v, err := s.next(ctx, call, in)
	if err != nil {
		return nil, err
	}
	var h *held
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		d, err := own(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		if d.Type != v.Type {
			return noDocument(d.Name) // another by now
		}
		made := *v
		if err := d.add(tx, scope, &made, in); err != nil {
			return err
		}
		h = &held{owner: scope.Account, doc: d, version: &made}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, s.forget(v))
	}
	if err := s.settle(v); err != nil {
		return nil, err
	}
	out, err := h.describe()
	if err != nil {
		return nil, err
	}
	out.Status, out.StatusInformation = types.DocumentStatusUpdating, nil
	return &ssm.UpdateDocumentOutput{DocumentDescription: out}, nil
}

// next reads a new version's text and attachments.
func (s *Service) next(ctx context.Context, call *api.Call, in *ssm.UpdateDocumentInput) (*version, error) {
	var d *document
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		d, err = own(tx, store.In(call.Place()), *in.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	v, err := compose(call, d.Name, *in.Content, in.DocumentFormat, types.DocumentType(d.Type))
	if err != nil {
		return nil, err
	}
	return v, s.attach(ctx, v, in.Attachments)
}

// add makes a version the latest of a document.
func (d *document) add(tx *store.Tx, scope store.Scope, v *version, in *ssm.UpdateDocumentInput) error {
	if w := str(in.DocumentVersion); w != "" {
		if n, err := d.number(w); err != nil || n != d.Latest {
			return noVersion()
		}
	}
	if d.Count >= maxVersions {
		return &types.DocumentVersionLimitExceeded{Message: new("The document has too many versions. Delete one or more document versions and try again.")}
	}
	same, err := versions.By(tx, scope, "content", d.Name+":"+v.Sha256, store.Page{Limit: 1})
	if err != nil {
		return err
	}
	if len(same) > 0 {
		return &types.DuplicateDocumentContent{Message: new("The content of the association document matches another document. Change the content of the document and try again.")}
	}
	if v.VersionName = str(in.VersionName); v.VersionName != "" {
		taken, err := versions.By(tx, scope, "label", d.Name+":"+v.VersionName, store.Page{Limit: 1})
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return &types.DuplicateDocumentVersionName{Message: new("The specified version name is a duplicate.")}
		}
	}
	last, err := numbered(tx, scope, d.Name, d.Latest)
	if err != nil {
		return fmt.Errorf("find the latest version of document %s: %w", d.Name, err)
	}
	v.DisplayName, v.TargetType, v.Requires = last.DisplayName, last.TargetType, last.Requires
	if in.DisplayName != nil {
		v.DisplayName = *in.DisplayName
	}
	if in.TargetType != nil {
		v.TargetType = *in.TargetType
	}
	v.Number, d.Latest = d.Next, d.Next
	d.Next++
	d.Count++
	if err := documents.Put(tx, scope, d); err != nil {
		return err
	}
	return versions.Put(tx, scope, v)
}

func (s *Service) updateDocumentChecks(ctx context.Context, in *ssm.UpdateDocumentInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:UpdateDocument", *in.Name)
}
