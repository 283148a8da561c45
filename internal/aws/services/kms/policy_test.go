package kms_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/apitest"
)

func TestKeyPolicies(t *testing.T) {
	f, ctx := start(t), t.Context()
	k := f.symmetric()
	account := f.plane.Access().Account
	get := func() string {
		t.Helper()
		out, err := f.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId})
		done(t, "get", err)
		return *out.Policy
	}
	put := func(policy string, bypass bool) error {
		_, err := f.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: &policy, BypassPolicyLockoutSafetyCheck: bypass})
		return err
	}
	if got := get(); !strings.Contains(got, "Enable IAM User Permissions") || !strings.Contains(got, "arn:aws:iam::"+account+":root") {
		t.Errorf("want the default policy, got %s", got)
	}
	names, err := f.ListKeyPolicies(ctx, &kms.ListKeyPoliciesInput{KeyId: k.KeyId})
	if err != nil || len(names.PolicyNames) != 1 || names.PolicyNames[0] != "default" {
		t.Errorf("want the name default, got %v, %v", names, err)
	}
	root := "arn:aws:iam::" + account + ":root"
	mine := " " + policyFor(root, "kms:*") + "\n"
	done(t, "put", put(mine, false))
	if got := get(); got != mine {
		t.Errorf("want the policy as it was put, got %q", got)
	}
	const locked = "will not allow you to update the key policy in the future"
	for what, policy := range map[string]string{
		"another account":     policyFor("arn:aws:iam::999988887777:root", "kms:*"),
		"another action":      policyFor(root, "kms:Encrypt"),
		"another user":        policyFor("arn:aws:iam::"+account+":user/nobody", "kms:*"),
		"only with an MFA":    strings.Replace(policyFor(root, "kms:*"), `"Resource":"*"`, `"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`, 1),
		"a deny for everyone": strings.Replace(policyFor(root, "kms:*"), `"Statement":[`, `"Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:Put*","Resource":"*"},`, 1),
	} {
		apitest.Refused(t, what, put(policy, false), "MalformedPolicyDocumentException", locked)
	}
	for what, policy := range map[string]string{
		"no JSON": "{", "no statement": `{"Version":"2012-10-17"}`, "no principal": `{"Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}`,
		"a principal that is none": policyFor("somebody", "kms:*"), "an unknown effect": strings.Replace(mine, "Allow", "Maybe", 1),
	} {
		apitest.Refused(t, what, put(policy, true), "MalformedPolicyDocumentException", "")
	}
	if got := get(); got != mine {
		t.Errorf("what was refused changed the policy to %q", got)
	}
	_, err = f.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: &mine, PolicyName: aws.String("mine")})
	apitest.Refused(t, "another name", err, "ValidationException", "default")
	_, err = f.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("mine")})
	apitest.Refused(t, "another name", err, "NotFoundException", "No such policy exists")
	done(t, "shut out on purpose", put(policyFor("arn:aws:iam::"+account+":user/nobody", "kms:*"), true))
	_, err = f.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: k.KeyId})
	apitest.Refused(t, "shut out", err, "AccessDeniedException", "kms:GetKeyPolicy")
}

