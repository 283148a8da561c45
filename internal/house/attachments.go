package house

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"tamachi/internal/aws/services/ssm/documents"
	"tamachi/internal/blob"
)

// attachmentPath is where the attachments of documents are to be had.
const attachmentPath = "/_tamachi/attachment/"

// attachments furnishes the room of documents with what attachments need.
func (h *House) attachments(ctx context.Context) (documents.Ports, error) {
	p := documents.Ports{Objects: objectsOfCaller{h}, Box: h.box, URL: h.attachmentURL}
	if h.o.Config.Lab {
		p.Bodies = blob.NewMemory(h.o.IDs)
		return p, nil
	}
	key, err := bodyKeyOf(ctx, h.store, h.box)
	if err != nil {
		return p, fmt.Errorf("read the key of bodies: %w", err)
	}
	folder, err := blob.Open(blob.Options{Path: filepath.Join(h.o.Config.Data, "attachments"), Key: key, IDs: h.o.IDs})
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrCannotStart, err)
	}
	p.Bodies = folder
	return p, nil
}

func (h *House) attachmentURL(host, ticket string) string {
	return h.urlFor(host, attachmentPath+ticket)
}

// urlFor is the URL of one of our pages by the host that the caller knows the
// plane by: a node reaches no other, and its certificate is for that one.
func (h *House) urlFor(host, page string) string {
	if host == "" { // an engine
		return h.access.HTTPS + page
	}
	return "https://" + host + page
}

// objectsOfCaller reads S3 through the gate: the gate is made after the rooms.
type objectsOfCaller struct{ h *House }

var _ documents.Objects = objectsOfCaller{}

// Get opens an object as the caller of ctx.
func (o objectsOfCaller) Get(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := o.h.gate.Via(ssmPrincipal).Do(ctx, "s3", "GetObject", &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, err
	}
	return out.(*s3.GetObjectOutput).Body, nil
}

// serveAttachment answers with the body that a ticket stands for.
func (h *House) serveAttachment(w http.ResponseWriter, r *http.Request) {
	body, name, err := h.rooms.fleet.ssm.Attachment(r.PathValue("ticket"), h.o.Clock.Now())
	if err != nil {
		http.Error(w, "there is no such attachment, or its URL has expired", http.StatusForbidden)
		return
	}
	defer body.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	http.ServeContent(w, r, "", time.Time{}, body)
}
