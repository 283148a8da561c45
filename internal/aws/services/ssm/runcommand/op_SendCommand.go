package runcommand

import (
	"context"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// mostPending is how many invocations of an account in a Region may wait or
	// run; AWS has such a limit and does not say which.
	mostPending = 200_000
	// written is how many invocations are written down before the answer; the
	// delivery engine does it for the others, in parts of this size.
	written = 50
	part    = 250
	// mostContent is the size limit of a document, of which parameters filled in
	// are a part.
	mostContent = 64 << 10
)

// SendCommand writes a command down, with an invocation for each node. The
// delivery engine takes it from there.
func (s *Service) SendCommand(ctx context.Context, in *ssm.SendCommandInput) (*ssm.SendCommandOutput, error) {
	call := api.CallFrom(ctx)
	if err := s.checkForm(ctx, in); err != nil {
		return nil, err
	}
	doc, err := s.load(ctx, store.In(call.Place()), *in.DocumentName, in.DocumentVersion)
	if err != nil {
		return nil, err
	}
	if err := checkHash(doc, in); err != nil {
		return nil, err
	}
	if err := doc.check(in.Parameters); err != nil {
		return nil, err
	}
	c := compose(in, doc, call)
	c.ID = s.ids.UUID()
	sent, err := s.filled(ctx, store.In(call.Place()), doc, c)
	if err != nil {
		return nil, err
	}
	nodes, err := s.pick(ctx, in, doc)
	if err != nil {
		return nil, err
	}
	var out *ssm.SendCommandOutput
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		stored, err := s.begin(tx, store.In(call.Place()), *c, &content{Command: c.ID, Job: sent}, nodes)
		if err != nil {
			return err
		}
		out = &ssm.SendCommandOutput{Command: new(stored.describe())}
		if len(in.InstanceIds) > 0 {
			out.Command.InstanceIds = stored.InstanceIDs
		}
		api.WillAnswer(ctx, out)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// begin stores a command, and its invocations or the chore of writing them. It
// may run more than once.
func (s *Service) begin(tx *store.Tx, scope store.Scope, c command, sent *content, nodes []picked) (*command, error) {
	open := 0
	if len(nodes) > written { // what is small is not counted, and always taken
		var err error
		if open, err = s.openNow(tx, scope); err != nil {
			return nil, err
		}
	}
	c.Guard = c.Guard.Fresh() // this may run more than once
	c.Count, c.By, c.InstanceIDs = len(nodes), map[string]int{}, nil
	if c.Exceeded = open+len(nodes) > mostPending; c.Exceeded {
		c.Count = 0
		return &c, commands.Put(tx, scope, &c)
	}
	if len(c.Targets) == 0 {
		for _, n := range nodes {
			c.InstanceIDs = append(c.InstanceIDs, n.ID)
		}
	}
	if len(nodes) > 0 {
		c.By[detailsPending] = len(nodes)
	}
	l := s.ledger(tx)
	b := l.open(scope, &c)
	b.moved = true
	if err := contents.Put(tx, scope, sent); err != nil {
		return nil, err
	}
	if len(nodes) <= written {
		for _, n := range nodes {
			b.enter(n)
		}
		return &c, l.close()
	}
	n := 0
	for some := range slices.Chunk(nodes, part) {
		n++
		if err := chores.Put(tx, scope, &chore{Command: c.ID, Part: n, Nodes: some}); err != nil {
			return nil, err
		}
	}
	return &c, commands.Put(tx, scope, &c)
}

// openNow counts the invocations that are not over.
func (s *Service) openNow(tx *store.Tx, scope store.Scope) (n int, err error) {
	unfinished, err := commands.By(tx, scope, "unfinished", "yes", store.Page{})
	for _, c := range unfinished {
		n += c.Count - c.done()
	}
	return n, err
}

// sendCommandChecks asks for the document and each node that is named. What
// names no node is asked for as it stands, so that nobody learns by it what
// exists. Of the nodes that tags find, one must be allowed; the others are told
// apart when the command begins.
func (s *Service) sendCommandChecks(ctx context.Context, in *ssm.SendCommandInput) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	checks, err := s.documentChecks(ctx, in)
	if err != nil {
		return nil, err
	}
	checks = append(checks, passRole(in, call)...)
	plain := in
	if s.checkTargets(in) != nil { // the operation says so, to callers who may use the name
		plain = &ssm.SendCommandInput{InstanceIds: in.InstanceIds}
	}
	var found []Node
	var unknown []string
	err = s.st.View(ctx, func(tx *store.Tx) error {
		found, unknown, err = s.find(tx, store.In(call.Place()), plain)
		if again := (*types.DuplicateInstanceId)(nil); errors.As(err, &again) { // the operation finds it too
			found, unknown, err = nil, in.InstanceIds, nil
		} else if err == nil {
			call.Found = &lookup{in: plain, found: found, unknown: unknown}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(plain.Targets) > 0 && tagged(plain) && s.ports.Access != nil {
		return s.oneOf(ctx, checks, found)
	}
	for _, n := range found {
		checks = append(checks, nodeCheck(call, n.ID, n.Tags))
	}
	for _, id := range unknown {
		checks = append(checks, nodeCheck(call, id, nil))
	}
	if len(found)+len(unknown) == 0 {
		checks = append(checks, nodeCheck(call, "*", nil))
	}
	return checks, nil
}

// oneOf adds the check of the first node that is allowed, or of the first.
func (s *Service) oneOf(ctx context.Context, checks []api.Check, found []Node) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	if len(found) == 0 {
		return append(checks, nodeCheck(call, "*", nil)), nil
	}
	for _, n := range found {
		one := nodeCheck(call, n.ID, n.Tags)
		may, err := s.ports.Access.Allowed(ctx, []api.Check{one})
		if err != nil {
			return nil, err
		}
		if may[0] {
			return append(checks, one), nil
		}
	}
	return append(checks, nodeCheck(call, found[0].ID, found[0].Tags)), nil
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }
