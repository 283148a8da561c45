package runcommand

import (
	"encoding/json"
	"fmt"
)

// CheckParameters holds given parameters against a document's content, for the
// rooms that run documents too; its errors are the API's.
func CheckParameters(name string, content []byte, given map[string][]string) error {
	d := &document{Name: name}
	if err := json.Unmarshal(content, d); err != nil {
		return fmt.Errorf("read document %s: %w", name, err)
	}
	return d.check(given)
}
