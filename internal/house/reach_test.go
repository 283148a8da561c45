package house

import (
	"database/sql"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"tamachi/internal/store"
)

// planeWide are the tables whose records belong to no one account, each with
// the reason why the room keeps accounts apart by itself. Every other table
// has a scope that the store checks.
var planeWide = map[string]string{
	"house.identity":               "the data folder's own",
	"house.bodykeys":               "secrets of bodies in files, for the whole folder",
	"cloudtrail.keys":              "keys that digests are signed with, by their fingerprint",
	"cloudwatch.duties":            "what time brings, for upkeep",
	"cloudwatch.errands":           "actions of alarms under way, for upkeep",
	"eventbridge.errands":          "what time brings, for upkeep",
	"iam.aliases":                  "sign-in names are unique everywhere",
	"iam.keys":                     "a signature names a key and no account",
	"iam.accessreports":            "the upkeep makes those of all accounts in one reading of the trail; each says its account, which is compared",
	"iam.keyuses":                  "of those keys",
	"kms.due":                      "what time brings, for upkeep",
	"workspaces.moments":           "what time brings, for upkeep",
	"kms.materials":                "key material, by its own id; the key's record has the account",
	"logs.duties":                  "what time brings, for upkeep",
	"notice.deadlines":             "what time brings, for upkeep",
	"notice.notices":               "mails to send, by their own ids",
	"workspaces.connectionstrings": "a connection string belongs to one account, wherever it is asked for",
	"workspaces.logos":             "a logo is fetched by its name alone, before anybody signs in; the branding that names it has the account",
	"organizations.attachments":    "of those",
	"organizations.delegates":      "of those",
	"organizations.handshakes":     "between an organization and an account outside of it",
	"organizations.policies":       "of those",
	"organizations.trusted":        "of those",
	"organizations.units":          "of those",
	"organizations.members":        "an account is in one organization at most",
	"organizations.organizations":  "organizations span accounts",
	"organizations.requests":       "of those",
	"s3.buckets":                   "bucket names are unique everywhere",
	"s3.doomed":                    "files to remove",
	"s3.sweeps":                    "what time brings, for upkeep",
	"sns.deliveries":               "what time brings, for upkeep",
	"sns.subscriptions":            "one may belong to another account than its topic",
	"ssm.command-notices":          "what time brings, for upkeep",
	"ssm.parameter-deadlines":      "what time brings, for upkeep",
	"sts.credentials":              "a signature names a key and no account",
	"tamachi.people":               "a browser's cookie names no account",
	"tamachi.sessions":             "a browser's cookie names no account",
	"tamachi.tickets":              "a ticket names no account",
}

func TestTablesReach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	st, err := store.Open(t.Context(), store.Options{Path: path}, tables()...)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), "SELECT name, reach FROM house")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	found := map[string]bool{}
	for rows.Next() {
		var name string
		var reach store.Reach
		if err := rows.Scan(&name, &reach); err != nil {
			t.Fatal(err)
		}
		switch reach {
		case store.Regional, store.Account:
		case store.Plane:
			found[name] = true
			if planeWide[name] == "" {
				t.Errorf("%s belongs to no account: say why in the list, or give it a scope", name)
			}
		default:
			t.Errorf("%s has the reach %v", name, reach)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(planeWide)) {
		if !found[name] {
			t.Errorf("%s is in the list and no table of the plane", name)
		}
	}
}
