package runcommand

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store"
)

// find resolves instance ids and targets to nodes; unknown are the ids that
// name none. A node that is meant twice by targets is taken once.
func (s *Service) find(tx *store.Tx, scope store.Scope, in *ssm.SendCommandInput) (found []Node, unknown []string, err error) {
	seen := map[string]bool{}
	for _, id := range in.InstanceIds {
		n, ok, err := s.ports.Nodes.Resolve(tx, scope, id)
		switch {
		case err != nil:
			return nil, nil, err
		case !ok:
			unknown = append(unknown, id)
		case seen[n.ID]:
			return nil, nil, twice(n.ID)
		default:
			seen[n.ID] = true
			found = append(found, n)
		}
	}
	if len(in.Targets) == 0 {
		return found, unknown, nil
	}
	if found, err = s.ports.Nodes.Targets(tx, scope, criteria(in.Targets)); err != nil {
		return nil, nil, err
	}
	for _, t := range in.Targets {
		for _, id := range t.Values {
			if !(Target{Key: *t.Key}).names() {
				break
			}
			_, ok, err := s.ports.Nodes.Resolve(tx, scope, id)
			if err != nil {
				return nil, nil, err
			}
			if !ok && !slices.Contains(unknown, id) {
				unknown = append(unknown, id)
			}
		}
	}
	return found, unknown, nil
}

// lookup is what the checks of a call have found.
type lookup struct {
	in      *ssm.SendCommandInput
	found   []Node
	unknown []string
}

// found are the nodes that the checks of the call have found; where there were
// none, as for an engine's commands, they are looked for.
func (s *Service) found(ctx context.Context, in *ssm.SendCommandInput) (found []Node, unknown []string, err error) {
	call := api.CallFrom(ctx)
	if l, ok := call.Found.(*lookup); ok && l.in == in {
		return l.found, l.unknown, nil
	}
	err = s.st.View(ctx, func(tx *store.Tx) (err error) {
		found, unknown, err = s.find(tx, store.In(call.Place()), in)
		return err
	})
	return found, unknown, err
}

// pick says of each node that a command is for whether it can begin. Nodes that
// are named must all be fit; those that targets find are told apart. Source:
// Systems Manager User Guide, "Understanding command statuses".
func (s *Service) pick(ctx context.Context, in *ssm.SendCommandInput, doc *document) ([]picked, error) {
	call := api.CallFrom(ctx)
	found, unknown, err := s.found(ctx, in)
	if err != nil {
		return nil, err
	}
	if err := s.reachable(ctx, in, found); err != nil {
		return nil, err
	}
	named := len(in.InstanceIds) > 0
	if named && len(unknown) > 0 {
		return nil, &types.InvalidInstanceId{Message: text(fmt.Sprintf("Instances %s not in a valid state for account %s", names(unknown), call.Account))}
	}
	may, err := s.may(ctx, in, found)
	if err != nil {
		return nil, err
	}
	out := make([]picked, 0, len(found)+len(unknown))
	for n, node := range found {
		p := picked{ID: node.ID, Name: node.Name}
		switch {
		case !may[n]:
			p.Details = detailsAccessDenied
		case !doc.runsOn(node.Platform) && named:
			return nil, &types.UnsupportedPlatformType{Message: text(fmt.Sprintf("Document %s does not support the platform %s of %s.", doc.Name, node.Platform, node.ID))}
		case !doc.runsOn(node.Platform):
			p.Details = detailsInvalidPlatform
		}
		out = append(out, p)
	}
	for _, id := range unknown {
		out = append(out, picked{ID: id, Details: detailsUndeliverable})
	}
	return out, nil
}

// reachable refuses a bucket for the output that a node cannot find: its result
// would wait for the upload to fail, and the output would be lost.
func (s *Service) reachable(ctx context.Context, in *ssm.SendCommandInput, found []Node) error {
	if in.OutputS3BucketName == nil || *in.OutputS3BucketName == "" {
		return nil
	}
	return s.st.View(ctx, func(tx *store.Tx) error {
		for _, n := range found {
			finds, err := s.ports.Nodes.FindsBucket(tx, store.In(api.CallFrom(ctx).Place()), n.ID, *in.OutputS3BucketName)
			if err != nil && !missing(err) { // it was deregistered meanwhile
				return err
			}
			if err == nil && !finds {
				return &types.InvalidOutputFolder{Message: text(fmt.Sprintf(
					"The managed node %s can't resolve the host name of the S3 bucket %s. On it, tamachi node check --bucket %s says what to do.", n.ID, *in.OutputS3BucketName, *in.OutputS3BucketName))}
			}
		}
		return nil
	})
}

// may tells which of the nodes that tags have found the caller may send to.
// Nodes that were named have been checked by the gate.
func (s *Service) may(ctx context.Context, in *ssm.SendCommandInput, found []Node) ([]bool, error) {
	if s.ports.Access == nil || !tagged(in) {
		all := make([]bool, len(found))
		for n := range all {
			all[n] = true
		}
		return all, nil
	}
	checks := make([]api.Check, 0, len(found))
	for _, n := range found {
		checks = append(checks, nodeCheck(api.CallFrom(ctx), n.ID, n.Tags))
	}
	return s.ports.Access.Allowed(ctx, checks)
}

// tagged tells whether a command finds its nodes by tags alone.
func tagged(in *ssm.SendCommandInput) bool {
	return len(in.InstanceIds) == 0 && !slices.ContainsFunc(in.Targets, func(t types.Target) bool { return Target{Key: *t.Key}.names() })
}

