package kms

import (
	"bytes"
	"crypto/elliptic"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"
	"pgregory.net/rapid"

	"tamachi/internal/aws/api"
)

var someMaterial = strings.Repeat("ab", materialIDBytes)

func TestWhatIsEncryptedDecrypts(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	words := rapid.MapOf(rapid.String(), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "plain")
		about, other := words.Draw(t, "context"), words.Draw(t, "another context")
		out, err := encrypt(secret, someMaterial, plain, about)
		if err != nil {
			t.Fatal(err)
		}
		b, ok := parseBlob(out)
		if !ok || b.material != someMaterial {
			t.Fatalf("want a blob of the material, got %v, %s", ok, b.material)
		}
		got, ok, err := decrypt(secret, b, about)
		if err != nil || !ok || !bytes.Equal(got, plain) {
			t.Fatalf("want %x, got %x, %v, %v", plain, got, ok, err)
		}
		if _, ok, _ := decrypt(secret, b, other); ok != maps.Equal(about, other) {
			t.Fatalf("context %v opens a blob of %v", other, about)
		}
	})
}

// No two contexts are written alike, whatever their words run into.
func TestContextsAreToldApart(t *testing.T) {
	seen := map[string]map[string]string{}
	for _, context := range []map[string]string{
		{}, {"a": "b"}, {"ab": ""}, {"": "ab"}, {"a": "bc"}, {"ab": "c"}, {"a": "b", "c": "d"}, {"a": "bcd"}, {"abcd": ""}, {"a": "", "b": ""},
	} {
		text := string(bound(nil, context))
		if before, twice := seen[text]; twice {
			t.Errorf("%v is written as %v", context, before)
		}
		seen[text] = context
	}
}

func FuzzParseBlob(f *testing.F) {
	secret := bytes.Repeat([]byte{7}, 32)
	good, err := encrypt(secret, someMaterial, []byte("x"), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:blobBytes-1])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := parseBlob(b)
		if !ok {
			return
		}
		if plain, ok, err := decrypt(secret, p, nil); err != nil || ok && string(plain) != "x" { // each worker has its own good one
			t.Errorf("%x opens as %q, %v", b, plain, err)
		}
	})
}

func FuzzPolicy(f *testing.F) {
	f.Add(defaultPolicy(account))
	f.Add(`{"Statement":{"Effect":"Deny","Principal":{"AWS":["*","111122223333"]},"NotAction":["kms:Put*"],"Resource":"*","Condition":{"Bool":{"aws:x":true}}}}`)
	k := &Key{ID: "12345678-90ab-cdef-1234-567890abcdef", Account: account, Region: region}
	call := &api.Call{Caller: api.Caller{Account: account, ARN: rootARN(account)}, Account: account, Region: region}
	f.Fuzz(func(t *testing.T, text string) {
		err := checkPolicy(call, k, text, false)
		if _, ours := errors.AsType[smithy.APIError](err); err != nil && !ours {
			t.Errorf("an error that is not for the caller: %v", err)
		}
	})
}

func FuzzKeyNames(f *testing.F) {
	for _, s := range []string{"alias/x", "arn:aws:kms:ap-northeast-1:111122223333:key/x", "arn:aws:kms:::", "arn:", ""} {
		f.Add(s)
	}
	call := &api.Call{Account: account, Region: region}
	f.Fuzz(func(t *testing.T, given string) {
		n, err := parse(call, given)
		if err == nil && (n.alias == "") == (n.id == "") {
			t.Errorf("%q is a key %q and an alias %q", given, n.id, n.alias)
		}
		if nameARN(call, given) == "" {
			t.Errorf("%q has no ARN", given)
		}
	})
}

func FuzzPeerKey(f *testing.F) {
	_, public, err := makePair(types.KeySpecEccNistP256)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(public)
	secret, _, err := makePair(types.KeySpecEccNistP256)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, peer []byte) {
		got, err := agree(secret, peer)
		if _, ours := errors.AsType[smithy.APIError](err); err != nil && !ours {
			t.Errorf("an error that is not for the caller: %v", err)
		}
		if err == nil && len(got) != elliptic.P256().Params().BitSize/8 {
			t.Errorf("a secret of %d bytes", len(got))
		}
	})
}

func FuzzSecpSignature(f *testing.F) {
	private, public, err := makeSecp()
	if err != nil {
		f.Fatal(err)
	}
	sum := bytes.Repeat([]byte{1}, 32)
	good, err := signSecp(private, sum)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Fuzz(func(t *testing.T, signature []byte) {
		if _, err := verifySecp(public, sum, signature); err != nil {
			t.Errorf("%x: %v", signature, err)
		}
	})
}
