package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListArchives lists archives in the order of their names.
func (s *Service) ListArchives(ctx context.Context, in *eventbridge.ListArchivesInput) (*eventbridge.ListArchivesOutput, error) {
	if err := oneFilter(in.NamePrefix != nil, in.EventSourceArn != nil, in.State != ""); err != nil {
		return nil, err
	}
	p, err := pageAt("ListArchives", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	shown, next, err := listNamed(ctx, s, p, &archives, in.NamePrefix, func(_ *store.Tx, a *archive) (types.Archive, bool, error) {
		one := a.listed()
		return one, (in.EventSourceArn == nil || *one.EventSourceArn == *in.EventSourceArn) && (in.State == "" || one.State == in.State), nil
	})
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListArchivesOutput{Archives: shown, NextToken: next}, nil
}

// oneFilter refuses more than one of the filters of a list.
func oneFilter(given ...bool) error {
	n := 0
	for _, is := range given {
		if is {
			n++
		}
	}
	if n > 1 {
		return invalid("At most one filter is allowed for results.")
	}
	return nil
}

func (s *Service) listArchivesChecks(context.Context, *eventbridge.ListArchivesInput) ([]api.Check, error) {
	return api.OnAny("events:ListArchives"), nil
}
