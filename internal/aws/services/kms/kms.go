package kms

import (
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/seal"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	store *store.Store
	ids   *id.Source
	clock clock.Clock
	box   *seal.Box
	ports Ports
}

// New returns the room over a store and its ports; box seals what must not be
// readable in the store.
func New(st *store.Store, ids *id.Source, clk clock.Clock, box *seal.Box, ports Ports) *Service {
	return &Service{store: st, ids: ids, clock: clk, box: box, ports: ports}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "kms" }

// Operations is the table of contents. What only computes with a key changes
// nothing and is a read, as CloudTrail has it.
func (s *Service) Operations() []api.Operation {
	return slices.Concat(s.keyOperations(), s.permissionOperations(), s.useOperations())
}

func (s *Service) keyOperations() []api.Operation {
	return []api.Operation{
		api.Write("CreateKey", s.CreateKey, s.createKeyChecks),
		api.Read("DescribeKey", s.DescribeKey, s.describeKeyChecks),
		api.Read("ListKeys", s.ListKeys, s.listKeysChecks),
		api.Write("UpdateKeyDescription", s.UpdateKeyDescription, s.updateKeyDescriptionChecks),
		api.Write("EnableKey", s.EnableKey, s.enableKeyChecks),
		api.Write("DisableKey", s.DisableKey, s.disableKeyChecks),
		api.Write("ScheduleKeyDeletion", s.ScheduleKeyDeletion, s.scheduleKeyDeletionChecks),
		api.Write("CancelKeyDeletion", s.CancelKeyDeletion, s.cancelKeyDeletionChecks),
		api.Write("CreateAlias", s.CreateAlias, s.createAliasChecks),
		api.Write("UpdateAlias", s.UpdateAlias, s.updateAliasChecks),
		api.Write("DeleteAlias", s.DeleteAlias, s.deleteAliasChecks),
		api.Read("ListAliases", s.ListAliases, s.listAliasesChecks),
		api.Read("GetParametersForImport", s.GetParametersForImport, s.getParametersForImportChecks),
		api.Write("ImportKeyMaterial", s.ImportKeyMaterial, s.importKeyMaterialChecks),
		api.Write("DeleteImportedKeyMaterial", s.DeleteImportedKeyMaterial, s.deleteImportedKeyMaterialChecks),
		api.Write("EnableKeyRotation", s.EnableKeyRotation, s.enableKeyRotationChecks),
		api.Write("DisableKeyRotation", s.DisableKeyRotation, s.disableKeyRotationChecks),
		api.Read("GetKeyRotationStatus", s.GetKeyRotationStatus, s.getKeyRotationStatusChecks),
		api.Write("RotateKeyOnDemand", s.RotateKeyOnDemand, s.rotateKeyOnDemandChecks),
		api.Read("ListKeyRotations", s.ListKeyRotations, s.listKeyRotationsChecks),
	}
}

func (s *Service) permissionOperations() []api.Operation {
	return []api.Operation{
		api.Read("GetKeyPolicy", s.GetKeyPolicy, s.getKeyPolicyChecks),
		api.Write("PutKeyPolicy", s.PutKeyPolicy, s.putKeyPolicyChecks),
		api.Read("ListKeyPolicies", s.ListKeyPolicies, s.listKeyPoliciesChecks),
		api.Write("CreateGrant", s.CreateGrant, s.createGrantChecks),
		api.Read("ListGrants", s.ListGrants, s.listGrantsChecks),
		api.Read("ListRetirableGrants", s.ListRetirableGrants, s.listRetirableGrantsChecks),
		api.Write("RevokeGrant", s.RevokeGrant, s.revokeGrantChecks),
		api.Write("RetireGrant", s.RetireGrant, s.retireGrantChecks),
		api.Write("TagResource", s.TagResource, s.tagResourceChecks),
		api.Write("UntagResource", s.UntagResource, s.untagResourceChecks),
		api.Read("ListResourceTags", s.ListResourceTags, s.listResourceTagsChecks),
	}
}

func (s *Service) useOperations() []api.Operation {
	return []api.Operation{
		api.Read("Encrypt", s.Encrypt, s.encryptChecks),
		api.Read("Decrypt", s.Decrypt, s.decryptChecks),
		api.Read("ReEncrypt", s.ReEncrypt, s.reEncryptChecks),
		api.Read("GenerateDataKey", s.GenerateDataKey, s.generateDataKeyChecks),
		api.Read("GenerateDataKeyWithoutPlaintext", s.GenerateDataKeyWithoutPlaintext, s.generateDataKeyWithoutPlaintextChecks),
		api.Read("GenerateDataKeyPair", s.GenerateDataKeyPair, s.generateDataKeyPairChecks),
		api.Read("GenerateDataKeyPairWithoutPlaintext", s.GenerateDataKeyPairWithoutPlaintext, s.generateDataKeyPairWithoutPlaintextChecks),
		api.Read("GenerateRandom", s.GenerateRandom, s.generateRandomChecks),
		api.Read("Sign", s.Sign, s.signChecks),
		api.Read("Verify", s.Verify, s.verifyChecks),
		api.Read("GetPublicKey", s.GetPublicKey, s.getPublicKeyChecks),
		api.Read("GenerateMac", s.GenerateMac, s.generateMacChecks),
		api.Read("VerifyMac", s.VerifyMac, s.verifyMacChecks),
		api.Read("DeriveSharedSecret", s.DeriveSharedSecret, s.deriveSharedSecretChecks),
	}
}

// Tables lists what the room stores.
func Tables() []store.Definition {
	return []store.Definition{&keys, &materials, &aliases, &grants, &due}
}
