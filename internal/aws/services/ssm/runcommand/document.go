package runcommand

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/parameter"
)

// document is a command document. Source: Systems Manager User Guide, "Data
// elements and parameters".
type document struct {
	Name    string          `json:"-"`
	Content json.RawMessage `json:"-"`
	Version string          `json:"-"`
	Amazon  bool            `json:"-"` // the owner
	Sha256  string          `json:"-"`
	Sha1    string          `json:"-"`

	Platforms []string `json:"-"` // that it runs on; empty is any

	Parameters parameter.Set `json:"parameters"`
}

// runsOn tells whether the document is for a platform; a node that has not
// reported yet may have any.
func (d *document) runsOn(platform string) bool {
	return platform == "" || len(d.Platforms) == 0 || slices.Contains(d.Platforms, platform)
}

// check holds given parameters against the document's.
func (d *document) check(given map[string][]string) error {
	if why := d.Parameters.Check(d.Name, given); why != "" {
		return &types.InvalidParameters{Message: &why}
	}
	return nil
}

func invalidParameters(format string, args ...any) error {
	return &types.InvalidParameters{Message: text(fmt.Sprintf(format, args...))}
}

func text(s string) *string { return &s }
