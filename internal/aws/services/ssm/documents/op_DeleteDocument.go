package documents

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DeleteDocument deletes a version, or the document with all of them.
func (s *Service) DeleteDocument(ctx context.Context, in *ssm.DeleteDocumentInput) (*ssm.DeleteDocumentOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	var gone []*version
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		gone = nil
		d, err := own(tx, scope, *in.Name)
		if err != nil {
			return err
		}
		if str(in.DocumentVersion) != "" || str(in.VersionName) != "" {
			v, err := d.drop(tx, scope, in)
			gone = append(gone, v)
			return err
		}
		if len(d.Shares) > 0 {
			return &types.InvalidDocumentOperation{Message: new("You attempted to delete a document while it is still shared. You must stop sharing the document before you can delete it.")}
		}
		gone, err = d.erase(tx, scope)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := s.forget(gone...); err != nil {
		return nil, err
	}
	return &ssm.DeleteDocumentOutput{}, nil
}

// drop deletes one version.
func (d *document) drop(tx *store.Tx, scope store.Scope, in *ssm.DeleteDocumentInput) (*version, error) {
	v, err := d.pick(tx, scope, in.DocumentVersion, in.VersionName)
	if unknown := (*types.InvalidDocumentVersion)(nil); errors.As(err, &unknown) {
		// The model has no error of versions for this operation.
		return nil, &types.InvalidDocumentOperation{Message: new("The document version isn't valid or doesn't exist.")}
	}
	if err != nil {
		return nil, err
	}
	if v.Number == d.Default {
		return nil, &types.InvalidDocumentOperation{Message: new("Default version of the document can't be deleted.")}
	}
	if err := versions.Delete(tx, scope, versionKey(v.Name, v.Number)); err != nil {
		return nil, err
	}
	d.Count--
	d.lose(v.Number)
	if d.Latest, err = newest(tx, scope, d.Name); err != nil {
		return nil, err
	}
	return v, documents.Put(tx, scope, d)
}

func (d *document) erase(tx *store.Tx, scope store.Scope) ([]*version, error) {
	all, err := versions.List(tx, scope, store.Page{Min: d.Name + ":", Max: d.Name + ";"})
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		if err := versions.Delete(tx, scope, versionKey(v.Name, v.Number)); err != nil {
			return nil, err
		}
	}
	return all, documents.Delete(tx, scope, d.Name)
}

func (s *Service) deleteDocumentChecks(ctx context.Context, in *ssm.DeleteDocumentInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:DeleteDocument", *in.Name)
}
