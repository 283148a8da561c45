package cloudwatchlogs

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// ListLogGroups lists names, ARNs and classes of log groups in the order of
// their names. No group here has data sources or field indexes, so a filter of
// either fits none.
func (s *Service) ListLogGroups(ctx context.Context, in *cloudwatchlogs.ListLogGroupsInput) (*cloudwatchlogs.ListLogGroupsOutput, error) {
	call := api.CallFrom(ctx)
	after, limit, err := pageOf("ListLogGroups", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	if aws.ToBool(in.IncludeLinkedAccounts) || len(in.AccountIdentifiers) > 0 {
		return nil, notMonitoring()
	}
	out := &cloudwatchlogs.ListLogGroupsOutput{LogGroups: []types.LogGroupSummary{}}
	if len(in.DataSources) > 0 || len(in.FieldIndexNames) > 0 {
		return out, nil
	}
	wanted := func(g *group) bool {
		return (in.LogGroupClass == "" || g.Class == in.LogGroupClass) && fitsNames(in.LogGroupNamePattern, g.Name) && fitsTags(in.LogGroupTags, g.Tags)
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		list, more, err := walkGroups(tx, store.In(call.Place()), "", after, limit, wanted)
		if err != nil {
			return err
		}
		if more {
			out.NextToken = aws.String(api.Token("ListLogGroups", list[limit-1].Name))
		}
		for _, g := range list {
			full := g.shown(0)
			out.LogGroups = append(out.LogGroups, types.LogGroupSummary{LogGroupName: full.LogGroupName, LogGroupArn: full.LogGroupArn, LogGroupClass: full.LogGroupClass})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// listLogGroupsChecks: the action knows no resources.
// Source: Service Authorization Reference, "Amazon CloudWatch Logs".
func (s *Service) listLogGroupsChecks(context.Context, *cloudwatchlogs.ListLogGroupsInput) ([]api.Check, error) {
	return api.OnAny("logs:ListLogGroups"), nil
}

// fitsNames tells whether a name fits one of up to five parts of a pattern:
// each is a substring, or with "^" before it a prefix.
// Source: CloudWatch Logs API Reference, "ListLogGroups", logGroupNamePattern.
func fitsNames(pattern *string, name string) bool {
	if pattern == nil {
		return true
	}
	for part := range strings.SplitSeq(*pattern, "|") {
		if prefix, ok := strings.CutPrefix(part, "^"); ok && strings.HasPrefix(name, prefix) || !ok && strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// fitsTags tells whether tags fit all filters, of the values of each one.
func fitsTags(filters []types.TagFilter, tags map[string]string) bool {
	for _, f := range filters {
		value, ok := tags[aws.ToString(f.Key)]
		if !ok {
			return false
		}
		fits := len(f.Values) == 0
		for _, v := range f.Values {
			fits = fits || fitsValue(v, value)
		}
		if !fits {
			return false
		}
	}
	return true
}

// fitsValue compares a tag's value with what a filter says: "*" at an end
// stands for anything, "!" before it for anything else. With a wildcard, case
// does not matter. Source: CloudWatch Logs API Reference, "TagFilter".
func fitsValue(said, value string) bool {
	text, not := strings.CutPrefix(said, "!")
	text, open := strings.CutPrefix(text, "*")
	text, goesOn := strings.CutSuffix(text, "*")
	fits := text == value
	if open || goesOn {
		text, value = strings.ToLower(text), strings.ToLower(value)
	}
	switch {
	case open && goesOn:
		fits = strings.Contains(value, text)
	case open:
		fits = strings.HasSuffix(value, text)
	case goesOn:
		fits = strings.HasPrefix(value, text)
	}
	return fits != not
}
