package eventbridge

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// newTarget reads a target of a request.
func newTarget(sc store.Scope, in types.Target) (target, error) {
	t := target{ID: *in.Id, ARN: *in.Arn, Role: deref(in.RoleArn), Input: in.Input, Path: in.InputPath}
	a, err := arn.Parse(t.ARN)
	if err != nil {
		return t, invalid("Parameter %s is not valid. Reason: Provided Arn is not in correct format.", t.ARN)
	}
	document := a.Service == "ssm" && strings.HasPrefix(a.Resource, "document/")
	runbook := a.Service == "ssm" && strings.HasPrefix(a.Resource, "automation-definition/")
	if a.Region != sc.Region || a.Account != sc.Account && !((document || runbook) && a.Account == "") { // the documents of AWS are in no account
		return t, invalid("Parameter %s is not valid. Reason: a target is in the account of its rule here, and in its Region.", t.ARN)
	}
	if err := checkRole(in.RoleArn); err != nil {
		return t, err
	}
	switch {
	case in.KinesisParameters != nil, in.EcsParameters != nil, in.BatchParameters != nil, in.SqsParameters != nil,
		in.RedshiftDataParameters != nil, in.SageMakerPipelineParameters != nil, in.AppSyncParameters != nil, in.DeadLetterConfig != nil:
		return t, invalid("Target %s asks for a service that is not here.", t.ID)
	case document:
		return t, t.command(in)
	case runbook:
		return t, t.automation(in)
	case a.Service == "events" && destinationNamed(t.ARN) != "":
		return t, t.outside(in)
	case a.Service == "events" && busTarget(t.ARN) != "":
		return t, t.along(in)
	case in.HttpParameters != nil:
		return t, invalid("HttpParameters is not supported for target %s.", t.ID)
	case a.Service == "sns", a.Service == "logs" && strings.HasPrefix(a.Resource, "log-group:"):
		if in.RunCommandParameters != nil {
			return t, invalid("RunCommandParameters is not supported for target %s.", t.ID)
		}
		return t, t.inputs(in)
	}
	return t, invalid("Parameter %s is not valid. Reason: there are no targets of the service %s here.", t.ARN, a.Service)
}

// command reads a target that is a document to run.
func (t *target) command(in types.Target) error {
	if t.Role == "" {
		return invalid("RoleArn is required for target %s.", t.ARN)
	}
	if in.RunCommandParameters == nil {
		return invalid("Parameter(s) RunCommandParameters must be specified for target: %s.", t.ID)
	}
	for _, n := range in.RunCommandParameters.RunCommandTargets {
		if *n.Key != "InstanceIds" && !strings.HasPrefix(*n.Key, "tag:") {
			return invalid("RunCommandTargets of target %s must have the key InstanceIds or tag:<key>.", t.ID)
		}
		t.Nodes = append(t.Nodes, Nodes{*n.Key, n.Values})
	}
	return t.inputs(in)
}

// automation reads a target that is a runbook to start.
func (t *target) automation(in types.Target) error {
	if err := t.byRole(in); err != nil {
		return err
	}
	return t.inputs(in)
}

// byRole wants a target that takes a role and no parameters of its own.
func (t *target) byRole(in types.Target) error {
	switch {
	case t.Role == "":
		return invalid("RoleArn is required for target %s.", t.ARN)
	case in.RunCommandParameters != nil:
		return invalid("RunCommandParameters is not supported for target %s.", t.ID)
	case in.HttpParameters != nil:
		return invalid("HttpParameters is not supported for target %s.", t.ID)
	}
	return nil
}

// outside reads a target that is an API destination.
func (t *target) outside(in types.Target) error {
	if t.Role == "" {
		return invalid("RoleArn is required for target %s.", t.ARN)
	}
	if in.RunCommandParameters != nil {
		return invalid("RunCommandParameters is not supported for target %s.", t.ID)
	}
	if h := in.HttpParameters; h != nil {
		t.Web = &extra{h.HeaderParameters, h.QueryStringParameters, h.PathParameterValues}
	}
	return t.inputs(in)
}

