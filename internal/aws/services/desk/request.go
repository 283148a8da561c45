package desk

import "time"

// Request asks people to agree to something.
type Request struct {
	RequestId, Subject, PlanId, Duty *string
	Title                            *Sentence
	By, Person                       *string // the ARN of who asks, and who that is
	For                              []string
	Reason, Evidence                 *string
	MadeAt, ExpiresAt                *time.Time
	State                            *string
	Stage                            *int32 // index of the stage that is asked
	Asked                            []string
	Mine                             *bool // it waits for the caller
	Stages                           []Stage
	Votes                            []Vote
}

// Stage is one group that must agree.
type Stage struct {
	Name *string
	Of   []string
	Need *int32
}

// Vote is what somebody decided.
type Vote struct {
	At                      *time.Time
	Person, By, Via, Reason *string
	Agree                   *bool
	Stage                   *int32
}
