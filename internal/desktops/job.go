package desktops

import "time"

// Job is what the plane wants done to one desktop: the work behind a
// transitional state of the WorkSpaces API.
type Job struct {
	Account string
	Region  string
	ID      string // ws-...
	// State is that of the desktop's record, in the API's words.
	State string
	Since time.Time // when that state began
	// Move numbers the record's moves: an outcome for an older move is late
	// and is dropped.
	Move        int
	DirectoryID string
	// Bundle, Compute and RunningMode are what the record says now, in the API's
	// words.
	Bundle, Compute, RunningMode string
	Subnet                       string // subnet-..., "" for none
	// Groups are the security groups of its interface there.
	Groups []string
	// Administrator makes its user one in it.
	Administrator bool
	// ServiceAccount is who joins desktops to the directory.
	ServiceAccount string
	Spec           Spec // without Node, which is made when it is needed
	// Keep asks for a copy of both volumes as soon as the desktop runs.
	Keep bool
	// Image is the id of the image that is to be captured of the desktop.
	Image string
}

// Outcome is how a job ended.
type Outcome struct {
	Desktop Desktop // as it is now, the zero value after a Destroy
	// Code and Message say why the job failed; empty when it did not.
	Code    string
	Message string
}
