package documents

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// file is an attachment of a version.
type file struct {
	Name   string
	Blob   string // its body
	Size   int64
	Sha256 string
}

const (
	// maxFiles and maxFile bound attachments (AWS General Reference, "AWS
	// Systems Manager endpoints and quotas", Distributor).
	maxFiles = 20
	maxFile  = 1 << 30
	// urlLasts is how long the URL of an attachment works.
	urlLasts = time.Hour
)

var attachmentName = regexp.MustCompile(`^[a-zA-Z0-9_\-.]{3,128}$`)

// origin is an attachment that is to be read.
type origin struct {
	name        string
	bucket, key string
	reference   *reused
}

// reused is a file of another document.
type reused struct{ document, version, name string }

// broken says why a version is Failed; it is told to the caller as
// StatusInformation, not as an error.
type broken struct{ why string }

func (b broken) Error() string { return b.why }

// attach reads the attachments of a new version in the caller's name. What
// cannot be read makes the version Failed, as with AWS.
func (s *Service) attach(ctx context.Context, v *version, given []types.AttachmentsSource) error {
	wanted, err := v.filesOfManifest()
	if err != nil {
		return err
	}
	if len(given) > 0 && (s.ports.Bodies == nil || s.ports.Objects == nil) {
		return invalid("Attachments of documents can't be stored here: leave out Attachments.")
	}
	places, err := readPlaces(given, wanted)
	if err != nil {
		return err
	}
	for _, p := range places {
		f, err := s.take(ctx, p)
		if err == nil {
			err = v.expects(f)
			v.Files = append(v.Files, f)
		}
		if bad := (broken{}); errors.As(err, &bad) {
			v.Status, v.Reason = string(types.DocumentStatusFailed), bad.why
			return nil
		}
		if err != nil {
			return errors.Join(err, s.forget(v))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if !slices.ContainsFunc(v.Files, func(f file) bool { return f.Name == name }) {
			v.Status, v.Reason = string(types.DocumentStatusFailed), "The file "+name+" of the manifest is not among the attachments."
		}
	}
	return nil
}

// filesOfManifest are the files that a package's manifest names, with their
// digests; of another document there are none.
func (v *version) filesOfManifest() (map[string]string, error) {
	if v.Type != string(types.DocumentTypePackage) {
		return nil, nil
	}
	c, err := v.content()
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	if files := c.root.get("files"); files != nil {
		for i, name := range files.keys {
			out[name] = strings.ToLower(files.kids[i].get("checksums").get("sha256").str())
		}
	}
	return out, nil
}

// expects holds a file against the manifest.
func (v *version) expects(f file) error {
	wanted, err := v.filesOfManifest()
	if err != nil || v.Type != string(types.DocumentTypePackage) {
		return err
	}
	if sum, ok := wanted[f.Name]; ok && sum != f.Sha256 {
		return broken{fmt.Sprintf("The checksum of the attachment %s is %s, and not %s as the manifest says.", f.Name, f.Sha256, sum)}
	}
	return nil
}

// readPlaces reads the sources of a request.
func readPlaces(given []types.AttachmentsSource, wanted map[string]string) ([]origin, error) {
	var out []origin
	for _, g := range given {
		if len(g.Values) != 1 {
			return nil, invalid("An attachment has one value.")
		}
		more, err := readPlace(g, g.Values[0], wanted)
		if err != nil {
			return nil, err
		}
		out = append(out, more...)
	}
	if len(out) > maxFiles {
		return nil, invalid("A document can have at most %d attachments.", maxFiles)
	}
	seen := map[string]bool{}
	for _, p := range out {
		if !attachmentName.MatchString(p.name) || seen[p.name] {
			return nil, invalid("The attachment name %s isn't valid, or is there twice.", p.name)
		}
		seen[p.name] = true
	}
	return out, nil
}

func readPlace(g types.AttachmentsSource, value string, wanted map[string]string) ([]origin, error) {
	switch g.Key {
	case types.AttachmentsSourceKeySourceUrl:
		bucket, prefix, ok := readLocation(value)
		if !ok || len(wanted) == 0 {
			return nil, invalid("The SourceUrl %s isn't the location in S3 of the files of a package.", value)
		}
		var out []origin
		for name := range wanted {
			out = append(out, origin{name: name, bucket: bucket, key: path.Join(prefix, name)})
		}
		slices.SortFunc(out, func(a, b origin) int { return strings.Compare(a.name, b.name) })
		return out, nil
	case types.AttachmentsSourceKeyS3FileUrl:
		bucket, key, ok := readLocation(value)
		if !ok || key == "" || strings.HasSuffix(key, "/") {
			return nil, invalid("The S3FileUrl %s isn't a file in S3.", value)
		}
		p := origin{name: str(g.Name), bucket: bucket, key: key}
		if p.name == "" {
			p.name = path.Base(key)
		}
		return []origin{p}, nil
	case types.AttachmentsSourceKeyAttachmentReference:
		parts := strings.Split(value, "/")
		n := len(parts)
		if n < 3 {
			return nil, invalid("The AttachmentReference %s isn't document/version/file.", value)
		}
		p := origin{name: str(g.Name), reference: &reused{document: strings.Join(parts[:n-2], "/"), version: parts[n-2], name: parts[n-1]}}
		if p.name == "" {
			p.name = parts[n-1]
		}
		return []origin{p}, nil
	}
	return nil, invalid("Attachments have the key SourceUrl, S3FileUrl or AttachmentReference.")
}

// readLocation reads s3://bucket/key, or a URL of S3 in the style with the
// bucket in the path or in the host.
func readLocation(value string) (bucket, key string, ok bool) {
	if rest, is := strings.CutPrefix(value, "s3://"); is {
		bucket, key, _ = strings.Cut(rest, "/")
		return bucket, key, bucket != ""
	}
	rest, is := strings.CutPrefix(value, "https://")
	if !is {
		return "", "", false
	}
	host, key, _ := strings.Cut(rest, "/")
	if strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") {
		bucket, key, _ = strings.Cut(key, "/")
		return bucket, key, bucket != ""
	}
	bucket, _, is = strings.Cut(host, ".s3")
	return bucket, key, is && bucket != ""
}

// take copies one attachment into a body of ours.
func (s *Service) take(ctx context.Context, p origin) (file, error) {
	from, err := s.source(ctx, p)
	if err != nil {
		return file{}, err
	}
	defer from.Close()
	w, err := s.ports.Bodies.Create()
	if err != nil {
		return file{}, err
	}
	defer w.Abort()
	digest := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, digest), io.LimitReader(from, maxFile+1))
	if err != nil {
		return file{}, fmt.Errorf("store an attachment: %w", err)
	}
	if n > maxFile {
		return file{}, broken{"The attachment " + p.name + " is larger than 1 GB."}
	}
	id, err := w.Commit()
	if err != nil {
		return file{}, fmt.Errorf("store an attachment: %w", err)
	}
	return file{Name: p.name, Blob: id, Size: n, Sha256: hex.EncodeToString(digest.Sum(nil))}, nil
}

func (s *Service) source(ctx context.Context, p origin) (io.ReadCloser, error) {
	if p.reference == nil {
		body, err := s.ports.Objects.Get(ctx, p.bucket, p.key)
		if err != nil {
			return nil, broken{fmt.Sprintf("The attachment %s can't be read from s3://%s/%s: %s", p.name, p.bucket, p.key, reasonOf(err))}
		}
		return body, nil
	}
	h, err := s.look(ctx, store.In(api.CallFrom(ctx).Place()), p.reference.document, &p.reference.version, nil)
	if err != nil {
		return nil, broken{"The attachment " + p.name + " refers to a document version that isn't there."}
	}
	f, ok := h.file(p.reference.name)
	if !ok {
		return nil, broken{"The attachment " + p.name + " refers to a file that isn't there."}
	}
	return s.ports.Bodies.Open(f.Blob)
}

