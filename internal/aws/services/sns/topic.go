package sns

import (
	"context"
	"errors"
	"regexp"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// topic is the stored form of a topic.
type topic struct {
	Name       string
	Account    string
	Region     string
	Attributes map[string]string `json:",omitempty"` // as they were set, by AWS's names
	Tags       map[string]string `json:",omitempty"`
	Deleted    int               `json:",omitempty"` // subscriptions that were deleted
}

var topics = store.Table[topic]{
	Name: "sns.topics", Reach: store.Regional, Key: func(t *topic) string { return t.Name },
}

// Attributes of topics that can be set.
const (
	attributePolicy    = "Policy"
	attributeDelivery  = "DeliveryPolicy"
	attributeDisplay   = "DisplayName"
	attributeSignature = "SignatureVersion"
	attributeTracing   = "TracingConfig"
)

var topicName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (t *topic) scope() store.Scope { return store.In(t.Account, t.Region) }

func (t *topic) arn() string { return topicARN(t.scope(), t.Name) }

func topicARN(sc store.Scope, name string) string {
	return arn.New("sns", sc.Region, sc.Account, name).String()
}

// policy is who may use the topic.
func (t *topic) policy() string {
	if p := t.Attributes[attributePolicy]; p != "" {
		return p
	}
	return defaultPolicy(t.arn(), t.Account)
}

// signature is the SignatureVersion of its messages.
func (t *topic) signature() string {
	if t.Attributes[attributeSignature] == "2" {
		return "2"
	}
	return "1"
}

// topicOf reads the ARN of a topic of the call's Region.
func topicOf(call *api.Call, given string) (store.Scope, string, error) {
	a, err := arn.Parse(given)
	if err != nil || a.Service != "sns" || !topicName.MatchString(a.Resource) {
		return store.Scope{}, "", invalid("TopicArn")
	}
	if call.Region != "" && a.Region != call.Region {
		return store.Scope{}, "", invalid("TopicArn")
	}
	if a.Account == "" || a.Region == "" {
		return store.Scope{}, "", invalid("TopicArn")
	}
	return store.In(a.Account, a.Region), a.Resource, nil
}

// find reads the topic of a request.
func find(tx *store.Tx, call *api.Call, given string) (*topic, error) {
	sc, name, err := topicOf(call, given)
	if err != nil {
		return nil, err
	}
	t, err := topics.Get(tx, sc, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, noTopic()
	}
	return t, err
}

// look reads the topic of a request in a transaction of its own.
func (s *Service) look(ctx context.Context, given string) (t *topic, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		t, err = find(tx, api.CallFrom(ctx), given)
		return err
	})
	return t, err
}

// change changes the topic of a request.
func (s *Service) change(ctx context.Context, given string, move func(t *topic) error) error {
	return s.store.Update(ctx, func(tx *store.Tx) error {
		t, err := find(tx, api.CallFrom(ctx), given)
		if err != nil {
			return err
		}
		if err := move(t); err != nil {
			return err
		}
		return topics.Put(tx, t.scope(), t)
	})
}

// on is the check of an action on a topic: its own policy counts.
func (s *Service) on(ctx context.Context, action, given string) (api.Check, error) {
	call := api.CallFrom(ctx)
	c := api.Check{Action: action, Resource: given, Sets: map[string][]string{"sns:Endpoint": nil, "sns:Protocol": nil}}
	sc, name, err := topicOf(call, given)
	if err != nil { // the operation says so
		c.Resource = topicARN(store.In(call.Place()), "*")
		return c, nil //nolint:nilerr // it says so itself
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		t, err := topics.Get(tx, sc, name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			c.Tags, c.Policy = t.Tags, t.policy()
		}
		return err
	})
	return c, err
}

func (s *Service) checks(ctx context.Context, action string, given *string) ([]api.Check, error) {
	name := ""
	if given != nil {
		name = *given
	}
	c, err := s.on(ctx, action, name)
	return []api.Check{c}, err
}
