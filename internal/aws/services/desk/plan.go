package desk

import "time"

// Sentence is what people read, in both languages.
type Sentence struct{ En, Ja *string }

// Say makes a sentence; nil where there is nothing to say.
func Say(en, ja string) *Sentence {
	if en == "" && ja == "" {
		return nil
	}
	return &Sentence{&en, &ja}
}

// Plan is what a duty proposes to change, and how far it is.
type Plan struct {
	PlanId, Duty, By, Reason *string
	Undoes                   *string // the plan that this one takes back
	MadeAt                   *time.Time
	Steps, Done, Failed      *int32
	Begun                    *bool // it was applied, as far as it came
	Running                  *bool // it is being applied by this plane now
	RequestId, RequestState  *string
}

// PlanDetail is a plan whole.
type PlanDetail struct {
	Plan      Plan
	Places    []Place
	Notes     []Sentence
	Steps     []Step
	Events    []PlanEvent
	Request   *Request
	Elsewhere *string    // why this plane cannot apply it, and the CLI must
	Window    *string    // when steps of its waves are begun; not there is always
	OpensAt   *time.Time // when it opens, for steps that wait for it
	Approvers []string   // who must agree and has not been asked yet
}

// Place is an account in a Region.
type Place struct{ Account, Region, Role, Endpoint *string }

// Step is one change of a plan.
type Step struct {
	Number           *int32
	Resource, Owner  *string
	Account, Region  *string
	What, Why, Lost  *Sentence
	Cli              *string
	Action           *string
	Input, UndoInput *string // JSON: what is asked for, and what brings back what was
	State, Note      *string
	Now              *string // what it is seen as while it is waited for
	Changed          *bool   // it is done, and was not so before: what an undo takes back
	At               *time.Time
	Tried            *int32
}

// PlanEvent is a moment of a plan as a whole: somebody began to apply it, or
// all was done that would be.
type PlanEvent struct {
	At             *time.Time
	Kind, By, Note *string
}
