package automation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/store"
)

// wanted is a request to start a runbook, read.
type wanted struct {
	in         *ssm.StartAutomationExecutionInput
	doc        Document
	book       *runbook
	parameters map[string][]string
	refers     []string // to Parameter Store
	role       string
}

// wanted reads a request; its errors are the API's.
func (s *Service) wanted(tx *store.Tx, scope store.Scope, in *ssm.StartAutomationExecutionInput) (*wanted, error) {
	w := &wanted{in: in}
	var err error
	if w.doc, err = s.ports.Documents.Document(tx, scope, *in.DocumentName, in.DocumentVersion); err != nil {
		return nil, notFound(err)
	}
	if w.doc.Type != "Automation" {
		return nil, &types.AutomationDefinitionNotFoundException{Message: new(fmt.Sprintf("Document %s is of the type %s: only documents of the type Automation can be started.", w.doc.Name, w.doc.Type))}
	}
	if w.book, err = read(w.doc.JSON); err != nil {
		return nil, invalid("The runbook %s can't be read: %s.", w.doc.Name, err)
	}
	for name, d := range w.book.Parameters {
		if given := in.Parameters[name]; d.Type == "MapList" && len(given) > 1 {
			return nil, invalid("Parameter %s takes one value: a list of maps, as JSON.", name)
		}
	}
	w.parameters = complete(w.book.Parameters, in.Parameters)
	w.refers = reference.Names(w.parameters)
	values, err := reference.Need(tx, scope, s.ports.Parameters, w.refers)
	if err != nil {
		if bad, ok := errors.AsType[*types.InvalidParameters](err); ok {
			return nil, invalid("%s", bad.ErrorMessage())
		}
		return nil, err
	}
	w.parameters = reference.FillGiven(w.parameters, values)
	return w, w.setRole()
}

// targetsRole tells that targets give the parameter that names the role. The
// role is one, which whoever starts the runbook passes.
func (w *wanted) targetsRole() bool {
	for _, found := range form.FindAllStringSubmatch(w.book.AssumeRole, -1) {
		if found[1] == str(w.in.TargetParameterName) || slices.ContainsFunc(w.in.TargetMaps, func(m map[string][]string) bool { return m[found[1]] != nil }) {
			return true
		}
	}
	return false
}

// notFound says that there is no runbook, in the words of Automation.
func notFound(err error) error {
	if _, ok := errors.AsType[*types.InvalidDocumentVersion](err); ok {
		return &types.AutomationDefinitionVersionNotFoundException{Message: new("An Automation runbook with the specified name and version couldn't be found.")}
	}
	if _, ok := errors.AsType[*types.InvalidDocument](err); ok {
		return &types.AutomationDefinitionNotFoundException{Message: new("An Automation runbook with the specified name couldn't be found.")}
	}
	return err
}

func invalid(why string, args ...any) error {
	return &types.InvalidAutomationExecutionParametersException{Message: new(fmt.Sprintf(why, args...))}
}

var roleForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/[\w+=,.@/-]+$`)

// setRole reads the role that the runbook assumes, which may be a parameter.
func (w *wanted) setRole() error {
	given := map[string]any{}
	for name, list := range w.parameters {
		if len(list) > 0 {
			given[name] = list[0]
		}
	}
	v, err := (&names{parameters: given}).fillText(w.book.AssumeRole)
	if err != nil { // a parameter that is required is missing, which is told of
		return nil //nolint:nilerr // see above
	}
	if w.role = text(v); w.role != "" && !roleForm.MatchString(w.role) {
		return invalid("The format of the supplied assume role ARN isn't valid.")
	}
	return nil
}

// check holds the request against the runbook.
func (w *wanted) check() error {
	if why := w.book.refusal(); why != "" {
		return invalid("%s", why)
	}
	if len(w.in.TargetLocations) > 0 || w.in.TargetLocationsURL != nil {
		return invalid("TargetLocations isn't supported here: automations run in the account and the Region that they are started in.")
	}
	f, err := w.fan()
	if err != nil {
		return err
	}
	if f == nil {
		return w.checkParameters(w.in.Parameters)
	}
	return nil // those of its children are looked at when its targets are known
}

func (w *wanted) checkParameters(given map[string][]string) error {
	if why := w.book.Parameters.Check(w.doc.Name, given); why != "" {
		return invalid("%s", why)
	}
	if _, err := typed(w.book.Parameters, complete(w.book.Parameters, given)); err != nil {
		return invalid("%s.", err)
	}
	return nil
}

// fan reads the targets of a request; nil for none.
func (w *wanted) fan() (*fan, error) {
	in := w.in
	name := str(in.TargetParameterName)
	switch {
	case len(in.Targets) == 0 && len(in.TargetMaps) == 0:
		if name != "" {
			return nil, invalid("TargetParameterName needs Targets.")
		}
		if in.MaxConcurrency != nil || in.MaxErrors != nil {
			return nil, invalid("MaxConcurrency and MaxErrors need Targets or TargetMaps.")
		}
		return nil, nil
	case len(in.Targets) > 0 && len(in.TargetMaps) > 0:
		return nil, invalid("Targets and TargetMaps can't be specified together.")
	case len(in.Targets) > 0 && name == "":
		return nil, invalid("TargetParameterName is required with Targets.")
	case w.targetsRole():
		return nil, invalid("The role that the automation assumes can't be given by targets.")
	}
	if _, ok := w.book.Parameters[name]; name != "" && !ok {
		return nil, invalid("Document %s has no parameter %s.", w.doc.Name, name)
	}
	f := &fan{Parameter: name, Maps: in.TargetMaps, Concurrency: str(in.MaxConcurrency), Errors: str(in.MaxErrors)}
	if f.Concurrency == "" {
		f.Concurrency = "10"
	}
	if f.Errors == "" {
		f.Errors = "10"
	}
	for _, t := range in.Targets {
		f.Targets = append(f.Targets, Target{Key: str(t.Key), Values: t.Values})
	}
	return f, nil
}

// resolve finds what the targets of a fan mean, and looks at the parameters of
// each child.
func (s *Service) resolve(tx *store.Tx, scope store.Scope, w *wanted, f *fan) error {
	f.Values = nil
	if len(f.Targets) == 1 && f.Targets[0].Key == "ParameterValues" {
		f.Values = f.Targets[0].Values
	} else if len(f.Targets) > 0 {
		if err := s.ports.Nodes.CheckTargets(f.Targets); err != nil {
			return &types.InvalidTarget{Message: new(err.Error() + ".")}
		}
		var err error
		if f.Values, err = s.ports.Nodes.Targets(tx, scope, f.Targets); err != nil {
			return err
		}
	}
	if f.size() == 0 {
		return &types.InvalidTarget{Message: new("The targets mean no resources.")}
	}
	for n := range f.size() {
		given, _ := f.child(n, w.in.Parameters)
		if err := w.checkParameters(given); err != nil {
			return err
		}
	}
	return nil
}

// asked is what a request asks for, as one text: what two requests with one
// token must have in common.
func asked(in *ssm.StartAutomationExecutionInput) (string, error) {
	plain := *in
	plain.ClientToken = nil
	b, err := json.Marshal(plain)
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), err
}

// above finds the execution whose step makes this call, if one does: the step
// has written down the id of its call before. It waits for the one that is
// started only by aws:executeAutomation.
func above(tx *store.Tx, scope store.Scope, call *api.Call) (x *execution, waits bool, err error) {
	if call.SentBy == "" && len(call.Via) == 0 {
		return nil, false, nil
	}
	found, err := steps.By(tx, scope, "request", call.RequestID, store.Page{Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, false, err
	}
	x, err = executions.Get(tx, scope, found[0].Execution)
	return x, found[0].Action == "aws:executeAutomation", err
}

func str(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// variables are the runbook's, with the values that they begin with.
func (b *runbook) variables() (map[string]json.RawMessage, error) {
	out := make(map[string]any, len(b.Variables))
	for name, v := range b.Variables {
		out[name] = v.Default
	}
	return raw(out)
}

// found is what the checks of a call have read of its request.
func (s *Service) found(ctx context.Context, in *ssm.StartAutomationExecutionInput) (*wanted, error) {
	call := api.CallFrom(ctx)
	if w, ok := call.Found.(*wanted); ok && w.in == in {
		return w, nil
	}
	var w *wanted
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		w, err = s.wanted(tx, store.In(call.Place()), in)
		return err
	})
	return w, err
}
