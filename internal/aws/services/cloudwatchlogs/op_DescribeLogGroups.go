package cloudwatchlogs

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeLogGroups lists log groups in the order of their names.
func (s *Service) DescribeLogGroups(ctx context.Context, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	call := api.CallFrom(ctx)
	after, limit, err := pageOf("DescribeLogGroups", in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	if err := checkGroupFilters(in); err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{}}
	sc := store.In(call.Place())
	wanted := func(g *group) bool {
		return (in.LogGroupClass == "" || g.Class == in.LogGroupClass) && strings.Contains(g.Name, aws.ToString(in.LogGroupNamePattern))
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if in.LogGroupIdentifiers != nil {
			out.LogGroups, err = identifiedGroups(tx, call, in.LogGroupIdentifiers)
			return err
		}
		list, more, err := walkGroups(tx, sc, aws.ToString(in.LogGroupNamePrefix), after, limit, wanted)
		if err != nil {
			return err
		}
		if more {
			out.NextToken = aws.String(api.Token("DescribeLogGroups", list[limit-1].Name))
		}
		for _, g := range list {
			if in.LogGroupNamePattern != nil {
				// The answer to a pattern has these three only.
				full := g.shown(0)
				out.LogGroups = append(out.LogGroups, types.LogGroup{Arn: full.Arn, LogGroupName: full.LogGroupName, CreationTime: full.CreationTime})
				continue
			}
			u, err := usageOf(tx, g)
			if err != nil {
				return err
			}
			out.LogGroups = append(out.LogGroups, g.shown(u.Bytes))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("describe log groups: %w", err)
	}
	return out, nil
}

// describeLogGroupsChecks: the action knows no resources.
// Source: Service Authorization Reference, "Amazon CloudWatch Logs".
func (s *Service) describeLogGroupsChecks(context.Context, *cloudwatchlogs.DescribeLogGroupsInput) ([]api.Check, error) {
	return api.OnAny("logs:DescribeLogGroups"), nil
}

func checkGroupFilters(in *cloudwatchlogs.DescribeLogGroupsInput) error {
	switch {
	case in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil:
		return invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	case aws.ToBool(in.IncludeLinkedAccounts) || len(in.AccountIdentifiers) > 0:
		return notMonitoring()
	case in.LogGroupIdentifiers != nil && (in.LogGroupNamePrefix != nil || in.LogGroupNamePattern != nil || in.LogGroupClass != "" || in.NextToken != nil):
		return invalid("logGroupIdentifiers can be combined with includeLinkedAccounts only.")
	}
	return nil
}

func notMonitoring() error {
	return invalid("This account is not a monitoring account: includeLinkedAccounts and accountIdentifiers cannot be used.")
}

// identifiedGroups are those of the groups that exist.
func identifiedGroups(tx *store.Tx, call *api.Call, names []string) ([]types.LogGroup, error) {
	out := []types.LogGroup{}
	for _, name := range names {
		r, err := identified(call, nil, &name)
		if err != nil {
			return nil, err
		}
		if r.account != call.Account || r.region != call.Region {
			return nil, invalid("Only log groups of this account and Region can be described: " + name)
		}
		list, err := groups.List(tx, r.scope(), store.Page{Min: r.name, Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(list) == 0 || list[0].Name != r.name {
			continue
		}
		u, err := usageOf(tx, list[0])
		if err != nil {
			return nil, err
		}
		out = append(out, list[0].shown(u.Bytes))
	}
	return out, nil
}

// walkGroups returns up to limit groups behind a name that are wanted, and
// whether there are more.
func walkGroups(tx *store.Tx, sc store.Scope, prefix, after string, limit int, wanted func(*group) bool) (out []*group, more bool, err error) {
	p := withPrefix(prefix)
	p.After, p.Limit = after, 200
	for {
		list, err := groups.List(tx, sc, p)
		if err != nil {
			return nil, false, err
		}
		for _, g := range list {
			if !wanted(g) {
				continue
			}
			if len(out) == limit {
				return out, true, nil
			}
			out = append(out, g)
		}
		if len(list) < p.Limit {
			return out, false, nil
		}
		p.After = list[len(list)-1].Name
	}
}
