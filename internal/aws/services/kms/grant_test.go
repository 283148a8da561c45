package kms_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/apitest"
)

// nothing is a session policy that allows nothing of this room.
const nothing = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*"}]}`

func (f *fixture) federated(name string) *string {
	return aws.String("arn:aws:sts::" + f.plane.Access().Account + ":federated-user/" + name)
}

func TestGrants(t *testing.T) {
	f, ctx := start(t), t.Context()
	k, other := f.symmetric(), f.symmetric()
	desk := f.session("desk", nothing)
	about := map[string]string{"Tenant": "3", "more": "x"}
	encrypt := func(context map[string]string) error {
		_, err := desk.Encrypt(ctx, &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x"), EncryptionContext: context})
		return err
	}
	apitest.Refused(t, "before the grant", encrypt(about), "AccessDeniedException", "not authorized to perform: kms:Encrypt on resource: "+*k.Arn)
	in := kms.CreateGrantInput{
		KeyId: k.KeyId, GranteePrincipal: f.federated("desk"), RetiringPrincipal: f.federated("cleaner"), Name: aws.String("office"),
		Operations:  []types.GrantOperation{types.GrantOperationEncrypt, types.GrantOperationDescribeKey},
		Constraints: &types.GrantConstraints{EncryptionContextSubset: map[string]string{"tenant": "3"}},
	}
	g, err := f.CreateGrant(ctx, &in)
	done(t, "grant", err)
	again, err := f.CreateGrant(ctx, &in)
	done(t, "grant again", err)
	if *again.GrantId != *g.GrantId || *again.GrantToken == *g.GrantToken {
		t.Errorf("want the same grant with another token, got %s and %s", *g.GrantId, *again.GrantId)
	}
	done(t, "by the grant", encrypt(about))
	if _, err := desk.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: k.KeyId, GrantTokens: []string{*g.GrantToken}}); err != nil {
		t.Errorf("the constraint does not bind DescribeKey: %v", err)
	}
	apitest.Refused(t, "another context", encrypt(map[string]string{"tenant": "4"}), "AccessDeniedException", "")
	apitest.Refused(t, "no context", encrypt(nil), "AccessDeniedException", "")
	_, err = desk.Encrypt(ctx, &kms.EncryptInput{KeyId: other.KeyId, Plaintext: []byte("x"), EncryptionContext: about})
	apitest.Refused(t, "another key", err, "AccessDeniedException", "")
	_, err = desk.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: k.KeyId, KeySpec: types.DataKeySpecAes256, EncryptionContext: about})
	apitest.Refused(t, "another operation", err, "AccessDeniedException", "")

	list, err := f.ListGrants(ctx, &kms.ListGrantsInput{KeyId: k.KeyId})
	done(t, "list", err)
	if len(list.Grants) != 1 || *list.Grants[0].GrantId != *g.GrantId || *list.Grants[0].Name != "office" || len(list.Grants[0].Operations) != 2 {
		t.Errorf("want the one grant, got %+v", list.Grants)
	}
	_, err = f.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: k.KeyId, GrantId: g.GrantId, DryRun: aws.Bool(true)})
	apitest.Refused(t, "a dry run", err, "DryRunOperationException", "")
	_, err = f.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: k.KeyId, GrantId: g.GrantId})
	done(t, "revoke", err)
	apitest.Refused(t, "after the grant", encrypt(about), "AccessDeniedException", "")
	_, err = f.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: k.KeyId, GrantId: g.GrantId})
	apitest.Refused(t, "revoke twice", err, "NotFoundException", "Grant ID")
}

func TestRetiringGrants(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	desk, cleaner, stranger := f.session("desk", nothing), f.session("cleaner", nothing), f.session("stranger", nothing)
	grant := func() *kms.CreateGrantOutput {
		t.Helper()
		g, err := f.CreateGrant(ctx, &kms.CreateGrantInput{
			KeyId: k.KeyId, GranteePrincipal: f.federated("desk"), RetiringPrincipal: f.federated("cleaner"),
			Operations: []types.GrantOperation{types.GrantOperationEncrypt},
		})
		done(t, "grant", err)
		return g
	}
	retirable := func() int {
		t.Helper()
		out, err := f.ListRetirableGrants(ctx, &kms.ListRetirableGrantsInput{RetiringPrincipal: f.federated("cleaner")})
		done(t, "list retirable", err)
		return len(out.Grants)
	}
	one, two := grant(), grant()
	if *one.GrantId == *two.GrantId || retirable() != 2 {
		t.Errorf("without a name each is a grant of its own: want 2, got %d", retirable())
	}
	for who, c := range map[string]*kms.Client{"the grantee": desk, "a stranger": stranger} {
		_, err := c.RetireGrant(ctx, &kms.RetireGrantInput{GrantToken: one.GrantToken})
		apitest.Refused(t, who, err, "AccessDeniedException", "kms:RetireGrant")
	}
	_, err := cleaner.RetireGrant(ctx, &kms.RetireGrantInput{GrantToken: one.GrantToken, DryRun: aws.Bool(true)})
	apitest.Refused(t, "a dry run", err, "DryRunOperationException", "")
	_, err = cleaner.RetireGrant(ctx, &kms.RetireGrantInput{GrantToken: one.GrantToken})
	done(t, "retire by token", err)
	_, err = cleaner.RetireGrant(ctx, &kms.RetireGrantInput{KeyId: k.Arn, GrantId: two.GrantId})
	done(t, "retire by id", err)
	if n := retirable(); n != 0 {
		t.Errorf("want none left, got %d", n)
	}
	for what, in := range map[string]*kms.RetireGrantInput{
		"nothing given": {}, "both given": {GrantToken: one.GrantToken, KeyId: k.Arn, GrantId: two.GrantId},
	} {
		_, err := f.RetireGrant(ctx, in)
		apitest.Refused(t, what, err, "ValidationException", "Specify either")
	}
	_, err = f.RetireGrant(ctx, &kms.RetireGrantInput{GrantToken: aws.String("made up")})
	apitest.Refused(t, "a token of nobody", err, "InvalidGrantTokenException", "")
	_, err = f.RetireGrant(ctx, &kms.RetireGrantInput{GrantToken: two.GrantToken})
	apitest.Refused(t, "retired before", err, "NotFoundException", "Grant ID")
	_, err = f.ListRetirableGrants(ctx, &kms.ListRetirableGrantsInput{RetiringPrincipal: aws.String("arn:aws:iam::999988887777:user/x")})
	apitest.Refused(t, "a principal elsewhere", err, "InvalidArnException", "")
}

