package house

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/services/ssm/inventory"
	"tamachi/internal/aws/services/tamachi"
)

// syncBucket writes resource data syncs through the gate in the name of Systems
// Manager, for the sync, so that the bucket's policy decides.
// Source: Systems Manager User Guide, "Creating a resource data sync for
// Inventory".
type syncBucket struct{ h *House }

var _ inventory.Bucket = syncBucket{}

// Deliver writes an object that the bucket's owner owns.
func (b syncBucket) Deliver(ctx context.Context, o inventory.Object) error {
	in := &s3.PutObjectInput{
		Bucket: aws.String(o.Bucket), Key: aws.String(o.Key), Body: bytes.NewReader(o.Body), ContentLength: aws.Int64(int64(len(o.Body))),
		ACL: types.ObjectCannedACLBucketOwnerFullControl, ContentType: aws.String("application/json"),
	}
	if o.KMSKey != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String(o.KMSKey)
	}
	_, err := b.h.gate.As(ssmPrincipal).For(o.Sync).Do(ctx, o.Account, o.Region, "s3", "PutObject", in)
	return err
}

const snapshotPath = "/_tamachi/patch-snapshots/"

// snapshotURL is where a patch snapshot can be read for a day by who has its
// token.
func (h *House) snapshotURL(host, token string) string { return h.urlFor(host, snapshotPath+token) }

// patchSnapshot shows one.
func (h *House) patchSnapshot(w http.ResponseWriter, r *http.Request) {
	text, ok, err := h.rooms.fleet.ssm.PatchSnapshot(r.Context(), r.PathValue("token"))
	switch {
	case err != nil:
		h.o.Log.ErrorContext(r.Context(), "patch snapshot not shown", "err", err)
		http.Error(w, "not available now", http.StatusInternalServerError)
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}
}

// past tells the room of the plane's own service what nodes had.
type past struct{ fleet *fleet }

var _ tamachi.Inventory = past{}

// Changes compares two moments.
func (p past) Changes(ctx context.Context, account, region, node, kind string, from, to time.Time) ([]tamachi.Change, error) {
	found, err := p.fleet.ssm.InventoryChanges(ctx, account, region, node, kind, from, to)
	out := make([]tamachi.Change, 0, len(found))
	for _, c := range found {
		out = append(out, tamachi.Change(c))
	}
	return out, err
}
