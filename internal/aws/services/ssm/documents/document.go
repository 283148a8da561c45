package documents

import (
	"crypto/sha1" //nolint:gosec // AWS still answers with it, beside Sha256
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// document is what all versions of a document share.
type document struct {
	Name    string
	Type    string
	Latest  int64
	Default int64
	Next    int64 // the number of the next version; a number is never used again
	Count   int   // versions that there are
	Created time.Time
	// Pending is the version in review, Approved the one approved last; 0 is none.
	Pending  int64             `json:",omitempty"`
	Approved int64             `json:",omitempty"`
	Tags     map[string]string `json:",omitempty"`
	Shares   map[string]string `json:",omitempty"` // account or "all" -> $DEFAULT, $LATEST or $ALL
}

// version is one version of a document. But for its reviews it never changes.
type version struct {
	Name        string
	Number      int64
	VersionName string `json:",omitempty"`
	DisplayName string `json:",omitempty"`
	Content     string
	Format      string
	Type        string
	TargetType  string `json:",omitempty"`
	Requires    []need `json:",omitempty"`
	Files       []file `json:",omitempty"` // attachments
	Status      string `json:",omitempty"` // Failed; empty is Active
	Reason      string `json:",omitempty"` // of a status that is not Active
	Sha256      string
	Created     time.Time
	Reviews     []review `json:",omitempty"` // the oldest first
}

// need is a document that another requires.
type need struct {
	Name        string
	Version     string `json:",omitempty"`
	Type        string `json:",omitempty"`
	VersionName string `json:",omitempty"`
}

// share is a document as the account sees it that it is shared with. The scope
// of the record is that account, or "all".
type share struct{ Owner, Name string }

var (
	documents = store.Table[document]{
		Name: "ssm.documents", Reach: store.Regional,
		Key: func(d *document) string { return d.Name },
	}
	versions = store.Table[version]{
		Name: "ssm.document-versions", Reach: store.Regional,
		Key: func(v *version) string { return versionKey(v.Name, v.Number) },
		Indexes: map[string]func(*version) string{
			"files": func(v *version) string {
				if len(v.Files) == 0 {
					return ""
				}
				return "yes"
			},
			"content": func(v *version) string { return v.Name + ":" + v.Sha256 },
			"label": func(v *version) string {
				if v.VersionName == "" {
					return ""
				}
				return v.Name + ":" + v.VersionName
			},
		},
	}
	shares = store.Table[share]{
		Name: "ssm.document-shares", Reach: store.Regional,
		Key: func(s *share) string { return s.Name + ":" + s.Owner },
	}
)

func versionKey(name string, n int64) string { return fmt.Sprintf("%s:%09d", name, n) }

// Quotas of AWS General Reference, "AWS Systems Manager endpoints and quotas".
const (
	maxDocuments = 500
	maxVersions  = 1000
)

// held is a version with its document and its owner.
type held struct {
	owner string // account, or Amazon
	doc   *document
	*version
}

const amazonOwner = "Amazon"

// provide makes the one version of a document of owner Amazon.
func provide(p Provided, now time.Time) *held {
	c, err := read(string(p.Content), types.DocumentFormat(p.Format), types.DocumentType(p.Type))
	if err != nil {
		panic(fmt.Sprintf("documents: the provided document %s: %v", p.Name, err))
	}
	text, format := c.in(types.DocumentFormatJson) // as all of Amazon's are
	v := &version{Name: p.Name, Number: 1, Content: text, Format: string(format), Type: p.Type, Sha256: sum256(text), Created: now.Truncate(time.Second)}
	return &held{owner: amazonOwner, version: v, doc: &document{Name: p.Name, Type: p.Type, Latest: 1, Default: 1, Next: 2, Count: 1, Created: v.Created}}
}

// content reads the stored text, which was valid when it was stored.
func (v *version) content() (*content, error) {
	c, err := read(v.Content, types.DocumentFormat(v.Format), types.DocumentType(v.Type))
	if err != nil {
		return nil, fmt.Errorf("read version %d of document %s: %v", v.Number, v.Name, err) //nolint:errorlint // not for the caller
	}
	return c, nil
}

// numbered returns a version by its number.
func numbered(tx *store.Tx, scope store.Scope, name string, n int64) (*version, error) {
	v, err := versions.Get(tx, scope, versionKey(name, n))
	if errors.Is(err, store.ErrNotFound) {
		return nil, noVersion()
	}
	return v, err
}

// number reads "$LATEST", "$DEFAULT" or a version's number; empty is the
// default.
func (d *document) number(written string) (int64, error) {
	switch written {
	case "", "$DEFAULT":
		return d.Default, nil
	case "$LATEST":
		return d.Latest, nil
	}
	n, err := strconv.ParseInt(written, 10, 64)
	if err != nil {
		return 0, noVersion()
	}
	return n, nil
}

// pick returns the version that a request means.
func (d *document) pick(tx *store.Tx, scope store.Scope, written, name *string) (*version, error) {
	if name == nil || *name == "" {
		n, err := d.number(str(written))
		if err != nil {
			return nil, err
		}
		return numbered(tx, scope, d.Name, n)
	}
	found, err := versions.First(tx, scope, "label", d.Name+":"+*name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noVersion()
	}
	if err != nil {
		return nil, err
	}
	if w := str(written); w != "" {
		if n, err := d.number(w); err != nil || n != found.Number {
			return nil, noVersion()
		}
	}
	return found, nil
}

// newest looks for the highest version that is left.
func newest(tx *store.Tx, scope store.Scope, name string) (int64, error) {
	top, err := versions.List(tx, scope, store.Page{Min: name + ":", Max: name + ";", Descending: true, Limit: 1})
	if err != nil || len(top) == 0 {
		return 0, err
	}
	return top[0].Number, nil
}

// describe is a version as DescribeDocument answers it.
func (h *held) describe() (*types.DocumentDescription, error) {
	c, err := h.version.content()
	if err != nil {
		return nil, err
	}
	d := &types.DocumentDescription{
		Name: &h.Name, Owner: &h.owner, CreatedDate: &h.Created, Status: h.status(), StatusInformation: api.Optional(h.Reason),
		DocumentVersion: num(h.Number), LatestVersion: num(h.doc.Latest), DefaultVersion: num(h.doc.Default),
		DocumentType: types.DocumentType(h.Type), DocumentFormat: types.DocumentFormat(h.Format), SchemaVersion: api.Optional(c.schema),
		Hash: &h.Sha256, HashType: types.DocumentHashTypeSha256, Sha1: new(sum1(h.Content)),
		VersionName: api.Optional(h.VersionName), DisplayName: api.Optional(h.DisplayName), TargetType: api.Optional(h.TargetType),
		PlatformTypes: c.platforms(), Requires: showNeeds(h.Requires), Tags: showTags(h.doc.Tags),
		Author: api.Optional(h.author()), ReviewStatus: h.reviewStatus(), ReviewInformation: h.showReviews(),
		ApprovedVersion: h.doc.approved(), PendingReviewVersion: h.doc.pending(),
	}
	for _, f := range h.Files {
		d.AttachmentsInformation = append(d.AttachmentsInformation, types.AttachmentInformation{Name: new(f.Name)})
	}
	if c.root != nil {
		d.Description = api.Optional(c.root.get("description").str())
		d.Parameters = c.describeParameters()
	}
	return d, nil
}

func showNeeds(all []need) []types.DocumentRequires {
	var out []types.DocumentRequires
	for _, n := range all {
		out = append(out, types.DocumentRequires{Name: &n.Name, Version: api.Optional(n.Version), RequireType: api.Optional(n.Type), VersionName: api.Optional(n.VersionName)})
	}
	return out
}

func showTags(tags map[string]string) []types.Tag {
	out := []types.Tag{}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, types.Tag{Key: new(k), Value: new(tags[k])})
	}
	return out
}

func sum256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sum1(text string) string {
	sum := sha1.Sum([]byte(text)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

func num(n int64) *string { return new(strconv.FormatInt(n, 10)) }

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func arnOf(scope store.Scope, name string) string {
	return arn.New("ssm", scope.Region, scope.Account, "document/"+name).String()
}

func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
}

func noDocument(name string) error {
	return &types.InvalidDocument{Message: new("Document with name " + name + " does not exist.")}
}

func noVersion() error {
	return &types.InvalidDocumentVersion{Message: new("The document version isn't valid or doesn't exist.")}
}
