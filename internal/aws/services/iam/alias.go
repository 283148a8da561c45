package iam

import "tamachi/internal/store"

// alias is the one other name of an account, unique among all accounts.
type alias struct{ Name, Account string }

var aliases = store.Table[alias]{
	Name:    "iam.aliases",
	Reach:   store.Plane,
	Key:     func(a *alias) string { return a.Name },
	Indexes: map[string]func(*alias) string{"account": func(a *alias) string { return a.Account }},
}

// aliasesOf lists an account's aliases: one, or none.
func aliasesOf(tx *store.Tx, account string) ([]*alias, error) {
	return aliases.By(tx, store.Scope{}, "account", account, store.Page{})
}
