package iam

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"tamachi/internal/arn"
	"tamachi/internal/policy"
	"tamachi/internal/store"
)

// maxTrust is the quota of a role's trust policy in characters that are no
// white space (IAM User Guide, "IAM and AWS STS quotas").
const maxTrust = 2048

// checkTrust refuses a document that cannot be the trust policy of a role: it
// must name a principal and no resource, and be about assuming the role.
// Source: IAM User Guide, "Update a role trust policy" and "AWS JSON policy
// elements: Principal".
func checkTrust(tx *store.Tx, sc store.Scope, text string) error {
	if policy.Size(text) > maxTrust {
		return overQuota("ACLSizePerRole", maxTrust)
	}
	d, err := policy.ParseTrust(text)
	switch {
	case err != nil && !json.Valid([]byte(text)):
		return malformed("This policy contains invalid Json")
	case err != nil:
		return malformed("%s", err)
	}
	for _, s := range d.Statements {
		if slices.ContainsFunc(s.Actions, func(a string) bool { return !aboutAssuming(a) }) {
			return malformed("AssumeRole policy may only specify STS AssumeRole actions.")
		}
	}
	named, _ := d.Names()
	for _, p := range named {
		if err := checkTrustee(tx, sc, p); err != nil {
			return err
		}
	}
	return nil
}

// aboutAssuming tells whether an action of a trust policy is one of those that
// go with assuming a role.
func aboutAssuming(action string) bool {
	vendor, name, _ := strings.Cut(strings.ToLower(action), ":")
	if action == "*" || vendor == "sts" && name == "*" {
		return true
	}
	return vendor == "sts" && (strings.HasPrefix(name, "assumerole") || name == "tagsession" ||
		name == "setsourceidentity" || name == "setcontext")
}

// checkTrustee wants a user or role of the account to be there. Of other
// accounts the plane need not know anything.
func checkTrustee(tx *store.Tx, sc store.Scope, named string) error {
	a, err := arn.Parse(named)
	if err != nil || a.Service != "iam" || a.Account != sc.Account || a.Resource == "root" {
		return nil //nolint:nilerr // an account or a unique id, which is no ARN
	}
	kind, path, _ := strings.Cut(a.Resource, "/")
	name := strings.ToLower(path[strings.LastIndex(path, "/")+1:])
	if kind == "user" {
		_, err = users.Get(tx, sc, name)
	} else {
		_, err = roles.Get(tx, sc, name)
	}
	if errors.Is(err, store.ErrNotFound) {
		return malformed(`Invalid principal in policy: "AWS":"%s"`, named)
	}
	return err
}
