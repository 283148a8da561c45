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
	out := &eventbridge.ListArchivesOutput{}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		out.Archives, out.NextToken = []types.Archive{}, nil
		list, err := archives.List(tx, store.In(api.CallFrom(ctx).Place()), store.Page{After: p.after})
		for _, a := range list {
			one := a.listed()
			if !p.takes(a.Name, deref(in.NamePrefix)) || in.EventSourceArn != nil && *one.EventSourceArn != *in.EventSourceArn || in.State != "" && one.State != in.State {
				continue
			}
			if p.full(len(out.Archives)) {
				out.NextToken = p.token(*out.Archives[len(out.Archives)-1].ArchiveName)
				break
			}
			out.Archives = append(out.Archives, one)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
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
