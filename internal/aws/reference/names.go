package reference

import (
	_ "embed" // names.json.gz
	"sync"
)

//go:embed names.json.gz
var packedNames []byte

// Names are what a service of AWS calls its actions and condition keys.
type Names struct {
	Actions []string          `json:"actions"` // PutParameter
	Keys    map[string]string `json:"keys"`    // types by name: "ssm:Overwrite": "String"; ArrayOf... has several values
}

// Catalogue returns the names of every service of AWS, of the plane or not, by
// the prefix in its actions. It is read once.
var Catalogue = sync.OnceValues(func() (map[string]Names, error) { return unpack[Names](packedNames) })
