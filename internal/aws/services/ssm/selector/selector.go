// Package selector takes values out of the answers of API calls, as the steps of
// runbooks ask for them: by a JSONPath, in one of Automation's types.
//
// A library parses paths and judges filters; the walk is our own, because it
// follows what AWS documents and what its own implementation, in Java, does: a
// deep scan finds an element before what lies in it, a path that can only lead to
// one value gives that value or fails, and any other gives a list, which may be
// empty. Beside the operators that AWS documents (child, deep scan, index) there
// are wildcards, unions, slices, filters and a last .length().
//
// Sources: Systems Manager User Guide, "Using action outputs as inputs"; decision
// 0035.
package selector

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ohler55/ojg/jp"
)

// Limits of a selection: paths and answers are other people's.
const (
	maxPath    = 1024      // bytes
	maxAnswer  = 8 << 20   // bytes
	maxDepth   = 64        // levels of an answer
	maxVisited = 1_000_000 // elements that one selection looks at
)

// errTooMuch ends a selection that looks at too many elements.
var errTooMuch = errors.New("the path selects too much")

// Select takes the value of a path, which begins with $, out of an answer. The
// error's text is for who wrote the runbook.
func Select(answer json.RawMessage, path string) (json.RawMessage, error) {
	path, counts := strings.CutSuffix(strings.TrimSpace(path), ".length()")
	steps, err := parse(path)
	if err != nil {
		return nil, err
	}
	root, err := read(answer)
	if err != nil {
		return nil, err
	}
	w := walker{found: []*node{}}
	if err := w.walk(root, steps); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	found := &node{list: w.found}
	if definite(steps) {
		if len(w.found) == 0 {
			return nil, fmt.Errorf("no results for path: %s", path)
		}
		found = w.found[0]
	}
	if !counts {
		return found.text(nil), nil
	}
	n, ok := found.length()
	if !ok {
		return nil, fmt.Errorf("no results for path: %s.length()", path)
	}
	return fmt.Append(nil, n), nil
}

// parse reads a path into its steps, without the root.
func parse(path string) (jp.Expr, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("a JSONPath has %d characters at most", maxPath)
	}
	if !strings.HasPrefix(path, "$") {
		return nil, fmt.Errorf("a JSONPath begins with $: %s", path)
	}
	steps, err := jp.ParseString(path)
	if err != nil {
		return nil, fmt.Errorf("invalid JSONPath %s: %w", path, err)
	}
	for i, step := range steps {
		switch step := step.(type) {
		case jp.Root:
			if i > 0 {
				return nil, fmt.Errorf("invalid JSONPath %s: $ stands at its beginning only", path)
			}
		case jp.Child, jp.Nth, jp.Wildcard, jp.Union, jp.Slice, jp.Bracket, *jp.Filter:
		case jp.Descent:
			if i == len(steps)-1 {
				return nil, fmt.Errorf("invalid JSONPath %s: a deep scan needs a name behind it", path)
			}
		default:
			return nil, fmt.Errorf("invalid JSONPath %s: %s is not supported", path, string(step.Append(nil, true, false)))
		}
	}
	return steps, nil
}

// definite tells whether a path leads to one value at most.
func definite(steps jp.Expr) bool {
	for _, step := range steps {
		switch step.(type) {
		case jp.Root, jp.Bracket, jp.Child, jp.Nth:
		default:
			return false
		}
	}
	return true
}

// walker gathers what a path selects.
type walker struct {
	found   []*node
	visited int
}

// visit notes that elements are looked at.
func (w *walker) visit(elements int) error {
	if w.visited += elements; w.visited > maxVisited {
		return errTooMuch
	}
	return nil
}

// walk follows the steps from an element. What is not there, or is of another
// kind than a step wants, selects nothing.
func (w *walker) walk(n *node, steps jp.Expr) error {
	if err := w.visit(1); err != nil {
		return err
	}
	if len(steps) == 0 {
		w.found = append(w.found, n)
		return nil
	}
	switch step := steps[0].(type) {
	case jp.Descent:
		return w.scan(n, steps[1:])
	case jp.Root, jp.Bracket:
		return w.walk(n, steps[1:])
	case *jp.Filter:
		return w.filter(n, step, steps[1:])
	default:
		picked := n.pick(step)
		if err := w.visit(len(picked)); err != nil {
			return err
		}
		for _, next := range picked {
			if err := w.walk(next, steps[1:]); err != nil {
				return err
			}
		}
	}
	return nil
}

// scan follows the steps from an element and then from all below it.
func (w *walker) scan(n *node, steps jp.Expr) error {
	if err := w.visit(1); err != nil || !n.holds() {
		return err
	}
	here := w.walk
	if filter, ok := steps[0].(*jp.Filter); ok { // each element once, as itself
		here = func(n *node, steps jp.Expr) error { return w.match(n, filter, steps[1:]) }
	}
	if err := here(n, steps); err != nil {
		return err
	}
	for _, child := range n.children() {
		if err := w.scan(child, steps); err != nil {
			return err
		}
	}
	return nil
}

// filter takes the elements of a list that fit, or an object that does.
func (w *walker) filter(n *node, f *jp.Filter, steps jp.Expr) error {
	if n.members != nil {
		return w.match(n, f, steps)
	}
	for _, element := range n.list {
		if err := w.match(element, f, steps); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) match(n *node, f *jp.Filter, steps jp.Expr) error {
	if err := w.visit(n.size * effort(f, n.size)); err != nil {
		return err
	}
	if !f.Match(n.value) {
		return nil
	}
	return w.walk(n, steps)
}

// effort is how often a filter may look at the parts of an element of a size: once,
// unless there may be scans and filters in it.
func effort(f *jp.Filter, size int) int {
	text := f.String()
	inner := strings.Count(text, "..") + strings.Count(text, "?") - 1
	return 1 + max(inner, 0)*size
}
