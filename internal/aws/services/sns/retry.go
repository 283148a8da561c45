package sns

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"
)

// retries says when a delivery that failed is tried again.
// Source: SNS Developer Guide, "Amazon SNS message delivery retries".
type retries struct {
	MinDelayTarget     int    `json:"minDelayTarget"`
	MaxDelayTarget     int    `json:"maxDelayTarget"`
	NumRetries         int    `json:"numRetries"`
	NumMaxDelayRetries int    `json:"numMaxDelayRetries"`
	NumNoDelayRetries  int    `json:"numNoDelayRetries"`
	NumMinDelayRetries int    `json:"numMinDelayRetries"`
	BackoffFunction    string `json:"backoffFunction"`
}

var usualRetries = retries{MinDelayTarget: 20, MaxDelayTarget: 20, NumRetries: 3, BackoffFunction: "linear"}

// deliveryPolicy is the form of a subscription's policy, and of what a topic's
// says of HTTP.
type deliveryPolicy struct {
	Healthy  *retries         `json:"healthyRetryPolicy,omitempty"`
	Default  *retries         `json:"defaultHealthyRetryPolicy,omitempty"`
	Fixed    *bool            `json:"disableSubscriptionOverrides,omitempty"`
	Request  *requestPolicy   `json:"requestPolicy,omitempty"`
	Requests *requestPolicy   `json:"defaultRequestPolicy,omitempty"`
	Throttle *json.RawMessage `json:"throttlePolicy,omitempty"`
	Limits   *json.RawMessage `json:"defaultThrottlePolicy,omitempty"`
}

type requestPolicy struct {
	ContentType string `json:"headerContentType,omitempty"`
}

const usualContentType = "text/plain; charset=UTF-8"

// readDelivery reads the DeliveryPolicy of a topic (below "http") or of a
// subscription.
func readDelivery(text string) (deliveryPolicy, error) {
	var p struct {
		HTTP *deliveryPolicy `json:"http"`
		deliveryPolicy
	}
	if text == "" {
		return deliveryPolicy{}, nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return deliveryPolicy{}, errors.New("it is no delivery policy")
	}
	out := p.deliveryPolicy
	if p.HTTP != nil {
		out = *p.HTTP
	}
	if out.Throttle != nil && string(*out.Throttle) != "null" || out.Limits != nil && string(*out.Limits) != "null" {
		return deliveryPolicy{}, errors.New("throttle policies are not available here")
	}
	for _, r := range []*retries{out.Healthy, out.Default} {
		if r == nil {
			continue
		}
		if err := r.fill(); err != nil {
			return deliveryPolicy{}, err
		}
	}
	return out, nil
}

// fill sets what was left out, and checks the rest.
func (r *retries) fill() error {
	if r.MinDelayTarget == 0 {
		r.MinDelayTarget = usualRetries.MinDelayTarget
	}
	if r.MaxDelayTarget == 0 {
		r.MaxDelayTarget = max(usualRetries.MaxDelayTarget, r.MinDelayTarget)
	}
	if r.BackoffFunction == "" {
		r.BackoffFunction = usualRetries.BackoffFunction
	}
	switch {
	case r.MinDelayTarget < 1 || r.MaxDelayTarget > 3600 || r.MinDelayTarget > r.MaxDelayTarget:
		return errors.New("delays must be between 1 and 3600 seconds, and minDelayTarget not above maxDelayTarget")
	case r.NumRetries < 0 || r.NumRetries > 100:
		return errors.New("numRetries must be between 0 and 100")
	case r.NumNoDelayRetries < 0 || r.NumMinDelayRetries < 0 || r.NumMaxDelayRetries < 0 ||
		r.NumNoDelayRetries+r.NumMinDelayRetries+r.NumMaxDelayRetries > r.NumRetries:
		return errors.New("the retries of the phases must not be more than numRetries")
	}
	switch r.BackoffFunction {
	case "linear", "arithmetic", "geometric", "exponential":
		return nil
	}
	return errors.New("backoffFunction must be linear, arithmetic, geometric or exponential")
}

// pause is how long to wait before a retry, counted from one; ok is false when
// there is none any more.
func (r retries) pause(n int) (wait time.Duration, ok bool) {
	if n > r.NumRetries {
		return 0, false
	}
	low, high := float64(r.MinDelayTarget), float64(r.MaxDelayTarget)
	backoff := r.NumRetries - r.NumNoDelayRetries - r.NumMinDelayRetries - r.NumMaxDelayRetries
	step := n - r.NumNoDelayRetries - r.NumMinDelayRetries
	switch {
	case n <= r.NumNoDelayRetries:
		return 0, true
	case step <= 0:
		return time.Duration(low) * time.Second, true
	case step > backoff:
		return time.Duration(high) * time.Second, true
	}
	way := float64(step) / float64(backoff) // of the way from low to high
	switch r.BackoffFunction {
	case "arithmetic":
		way *= way
	case "geometric":
		way = (math.Pow(2, 4*way) - 1) / 15
	case "exponential":
		way = (math.Exp(4*way) - 1) / (math.Exp(4) - 1)
	}
	return time.Duration((low + (high-low)*way) * float64(time.Second)), true
}

// retriesOf are those that hold for a subscription of a topic.
func retriesOf(t *topic, s *subscription) (retries, string) {
	above, _ := readDelivery(t.Attributes[attributeDelivery]) // both were checked when they were set
	own, _ := readDelivery(s.Attributes[attributeDelivery])
	out, kind := usualRetries, usualContentType
	if above.Default != nil {
		out = *above.Default
	}
	if above.Requests != nil && above.Requests.ContentType != "" {
		kind = above.Requests.ContentType
	}
	if above.Fixed != nil && *above.Fixed {
		return out, kind
	}
	if own.Healthy != nil {
		out = *own.Healthy
	}
	if own.Request != nil && own.Request.ContentType != "" {
		kind = own.Request.ContentType
	}
	return out, kind
}

// effective is EffectiveDeliveryPolicy of a topic or, with one, a subscription.
func effective(t *topic, s *subscription) string {
	var shown any
	if s == nil {
		r, kind := retriesOf(t, &subscription{})
		above, _ := readDelivery(t.Attributes[attributeDelivery])
		fixed := above.Fixed != nil && *above.Fixed
		shown = map[string]any{"http": map[string]any{
			"defaultHealthyRetryPolicy": r, "disableSubscriptionOverrides": fixed, "defaultRequestPolicy": requestPolicy{kind},
		}}
	} else {
		r, kind := retriesOf(t, s)
		shown = map[string]any{"healthyRetryPolicy": r, "requestPolicy": requestPolicy{kind}}
	}
	out, _ := json.Marshal(shown) // plain values
	return string(out)
}
