package documents

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// reserved are the beginnings of names that only Amazon uses (API reference,
// CreateDocument), and that of this house's own documents.
var reserved = []string{"aws-", "amazon", "amzn", "awsec2", "awsconfigremediation", "awssupport", "tamachi-"}

// CreateDocument creates a document in its first version.
func (s *Service) CreateDocument(ctx context.Context, in *ssm.CreateDocumentInput) (*ssm.CreateDocumentOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	if err := checkName(*in.Name); err != nil {
		return nil, err
	}
	kind, err := creatable(in.DocumentType)
	if err != nil {
		return nil, err
	}
	tags, err := tag.Read(in.Tags, func(why string) error { return invalid("%s", why) })
	if err != nil {
		return nil, err
	}
	v, err := compose(call, *in.Name, *in.Content, in.DocumentFormat, kind)
	if err != nil {
		return nil, err
	}
	v.Number, v.VersionName, v.DisplayName, v.TargetType = 1, str(in.VersionName), str(in.DisplayName), str(in.TargetType)
	for _, n := range in.Requires {
		v.Requires = append(v.Requires, need{Name: *n.Name, Version: str(n.Version), Type: str(n.RequireType), VersionName: str(n.VersionName)})
	}
	if err := s.attach(ctx, v, in.Attachments); err != nil {
		return nil, err
	}
	d := &document{Name: v.Name, Type: v.Type, Latest: 1, Default: 1, Next: 2, Count: 1, Created: v.Created, Tags: tags}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if err := vacant(tx, scope, d.Name); err != nil {
			return err
		}
		if err := documents.Put(tx, scope, d); err != nil {
			return err
		}
		return versions.Put(tx, scope, v)
	})
	if err != nil {
		return nil, errors.Join(err, s.forget(v))
	}
	if err := s.settle(v); err != nil {
		return nil, err
	}
	out, err := (&held{owner: scope.Account, doc: d, version: v}).describe()
	if err != nil {
		return nil, err
	}
	out.Status, out.StatusInformation = types.DocumentStatusCreating, nil
	return &ssm.CreateDocumentOutput{DocumentDescription: out}, nil
}

// checkName refuses the names that are Amazon's.
func checkName(name string) error {
	low := strings.ToLower(name)
	if slices.ContainsFunc(reserved, func(r string) bool { return strings.HasPrefix(low, r) }) {
		return invalid("The document name %s isn't valid: names that begin with aws-, amazon or amzn are reserved.", name)
	}
	return nil
}

// vacant wants that there is room for a document with a name.
func vacant(tx *store.Tx, scope store.Scope, name string) error {
	_, err := documents.Get(tx, scope, name)
	if err == nil {
		return &types.DocumentAlreadyExists{Message: new("Document with name " + name + " already exists.")}
	}
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	all, err := documents.List(tx, scope, store.Page{Limit: maxDocuments})
	if err == nil && len(all) == maxDocuments {
		return &types.DocumentLimitExceeded{Message: new("You can have at most 500 active SSM documents.")}
	}
	return err
}

// compose reads a text into a version without a number.
func compose(call *api.Call, name, text string, format types.DocumentFormat, kind types.DocumentType) (*version, error) {
	c, err := read(text, format, kind)
	if err != nil {
		return nil, err
	}
	return &version{
		Name: name, Content: c.text, Format: string(c.format), Type: string(kind), Sha256: sum256(c.text),
		Created: call.Time.UTC().Truncate(time.Millisecond),
	}, nil
}

// createDocumentChecks asks for the document and, when tags are given, for
// tagging it.
func (s *Service) createDocumentChecks(ctx context.Context, in *ssm.CreateDocumentInput) ([]api.Check, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	arn := arnOf(scope, *in.Name)
	return tag.Made(api.Check{Action: "ssm:CreateDocument", Resource: arn}, in.Tags, arn), nil
}