// A policy's conditions see the encryption context, the alias and the tags of a
// request.
func TestPoliciesSeeTheRequest(t *testing.T) {
	f, ctx := start(t), t.Context()
	const all = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}`
	desk := f.session("desk", all)
	deny := func(condition string) *types.KeyMetadata {
		t.Helper()
		k := f.symmetric()
		root := "arn:aws:iam::" + f.plane.Access().Account + ":root"
		policy := strings.Replace(policyFor(root, "kms:*"), `"Statement":[`,
			`"Statement":[{"Effect":"Deny","Principal":{"AWS":"`+*f.federated("desk")+`"},"Action":["kms:Encrypt","kms:GenerateDataKey"],"Resource":"*","Condition":{`+condition+`}},`, 1)
		_, err := f.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: &policy})
		done(t, "put "+condition, err)
		return k
	}
	encrypt := func(key *string, context map[string]string) error {
		_, err := desk.Encrypt(ctx, &kms.EncryptInput{KeyId: key, Plaintext: []byte("x"), EncryptionContext: context})
		return err
	}
	byContext := deny(`"StringNotEquals":{"kms:EncryptionContext:tenant":"3"}`)
	done(t, "the right context", encrypt(byContext.KeyId, map[string]string{"tenant": "3"}))
	apitest.Refused(t, "another context", encrypt(byContext.KeyId, map[string]string{"tenant": "4"}), "AccessDeniedException", "explicit deny")
	apitest.Refused(t, "no context", encrypt(byContext.KeyId, nil), "AccessDeniedException", "explicit deny")
	byService := deny(`"StringNotEquals":{"kms:ViaService":"ssm.` + f.plane.Access().Region + `.amazonaws.com"}`)
	apitest.Refused(t, "not by way of a service", encrypt(byService.KeyId, nil), "AccessDeniedException", "explicit deny")
	bySpec := deny(`"StringEquals":{"kms:KeySpec":"RSA_2048","kms:CallerAccount":"` + f.plane.Access().Account + `"}`)
	done(t, "of another spec", encrypt(bySpec.KeyId, nil))
	byAlias := deny(`"StringEquals":{"kms:RequestAlias":"alias/forbidden"}`)
	_, err := f.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: aws.String("alias/forbidden"), TargetKeyId: byAlias.KeyId})
	done(t, "alias", err)
	done(t, "by its id", encrypt(byAlias.KeyId, nil))
	apitest.Refused(t, "by its alias", encrypt(aws.String("alias/forbidden"), nil), "AccessDeniedException", "explicit deny")
	byTag := deny(`"StringEquals":{"aws:ResourceTag/room":"3"}`)
	done(t, "without the tag", encrypt(byTag.KeyId, nil))
	_, err = f.TagResource(ctx, &kms.TagResourceInput{KeyId: byTag.KeyId, Tags: []types.Tag{{TagKey: aws.String("room"), TagValue: aws.String("3")}}})
	done(t, "tag", err)
	apitest.Refused(t, "with the tag", encrypt(byTag.KeyId, nil), "AccessDeniedException", "explicit deny")
}

// A key of another account is used by its ARN when its policy says so.
func TestAcrossAccounts(t *testing.T) {
	f, ctx := start(t), t.Context()
	const far = "999988887777"
	stranger := api.Caller{Type: api.Root, Account: far, ARN: "arn:aws:iam::" + far + ":root", UserID: far}
	as := func(operation string, in any) (any, error) {
		return f.plane.Gate().Do(ctx, &api.Call{
			Caller: stranger, Account: far, Region: f.plane.Access().Region, RequestID: "11111111-1111-4111-8111-111111111111",
			SourceIP: "127.0.0.1", UserAgent: "test", Service: "kms", Operation: operation,
		}, in)
	}
	k := f.symmetric()
	_, err := as("Encrypt", &kms.EncryptInput{KeyId: k.Arn, Plaintext: []byte("x")})
	apitest.Refused(t, "no policy says so", err, "AccessDeniedException", "kms:Encrypt")
	policy := strings.Replace(policyFor("arn:aws:iam::"+f.plane.Access().Account+":root", "kms:*"), `"Statement":[`,
		`"Statement":[{"Effect":"Allow","Principal":{"AWS":"`+far+`"},"Action":["kms:Encrypt","kms:Decrypt","kms:DisableKey"],"Resource":"*"},`, 1)
	_, err = f.PutKeyPolicy(ctx, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: &policy})
	done(t, "put", err)
	out, err := as("Encrypt", &kms.EncryptInput{KeyId: k.Arn, Plaintext: []byte("from afar")})
	done(t, "by ARN", err)
	dec, err := as("Decrypt", &kms.DecryptInput{CiphertextBlob: out.(*kms.EncryptOutput).CiphertextBlob})
	if err != nil || string(dec.(*kms.DecryptOutput).Plaintext) != "from afar" {
		t.Errorf("decrypt without a key id: got %v, %v", dec, err)
	}
	_, err = as("Encrypt", &kms.EncryptInput{KeyId: k.KeyId, Plaintext: []byte("x")})
	apitest.Refused(t, "by id it is a key of one's own", err, "NotFoundException", far+":key/"+*k.KeyId+"' does not exist")
	_, err = as("DisableKey", &kms.DisableKeyInput{KeyId: k.Arn})
	apitest.Refused(t, "what does not work across accounts", err, "AccessDeniedException", "kms:DisableKey")
	_, err = as("ListKeys", &kms.ListKeysInput{})
	done(t, "list one's own", err)
	if list, err := as("ListKeys", &kms.ListKeysInput{}); err != nil || len(list.(*kms.ListKeysOutput).Keys) != 0 {
		t.Errorf("want no key of another account, got %v, %v", list, err)
	}
}
