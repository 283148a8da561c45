package statemanager

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// refresh is the document that lets a node look at its associations and run
// those that are named.
const refresh = "AWS-RefreshAssociation"

// Begin returns all associations, also those that are being forgotten, all
// nudges, and the place in the feed from which changes are to be followed.
func (s *Service) Begin(ctx context.Context) (all []nodes.Record, nudged []nodes.Order, after store.Cursor, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		all, nudged = nil, nil
		seen := map[nodes.Record]bool{}
		left, err := standings.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, row := range left {
			seen[nodes.Record{Account: row.Scope.Account, Region: row.Scope.Region, Key: row.Record.Association}] = true
		}
		there, err := associations.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, row := range there {
			seen[nodes.Record{Account: row.Scope.Account, Region: row.Scope.Region, Key: row.Record.ID}] = true
		}
		for r := range seen {
			all = append(all, r)
		}
		wishes, err := nudges.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, row := range wishes {
			o, err := s.orderOf(tx, row.Scope, row.Record)
			if err != nil {
				return err
			}
			nudged = append(nudged, o)
		}
		after, err = tx.Head()
		return err
	})
	return all, nudged, after, err
}

// Nudge returns the nudge of a node as an order; it is over when there is none.
func (s *Service) Nudge(ctx context.Context, account, region, node string) (o nodes.Order, err error) {
	scope := store.In(account, region)
	err = s.st.View(ctx, func(tx *store.Tx) error {
		n, err := nudges.Get(tx, scope, node)
		if missing(err) {
			o = nodes.Order{Account: account, Region: region, Key: node, Node: node, State: nodes.Over}
			return nil
		}
		if err != nil {
			return err
		}
		o, err = s.orderOf(tx, scope, n)
		return err
	})
	return o, err
}

func (s *Service) orderOf(tx *store.Tx, scope store.Scope, n *nudge) (nodes.Order, error) {
	o := nodes.Order{Account: scope.Account, Region: scope.Region, Key: n.Node, Node: n.Node, State: nodes.Waiting}
	d, err := s.ports.Documents.Document(tx, scope, refresh, "")
	if err != nil {
		return o, fmt.Errorf("the document that refreshes associations: %w", err)
	}
	// No id would mean all of them, so a node that only looks is given one
	// that it does not have.
	ids := n.Associations
	if len(ids) == 0 {
		ids = []string{none}
	}
	content, err := json.Marshal(map[string]any{
		"CommandId": n.Command, "DocumentName": d.Name, "DocumentContent": json.RawMessage(d.JSON),
		"Parameters":         map[string]any{"associationIds": ids},
		"OutputS3BucketName": "", "OutputS3KeyPrefix": "", "CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": "false",
	})
	o.Job = nodes.Job{ID: "aws.ssm." + n.Command + "." + n.Node, Topic: nodes.SendCommand, Content: content}
	return o, err
}

// none is the id of no association.
const none = "00000000-0000-0000-0000-000000000000"

// Face is all of a node that targets look at; it changes when they may mean
// the node otherwise. It is empty when the node is gone.
func (s *Service) Face(ctx context.Context, account, region, node string) (face string, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		n, ok, err := s.ports.Nodes.Resolve(tx, store.In(account, region), node)
		if err != nil || !ok {
			face = ""
			return err
		}
		var b strings.Builder
		b.WriteString(n.ID + "\x00" + n.Workspace)
		for _, k := range slices.Sorted(maps.Keys(n.Tags)) {
			b.WriteString("\x00" + k + "\x00" + n.Tags[k])
		}
		face = b.String()
		return nil
	})
	return face, err
}
