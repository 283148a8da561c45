package iam

import (
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// within refuses one record of an account too many.
func within[R any](tx *store.Tx, sc store.Scope, of *store.Table[R], quota string, most int) error {
	all, err := of.List(tx, sc, store.Page{Limit: most})
	if err == nil && len(all) >= most {
		return overQuota(quota, most)
	}
	return err
}

// creating are the checks of a call that makes something with tags, which asks
// for the right to tag too.
func creating(c api.Check, tag string, tags []types.Tag) []api.Check {
	checks := []api.Check{withRequestTags(c, tags)}
	if len(tags) > 0 {
		checks = append(checks, withRequestTags(api.Check{Action: tag, Resource: c.Resource}, tags))
	}
	return checks
}

// bounded is the check of a call that names a permissions boundary, or none.
func bounded(c api.Check, boundary *string) api.Check {
	if boundary == nil {
		return c
	}
	return withKey(c, "iam:PermissionsBoundary", *boundary)
}
