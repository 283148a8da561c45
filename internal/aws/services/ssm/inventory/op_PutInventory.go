package inventory

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// The most that a node may report: General Reference, "Systems Manager
// endpoints and quotas".
const (
	maxCall   = 1 << 20
	maxCustom = 200 << 10 // of an item of a custom type
)

// PutInventory takes what a node has. An item with the hash that is stored and
// without content is as it was.
func (s *Service) PutInventory(ctx context.Context, in *ssm.PutInventoryInput) (*ssm.PutInventoryOutput, error) {
	call := api.CallFrom(ctx)
	scope := store.In(call.Place())
	given, err := readItems(in)
	if err != nil {
		return nil, err
	}
	out := &ssm.PutInventoryOutput{}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if _, ok, err := s.ports.Nodes.Machine(tx, scope, *in.InstanceId); err != nil || !ok {
			return errors.Join(err, unknownNode(*in.InstanceId, ok))
		}
		out.Message = nil
		moved := false
		for _, i := range given {
			ignored, err := learn(tx, scope, i)
			if err != nil {
				return err
			}
			if ignored {
				out.Message = aws.String("Data of " + i.Kind + " was ignored: its schema version " + i.Version + " is disabled.")
				continue
			}
			changed, err := s.keep(tx, scope, call, i)
			if err != nil {
				return err
			}
			moved = moved || changed
		}
		if !moved {
			return nil
		}
		return owe(tx, scope, *in.InstanceId)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func unknownNode(node string, ok bool) error {
	if ok {
		return nil
	}
	return &types.InvalidInstanceId{Message: new("The instance ID isn't valid: " + node + " is no managed node of this account and Region.")}
}

// readItems checks the items by themselves.
func readItems(in *ssm.PutInventoryInput) ([]*item, error) {
	var out []*item
	total := 0
	seen := map[string]bool{}
	for _, one := range in.Items {
		i := &item{
			Node: *in.InstanceId, Kind: *one.TypeName, Version: *one.SchemaVersion, Captured: *one.CaptureTime,
			Hash: aws.ToString(one.ContentHash), Entries: one.Content,
		}
		if err := i.check(len(one.Context) > 0); err != nil {
			return nil, err
		}
		if seen[i.Kind] {
			return nil, invalidContent(i.Kind, "The type is there twice.")
		}
		seen[i.Kind] = true
		size := i.size()
		if size > maxCall || (size > maxCustom && strings.HasPrefix(i.Kind, custom)) {
			return nil, &types.ItemSizeLimitExceededException{TypeName: &i.Kind, Message: new("The inventory item size has exceeded the size limit.")}
		}
		if total += size; total > maxCall {
			return nil, &types.TotalSizeLimitExceededException{Message: new("The size of inventory data has exceeded the total size limit for the resource.")}
		}
		out = append(out, i)
	}
	return out, nil
}

// customName is how a customer's type may be called.
var customName = regexp.MustCompile(`^Custom:[\pL\pN][\pL\pN ._-]*$`)

func (i *item) check(context bool) error {
	k, ok := kinds[i.Kind]
	switch {
	case !ok && !customName.MatchString(i.Kind), k.Made:
		return unknownKind(i.Kind)
	case context:
		return &types.UnsupportedInventoryItemContextException{TypeName: &i.Kind, Message: new("The Context attribute isn't allowed for this inventory type.")}
	case i.Entries == nil && i.Hash == "":
		return invalidContent(i.Kind, "An item without a content hash needs its content.")
	}
	if !ok {
		return nil
	}
	if !k.takes(i.Version) {
		return &types.UnsupportedInventorySchemaVersionException{Message: new("Inventory item type schema version has to match supported versions in the service. " + i.Kind + " has version " + k.Version + ".")}
	}
	has := map[string]bool{}
	for _, a := range k.Attributes {
		has[a] = true
	}
	for _, e := range i.Entries {
		for a := range e {
			if !has[a] {
				return invalidContent(i.Kind, "The type has no attribute "+a+".")
			}
		}
	}
	return nil
}

// learn keeps the schema of a custom type; ignored tells that its version is
// disabled.
func learn(tx *store.Tx, scope store.Scope, i *item) (ignored bool, err error) {
	if !strings.HasPrefix(i.Kind, custom) {
		return false, nil
	}
	k, err := customKinds.Get(tx, scope, i.Kind)
	if missing(err) {
		all, err := customKinds.List(tx, scope, store.Page{})
		if err != nil {
			return false, err
		}
		if len(all) >= maxCustomKinds {
			return false, &types.CustomSchemaCountLimitExceededException{Message: new("You have exceeded the limit for custom schemas. Delete one or more custom schemas and try again.")}
		}
		k = &customKind{Name: i.Kind, Version: i.Version}
	} else if err != nil {
		return false, err
	}
	if k.ignores(i.Version) {
		return true, nil
	}
	if err := k.learn(i); err != nil {
		return false, err
	}
	return false, customKinds.Put(tx, scope, k)
}

// keep stores an item and what it changed.
func (s *Service) keep(tx *store.Tx, scope store.Scope, call *api.Call, i *item) (changed bool, err error) {
	old, err := items.Get(tx, scope, items.Key(i))
	if err != nil && !missing(err) {
		return false, err
	}
	if old == nil {
		old = &item{}
	}
	if i.Hash != "" && i.Hash == old.Hash {
		old.Captured, old.Version = i.Captured, i.Version
		return false, items.Put(tx, scope, old)
	}
	if i.Entries == nil {
		return false, &types.ItemContentMismatchException{TypeName: &i.Kind, Message: new("The content hash isn't the one that is stored. Send the item with its content.")}
	}
	if err := items.Put(tx, scope, i); err != nil {
		return false, err
	}
	c := change{Node: i.Node, Kind: i.Kind, At: call.Time}
	c.Added, c.Removed = compare(old.Entries, i.Entries)
	if len(c.Added)+len(c.Removed) == 0 {
		return old.Kind == "", nil
	}
	return true, changes.Put(tx, scope, &c)
}

func (s *Service) putInventoryChecks(_ context.Context, in *ssm.PutInventoryInput) ([]api.Check, error) {
	return []api.Check{{Action: "ssm:PutInventory", Resource: "*", Keys: map[string]string{api.KeyNode: *in.InstanceId}}}, nil
}
