package sns

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// subscription is the stored form of one.
type subscription struct {
	ID         string // the last part of its ARN
	Topic      string // its ARN
	Owner      string // account
	Protocol   string
	Endpoint   string
	State      string
	Attributes map[string]string `json:",omitempty"` // as they were set, by AWS's names
	Token      string            `json:",omitempty"` // SHA-256 of what confirms it
	Expires    time.Time         // of a token, and with it of what is not confirmed
	Proved     bool              `json:",omitempty"` // ConfirmationWasAuthenticated
	Guarded    bool              `json:",omitempty"` // only with a signature it is ended
}

// States of a subscription.
const (
	statePending   = "PENDING"
	stateConfirmed = "CONFIRMED"
	stateEnded     = "ENDED" // by a link; it can be restored while its token lives
)

// tokenLife is how long a subscription can be confirmed. Source: SNS API
// Reference, "Subscribe": tokens are valid for two days.
const tokenLife = 48 * time.Hour

var subscriptions = store.Table[subscription]{
	Name: "sns.subscriptions", Reach: store.Plane,
	Key: func(s *subscription) string { return s.arn() },
	Indexes: map[string]func(*subscription) string{
		"topic": func(s *subscription) string { return s.Topic },
		"owner": func(s *subscription) string { return s.Owner + "/" + regionOf(s.Topic) },
		"fleeting": func(s *subscription) string {
			if s.State == stateConfirmed {
				return ""
			}
			return "yes"
		},
	},
}

func (s *subscription) arn() string { return s.Topic + ":" + s.ID }

// regionOf is the Region in the ARN of a topic.
func regionOf(topic string) string {
	parts := strings.SplitN(topic, ":", 5)
	return parts[min(3, len(parts)-1)]
}

// shownARN is what lists show: an ARN is a secret until it is confirmed.
func (s *subscription) shownARN() *string {
	if s.State != stateConfirmed {
		return new("PendingConfirmation")
	}
	return new(s.arn())
}

func (s *subscription) listed() types.Subscription {
	return types.Subscription{
		SubscriptionArn: s.shownARN(), Owner: &s.Owner, Protocol: &s.Protocol, Endpoint: &s.Endpoint, TopicArn: &s.Topic,
	}
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// split takes a subscription's ARN apart.
func split(call *api.Call, given string) (topic string, err error) {
	n := strings.LastIndexByte(given, ':')
	if n < 0 {
		return "", invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not 1")
	}
	if _, _, err := topicOf(call, given[:n]); err != nil {
		return "", invalid("SubscriptionArn Reason: %s is no ARN of a subscription in this Region", given)
	}
	return given[:n], nil
}

// findSubscription reads the one of a request. One that is not confirmed is
// found by those who know its ARN.
func findSubscription(tx *store.Tx, call *api.Call, given string) (*subscription, error) {
	if _, err := split(call, given); err != nil {
		return nil, err
	}
	s, err := subscriptions.Get(tx, store.Scope{}, given)
	if errors.Is(err, store.ErrNotFound) || err == nil && s.State == stateEnded {
		return nil, noSubscription()
	}
	return s, err
}

// onSubscription is the check of an action on a subscription: the resource is
// its topic; its owner may without the topic's leave.
func (s *Service) onSubscription(ctx context.Context, action string, given *string) ([]api.Check, error) {
	call, name := api.CallFrom(ctx), ""
	if given != nil {
		name = *given
	}
	topic, err := split(call, name)
	if err != nil {
		topic = ""
	}
	c, err := s.on(ctx, action, topic)
	if err != nil {
		return nil, err
	}
	err = s.store.View(ctx, func(tx *store.Tx) error {
		one, err := subscriptions.Get(tx, store.Scope{}, name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil && one.Owner == call.Account {
			c.Owner = one.Owner
		}
		return err
	})
	return []api.Check{c}, err
}

// listeners are the confirmed subscriptions of a topic.
func listeners(tx *store.Tx, topic string) ([]*subscription, error) {
	all, err := subscriptions.By(tx, store.Scope{}, "topic", topic, store.Page{})
	var out []*subscription
	for _, s := range all {
		if s.State == stateConfirmed {
			out = append(out, s)
		}
	}
	return out, err
}
