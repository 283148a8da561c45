package desk

import "time"

// Diagnosis is what was found about a desktop, from outside and from inside.
type Diagnosis struct {
	At                           *time.Time
	WorkspaceId, UserName, State *string
	NodeId                       *string
	Unprobed                     *string  // why nobody could look inside
	Unanswered                   []string // what could not be asked, and why
	Findings                     []Finding
	Ladder                       []Rung
}

// Finding is one thing that is broken, or a suspect.
type Finding struct {
	Kind     *string
	Evidence *Sentence
}

// Rung is one step of the ladder of repairs, the gentlest first.
type Rung struct {
	Name    *string
	Lost    *Sentence
	Command *string
	Advised *bool
}
