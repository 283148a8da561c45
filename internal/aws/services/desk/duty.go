package desk

import "time"

// Value is one option of a duty, under the name that it has at a terminal
// without its dashes; "of" is what stands there without a name: whom it is about.
type Value struct{ Name, Value *string }

// Asked is a duty as somebody asks for it.
type Asked struct {
	Duty   string
	Values []Value
	Feed   string // of the personnel department, where the duty takes one
	Plan   bool   // to make a plan of what it would change
	Fix    string // which change, where the duty has several
	Reason string
}

// DutyReport is what a duty has to say.
type DutyReport struct {
	At      *time.Time
	Text    *string // as at a terminal, in the caller's language
	Found   *bool   // something is wrong, or to do
	PlanId  *string // that it has made
	Command *string // the same at a terminal
}
