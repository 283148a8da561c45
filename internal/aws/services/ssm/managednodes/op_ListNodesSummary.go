package managednodes

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// ListNodesSummary counts managed nodes by attributes.
func (s *Service) ListNodesSummary(ctx context.Context, in *ssm.ListNodesSummaryInput) (*ssm.ListNodesSummaryOutput, error) {
	const operation = "ListNodesSummary"
	filters, err := memberFilters(in.Filters)
	if err != nil {
		return nil, err
	}
	groupings, err := groupingsOf(in.Aggregators)
	if err != nil {
		return nil, err
	}
	after, limit, err := paging.Place(operation, in.NextToken, in.MaxResults, 50)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	scope := store.In(api.CallFrom(ctx).Place())
	own, err := s.unitOf(ctx, scope.Account)
	if err != nil {
		return nil, err
	}
	err = s.st.View(ctx, func(tx *store.Tx) error {
		clear(counts)
		_, err := s.members(tx, scope, own, in.SyncName, "", filters, func(m member) bool {
			for i, attributes := range groupings {
				counts[group(i, m, attributes)]++
			}
			return true
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &ssm.ListNodesSummaryOutput{Summary: []map[string]string{}}
	last := ""
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		if key <= after {
			continue
		}
		if len(out.Summary) == limit {
			out.NextToken = text(api.Token(operation, last))
			break
		}
		out.Summary, last = append(out.Summary, row(key, groupings, counts[key])), key
	}
	return out, nil
}

// groupingsOf are the attributes by which nodes are counted together, a list
// for each aggregator: a row has three members at most, so that an aggregator
// holds aggregators one level deep (Systems Manager API Reference, NodeSummary).
func groupingsOf(given []types.NodeAggregator) ([][]string, error) {
	var out [][]string
	for _, a := range given {
		first := string(a.AttributeName)
		if len(a.Aggregators) == 0 {
			out = append(out, []string{first})
		}
		for _, within := range a.Aggregators {
			if len(within.Aggregators) > 0 || within.AttributeName == a.AttributeName {
				return nil, &types.InvalidAggregatorException{Message: text("The specified aggregator isn't valid for the group type. Verify that the aggregator you provided is supported.")}
			}
			out = append(out, []string{first, string(within.AttributeName)})
		}
	}
	return out, nil
}

// group is the key of the row that a member is counted in.
func group(grouping int, m member, attributes []string) string {
	key := []string{strconv.Itoa(grouping)}
	for _, name := range attributes {
		key = append(key, m.of(name))
	}
	return strings.Join(key, "\x00")
}

// row is what a key stands for.
func row(key string, groupings [][]string, count int) map[string]string {
	parts := strings.Split(key, "\x00")
	out := map[string]string{"Count": strconv.Itoa(count)}
	grouping, err := strconv.Atoi(parts[0])
	if err != nil {
		return out
	}
	for i, name := range groupings[grouping] {
		out[name] = parts[i+1]
	}
	return out
}

func (s *Service) listNodesSummaryChecks(context.Context, *ssm.ListNodesSummaryInput) ([]api.Check, error) {
	return api.OnAny("ssm:ListNodesSummary"), nil
}
