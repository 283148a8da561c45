package documents

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetDocument returns the text of a version.
func (s *Service) GetDocument(ctx context.Context, in *ssm.GetDocumentInput) (*ssm.GetDocumentOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	h, err := s.look(ctx, scope, *in.Name, in.DocumentVersion, in.VersionName)
	if err != nil {
		return nil, err
	}
	c, err := h.version.content()
	if err != nil {
		return nil, err
	}
	text, format := c.in(in.DocumentFormat)
	files, err := s.contents(api.CallFrom(ctx), h.version)
	if err != nil {
		return nil, err
	}
	return &ssm.GetDocumentOutput{
		Name: &h.Name, Content: &text, DocumentFormat: format, DocumentType: types.DocumentType(h.Type),
		DocumentVersion: num(h.Number), VersionName: api.Optional(h.VersionName), DisplayName: api.Optional(h.DisplayName),
		Status: h.status(), StatusInformation: api.Optional(h.Reason), CreatedDate: &h.Created, Requires: showNeeds(h.Requires),
		AttachmentsContent: files,
	}, nil
}

// look is find in a transaction of its own.
func (s *Service) look(ctx context.Context, scope store.Scope, written string, number, name *string) (h *held, err error) {
	r := s.resolve(scope, written)
	err = s.st.View(ctx, func(tx *store.Tx) error {
		h, err = s.find(tx, scope, r, number, name)
		return err
	})
	return h, err
}

func (s *Service) getDocumentChecks(ctx context.Context, in *ssm.GetDocumentInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:GetDocument", *in.Name)
}
