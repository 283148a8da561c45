package cloudwatchlogs

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CreateLogGroup makes a log group.
func (s *Service) CreateLogGroup(ctx context.Context, in *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
	call := api.CallFrom(ctx)
	g := &group{
		ID: s.ids.Hex(16), Name: *in.LogGroupName, Account: call.Account, Region: call.Region, Created: s.clock.Now(),
		Class: in.LogGroupClass, Protected: aws.ToBool(in.DeletionProtectionEnabled),
	}
	if g.Class == "" {
		g.Class = types.LogGroupClassStandard
	}
	switch {
	case strings.HasPrefix(g.Name, "aws/"):
		return nil, invalid("Log groups starting with AWS/ are reserved for AWS.")
	case in.KmsKeyId != nil:
		return nil, invalid("Encrypting a log group with a KMS key is not supported here; leave out kmsKeyId.")
	case g.Class != types.LogGroupClassStandard && g.Class != types.LogGroupClassInfrequentAccess:
		return nil, invalid("Log groups of the class " + string(g.Class) + " are not supported here.")
	}
	var err error
	if g.Tags, err = newTags(in.Tags); err != nil {
		return nil, err
	}
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		if _, err := groups.Get(tx, g.scope(), g.Name); err == nil {
			return exists("The specified log group already exists")
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return groups.Put(tx, g.scope(), g)
	})
	if err != nil {
		return nil, fmt.Errorf("create log group %s: %w", g.Name, err)
	}
	return &cloudwatchlogs.CreateLogGroupOutput{}, nil
}

// createLogGroupChecks: tags in the request need the right to tag, too.
// Source: CloudWatch Logs API Reference, "CreateLogGroup".
func (s *Service) createLogGroupChecks(ctx context.Context, in *cloudwatchlogs.CreateLogGroupInput) ([]api.Check, error) {
	r := named(api.CallFrom(ctx), in.LogGroupName)
	keys, sets := requestTags(in.Tags)
	checks := []api.Check{{Action: "logs:CreateLogGroup", Resource: groupTarget(r.account, r.region, r.name), Keys: keys, Sets: sets}}
	if len(in.Tags) > 0 {
		target := groupARN(r.account, r.region, r.name).String()
		checks = append(checks, api.Check{Action: "logs:TagResource", Resource: target, Keys: keys, Sets: sets})
	}
	return checks, nil
}