// names tells whether a target names nodes by their ids.
func (t Target) names() bool { return strings.EqualFold(t.Key, "InstanceIds") }

func criteria(targets []types.Target) []Target {
	out := make([]Target, 0, len(targets))
	for _, t := range targets {
		out = append(out, Target{Key: *t.Key, Values: t.Values})
	}
	return out
}

// compose reads what a command is besides its nodes.
func compose(in *ssm.SendCommandInput, doc *document, call *api.Call) *command {
	or := func(s *string, usual string) string {
		if s == nil {
			return usual
		}
		return cmp.Or(*s, usual)
	}
	c := &command{
		Requested: call.Time, Document: doc.Name, Parameters: in.Parameters, Caller: call.Caller.ARN,
		Timeout: 3600, MaxConcurrency: or(in.MaxConcurrency, "50"), MaxErrors: or(in.MaxErrors, "0"),
		Comment: or(in.Comment, ""), Targets: criteria(in.Targets), Limit: doc.limit(in.Parameters),
		Output: output{Bucket: or(in.OutputS3BucketName, ""), Prefix: or(in.OutputS3KeyPrefix, "")},
		By:     map[string]int{},
	}
	c.Guard, c.Notify = alarm.New(in.AlarmConfiguration), newNotification(in)
	if !doc.Amazon {
		c.Version = doc.Version
	}
	if in.TimeoutSeconds != nil {
		c.Timeout = *in.TimeoutSeconds
	}
	if o := in.CloudWatchOutputConfig; o != nil && o.CloudWatchOutputEnabled {
		c.Output.Logs, c.Output.Group = true, or(o.CloudWatchLogGroupName, logGroup(doc.Name))
	}
	return c
}

// job is what a node is sent. Source: the SSM Agent's wire (nodes.md 5.3). The
// agent of this house reads TamachiOutput too: it tells that a command's output
// is taken while it runs.
func (c *command) job(d *document) (json.RawMessage, error) {
	return json.Marshal(map[string]any{
		"CommandId": c.ID, "DocumentName": d.Name, "DocumentContent": d.Content, "Parameters": d.Parameters.Values(c.Parameters),
		"OutputS3BucketName": c.Output.Bucket, "OutputS3KeyPrefix": c.Output.Prefix,
		"CloudWatchLogGroupName": c.Output.Group, "CloudWatchOutputEnabled": fmt.Sprint(c.Output.Logs),
		"TamachiOutput": "live",
	})
}

// checkForm refuses what nothing stands behind, rather than leaving it undone in
// silence, and what a request must not be.
func (s *Service) checkForm(ctx context.Context, in *ssm.SendCommandInput) error {
	if err := checkNotification(api.CallFrom(ctx), in); err != nil {
		return err
	}
	given := func(s *string) bool { return s != nil && *s != "" }
	switch {
	case !given(in.OutputS3BucketName) && given(in.OutputS3KeyPrefix):
		return invalidParameters("OutputS3KeyPrefix needs OutputS3BucketName.")
	case given(in.OutputS3BucketName) && s.ports.Output != nil:
		ok, err := s.ports.Output.Exists(ctx, *in.OutputS3BucketName)
		if err != nil {
			return err
		}
		if !ok {
			return &types.InvalidOutputFolder{Message: text("The S3 bucket " + *in.OutputS3BucketName + " doesn't exist.")}
		}
	}
	return s.checkTargets(in)
}

func (s *Service) checkTargets(in *ssm.SendCommandInput) error {
	if (len(in.InstanceIds) > 0) == (len(in.Targets) > 0) {
		return invalid("Specify either InstanceIds or Targets.")
	}
	for n, id := range in.InstanceIds {
		if slices.Contains(in.InstanceIds[:n], id) {
			return twice(id)
		}
	}
	for _, t := range in.Targets {
		if t.Key == nil {
			return invalid("A target needs a key and values.")
		}
		if (Target{Key: *t.Key}).names() && (len(t.Values) == 0 || slices.Contains(t.Values, "*")) {
			return invalid("The target InstanceIds takes the ids of managed nodes.")
		}
	}
	if err := s.ports.Nodes.CheckTargets(criteria(in.Targets)); err != nil {
		return invalid(err.Error() + ".")
	}
	return nil
}

func checkHash(doc *document, in *ssm.SendCommandInput) error {
	if in.DocumentHash == nil || *in.DocumentHash == "" {
		return nil
	}
	want := doc.Sha256
	if in.DocumentHashType == types.DocumentHashTypeSha1 {
		want = doc.Sha1
	}
	if want == "" || !strings.EqualFold(*in.DocumentHash, want) {
		return &types.InvalidDocument{Message: text("The document's hash is not the given one.")}
	}
	return nil
}

func twice(id string) error {
	return &types.DuplicateInstanceId{Message: text("The managed node " + id + " is named twice.")}
}

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

// names lists nodes for an error's text, as AWS writes them.
func names(ids []string) string { return "[[" + strings.Join(slices.Compact(ids), ", ") + "]]" }

func nodeCheck(call *api.Call, id string, tags map[string]string) api.Check {
	return api.Check{
		Action: "ssm:SendCommand", Tags: tags,
		Resource: arn.New("ssm", call.Region, call.Account, "managed-instance/"+id).String(),
	}
}