// inputs reads what a target gets, and how often it is tried.
func (t *target) inputs(in types.Target) error {
	given := 0
	for _, there := range []bool{in.Input != nil, in.InputPath != nil, in.InputTransformer != nil} {
		if there {
			given++
		}
	}
	if given > 1 {
		return invalid("Only one of Input, InputPath, or InputTransformer must be provided for target %s.", t.ID)
	}
	if in.Input != nil && !json.Valid([]byte(*in.Input)) {
		return invalid("JSON syntax error in Input for target %s.", t.ID)
	}
	if in.InputPath != nil {
		if _, err := readPath(*in.InputPath); err != nil {
			return invalid("Invalid InputPath for target %s.", t.ID)
		}
	}
	if tr := in.InputTransformer; tr != nil {
		t.Template, t.Paths = tr.InputTemplate, tr.InputPathsMap
		for name, path := range t.Paths {
			if _, err := readPath(path); err != nil || strings.HasPrefix(name, "aws.") {
				return invalid("InputTransformer for target %s contains invalid JSONPath for the key %s.", t.ID, name)
			}
		}
		if _, err := fill(*t.Template, func(name string) (any, bool) {
			_, mapped := t.Paths[name]
			return "", mapped || predefined[name]
		}); err != nil {
			return invalid("Invalid InputTemplate for target %s : %s.", t.ID, err)
		}
	}
	if p := in.RetryPolicy; p != nil {
		t.Retries, t.Oldest = p.MaximumRetryAttempts, p.MaximumEventAgeInSeconds
	}
	return nil
}

// predefined are the variables that every template has.
// Source: EventBridge User Guide, "Amazon EventBridge input transformation".
var predefined = map[string]bool{
	"aws.events.rule-arn": true, "aws.events.rule-name": true, "aws.events.event.ingestion-time": true, "aws.events.event": true, "aws.events.event.json": true,
}

// shown is a target as requests have it.
func (t *target) shown() types.Target {
	out := types.Target{Id: &t.ID, Arn: &t.ARN, RoleArn: api.Optional(t.Role), Input: t.Input, InputPath: t.Path}
	if t.Template != nil {
		out.InputTransformer = &types.InputTransformer{InputTemplate: t.Template, InputPathsMap: t.Paths}
	}
	if w := t.Web; w != nil {
		out.HttpParameters = &types.HttpParameters{HeaderParameters: w.Header, QueryStringParameters: w.Query, PathParameterValues: w.Path}
	}
	if len(t.Nodes) > 0 {
		out.RunCommandParameters = &types.RunCommandParameters{}
		for _, n := range t.Nodes {
			out.RunCommandParameters.RunCommandTargets = append(out.RunCommandParameters.RunCommandTargets, types.RunCommandTarget{Key: &n.Key, Values: n.Values})
		}
	}
	if t.Retries != nil || t.Oldest != nil {
		out.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: t.Retries, MaximumEventAgeInSeconds: t.Oldest}
	}
	return out
}

// input is what the target gets of an event.
func (t *target) input(r *rule, event string, taken string) (string, error) {
	if t.Input != nil {
		return *t.Input, nil
	}
	if t.Path == nil && t.Template == nil {
		return event, nil
	}
	v, err := decode(event)
	if err != nil {
		return "", err
	}
	if t.Path != nil {
		path, err := readPath(*t.Path)
		if err != nil {
			return "", err
		}
		found, _ := path.in(v) // null where there is nothing
		return encode(found)
	}
	return fill(*t.Template, func(name string) (any, bool) {
		switch name {
		case "aws.events.rule-arn":
			return r.arn(), true
		case "aws.events.rule-name":
			return r.Name, true
		case "aws.events.event.ingestion-time":
			return taken, true
		case "aws.events.event", "aws.events.event.json":
			return v, true
		}
		given, ok := t.Paths[name]
		if !ok {
			return nil, false
		}
		path, err := readPath(given)
		if err != nil {
			return nil, false
		}
		found, there := path.in(v)
		if !there {
			return nil, true
		}
		return found, true
	})
}