// reasonOf is what of an error may be told: the API's code and words.
func reasonOf(err error) string {
	fault := interface {
		ErrorCode() string
		ErrorMessage() string
	}(nil)
	if errors.As(err, &fault) {
		return fault.ErrorCode() + ": " + fault.ErrorMessage()
	}
	return "an internal error"
}

func (v *version) file(name string) (file, bool) {
	i := slices.IndexFunc(v.Files, func(f file) bool { return f.Name == name })
	if i < 0 {
		return file{}, false
	}
	return v.Files[i], true
}

// settle tells the bodies that the record which names them is stored.
func (s *Service) settle(v *version) error {
	for _, f := range v.Files {
		if err := s.ports.Bodies.Settle(f.Blob); err != nil {
			return err
		}
	}
	return nil
}

// forget removes the bodies of a version that is not, or no longer, stored.
func (s *Service) forget(gone ...*version) (err error) {
	for _, v := range gone {
		for _, f := range v.Files {
			err = errors.Join(err, s.ports.Bodies.Remove(f.Blob))
		}
	}
	return err
}

// Recover removes bodies of an earlier run that no record names.
func (s *Service) Recover(ctx context.Context) error {
	if s.ports.Bodies == nil {
		return nil
	}
	fresh, err := s.ports.Bodies.Fresh()
	if err != nil || len(fresh) == 0 {
		return err
	}
	named := map[string]bool{}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, err := versions.Everywhere(tx, "files", "yes")
		for _, row := range rows {
			for _, f := range row.Record.Files {
				named[f.Blob] = true
			}
		}
		return err
	})
	for _, id := range fresh {
		if err != nil {
			return err
		}
		if named[id] {
			err = s.ports.Bodies.Settle(id)
		} else {
			err = s.ports.Bodies.Remove(id)
		}
	}
	return err
}

// status is a version's state; the zero value is Active.
func (v *version) status() types.DocumentStatus {
	if v.Status == "" {
		return types.DocumentStatusActive
	}
	return types.DocumentStatus(v.Status)
}

// ticket is what the URL of an attachment carries, sealed.
type ticket struct {
	Blob    string
	Name    string
	Expires time.Time
}

const ticketPurpose = "ssm document attachment"

// contents are a version's attachments as GetDocument answers them: with URLs
// that work for an hour, for whoever has them, as presigned ones do.
func (s *Service) contents(call *api.Call, v *version) ([]types.AttachmentContent, error) {
	out := []types.AttachmentContent{}
	for _, f := range v.Files {
		text, err := json.Marshal(ticket{Blob: f.Blob, Name: f.Name, Expires: call.Time.Add(urlLasts)})
		if err != nil {
			return nil, err
		}
		sealed, err := s.ports.Box.Seal(ticketPurpose, text)
		if err != nil {
			return nil, err
		}
		host := ""
		if call.TLS != nil {
			host = call.TLS.Host
		}
		url := s.ports.URL(host, base64.RawURLEncoding.EncodeToString(sealed))
		out = append(out, types.AttachmentContent{
			Name: new(f.Name), Size: f.Size, Hash: new(f.Sha256), HashType: types.AttachmentHashTypeSha256, Url: &url,
		})
	}
	return out, nil
}

// ErrNoAttachment reports a ticket that opens nothing.
var ErrNoAttachment = errors.New("no such attachment")

// Attachment opens the body that a URL's ticket stands for.
func (s *Service) Attachment(written string, now time.Time) (io.ReadSeekCloser, string, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(written)
	if err != nil || s.ports.Bodies == nil {
		return nil, "", ErrNoAttachment
	}
	text, err := s.ports.Box.Open(ticketPurpose, sealed)
	if err != nil {
		return nil, "", ErrNoAttachment
	}
	var t ticket
	if err := json.Unmarshal(text, &t); err != nil || now.After(t.Expires) {
		return nil, "", ErrNoAttachment
	}
	body, err := s.ports.Bodies.Open(t.Blob)
	if err != nil {
		return nil, "", ErrNoAttachment // deleted since
	}
	return body, t.Name, nil
}
