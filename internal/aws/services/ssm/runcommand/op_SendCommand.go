package runcommand

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// SendCommand writes a command down, with an invocation for each node. The
// delivery engine takes it from there.
func (s *Service) SendCommand(ctx context.Context, in *ssm.SendCommandInput) (*ssm.SendCommandOutput, error) {
	call := api.CallFrom(ctx)
	if err := refuseUnsupported(in); err != nil {
		return nil, err
	}
	doc, err := s.load(ctx, scopeOf(call), *in.DocumentName, in.DocumentVersion)
	if err != nil {
		return nil, err
	}
	if err := checkHash(doc, in); err != nil {
		return nil, err
	}
	if err := doc.check(in.Parameters); err != nil {
		return nil, err
	}
	if err := s.checkTargets(in); err != nil {
		return nil, err
	}
	c := compose(in, doc, call)
	c.ID = s.ids.UUID()
	if err := s.fill(ctx, scopeOf(call), doc, c); err != nil {
		return nil, err
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error { return s.begin(tx, scopeOf(call), c, doc, in) })
	if err != nil {
		return nil, err
	}
	out := c.describe()
	return &ssm.SendCommandOutput{Command: &out}, nil
}

// begin stores a command and its invocations. It may run more than once.
func (s *Service) begin(tx *store.Tx, scope store.Scope, c *command, doc *document, in *ssm.SendCommandInput) error {
	found, unknown, err := s.find(tx, scope, in)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		return &types.InvalidInstanceId{Message: text(fmt.Sprintf("Instances %s not in a valid state for account %s", names(unknown), scope.Account))}
	}
	c.Count, c.By, c.InstanceIDs = len(found), map[string]int{}, nil
	for n, node := range found {
		if len(in.InstanceIds) > 0 {
			c.InstanceIDs = append(c.InstanceIDs, node.ID)
		}
		c.count("", detailsPending)
		err := invocations.Put(tx, scope, &invocation{
			Command: c.ID, Node: node.ID, NodeName: node.Name, Requested: c.Requested,
			Document: c.Document, Comment: c.Comment, Details: detailsPending,
			Held: n >= c.concurrency(), Expires: c.expires(), Limit: executionTimeout(doc, c.Parameters),
		})
		if err != nil {
			return err
		}
	}
	return commands.Put(tx, scope, c)
}

// find resolves instance ids and targets to nodes; unknown are the ids that
// name none. A node that is meant twice by targets is taken once.
func (s *Service) find(tx *store.Tx, scope store.Scope, in *ssm.SendCommandInput) (found []Node, unknown []string, err error) {
	named := slices.Clone(in.InstanceIds)
	for _, t := range in.Targets {
		if *t.Key == "InstanceIds" {
			named = append(named, t.Values...)
		}
	}
	seen := map[string]bool{}
	take := func(n Node) {
		if !seen[n.ID] {
			seen[n.ID] = true
			found = append(found, n)
		}
	}
	for _, id := range named {
		n, ok, err := s.ports.Nodes.Resolve(tx, scope, id)
		if err != nil {
			return nil, nil, err
		}
		if !ok {
			unknown = append(unknown, id)
			continue
		}
		if seen[n.ID] && len(in.InstanceIds) > 0 {
			return nil, nil, &types.DuplicateInstanceId{Message: text("The managed node " + n.ID + " is named twice.")}
		}
		take(n)
	}
	fit, err := s.ports.Nodes.Targets(tx, scope, criteria(in.Targets))
	for _, n := range fit {
		take(n)
	}
	return found, unknown, err
}

func criteria(targets []types.Target) []Target {
	out := make([]Target, 0, len(targets))
	for _, t := range targets {
		out = append(out, Target{Key: *t.Key, Values: t.Values})
	}
	return out
}

