package eventbridge

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// patience is how long an endpoint may take. Source: EventBridge User Guide,
// "API destinations as targets".
const patience = 5 * time.Second

// extra is what a target adds to requests to its API destination.
type extra struct {
	Header map[string]string `json:",omitempty"`
	Query  map[string]string `json:",omitempty"`
	Path   []string          `json:",omitempty"` // for each * of the endpoint
}

// request is one to an endpoint.
type request struct {
	method string
	to     string
	header map[string]string
	body   []byte
}

// with adds parameters of headers and of the query.
func (r *request) with(list []parameter) error {
	u, err := url.Parse(r.to)
	if err != nil {
		return fmt.Errorf("the endpoint is no URL: %w", err)
	}
	query := u.Query()
	for _, p := range list {
		switch p.In {
		case inHeader:
			r.header[p.Key] = p.Value
		case inQuery:
			query.Set(p.Key, p.Value)
		}
	}
	u.RawQuery = query.Encode()
	r.to = u.String()
	return nil
}

// invoke sends an event to an API destination. What another try would not help
// is ErrForGood. Source: EventBridge User Guide, "API destinations as targets",
// "How EventBridge retries".
func (s *Service) invoke(ctx context.Context, d Delivery, t *target) error {
	own := api.Check{Action: "events:InvokeApiDestination", Resource: d.Target[:strings.LastIndexByte(d.Target, '/')]}
	if err := s.ports.Targets.May(ctx, d, own); err != nil {
		return err
	}
	to, c, err := s.endpoint(ctx, d)
	if err != nil {
		return err
	}
	if c.State == types.ConnectionStateDeauthorized {
		return fmt.Errorf("the connection %s is not authorized", c.Name) // it may be again
	}
	k, err := s.credentials(c)
	if err != nil {
		return err
	}
	r, err := newRequest(to, t, k, d.Input)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrForGood, err)
	}
	if err := s.prove(ctx, r, c, k); err != nil {
		return err
	}
	status, _, err := s.ports.Web.Do(ctx, r.method, r.to, r.header, r.body, patience)
	switch {
	case err != nil:
		return err
	case status/100 == 2:
		return nil
	case status == 401 || status == 407:
		s.tokens.drop(c.arn())
	case status != 409 && status != 429 && status < 500:
		return fmt.Errorf("%w: the endpoint answered %d", ErrForGood, status)
	}
	return fmt.Errorf("the endpoint answered %d", status)
}

// endpoint reads the destination of a delivery with its connection.
func (s *Service) endpoint(ctx context.Context, d Delivery) (to *destination, c *connection, err error) {
	sc := store.In(d.Account, d.Region)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if to, err = findDestination(tx, sc, destinationNamed(d.Target)); err != nil {
			return err
		}
		if to.arn() != d.Target {
			return missing("An api-destination '%s' does not exist.", d.Target)
		}
		c, err = connectionAt(tx, sc, to.Connection)
		return err
	})
	if gone, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return nil, nil, fmt.Errorf("%w: %s", ErrForGood, gone.ErrorMessage())
	}
	return to, c, err
}

// newRequest makes the request for an event. What the connection says goes
// before what the target says.
func newRequest(d *destination, t *target, k *credentials, input string) (*request, error) {
	r := &request{method: string(d.Method), to: d.Endpoint, body: []byte(input), header: map[string]string{
		"Content-Type": "application/json; charset=utf-8", "User-Agent": "Amazon/EventBridge/ApiDestinations",
	}}
	var own []parameter
	if t.Web != nil {
		for _, value := range t.Web.Path {
			r.to = strings.Replace(r.to, "*", url.PathEscape(value), 1)
		}
		for key, value := range t.Web.Header {
			own = append(own, parameter{In: inHeader, Key: key, Value: value})
		}
		for key, value := range t.Web.Query {
			own = append(own, parameter{In: inQuery, Key: key, Value: value})
		}
	}
	if err := r.with(append(own, k.OfRequests...)); err != nil {
		return nil, err
	}
	switch d.Method {
	case types.ApiDestinationHttpMethodGet, types.ApiDestinationHttpMethodHead, types.ApiDestinationHttpMethodOptions:
		r.body = nil
		return r, nil
	}
	return r, r.fill(k.OfRequests)
}

// fill puts parameters of the body into it, where it is an object.
func (r *request) fill(list []parameter) error {
	var object map[string]json.RawMessage
	if isObject := json.Unmarshal(r.body, &object) == nil && object != nil; !isObject {
		return nil
	}
	added := false
	for _, p := range list {
		if p.In != inBody {
			continue
		}
		value, err := json.Marshal(p.Value)
		if err != nil {
			return err
		}
		object[p.Key], added = value, true
	}
	if !added {
		return nil
	}
	text, err := encode(object)
	r.body = []byte(text)
	return err
}

// prove adds what shows who the request comes from.
func (s *Service) prove(ctx context.Context, r *request, c *connection, k *credentials) error {
	switch c.Kind {
	case types.ConnectionAuthorizationTypeBasic:
		r.header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(k.Name+":"+k.Secret))
	case types.ConnectionAuthorizationTypeApiKey:
		r.header[k.Name] = k.Secret
	case types.ConnectionAuthorizationTypeOauthClientCredentials:
		token, err := s.token(ctx, c, k)
		if err != nil {
			return err
		}
		r.header["Authorization"] = "Bearer " + token
	}
	return nil
}

// pace says when the next request may go to each API destination. It begins
// anew with the process.
type pace struct {
	mu   *sync.Mutex
	next map[string]time.Time // guarded by mu; by the destination's ARN
}

func newPace() pace { return pace{new(sync.Mutex), map[string]time.Time{}} }

// turn takes the next turn of a destination.
func (p pace) turn(of string, rate int32, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.next[of]
	if at.Before(now) {
		at = now
	}
	p.next[of] = at.Add(time.Second / time.Duration(rate))
	return at
}

// turn is when an errand may go: at once, unless it is for an API destination
// that has had as many requests as it may have.
func (s *Service) turn(ctx context.Context, e *errand, t *target) (at time.Time, err error) {
	now := s.clock.Now()
	name := destinationNamed(t.ARN)
	if name == "" || e.Turn {
		return now, nil
	}
	rate := int32(usualRate)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := destinations.Get(tx, store.In(e.Account, e.Region), name)
		if errors.Is(err, store.ErrNotFound) {
			return nil // which the delivery finds too
		}
		if err == nil {
			rate = *d.rate()
		}
		return err
	})
	return s.pace.turn(t.ARN, rate, now), err
}
