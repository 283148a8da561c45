package iam

import (
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// root is an account's root user. It has no credentials on this plane: the
// owner of the data folder stands in for it.
type root struct {
	Created time.Time
	// Administrator is the id of the user that the plane's owner signs as;
	// empty in an account that another account made.
	Administrator string
}

const rootKey = "root"

var roots = store.Table[root]{
	Name:  "iam.roots",
	Reach: store.Account,
	Key:   func(*root) string { return rootKey },
}

func rootARN(account string) string { return arn.New("iam", "", account, rootKey).String() }
