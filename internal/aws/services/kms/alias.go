package kms

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

const (
	aliasPrefix    = "alias/"
	reservedPrefix = "alias/aws/"
)

// Alias is another name of a key.
type Alias struct {
	Name    string // alias/...
	Key     string // its id
	Created time.Time
	Updated time.Time
}

var aliases = store.Table[Alias]{
	Name: "kms.aliases", Reach: store.Regional, Key: func(a *Alias) string { return a.Name },
	Indexes: map[string]func(*Alias) string{"key": func(a *Alias) string { return a.Key }},
}

func aliasARN(sc store.Scope, name string) string {
	return arn.New("kms", sc.Region, sc.Account, name).String()
}

// checkAliasName refuses names that a request must not make or change.
func checkAliasName(name string) error {
	if !strings.HasPrefix(name, aliasPrefix) || len(name) == len(aliasPrefix) {
		return invalid(`Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html`)
	}
	if strings.HasPrefix(name, reservedPrefix) {
		return invalid("Alias names that begin with alias/aws/ are reserved for AWS managed keys: " + name)
	}
	return nil
}

func (a *Alias) entry(sc store.Scope) types.AliasListEntry {
	return types.AliasListEntry{
		AliasName: &a.Name, AliasArn: new(aliasARN(sc, a.Name)), TargetKeyId: &a.Key,
		CreationDate: &a.Created, LastUpdatedDate: &a.Updated,
	}
}

// aliasNames lists the aliases of a key.
func aliasNames(tx *store.Tx, k *Key) ([]string, error) {
	list, err := aliases.By(tx, k.scope(), "key", k.ID, store.Page{})
	names := make([]string, 0, len(list))
	for _, a := range list {
		names = append(names, a.Name)
	}
	return names, err
}
