package kms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/store"
)

// managed are the services that have AWS managed keys here.
var managed = []string{"s3", "ssm", "workspaces"}

// managedService is the service of an alias such as alias/aws/ssm; "" when it
// is none.
func managedService(alias string) string {
	name, ok := strings.CutPrefix(alias, reservedPrefix)
	if !ok || !slices.Contains(managed, name) {
		return ""
	}
	return name
}

// managedPolicy is the policy of an AWS managed key: everybody in the account
// who may use the service, through the service only.
// Source: AWS KMS Developer Guide, "AWS managed keys".
func managedPolicy(sc store.Scope, service string) string {
	return fmt.Sprintf(`{
  "Version" : "2012-10-17",
  "Id" : "auto-%[1]s-1",
  "Statement" : [ {
    "Sid" : "Allow access through %[1]s for all principals in the account that are authorized to use it",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "*"
    },
    "Action" : [ "kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey" ],
    "Resource" : "*",
    "Condition" : {
      "StringEquals" : {
        "kms:CallerAccount" : "%[2]s",
        "kms:ViaService" : "%[1]s.%[3]s.amazonaws.com"
      }
    }
  }, {
    "Sid" : "Allow direct access to key metadata to the account",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "%[4]s"
    },
    "Action" : [ "kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant" ],
    "Resource" : "*"
  } ]
}`, service, sc.Account, sc.Region, rootARN(sc.Account))
}

// Managed returns the ARN of the AWS managed key that an account has in a
// Region for a service (alias/aws/ssm), and makes it at its first use. It is
// for the rooms of these services; a call more finds the same key.
func (s *Service) Managed(ctx context.Context, account, region, service string) (name string, err error) {
	sc, alias := store.In(account, region), reservedPrefix+service
	if managedService(alias) == "" {
		return "", fmt.Errorf("no AWS managed key for %s", service)
	}
	found := func(tx *store.Tx) error {
		a, err := aliases.Get(tx, sc, alias)
		if err == nil {
			name = keyARN(sc, a.Key)
		}
		return err
	}
	if err = s.store.View(ctx, found); !errors.Is(err, store.ErrNotFound) {
		return name, err
	}
	secret, _, err := makeSecret(types.KeySpecSymmetricDefault)
	if err != nil {
		return "", err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if err := found(tx); !errors.Is(err, store.ErrNotFound) {
			return err // somebody was faster
		}
		k := s.managedKey(sc, service)
		name = k.ARN()
		a := &Alias{Name: alias, Key: k.ID, Created: k.Created, Updated: k.Created}
		if err := aliases.Put(tx, sc, a); err != nil {
			return err
		}
		return s.add(tx, k, secret)
	})
	return name, err
}

// managedKey is a new AWS managed key; it rotates once a year.
func (s *Service) managedKey(sc store.Scope, service string) *Key {
	now := s.clock.Now()
	return &Key{
		ID: s.ids.UUID(), Account: sc.Account, Region: sc.Region, Created: now,
		Description: "Default key that protects my " + service + " data when no other key is defined",
		Spec:        types.KeySpecSymmetricDefault, Usage: types.KeyUsageTypeEncryptDecrypt, Origin: types.OriginTypeAwsKms,
		Manager: types.KeyManagerTypeAws, Policy: managedPolicy(sc, service), Period: yearly, Rotates: now.AddDate(0, 0, yearly),
	}
}

// add stores a new key with its first material.
func (s *Service) add(tx *store.Tx, k *Key, secret []byte) error {
	m, err := s.newMaterial(k, secret, k.Created)
	if err != nil {
		return err
	}
	k.Material = m.ID
	if err := materials.Put(tx, store.Scope{}, m); err != nil {
		return err
	}
	return s.put(tx, k)
}
