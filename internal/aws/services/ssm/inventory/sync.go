package inventory

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// resourceSync is a resource data sync of the type SyncToDestination.
type resourceSync struct {
	Name, Bucket, Region string
	Prefix, KMSKey       string `json:",omitempty"`
	Created              time.Time
	Tried, Done          time.Time // zero until then
	Failed               bool      `json:",omitempty"` // the last try
	Message              string    `json:",omitempty"`
	Retry                time.Time // not before this
}

var syncs = store.Table[resourceSync]{
	Name: "ssm.inventorysyncs", Reach: store.Regional,
	Key: func(s *resourceSync) string { return s.Name },
}

const (
	toDestination = "SyncToDestination"
	fromSource    = "SyncFromSource"
	// maxSyncs is how many an account may have in a Region (General Reference,
	// "Systems Manager endpoints and quotas").
	maxSyncs = 5
	// syncAgain is when a sync that failed is tried again, and syncStep how many
	// nodes are written between two notes of it.
	syncAgain = 5 * time.Minute
	syncStep  = 20
)

// due is a node that a sync has to write.
type due struct {
	Sync, Node string
	Since      string // makes a mark that was renewed meanwhile another
}

var dues = store.Table[due]{
	Name: "ssm.inventorydues", Reach: store.Regional,
	Key:     func(d *due) string { return d.Sync + "/" + d.Node },
	Indexes: map[string]func(*due) string{"sync": func(d *due) string { return d.Sync }},
}

// owe marks a node for every sync.
func owe(tx *store.Tx, scope store.Scope, node string) error {
	all, err := syncs.List(tx, scope, store.Page{})
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := mark(tx, scope, s.Name, node); err != nil {
			return err
		}
	}
	return nil
}

func mark(tx *store.Tx, scope store.Scope, sync, node string) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	return dues.Put(tx, scope, &due{Sync: sync, Node: node, Since: string(head)})
}

// object is a file of the sync.
func (r *resourceSync) object(scope store.Scope, key string, body []byte) Object {
	if r.Prefix != "" {
		key = strings.TrimSuffix(r.Prefix, "/") + "/" + key
	}
	return Object{
		Account: scope.Account, Region: r.Region, Sync: syncARN(scope, r.Name).String(),
		Bucket: r.Bucket, Key: key, KMSKey: r.KMSKey, Body: body,
	}
}

// file is what a node has of a type: an entry a line, as Athena's JSON SerDe
// reads it.
func (r *resourceSync) file(scope store.Scope, i *item) (Object, error) {
	var b bytes.Buffer
	for _, e := range i.Entries {
		row := maps.Clone(e)
		row["resourceId"], row["captureTime"], row["schemaVersion"] = i.Node, i.Captured, i.Version
		l, err := json.Marshal(row)
		if err != nil {
			return Object{}, err
		}
		b.Write(append(l, '\n'))
	}
	key := fmt.Sprintf("%s/accountid=%s/region=%s/resourcetype=ManagedInstanceInventory/%s.json", i.Kind, scope.Account, scope.Region, i.Node)
	return r.object(scope, key, b.Bytes()), nil
}

// Upkeep writes what syncs owe.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	var all []store.Row[resourceSync]
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		all, err = syncs.Everywhere(tx, "", "")
		return err
	})
	if err != nil {
		return time.Time{}, err
	}
	for _, row := range all {
		when, err := s.pay(ctx, row.Scope, row.Record)
		if err != nil {
			return time.Time{}, fmt.Errorf("resource data sync %s: %w", row.Record.Name, err)
		}
		if !when.IsZero() && (next.IsZero() || when.Before(next)) {
			next = when
		}
	}
	return next, nil
}

