package patchmanager

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// snapshotLife is how long a snapshot counts (User Guide, "AWS-RunPatchBaseline
// parameters": a SnapshotId is good for one run of a fleet).
const snapshotLife = 24 * time.Hour

// GetDeployablePatchSnapshotForInstance fixes the baseline of a node's run. The
// same SnapshotId gives the same baseline for a day.
func (s *Service) GetDeployablePatchSnapshotForInstance(ctx context.Context, in *ssm.GetDeployablePatchSnapshotForInstanceInput) (*ssm.GetDeployablePatchSnapshotForInstanceOutput, error) {
	call := api.CallFrom(ctx)
	var c choice
	if in.BaselineOverride != nil {
		c.overrides = []types.BaselineOverride{*in.BaselineOverride}
	}
	var kept *snapshot
	err := s.st.Update(ctx, func(tx *store.Tx) (err error) {
		kept, err = s.fix(tx, store.In(call.Place()), call.Time, *in.InstanceId, *in.SnapshotId, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &ssm.GetDeployablePatchSnapshotForInstanceOutput{
		InstanceId: in.InstanceId, SnapshotId: in.SnapshotId, Product: &kept.Product, SnapshotDownloadUrl: new(s.ports.SnapshotURL(call.Host, kept.Token)),
	}, nil
}

// fix returns a node's snapshot and makes it at its first use. Older ones of
// the node go. An override counts whatever was fixed before.
func (s *Service) fix(tx *store.Tx, scope store.Scope, now time.Time, node, id string, c choice) (*snapshot, error) {
	m, ok, err := s.ports.Nodes.Machine(tx, scope, node)
	if err != nil {
		return nil, err
	}
	os, product := m.system()
	if !ok || os == "" {
		return nil, &types.UnsupportedOperatingSystem{Message: new("The operating system of " + node + " isn't supported.")}
	}
	var override *baseline
	if len(c.overrides) > 0 {
		if override, err = overriding(c.overrides, os); err != nil {
			return nil, err
		}
	}
	have, err := snapshots.By(tx, scope, "node", node, store.Page{})
	if err != nil {
		return nil, err
	}
	for _, one := range have {
		fresh := now.Sub(one.Made) < snapshotLife
		if one.ID == id && fresh && (override == nil || override.ID == one.Baseline.ID) {
			return one, nil
		}
		if !fresh {
			if err := snapshots.Delete(tx, scope, snapshots.Key(one)); err != nil {
				return nil, err
			}
		}
	}
	b, err := c.chosen(tx, scope, m.patchGroup(), os)
	if err != nil {
		return nil, err
	}
	made := &snapshot{Node: node, ID: id, Token: hex.EncodeToString(s.ids.Bytes(16)), Group: m.patchGroup(), Product: product, Baseline: *b, Made: now}
	return made, snapshots.Put(tx, scope, made)
}

// Snapshot is the text behind a snapshot's URL; ok is false for a token that
// is none, or of a snapshot that is over.
func (s *Service) Snapshot(ctx context.Context, token string) (text []byte, ok bool, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		rows, err := snapshots.Everywhere(tx, "token", token)
		if err != nil || len(rows) != 1 || token == "" || s.clk.Now().Sub(rows[0].Record.Made) >= snapshotLife {
			return err
		}
		one := rows[0].Record
		one.Baseline.Tags, one.Baseline.Token, one.Baseline.Request = nil, "", ""
		text, err = json.Marshal(map[string]any{
			"instanceId": one.Node, "snapshotId": one.ID, "patchGroup": one.Group, "product": one.Product,
			"patchBaselineId": one.Baseline.shown(rows[0].Scope), "patchBaseline": one.Baseline,
		})
		ok = err == nil
		return err
	})
	return text, ok, err
}

func (s *Service) getDeployablePatchSnapshotForInstanceChecks(_ context.Context, in *ssm.GetDeployablePatchSnapshotForInstanceInput) ([]api.Check, error) {
	return []api.Check{{Action: "ssm:GetDeployablePatchSnapshotForInstance", Resource: "*", Keys: map[string]string{api.KeyNode: *in.InstanceId}}}, nil
}
