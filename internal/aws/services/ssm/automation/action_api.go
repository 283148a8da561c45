package automation

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/selector"
)

// often is the pause between two looks at a property.
const often = 2 * time.Second

// own are the inputs of the actions that make calls by name; the others are
// the call's.
var own = []string{"Service", "Api", "PropertySelector", "DesiredValues"}

// api makes the call that the step's inputs name.
func (r *run) api(ctx context.Context) (json.RawMessage, *verdict, error) {
	input := map[string]any{}
	for name, v := range r.given {
		if !slices.Contains(own, name) {
			input[name] = v
		}
	}
	return r.call(ctx, r.text("Service"), r.text("Api"), input)
}

// callAPI is aws:executeAwsApi.
func callAPI(ctx context.Context, r *run) (verdict, error) {
	answer, refused, err := r.api(ctx)
	if err != nil || refused != nil {
		return orRefused(refused), err
	}
	v := done(map[string]any{})
	for _, o := range r.task.Outputs {
		found, err := selected(answer, o.Selector, cmp.Or(o.Type, selector.String))
		if err != nil {
			return failed(stageOutcome, "Failed to resolve output %s of step %s: %s", o.Name, r.task.Name, err), nil
		}
		v.values[o.Name] = found
	}
	return v, nil
}

func orRefused(v *verdict) verdict {
	if v == nil {
		return verdict{}
	}
	return *v
}

// property calls and tells whether the property has one of the values that are
// wanted.
func (r *run) property(ctx context.Context) (is string, fits bool, refused *verdict, err error) {
	answer, refused, err := r.api(ctx)
	if err != nil || refused != nil {
		return "", false, refused, err
	}
	found, err := selected(answer, r.text("PropertySelector"), "")
	if err != nil {
		v := failed(stageOutcome, "Failed to resolve the property %s: %s", r.text("PropertySelector"), err)
		return "", false, &v, nil
	}
	is = text(found)
	wanted, _ := r.given["DesiredValues"].([]any)
	return is, slices.ContainsFunc(wanted, func(w any) bool { return alike(found, w) }), nil, nil
}

// alike compares a property with a value that is wanted: True is how runbooks
// write true.
func alike(found, wanted any) bool {
	if b, ok := found.(bool); ok {
		w, err := strconv.ParseBool(text(wanted))
		return err == nil && w == b
	}
	return text(found) == text(wanted)
}

// assertProperty is aws:assertAwsResourceProperty.
func assertProperty(ctx context.Context, r *run) (verdict, error) {
	is, fits, refused, err := r.property(ctx)
	switch {
	case err != nil || refused != nil:
		return orRefused(refused), err
	case !fits:
		return failed(stageOutcome, "Property value from the API output '%s' is not in the desired values '%s'", is, encoded(r.given["DesiredValues"])), nil
	}
	return done(nil), nil
}

// waitProperty is aws:waitForAwsResourceProperty. An answer without the property
// is one to wait on, as for what does not exist yet.
func waitProperty(ctx context.Context, r *run) (verdict, error) {
	_, fits, refused, err := r.property(ctx)
	switch {
	case err != nil:
		return verdict{}, err
	case refused != nil && refused.stage == stageCall:
		return *refused, nil
	case fits:
		return done(nil), nil
	}
	return verdict{status: types.AutomationExecutionStatusInprogress, wait: wait{Until: r.now.Add(often)}}, nil
}

// createTags is aws:createTags. Source: User Guide, "aws:createTags – Create tags
// for AWS resources".
func createTags(ctx context.Context, r *run) (verdict, error) {
	kind := r.text("ResourceType")
	ids := texts(r.given["ResourceIds"])
	service, operation := "ssm", "AddTagsToResource"
	input := map[string]any{"Tags": r.given["Tags"]}
	switch {
	case kind == "" || kind == "EC2":
		service, operation = "ec2", "CreateTags"
		input["Resources"] = ids
	case len(ids) != 1:
		return failed(stageInputs, "ResourceIds must name one resource of the type %s", kind), nil
	default:
		input["ResourceType"], input["ResourceId"] = kind, ids[0]
	}
	_, refused, err := r.call(ctx, service, operation, input)
	if err != nil || refused != nil {
		return orRefused(refused), err
	}
	return done(nil), nil
}
