package api

import (
	"encoding/json"
	"time"
)

// Event is a management event as the trail keeps it: one call, who made it,
// with what, and how it ended.
// Source: CloudTrail User Guide, "CloudTrail record contents".
type Event struct {
	ID           string
	Time         time.Time
	Account      string
	Region       string
	Source       string // workspaces.amazonaws.com
	Name         string // CreateWorkspaces
	ReadOnly     bool
	Caller       Caller
	SourceIP     string
	UserAgent    string
	RequestID    string
	ErrorCode    string
	ErrorMessage string
	Request      json.RawMessage // redacted
	Response     json.RawMessage // redacted; writes only
	Resources    []string        // ARNs of the checks that name one resource
}
