package kms

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListKeyRotations lists the rotations of a key, the oldest first.
func (s *Service) ListKeyRotations(ctx context.Context, in *kms.ListKeyRotationsInput) (*kms.ListKeyRotationsOutput, error) {
	p, err := readPage("ListKeyRotations", in.Marker, in.Limit, rotationPage, 1000)
	if err != nil {
		return nil, err
	}
	var k *Key
	var list []*material
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		if k, err = findKey(tx, api.CallFrom(ctx), *in.KeyId); err != nil {
			return err
		}
		if !k.symmetric() {
			return unsupportedFor("ListKeyRotations", k)
		}
		list, err = materialsOf(tx, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.IncludeKeyMaterial != types.IncludeKeyMaterialAllKeyMaterial {
		list = slices.DeleteFunc(list, func(m *material) bool { return m.Kind == "" })
	}
	list, next := cut(p, "ListKeyRotations", api.Behind(list, p.after, (*material).order), (*material).order)
	out := &kms.ListKeyRotationsOutput{Rotations: []types.RotationsListEntry{}, NextMarker: next, Truncated: next != nil}
	for _, m := range list {
		out.Rotations = append(out.Rotations, m.entry(k))
	}
	return out, nil
}

// order is the place of a material in lists.
func (m *material) order() string { return m.Made.UTC().Format(sortable) + m.ID }

// entry is a material as ListKeyRotations shows it.
func (m *material) entry(k *Key) types.RotationsListEntry {
	e := types.RotationsListEntry{
		KeyId: &k.ID, KeyMaterialId: &m.ID, RotationType: m.Kind, KeyMaterialState: types.KeyMaterialStateNonCurrent,
	}
	switch m.ID {
	case k.Material:
		e.KeyMaterialState = types.KeyMaterialStateCurrent
	case k.Pending:
		e.KeyMaterialState = types.KeyMaterialStatePendingRotation
	}
	if !m.Rotated.IsZero() {
		e.RotationDate = &m.Rotated
	}
	if m.Imported {
		m.describeImport(&e)
	}
	return e
}

func (m *material) describeImport(e *types.RotationsListEntry) {
	e.ImportState = types.ImportStateImported
	if len(m.Sealed) == 0 {
		e.ImportState = types.ImportStatePendingImport
	}
	if m.Description != "" {
		e.KeyMaterialDescription = &m.Description
	}
	e.ExpirationModel = types.ExpirationModelTypeKeyMaterialDoesNotExpire
	if !m.Expires.IsZero() {
		e.ExpirationModel, e.ValidTo = types.ExpirationModelTypeKeyMaterialExpires, &m.Expires
	}
}

func (s *Service) listKeyRotationsChecks(ctx context.Context, in *kms.ListKeyRotationsInput) ([]api.Check, error) {
	return s.on(ctx, text(in.KeyId), ask{action: "kms:ListKeyRotations", home: true})
}
