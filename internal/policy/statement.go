package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Statement allows or denies actions on resources under conditions.
type Statement struct {
	SID  string
	Deny bool
	// Actions and Resources are the texts of Action or NotAction and of Resource
	// or NotResource as they were written, for rooms that check their form.
	Actions    []string
	Resources  []string
	start, end int         // offsets in the document's text
	principals *principals // nil where the document belongs to a principal
	actions    actions
	resources  resources
	conditions []condition
	// silent says that nothing of the statement can be unknown and that it names
	// nobody: what it allows, another allow allows as well.
	silent bool
}

// Span is where a statement of the document stands: its first character, and
// the one behind its last.
func (d *Document) Span(statement int) (start, end Position) {
	s := &d.Statements[statement]
	return positionOf(d.text, s.start), positionOf(d.text, s.end)
}

func compileStatement(o *object, g grammar, variables bool) (Statement, error) {
	s := Statement{start: o.start, end: o.end}
	if err := o.only("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"); err != nil {
		return s, err
	}
	var err error
	if s.SID, err = o.text("Sid"); err != nil {
		return s, err
	}
	effect, err := o.text("Effect")
	if err != nil || effect != "Allow" && effect != "Deny" {
		return s, o.at(errSyntax, "Effect")
	}
	s.Deny = effect == "Deny"
	if (g == ofPrincipal || g == ofRCP) && !sidForm.MatchString(s.SID) {
		return s, o.at(errors.New("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"), "Sid") //nolint:staticcheck,revive // AWS's words
	}
	if s.principals, err = compilePrincipals(o, g); err != nil {
		return s, o.at(err, "Principal", "NotPrincipal")
	}
	if s.principals != nil {
		s.principals.deny = s.Deny
	}
	if err = s.compileActions(o, g); err != nil {
		return s, o.at(err, "Action", "NotAction")
	}
	if err = s.compileResources(o, g, variables); err != nil {
		return s, o.at(err, "Resource", "NotResource")
	}
	if s.conditions, err = compileConditions(o, variables); err != nil {
		return s, o.at(err, "Condition")
	}
	s.silent = s.principals == nil && len(s.conditions) == 0 && !s.resources.asks
	if g == ofRCP {
		err = s.checkRCP(o)
	}
	return s, err
}

// checkRCP refuses what resource control policies may not say.
func (s *Statement) checkRCP(o *object) error {
	switch {
	case !s.Deny:
		return o.at(errors.New("The Effect of a resource control policy must be Deny."), "Effect") //nolint:staticcheck,revive // an answer
	case s.principals.inverted || !s.principals.everyone():
		return o.at(errors.New("The Principal of a resource control policy must be *."), "Principal", "NotPrincipal") //nolint:staticcheck,revive // an answer
	case s.actions.inverted:
		return o.at(errors.New("A resource control policy cannot have NotAction."), "NotAction") //nolint:staticcheck,revive // an answer
	case slices.Contains(s.Actions, "*"):
		return o.at(errors.New("The Action of a resource control policy must name a service."), "Action") //nolint:staticcheck,revive // an answer
	}
	return nil
}

// either reads one of two elements that exclude each other.
func either(o *object, name string) (values []string, inverted, found bool, err error) {
	plain, not := o.has(name), o.has("Not"+name)
	if plain && not {
		return nil, false, false, errSyntax
	}
	if !plain && !not {
		return nil, false, false, nil
	}
	if not {
		name = "Not" + name
	}
	values, ok := o.texts(name)
	if !ok {
		return nil, false, false, errSyntax
	}
	return values, not, true, nil
}

func (s *Statement) compileActions(o *object, g grammar) error {
	values, inverted, found, err := either(o, "Action")
	if err != nil {
		return err
	}
	if g == ofTrust && !found {
		return errors.New("Missing required field Action") //nolint:staticcheck,revive // AWS's words
	}
	if !found || len(values) == 0 {
		return errors.New("Policy statement must contain actions.") //nolint:staticcheck,revive // AWS's words
	}
	s.Actions, s.actions.inverted = values, inverted
	for _, v := range values {
		if err := checkAction(v); err != nil {
			return err
		}
		p, err := compile(lowered(v), likeText, false)
		if err != nil {
			return errSyntax
		}
		s.actions.list = append(s.actions.list, p.text)
	}
	return nil
}

func (s *Statement) compileResources(o *object, g grammar, variables bool) error {
	values, inverted, found, err := either(o, "Resource")
	switch {
	case err != nil:
		return err
	case g == ofTrust && found:
		return errors.New("Has prohibited field Resource") //nolint:staticcheck,revive // AWS's words
	case g == ofTrust:
		s.resources.list = []resource{{form: anything}}
		return nil
	case !found || len(values) == 0:
		return errors.New("Policy statement must contain resources.") //nolint:staticcheck,revive // AWS's words
	}
	s.Resources, s.resources.inverted = values, inverted
	for _, v := range values {
		if v != "*" && !strings.HasPrefix(v, "arn:") {
			return fmt.Errorf(`Resource %s must be in ARN format or "*".`, v) //nolint:staticcheck,revive // AWS's words
		}
		r, err := compileResource(v, variables)
		if err != nil {
			return errSyntax
		}
		s.resources.list = append(s.resources.list, r)
		s.resources.asks = s.resources.asks || len(r.variables) > 0
	}
	return nil
}
