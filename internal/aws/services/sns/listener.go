package sns

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// perPage is how many topics or subscriptions a page has.
// Source: SNS API Reference, "ListTopics".
const perPage = 100

func after(list string, token *string) (string, error) {
	if deref(token) == "" {
		return "", nil
	}
	after, ok := api.After(list, *token)
	if !ok {
		return "", invalid("NextToken")
	}
	return after, nil
}

// list is a page of the subscriptions that an index finds.
func (s *Service) list(ctx context.Context, name, index, value string, token *string) (page []types.Subscription, next *string, err error) {
	from, err := after(name, token)
	if err != nil {
		return nil, nil, err
	}
	var all []*subscription
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = subscriptions.By(tx, store.Scope{}, index, value, store.Page{After: from})
		return err
	})
	page = []types.Subscription{}
	last := ""
	for _, one := range all {
		if one.State == stateEnded {
			continue
		}
		if len(page) == perPage {
			return page, new(api.Token(name, last)), err
		}
		page, last = append(page, one.listed()), one.arn()
	}
	return page, nil, err
}

// subscription reads the one of a request.
func (s *Service) subscription(ctx context.Context, given string) (one *subscription, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		one, err = findSubscription(tx, api.CallFrom(ctx), given)
		return err
	})
	return one, err
}

// newSubscription reads a request to listen.
func (s *Service) newSubscription(call *api.Call, in *sns.SubscribeInput) (*subscription, error) {
	one := &subscription{ID: s.ids.UUID(), Owner: call.Account, Protocol: *in.Protocol, Endpoint: deref(in.Endpoint), State: statePending}
	switch one.Protocol {
	case "http", "https":
		if !strings.HasPrefix(one.Endpoint, one.Protocol+"://") {
			return nil, invalid("Endpoint must match the specified protocol")
		}
		if err := s.ports.Web.Check(one.Endpoint); err != nil {
			return nil, invalid("Endpoint Reason: %s", err)
		}
	case "email", "email-json":
		if err := s.ports.Mail.Check(one.Endpoint); err != nil {
			return nil, invalid("Email address")
		}
	default:
		return nil, invalid("Amazon SNS does not support this protocol string: %s", one.Protocol)
	}
	for name, value := range in.Attributes {
		if err := one.set(name, value); err != nil {
			return nil, err
		}
	}
	return one, one.coherent()
}

// enter returns the subscription that is kept: the new one, or one of the same
// endpoint that is there already.
func (s *Service) enter(tx *store.Tx, one subscription) (*subscription, error) {
	all, err := subscriptions.By(tx, store.Scope{}, "topic", one.Topic, store.Page{})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(o *subscription) bool { return o.Protocol == one.Protocol && o.Endpoint == one.Endpoint })
	if i < 0 {
		return &one, nil
	}
	old := all[i]
	if len(one.Attributes) > 0 && !maps.Equal(old.Attributes, one.Attributes) {
		return nil, invalid("Attributes Reason: Subscription already exists with different attributes")
	}
	if old.State == stateEnded {
		old.State = statePending
	}
	return old, nil
}
