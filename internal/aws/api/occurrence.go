package api

import "time"

// Occurrence is something that a service tells of: an event of EventBridge on
// the default bus.
type Occurrence struct {
	Source     string // aws.ssm
	DetailType string // EC2 Command Status-change Notification
	Resources  []string
	At         time.Time
	Detail     any // becomes JSON
}