// A grantee that may create grants may not give more than it has.
func TestGrantsOfGrantees(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	desk := f.session("desk", nothing)
	_, err := f.CreateGrant(ctx, &kms.CreateGrantInput{
		KeyId: k.KeyId, GranteePrincipal: f.federated("desk"),
		Operations:  []types.GrantOperation{types.GrantOperationCreateGrant, types.GrantOperationDecrypt},
		Constraints: &types.GrantConstraints{EncryptionContextSubset: map[string]string{"tenant": "3"}},
	})
	done(t, "grant", err)
	give := func(c *types.GrantConstraints, ops ...types.GrantOperation) error {
		_, err := desk.CreateGrant(ctx, &kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: f.federated("other"), Operations: ops, Constraints: c})
		return err
	}
	strict := &types.GrantConstraints{EncryptionContextEquals: map[string]string{"tenant": "3", "a": "b"}}
	done(t, "what it has, stricter", give(strict, types.GrantOperationDecrypt))
	apitest.Refused(t, "more than it has", give(strict, types.GrantOperationEncrypt), "AccessDeniedException", "kms:CreateGrant")
	apitest.Refused(t, "without its constraint", give(nil, types.GrantOperationDecrypt), "AccessDeniedException", "")
}

func TestWhatCreateGrantRefuses(t *testing.T) {
	f, ctx := start(t), t.Context()
	k, pair := f.symmetric(), f.key(types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	good := f.federated("desk")
	use := []types.GrantOperation{types.GrantOperationEncrypt}
	many := map[string]string{}
	for i := range 9 {
		many[fmt.Sprint(i)] = "x"
	}
	for what, tc := range map[string]struct {
		in         kms.CreateGrantInput
		code, part string
	}{
		"a principal that is none":         {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: aws.String("somebody"), Operations: use}, "InvalidArnException", "valid principal"},
		"an operation of another kind":     {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: good, Operations: []types.GrantOperation{types.GrantOperationSign}}, "ValidationException", "Sign"},
		"data keys of a key pair":          {kms.CreateGrantInput{KeyId: pair.KeyId, GranteePrincipal: good, Operations: []types.GrantOperation{types.GrantOperationGenerateDataKey}}, "ValidationException", "GenerateDataKey"},
		"a constraint of a key pair":       {kms.CreateGrantInput{KeyId: pair.KeyId, GranteePrincipal: good, Operations: []types.GrantOperation{types.GrantOperationSign}, Constraints: &types.GrantConstraints{EncryptionContextEquals: map[string]string{"a": "b"}}}, "ValidationException", "constraints"},
		"a constraint of nine pairs":       {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: good, Operations: use, Constraints: &types.GrantConstraints{EncryptionContextEquals: many}}, "ValidationException", "8"},
		"a constraint of too long a value": {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: good, Operations: use, Constraints: &types.GrantConstraints{EncryptionContextEquals: map[string]string{"a": strings.Repeat("b", 400)}}}, "ValidationException", "384"},
		"a key that is not there":          {kms.CreateGrantInput{KeyId: aws.String(unknownKey), GranteePrincipal: good, Operations: use}, "NotFoundException", "does not exist"},
		"no operation":                     {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: good, Operations: []types.GrantOperation{}}, "ValidationException", "operations"},
		"a dry run":                        {kms.CreateGrantInput{KeyId: k.KeyId, GranteePrincipal: good, Operations: use, DryRun: aws.Bool(true)}, "DryRunOperationException", ""},
	} {
		_, err := f.CreateGrant(ctx, &tc.in)
		apitest.Refused(t, what, err, tc.code, tc.part)
	}
	if out, err := f.ListGrants(ctx, &kms.ListGrantsInput{KeyId: k.KeyId}); err != nil || len(out.Grants) != 0 {
		t.Errorf("want no grant, got %v, %v", out, err)
	}
}
