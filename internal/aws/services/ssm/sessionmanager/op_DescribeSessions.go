package sessionmanager

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// kept is how long a session that is over stays in the history. Source:
// Systems Manager User Guide, "View session history".
const kept = 30 * 24 * time.Hour

// batch is how many records a filtered list reads at once.
const batch = 200

// DescribeSessions lists sessions that go on, or those that are over, the
// newest first.
func (s *Service) DescribeSessions(ctx context.Context, in *ssm.DescribeSessionsInput) (*ssm.DescribeSessionsOutput, error) {
	call := api.CallFrom(ctx)
	fits, err := readFilters(in.Filters)
	if err != nil {
		return nil, err
	}
	after, limit := "", 50
	if in.MaxResults != nil {
		limit = int(*in.MaxResults)
	}
	if in.NextToken != nil && *in.NextToken != "" {
		ok := false
		if after, ok = api.After("DescribeSessions", *in.NextToken); !ok {
			return nil, &types.InvalidNextToken{Message: text("The specified token isn't valid.")}
		}
	}
	past := in.State == types.SessionStateHistory
	out := &ssm.DescribeSessionsOutput{Sessions: []types.Session{}}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		out.Sessions, out.NextToken = out.Sessions[:0], nil
		for at := after; ; {
			page, err := sessions.List(tx, store.In(call.Place()), store.Page{After: at, Limit: batch, Descending: true})
			if err != nil {
				return err
			}
			for _, one := range page {
				if one.over() != past || !fits(one) || past && call.Time.Sub(one.Ended) > kept {
					continue
				}
				if len(out.Sessions) == limit {
					out.NextToken = text(api.Token("DescribeSessions", after))
					return nil
				}
				out.Sessions = append(out.Sessions, one.describe(call))
				after = sessions.Key(one)
			}
			if len(page) < batch {
				return nil
			}
			at = sessions.Key(page[len(page)-1])
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// readFilters makes one condition of all filters.
func readFilters(filters []types.SessionFilter) (func(*session) bool, error) {
	var all []func(*session) bool
	for _, f := range filters {
		want := *f.Value
		var one func(*session) bool
		switch f.Key {
		case types.SessionFilterKeyInvokedAfter, types.SessionFilterKeyInvokedBefore:
			t, err := time.Parse(time.RFC3339, want)
			if err != nil {
				return nil, invalid("The value " + want + " of the filter " + string(f.Key) + " is no timestamp, such as 2024-08-29T00:00:00Z.")
			}
			one = func(s *session) bool { return s.Started.Before(t) }
			if f.Key == types.SessionFilterKeyInvokedAfter {
				one = func(s *session) bool { return !s.Started.Before(t) }
			}
		case types.SessionFilterKeyTargetId:
			one = func(s *session) bool { return s.Target == want || s.Node == want }
		case types.SessionFilterKeyOwner:
			one = func(s *session) bool { return s.Owner == want }
		case types.SessionFilterKeyStatus:
			one = func(s *session) bool { return s.Status == want }
		case types.SessionFilterKeySessionId:
			one = func(s *session) bool { return s.ID == want }
		case types.SessionFilterKeyAccessType:
			one = func(*session) bool { return want == string(types.AccessTypeStandard) }
		default:
			return nil, &types.InvalidFilterKey{Message: text("The filter key " + string(f.Key) + " isn't valid.")}
		}
		all = append(all, one)
	}
	return func(s *session) bool {
		for _, fits := range all {
			if !fits(s) {
				return false
			}
		}
		return true
	}, nil
}

func (s *Service) describeSessionsChecks(context.Context, *ssm.DescribeSessionsInput) ([]api.Check, error) {
	return api.OnAny("ssm:DescribeSessions"), nil
}
