package resourcegroupstaggingapi

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// change is what is asked for resources: tags to set or keys to remove.
type change struct {
	set    map[string]string
	remove []string
}

// homeRegion is where the resources of a global service are.
const homeRegion = "us-east-1"

// changeAll changes the tags of resources and tells which failed. An ARN that
// is none fails the call, as on AWS.
func (s *Service) changeAll(ctx context.Context, names []string, c change) (map[string]types.FailureInfo, error) {
	for _, name := range names {
		if err := checkARN(name); err != nil {
			return nil, err
		}
	}
	failed := make(map[string]types.FailureInfo)
	done := make(map[string]bool, len(names))
	for _, name := range names {
		if done[name] {
			continue
		}
		done[name] = true
		a, err := arn.Parse(name)
		if err == nil {
			err = s.changeOne(ctx, a, c)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			failed[name] = failure(err)
		}
	}
	// The changes are committed with the records of the calls that made them;
	// this commits the record of the call itself.
	return failed, s.store.Update(ctx, func(*store.Tx) error { return nil })
}

func (s *Service) changeOne(ctx context.Context, a arn.ARN, c change) error {
	call := api.CallFrom(ctx)
	room, ok := s.ports.Rooms[a.Service]
	if ok {
		_, _, ok = room.TagActions(a.String())
	}
	if !ok {
		return &types.InternalServiceException{Message: new("Resources such as " + a.String() + " cannot be tagged here.")}
	}
	switch {
	case a.Region != "" && a.Region != call.Region, a.Service == "iam" && call.Region != homeRegion:
		return invalid("The resource %s is not in the Region %s.", a, call.Region)
	case a.Account != "" && a.Account != call.Account:
		return invalid("The resource %s is not in the account %s.", a, call.Account)
	case a.Service == "s3":
		return s.changeBucket(ctx, room, a, c)
	}
	if a.Service == "iam" {
		if err := exact(ctx, room, a); err != nil {
			return err
		}
	}
	service, operation, in := callFor(a, c)
	_, err := s.ports.Calls.Do(ctx, service, operation, in)
	return err
}

// exact refuses the ARN of a resource of IAM with a path that is not its own:
// its calls take the name alone.
func exact(ctx context.Context, room Room, a arn.ARN) error {
	all, err := room.Tagged(ctx, a.Account, homeRegion)
	if err != nil {
		return err
	}
	wrong := false
	for _, r := range all {
		if r.ARN == a.String() {
			return nil
		}
		have, err := arn.Parse(r.ARN)
		if err == nil && kindOf(have) == kindOf(a) && strings.EqualFold(nameOf(have), nameOf(a)) {
			wrong = true
		}
	}
	if wrong {
		return invalid("There is no resource %s.", a)
	}
	return nil // its call says so, to those who may make it
}
