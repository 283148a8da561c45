package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tamachi/internal/desk/account"
)

// State is what an action sees of a move in the account.
type State string

// The states. Asked for and not there yet is Todo until the account shows more.
const (
	Todo    State = "TODO"    // as it was when the plan was made
	Moving  State = "MOVING"  // on its way, or the resource is busy: look again
	Later   State = "LATER"   // could be done, but not now, as where somebody works: asked about again after all others
	Done    State = "DONE"    // as wished
	Drifted State = "DRIFTED" // neither: not what the plan was made for
)

// Seen is what an action sees of a move.
type Seen struct {
	State State
	Note  string // of Drifted, Later and Moving: what there is instead
	// Failed makes a note final: the move was tried by the account and went
	// wrong there, as a desktop that ends in ERROR.
	Failed bool
}

// Ask is one move as an action is given it.
type Ask[In any] struct {
	Input In
	Token string // the same whenever this step is tried; for client tokens
}

// Action does moves of one kind. Look and Do are given as many moves as Batch
// says at most, all of one place, and answer one for one.
type Action struct {
	Batch int
	// Look changes nothing. It is asked before a move is done, until it is done
	// afterwards, and when a run that was broken off goes on.
	Look func(context.Context, *account.Account, []Ask[json.RawMessage]) ([]Seen, error)
	// Do asks the account for the changes; its answer says why one was refused.
	Do func(context.Context, *account.Account, []Ask[json.RawMessage]) []error
	// Read and Write are the IAM actions that Look and Do call.
	Read, Write []string
}

// Actions is a table of actions by name.
type Actions map[string]Action

// Join makes one table of several. An action that two of them have is a mistake
// of the program, found at its start.
func Join(tables ...Actions) Actions {
	all := Actions{}
	for _, t := range tables {
		for name, a := range t {
			if _, twice := all[name]; twice {
				panic("plan: action " + name + " is in two tables")
			}
			all[name] = a
		}
	}
	return all
}

// Permissions are the IAM actions of the named actions: those that look, and
// those that change.
func (t Actions) Permissions(names ...string) (read, write []string) {
	for _, n := range names {
		read, write = append(read, t[n].Read...), append(write, t[n].Write...)
	}
	slices.Sort(read)
	slices.Sort(write)
	return slices.Compact(read), slices.Compact(write)
}

// Many makes an action of functions over its own input. look answers one for
// one and changes nothing; do answers one error (or nil) for one. Batch is how
// many moves one call takes.
func Many[In any](
	batch int,
	look func(context.Context, *account.Account, []Ask[In]) ([]Seen, error),
	do func(context.Context, *account.Account, []Ask[In]) []error,
) Action {
	return Action{
		Batch: batch,
		Look: func(ctx context.Context, a *account.Account, raw []Ask[json.RawMessage]) ([]Seen, error) {
			asks, err := decode[In](raw)
			if err != nil {
				return nil, err
			}
			return look(ctx, a, asks)
		},
		Do: func(ctx context.Context, a *account.Account, raw []Ask[json.RawMessage]) []error {
			asks, err := decode[In](raw)
			if err != nil {
				return slices.Repeat([]error{err}, len(raw))
			}
			return do(ctx, a, asks)
		},
	}
}

// One is Many for a call that takes one move.
func One[In any](
	look func(context.Context, *account.Account, Ask[In]) (Seen, error),
	do func(context.Context, *account.Account, Ask[In]) error,
) Action {
	return Many(1, func(ctx context.Context, a *account.Account, asks []Ask[In]) ([]Seen, error) {
		seen, err := look(ctx, a, asks[0])
		return []Seen{seen}, err
	}, func(ctx context.Context, a *account.Account, asks []Ask[In]) []error {
		return []error{do(ctx, a, asks[0])}
	})
}

// Needs says which IAM actions an action calls.
func (a Action) Needs(read, write []string) Action {
	a.Read, a.Write = read, write
	return a
}

func decode[In any](raw []Ask[json.RawMessage]) ([]Ask[In], error) {
	asks := make([]Ask[In], len(raw))
	for i, r := range raw {
		asks[i].Token = r.Token
		d := json.NewDecoder(bytes.NewReader(r.Input))
		d.DisallowUnknownFields() // a plan of another version is not guessed at
		if err := d.Decode(&asks[i].Input); err != nil {
			return nil, fmt.Errorf("read a step's input: %w", err)
		}
	}
	return asks, nil
}