// pay writes what one sync owes; next is when it is to be tried again.
func (s *Service) pay(ctx context.Context, scope store.Scope, r *resourceSync) (next time.Time, err error) {
	for {
		var owed []*due
		files := []Object{}
		err := s.st.View(ctx, func(tx *store.Tx) (err error) {
			if owed, err = dues.By(tx, scope, "sync", r.Name, store.Page{Limit: syncStep}); err != nil {
				return err
			}
			files, err = s.files(tx, scope, r, owed)
			return err
		})
		if err != nil || len(owed) == 0 {
			return time.Time{}, err
		}
		if now := s.clk.Now(); now.Before(r.Retry) {
			return r.Retry, nil
		}
		failure := s.deliver(ctx, files)
		if ctx.Err() != nil {
			return time.Time{}, ctx.Err()
		}
		if err := s.note(ctx, scope, r, owed, failure); err != nil || failure != nil {
			return r.Retry, err
		}
	}
}

// files are those of the nodes that are owed. A node that is gone has none.
func (s *Service) files(tx *store.Tx, scope store.Scope, r *resourceSync, owed []*due) ([]Object, error) {
	var out []Object
	for _, d := range owed {
		m, ok, err := s.ports.Nodes.Machine(tx, scope, d.Node)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		all, err := items.By(tx, scope, "node", d.Node, store.Page{})
		if err != nil {
			return nil, err
		}
		for _, i := range append(all, facts(m), labels(m)) {
			if len(i.Entries) == 0 && i.Kind == tagKind {
				continue
			}
			o, err := r.file(scope, i)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
	}
	return out, nil
}

func (s *Service) deliver(ctx context.Context, files []Object) error {
	for _, o := range files {
		if err := s.ports.Bucket.Deliver(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// note keeps how a step ended. Marks that were renewed meanwhile stay.
func (s *Service) note(ctx context.Context, scope store.Scope, r *resourceSync, owed []*due, failure error) error {
	now := s.clk.Now()
	return s.st.Update(ctx, func(tx *store.Tx) error {
		kept, err := syncs.Get(tx, scope, r.Name)
		if missing(err) {
			return nil // deleted meanwhile, with its marks
		}
		if err != nil {
			return err
		}
		kept.Tried, kept.Failed, kept.Message, kept.Retry = now, failure != nil, "", time.Time{}
		if failure != nil {
			kept.Message, kept.Retry = whyNot(r.Bucket, failure), now.Add(syncAgain)
		} else {
			kept.Done = now
			for _, d := range owed {
				if err := settle(tx, scope, d); err != nil {
					return err
				}
			}
		}
		*r = *kept
		return syncs.Put(tx, scope, kept)
	})
}

func settle(tx *store.Tx, scope store.Scope, d *due) error {
	kept, err := dues.Get(tx, scope, dues.Key(d))
	if missing(err) || (err == nil && kept.Since != d.Since) {
		return nil
	}
	if err != nil {
		return err
	}
	return dues.Delete(tx, scope, dues.Key(d))
}

// whyNot says why the bucket refused, without what only the log may know.
func whyNot(bucket string, err error) string {
	text := "S3 write failed for bucket: " + bucket
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		text += " (" + fault.ErrorCode() + ")"
	}
	return text
}

func (r *resourceSync) describe(pending bool) types.ResourceDataSyncItem {
	out := types.ResourceDataSyncItem{
		SyncName: &r.Name, SyncType: aws.String(toDestination), SyncCreatedTime: &r.Created,
		S3Destination: &types.ResourceDataSyncS3Destination{
			BucketName: &r.Bucket, Region: &r.Region, Prefix: api.Optional(r.Prefix), AWSKMSKeyARN: api.Optional(r.KMSKey), SyncFormat: types.ResourceDataSyncS3FormatJsonSerde,
		},
		LastStatus: types.LastResourceDataSyncStatusSuccessful, LastSyncStatusMessage: api.Optional(r.Message),
	}
	switch {
	case r.Failed:
		out.LastStatus = types.LastResourceDataSyncStatusFailed
	case pending || r.Tried.IsZero():
		out.LastStatus = types.LastResourceDataSyncStatusInprogress
	}
	if !r.Tried.IsZero() {
		out.LastSyncTime = &r.Tried
	}
	if !r.Done.IsZero() {
		out.LastSuccessfulSyncTime = &r.Done
	}
	return out
}