// compose reads what a command is besides its nodes.
func compose(in *ssm.SendCommandInput, doc *document, call *api.Call) *command {
	c := &command{
		Requested: call.Time, Document: doc.Name, Parameters: in.Parameters, Caller: call.Caller.ARN,
		Timeout: 3600, MaxConcurrency: "50", MaxErrors: "0",
	}
	if !doc.Amazon {
		c.Version = doc.Version
	}
	if in.Comment != nil {
		c.Comment = *in.Comment
	}
	if in.TimeoutSeconds != nil {
		c.Timeout = *in.TimeoutSeconds
	}
	if in.MaxConcurrency != nil {
		c.MaxConcurrency = *in.MaxConcurrency
	}
	if in.MaxErrors != nil {
		c.MaxErrors = *in.MaxErrors
	}
	for _, t := range in.Targets {
		c.Targets = append(c.Targets, Target{Key: *t.Key, Values: t.Values})
	}
	return c
}

// executionTimeout is how long a node may take: the document's parameter.
func executionTimeout(doc *document, given map[string][]string) time.Duration {
	return doc.limit(given)
}

// refuseUnsupported refuses what nothing stands behind yet, rather than
// leaving it undone in silence.
func refuseUnsupported(in *ssm.SendCommandInput) error {
	given := func(s *string) bool { return s != nil && *s != "" }
	switch {
	case given(in.OutputS3BucketName), given(in.OutputS3KeyPrefix):
		return invalidParameters("There is no S3 here yet: leave out OutputS3BucketName. GetCommandInvocation gives the first 24,000 characters.")
	case in.NotificationConfig != nil && given(in.NotificationConfig.NotificationArn):
		return &types.InvalidNotificationConfig{Message: text("There are no notifications of commands here yet: leave out NotificationConfig.")}
	case given(in.ServiceRoleArn):
		return &types.InvalidRole{Message: text("There are no notifications of commands here yet: leave out ServiceRoleArn.")}
	case in.CloudWatchOutputConfig != nil && in.CloudWatchOutputConfig.CloudWatchOutputEnabled:
		return invalidParameters("There is no CloudWatch Logs here yet: leave out CloudWatchOutputConfig.")
	case in.AlarmConfiguration != nil:
		return invalidParameters("There are no alarms here yet: leave out AlarmConfiguration.")
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

func (s *Service) checkTargets(in *ssm.SendCommandInput) error {
	if (len(in.InstanceIds) > 0) == (len(in.Targets) > 0) {
		return invalid("Specify either InstanceIds or Targets.")
	}
	seen := map[string]bool{}
	for _, id := range in.InstanceIds {
		if seen[id] {
			return &types.DuplicateInstanceId{Message: text("The managed node " + id + " is named twice.")}
		}
		seen[id] = true
	}
	for _, t := range in.Targets {
		if t.Key == nil {
			return invalid("A target needs a key and values.")
		}
	}
	if err := s.ports.Nodes.CheckTargets(criteria(in.Targets)); err != nil {
		return invalid(err.Error() + ".")
	}
	return nil
}

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

// sendCommandChecks asks for the document and each node. What names no node is
// asked for as it stands, so that nobody learns by it what exists.
func (s *Service) sendCommandChecks(ctx context.Context, in *ssm.SendCommandInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks, err := s.documentChecks(ctx, in)
	if err != nil {
		return nil, err
	}
	first := len(checks)
	add := func(id string, tags map[string]string) {
		checks = append(checks, api.Check{
			Action: "ssm:SendCommand", Tags: tags,
			Resource: arn.New("ssm", call.Region, call.Account, "managed-instance/"+id).String(),
		})
	}
	plain := in
	if s.checkTargets(in) != nil { // the operation says so, to callers who may use the name
		plain = &ssm.SendCommandInput{InstanceIds: in.InstanceIds}
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		checks = checks[:first]
		found, unknown, err := s.find(tx, scopeOf(call), plain)
		if twice := (*types.DuplicateInstanceId)(nil); errors.As(err, &twice) {
			unknown, err = in.InstanceIds, nil
		}
		for _, n := range found {
			add(n.ID, n.Tags)
		}
		for _, id := range unknown {
			add(id, nil)
		}
		return err
	})
	if len(checks) == first {
		add("*", nil)
	}
	return checks, err
}

func scopeOf(call *api.Call) store.Scope {
	return store.Scope{Account: call.Account, Region: call.Region}
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }
