package vpc

import (
	"context"
	"errors"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// thing is a resource that a call is about. One without an id was not given.
type thing struct {
	kind kind
	id   *string
}

// describing is the check of a Describe operation, which knows no resources.
func describing(action string) []api.Check {
	return []api.Check{{Action: "ec2:" + action, Resource: "*"}}
}

func arnOf(call *api.Call, k kind, id string) string {
	return arn.New("ec2", call.Region, call.Account, k.resource()+"/"+id).String()
}

// on are the checks of an action on resources, with the tags of those that
// exist (Service Authorization Reference, "Actions, resources, and condition
// keys for Amazon EC2").
func (s *Service) on(ctx context.Context, action string, things ...thing) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	var checks []api.Check
	err := s.store.View(ctx, func(tx *store.Tx) error {
		checks = nil
		for _, t := range things {
			if t.id == nil || *t.id == "" {
				continue
			}
			c := api.Check{Action: "ec2:" + action, Resource: arnOf(call, t.kind, *t.id), Keys: map[string]string{"ec2:Region": call.Region}}
			h, network, err := t.kind.find(look{tx, store.In(call.Place()), call.Time}, *t.id)
			if err := unlessModelled(err); err != nil {
				return err
			}
			c.Tags = h.Tags
			if network != "" {
				c.Keys["ec2:Vpc"] = arnOf(call, &vpcNoun, network)
			}
			checks = append(checks, c)
		}
		return nil
	})
	if len(checks) == 0 {
		checks = []api.Check{{Action: "ec2:" + action, Resource: "*"}}
	}
	return checks, err
}

// unlessModelled forgives what is not there: it has no tags and leads nowhere.
func unlessModelled(err error) error {
	if _, modelled := errors.AsType[smithy.APIError](err); modelled {
		return nil
	}
	return err
}

// making are the checks of an action that makes a resource out of others, and
// of its tags.
func (s *Service) making(ctx context.Context, action string, made kind, specs []types.TagSpecification, from ...thing) ([]api.Check, error) {
	call := api.CallFrom(ctx)
	var checks []api.Check
	if len(from) > 0 {
		var err error
		if checks, err = s.on(ctx, action, from...); err != nil {
			return nil, err
		}
	}
	keys, names := map[string]string{"ec2:Region": call.Region}, []string{}
	for _, spec := range specs {
		for _, t := range spec.Tags {
			keys["aws:RequestTag/"+text(t.Key)] = text(t.Value)
			names = append(names, text(t.Key))
		}
	}
	sets := map[string][]string{"aws:TagKeys": names}
	resource := arnOf(call, made, "*")
	checks = append(checks, api.Check{Action: "ec2:" + action, Resource: resource, Keys: keys, Sets: sets})
	if len(names) > 0 {
		tagged := map[string]string{"ec2:CreateAction": action}
		maps.Copy(tagged, keys)
		checks = append(checks, api.Check{Action: "ec2:CreateTags", Resource: resource, Keys: tagged, Sets: sets})
	}
	return checks, nil
}
