package kms

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxGrants is how many grants a key may have (Developer Guide, "Resource
// quotas").
const maxGrants = 50_000

// Grant lets a principal use a key.
type Grant struct {
	ID         string // 64 hexadecimal digits
	Key        string
	Account    string // of the key
	Name       string `json:",omitempty"`
	Grantee    string
	Retiring   string `json:",omitempty"`
	Issuer     string // arn:aws:iam::account:root of who made it
	Operations []types.GrantOperation
	Equals     map[string]string `json:",omitempty"`
	Subset     map[string]string `json:",omitempty"`
	Created    time.Time
}

var grants = store.Table[Grant]{
	Name: "kms.grants", Reach: store.Regional, Key: func(g *Grant) string { return g.Key + "/" + g.ID },
	Indexes: map[string]func(*Grant) string{
		"key":      func(g *Grant) string { return g.Key },
		"grantee":  func(g *Grant) string { return g.Key + " " + g.Grantee },
		"retiring": func(g *Grant) string { return g.Retiring },
		"name": func(g *Grant) string {
			if g.Name == "" {
				return ""
			}
			return g.Key + " " + g.Name
		},
	},
}

// granted tells whether a grant of the key gives the caller what it asks.
func (a ask) granted(tx *store.Tx, call *api.Call, k *Key) (bool, error) {
	for _, principal := range principalsOf(&call.Caller) {
		list, err := grants.By(tx, k.scope(), "grantee", k.ID+" "+principal, store.Page{})
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(list, a.allowedBy) {
			return true, nil
		}
	}
	return false, nil
}

// principalsOf are the ARNs by which a grant may name a caller: its own, and
// that of the role whose session it is.
func principalsOf(c *api.Caller) []string {
	if c.ARN == "" {
		return nil
	}
	out := []string{c.ARN}
	if c.Session != nil && c.Session.IssuerType == api.Role && c.Session.IssuerARN != "" {
		out = append(out, c.Session.IssuerARN)
	}
	return out
}

// unbound are the operations that a constraint does not bind: they have no
// encryption context (API reference, GrantConstraints).
var unbound = []types.GrantOperation{types.GrantOperationDescribeKey, types.GrantOperationRetireGrant, types.GrantOperationCreateGrant}

func (a ask) allowedBy(g *Grant) bool {
	if !slices.Contains(g.Operations, a.grant) {
		return false
	}
	if a.fits != nil && !a.fits(g) {
		return false
	}
	return slices.Contains(unbound, a.grant) || g.admits(a.context)
}

// admits tells whether an encryption context fits the constraints. Keys are
// compared without case, values with it.
func (g *Grant) admits(context map[string]string) bool {
	if g.Equals != nil && !maps.Equal(folded(g.Equals), folded(context)) {
		return false
	}
	return includes(context, g.Subset)
}

// includes tells whether a context has all the pairs of another.
func includes(context, pairs map[string]string) bool {
	have := folded(context)
	for k, v := range folded(pairs) {
		if got, ok := have[k]; !ok || got != v {
			return false
		}
	}
	return true
}

func folded(m map[string]string) map[string]string {
	out := make(map[string]string, len(m))
	for k, v := range m {
		out[strings.ToLower(k)] = v
	}
	return out
}

// covers tells whether a grantee of g that may create grants may create this
// one: no operation more, constraints as strict or stricter.
func (g *Grant) covers(child *Grant) bool {
	for _, op := range child.Operations {
		if !slices.Contains(g.Operations, op) {
			return false
		}
	}
	if g.Equals != nil && (child.Equals == nil || !maps.Equal(folded(g.Equals), folded(child.Equals))) {
		return false
	}
	if g.Subset == nil {
		return true
	}
	return includes(child.Equals, g.Subset) || includes(child.Subset, g.Subset)
}

// same tells whether a request repeats the one that made the grant.
func (g *Grant) same(o *Grant) bool {
	return g.Grantee == o.Grantee && g.Retiring == o.Retiring && slices.Equal(g.Operations, o.Operations) &&
		maps.Equal(g.Equals, o.Equals) && maps.Equal(g.Subset, o.Subset)
}

func (g *Grant) entry(sc store.Scope) types.GrantListEntry {
	e := types.GrantListEntry{
		KeyId: new(keyARN(sc, g.Key)), GrantId: &g.ID, Name: new(g.Name), CreationDate: &g.Created,
		GranteePrincipal: &g.Grantee, IssuingAccount: &g.Issuer, Operations: g.Operations,
	}
	if g.Retiring != "" {
		e.RetiringPrincipal = &g.Retiring
	}
	if g.Equals != nil || g.Subset != nil {
		e.Constraints = &types.GrantConstraints{EncryptionContextEquals: g.Equals, EncryptionContextSubset: g.Subset}
	}
	return e
}

// operationsOf lists what a grant on a key may allow.
// Source: AWS KMS Developer Guide, "Grant operations".
func operationsOf(k *Key) []types.GrantOperation {
	always := []types.GrantOperation{types.GrantOperationDescribeKey, types.GrantOperationCreateGrant, types.GrantOperationRetireGrant}
	public := append(always, types.GrantOperationGetPublicKey)
	switch k.Usage {
	case types.KeyUsageTypeSignVerify:
		return append(public, types.GrantOperationSign, types.GrantOperationVerify)
	case types.KeyUsageTypeKeyAgreement:
		return append(public, types.GrantOperationDeriveSharedSecret)
	case types.KeyUsageTypeGenerateVerifyMac:
		return append(always, types.GrantOperationGenerateMac, types.GrantOperationVerifyMac)
	}
	crypt := []types.GrantOperation{
		types.GrantOperationEncrypt, types.GrantOperationDecrypt, types.GrantOperationReEncryptFrom, types.GrantOperationReEncryptTo,
	}
	if !k.symmetric() {
		return append(public, crypt...)
	}
	return append(append(always, crypt...), types.GrantOperationGenerateDataKey, types.GrantOperationGenerateDataKeyWithoutPlaintext,
		types.GrantOperationGenerateDataKeyPair, types.GrantOperationGenerateDataKeyPairWithoutPlaintext)
}

var principalARN = regexp.MustCompile(`^(arn:aws:(iam|sts)::\d{12}:(root|(user|role|federated-user|assumed-role)/[\w+=,.@/-]+)|\d{12})$`)

// principal reads a principal of a request; an account id stands for its root.
func principal(given string) (string, error) {
	if !principalARN.MatchString(given) {
		return "", &types.InvalidArnException{Message: new("ARN does not refer to a valid principal: " + given)}
	}
	if len(given) == 12 {
		return rootARN(given), nil
	}
	return given, nil
}

func rootARN(account string) string { return "arn:aws:iam::" + account + ":root" }

// tokenPurpose binds grant tokens to their use.
const tokenPurpose = "kms.grant-token"

type grantToken struct{ Account, Region, Key, Grant string }

// token makes a token of a grant; no two are the same.
func (s *Service) token(sc store.Scope, g *Grant) (string, error) {
	b, err := json.Marshal(grantToken{sc.Account, sc.Region, g.Key, g.ID})
	if err != nil {
		return "", err
	}
	sealed, err := s.box.Seal(tokenPurpose, b)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// readToken is the grant that a token names.
func (s *Service) readToken(given string) (t grantToken, err error) {
	refused := &types.InvalidGrantTokenException{Message: new("The grant token is not valid.")}
	b, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil {
		return t, refused
	}
	if b, err = s.box.Open(tokenPurpose, b); err != nil || json.Unmarshal(b, &t) != nil {
		return t, refused
	}
	return t, nil
}

// tokens refuses grant tokens that are none. Those that are one add nothing: a
// grant acts at once here.
func (s *Service) tokens(given []string) error {
	for _, t := range given {
		if _, err := s.readToken(t); err != nil {
			return err
		}
	}
	return nil
}

// operationSet is the operations of a request without repeats, in a fixed
// order.
func operationSet(given []types.GrantOperation) []types.GrantOperation {
	out := slices.Clone(given)
	slices.SortFunc(out, func(x, y types.GrantOperation) int { return cmp.Compare(x, y) })
	return slices.Compact(out)
}
