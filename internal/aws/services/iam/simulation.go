package iam

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/policy"
)

// simulation is what both simulators are asked: every action on every resource.
// Source: IAM User Guide, "IAM policy testing with the IAM policy simulator".
type simulation struct {
	held      policy.Policies
	who       policy.Who
	owner     string // of what names no account
	keys      policy.Keys
	actions   []string
	resources []string // none for "*"
	names     map[*policy.Document]source
}

// source is how an answer names a policy.
type source struct {
	id   string
	kind types.PolicySourceType
}

// simulated are the inputs that both simulators share.
type simulated struct {
	actions, resources, boundaries []string
	policy, owner                  *string
	entries                        []types.ContextEntry
}

// actionForm is one action, by its whole name.
var actionForm = regexp.MustCompile(`^[A-Za-z0-9-]+:[A-Za-z0-9]+$`)

// read takes over what a caller gave; the caller's own policies are there
// already.
func (m *simulation) read(in simulated) error {
	for _, a := range in.actions {
		if !actionForm.MatchString(a) {
			return invalidInput("Invalid Entity Action: %s", a)
		}
	}
	for _, r := range in.resources {
		if _, err := arn.Parse(r); err != nil && r != "*" {
			return invalidInput("Invalid Entity Arn: %s", r)
		}
	}
	m.actions, m.resources, m.owner, m.keys = in.actions, in.resources, m.who.Account, contextOf(in.entries)
	if in.owner != nil {
		a, err := arn.Parse(*in.owner)
		if err != nil || a.Service != "iam" || a.Resource != "root" || len(a.Account) != 12 {
			return invalidInput("Invalid ResourceOwner: %s", *in.owner)
		}
		m.owner = a.Account
	}
	var err error
	if len(in.boundaries) > 0 {
		m.held.Boundary, err = m.set("PermissionsBoundaryPolicyInputList", in.boundaries, policy.Parse)
	}
	if in.policy == nil || err != nil {
		return err
	}
	if m.who.ARN == "" || m.who.Kind != policy.User {
		return invalidInput("CallerArn of an IAM user is required if you include a ResourcePolicy.")
	}
	m.held.Resource, err = m.set("ResourcePolicy", []string{*in.policy}, policy.ParseResource)
	for _, p := range m.held.Resource.Policies() {
		m.names[p.Document] = source{"ResourcePolicy", types.PolicySourceTypeResource}
	}
	return err
}

// set reads documents of an input list.
func (m *simulation) set(list string, texts []string, parse func(string) (*policy.Document, error)) (*policy.Set, error) {
	all, err := m.documents(list, texts, parse)
	return policy.NewSet(all...), err
}

func (m *simulation) documents(list string, texts []string, parse func(string) (*policy.Document, error)) ([]policy.Policy, error) {
	out := make([]policy.Policy, 0, len(texts))
	for i, text := range texts {
		d, err := parse(text)
		if err != nil {
			return nil, invalidInput("%s", err)
		}
		id := list + "." + strconv.Itoa(i+1)
		m.names[d] = source{id, types.PolicySourceTypeNone}
		out = append(out, policy.Policy{Name: id, Document: d})
	}
	return out, nil
}

// contextOf are the condition keys of a simulation: those that are given. All
// others are missing from its requests.
func contextOf(entries []types.ContextEntry) policy.Keys {
	out := policy.Keys{}
	for _, e := range entries {
		key := strings.ToLower(aws.ToString(e.ContextKeyName))
		out[key] = append(append([]string{}, out[key]...), e.ContextKeyValues...)
	}
	return out
}

// results simulates a page of the actions and resources, in their order.
func (m *simulation) results(a asked) ([]types.EvaluationResult, shown, error) {
	after, limit, err := a.start()
	if err != nil {
		return nil, shown{}, err
	}
	resources := m.resources
	if len(resources) == 0 {
		resources = []string{"*"}
	}
	from := 0
	if after != "" {
		if from, err = strconv.Atoi(after); err != nil {
			return nil, shown{}, validation("Invalid Marker.")
		}
	}
	out := []types.EvaluationResult{}
	total := len(m.actions) * len(resources)
	for i := from; i < total; i++ {
		if len(out) == limit {
			return out, a.end(strconv.Itoa(i)), nil
		}
		out = append(out, m.result(m.actions[i/len(resources)], resources[i%len(resources)]))
	}
	return out, shown{}, nil
}

// request is one action on one resource.
func (m *simulation) request(action, resource string) *policy.Request {
	owner := m.owner
	if a, err := arn.Parse(resource); err == nil && isAccount(a.Account) {
		owner = a.Account
	}
	return &policy.Request{Action: action, Resource: resource, Owner: owner, Who: m.who, Keys: m.keys}
}

func isAccount(s string) bool { return len(s) == 12 && strings.Trim(s, "0123456789") == "" }

// callerOf is the user whose calls are simulated.
func callerOf(call *api.Call, callerARN *string) (policy.Who, error) {
	who := policy.Who{Kind: policy.User, Account: call.Account}
	if callerARN == nil {
		return who, nil
	}
	a, err := arn.Parse(*callerARN)
	if err != nil || a.Service != "iam" || !isAccount(a.Account) || !strings.HasPrefix(a.Resource, "user/") {
		return who, invalidInput("Invalid CallerArn: %s", *callerARN)
	}
	who.Account, who.ARN = a.Account, *callerARN
	return who, nil
}
