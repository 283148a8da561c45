package runcommand

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CancelCommand asks for the end of a command, on all its nodes or on some.
// What has ended stays as it ended.
func (s *Service) CancelCommand(ctx context.Context, in *ssm.CancelCommandInput) (*ssm.CancelCommandOutput, error) {
	call := api.CallFrom(ctx)
	scope, job := store.In(call.Place()), s.ids.UUID()
	err := s.st.Update(ctx, func(tx *store.Tx) error {
		c, err := findCommand(tx, scope, *in.CommandId)
		if err != nil {
			return err
		}
		l := s.ledger(tx)
		b := l.open(scope, c)
		if err := s.meant(l, b, in.InstanceIds); err != nil {
			return err
		}
		if len(in.InstanceIds) == 0 && c.done() < c.Count {
			c.Cancelled, b.moved = true, true
		}
		for _, p := range b.order {
			b.move(p, func(i *invocation) { i.cancel(job) })
		}
		return l.close()
	})
	if err != nil {
		return nil, err
	}
	return &ssm.CancelCommandOutput{}, nil
}

// meant brings the invocations that are to be cancelled to hand. Of a whole
// command those that have not begun are ended with their turn.
func (s *Service) meant(l *ledger, b *book, instances []string) error {
	if len(instances) == 0 {
		return s.begun(l, b)
	}
	seen := map[string]bool{}
	for _, id := range instances {
		node, err := s.nodeOf(l.tx, b.scope, &id)
		if err != nil {
			return err
		}
		if seen[node] {
			return twice(id)
		}
		seen[node] = true
		p, err := l.page(b, node)
		if err != nil {
			return err
		}
		if p == nil {
			return &types.InvalidInstanceId{Message: text(fmt.Sprintf("The command %s was not sent to %s.", b.c.ID, id))}
		}
	}
	return nil
}

// begun brings the invocations to hand that are under way. There are no more
// than MaxConcurrency, but they lie among all others.
func (s *Service) begun(l *ledger, b *book) error {
	page := b.c.all(store.Page{Limit: 1000})
	for left := b.c.Out; left > 0; {
		some, err := invocations.List(l.tx, b.scope, page)
		if err != nil {
			return err
		}
		for _, i := range some {
			if i.out() {
				b.add(i)
				left--
			}
			page.After = invocations.Key(i)
		}
		if len(some) < page.Limit {
			return nil
		}
	}
	return nil
}

// The action knows no resource types (Service Authorization Reference, AWS
// Systems Manager): who may cancel may cancel everywhere in the account.
func (s *Service) cancelCommandChecks(context.Context, *ssm.CancelCommandInput) ([]api.Check, error) {
	return api.OnAny("ssm:CancelCommand"), nil
}
