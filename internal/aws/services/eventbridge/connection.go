package eventbridge

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// connection is the stored form of a connection: how requests to an endpoint
// prove who they come from. What proves it is sealed.
type connection struct {
	Name        string
	ID          string // the end of its ARN
	Account     string
	Region      string
	Description *string `json:",omitempty"`
	Kind        types.ConnectionAuthorizationType
	State       types.ConnectionState
	Reason      string `json:",omitempty"`
	Sealed      []byte `json:",omitempty"` // credentials, as JSON
	Created     time.Time
	Modified    time.Time
	Authorized  time.Time
}

// credentials are what a connection proves itself by.
type credentials struct {
	Name       string      // of the user, the client, or the header of the key
	Secret     string      // password, client secret, or key
	Endpoint   string      `json:",omitempty"` // for tokens
	Method     string      `json:",omitempty"`
	OfToken    []parameter `json:",omitempty"` // of the request for a token
	OfRequests []parameter `json:",omitempty"` // of each request
}

// parameter is one that goes with a request.
type parameter struct {
	In     string // header, query or body
	Key    string
	Value  string
	Secret bool `json:",omitempty"`
}

// The places of parameters.
const (
	inHeader = "header"
	inQuery  = "query"
	inBody   = "body"
)

var connections = store.Table[connection]{
	Name: "eventbridge.connections", Reach: store.Regional, Key: func(c *connection) string { return c.Name },
	Indexes: map[string]func(*connection) string{
		"state":  func(c *connection) string { return string(c.State) },
		"sealed": func(c *connection) string { return map[bool]string{true: "yes"}[len(c.Sealed) > 0] },
	},
}

// mostConnections is how many an account has in a Region. Source: EventBridge
// User Guide, "Quotas".
const mostConnections = 3000

func (c *connection) scope() store.Scope { return store.In(c.Account, c.Region) }

func (c *connection) arn() string {
	return arn.New("events", c.Region, c.Account, "connection/"+c.Name+"/"+c.ID).String()
}

// purpose binds what is sealed to its connection.
func (c *connection) purpose() string { return "eventbridge connection " + c.arn() }

// hold seals credentials into the connection.
func (s *Service) hold(c *connection, k *credentials) error {
	text, err := json.Marshal(k)
	if err == nil {
		c.Sealed, err = s.ports.Box.Seal(c.purpose(), text)
	}
	return err
}

// credentials opens those of a connection.
func (s *Service) credentials(c *connection) (*credentials, error) {
	k := new(credentials)
	if len(c.Sealed) == 0 {
		return k, nil
	}
	text, err := s.ports.Box.Open(c.purpose(), c.Sealed)
	if err != nil {
		return nil, fmt.Errorf("open the credentials of %s: %w", c.arn(), err)
	}
	return k, json.Unmarshal(text, k)
}

// authorized says that a connection can be used; one by tokens is once a token
// was got for it.
func (c *connection) authorized(now time.Time) {
	c.State, c.Reason, c.Modified = types.ConnectionStateAuthorized, "", now
	if c.Kind == types.ConnectionAuthorizationTypeOauthClientCredentials {
		c.State = types.ConnectionStateAuthorizing
		return
	}
	c.Authorized = now
}

// findConnection reads a connection by its name.
func findConnection(tx *store.Tx, sc store.Scope, name string) (*connection, error) {
	return byName(tx, sc, &connections, name, "Connection '%s' does not exist.")
}

// connectionAt reads a connection by its ARN.
func connectionAt(tx *store.Tx, sc store.Scope, given string) (*connection, error) {
	name, _, _ := strings.Cut(given[strings.Index(given, ":connection/")+len(":connection/"):], "/")
	c, err := findConnection(tx, sc, name)
	if err == nil && c.arn() != given {
		return nil, missing("Connection '%s' does not exist.", name)
	}
	return c, err
}

// changeConnection changes the connection of a request.
func (s *Service) changeConnection(ctx context.Context, name string, move func(tx *store.Tx, c *connection) error) (c *connection, err error) {
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		c, err = findConnection(tx, store.In(api.CallFrom(ctx).Place()), name)
		if err != nil {
			return err
		}
		if err := move(tx, c); err != nil {
			return err
		}
		return connections.Put(tx, c.scope(), c)
	})
	if err != nil {
		return nil, err
	}
	s.tokens.drop(c.arn())
	return c, nil
}

// when is a time that may not have come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Reseal seals anew what an older data key of the box sealed. House calls it
// when the master key changed.
func (s *Service) Reseal(ctx context.Context) error {
	if len(s.ports.Box.Old()) == 0 {
		return nil
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		rows, err := connections.Everywhere(tx, "sealed", "yes")
		if err != nil {
			return err
		}
		for _, r := range rows {
			k, err := s.credentials(r.Record)
			if err != nil {
				return err
			}
			if err := s.hold(r.Record, k); err != nil {
				return err
			}
			if err := connections.Put(tx, r.Scope, r.Record); err != nil {
				return err
			}
		}
		return nil
	})
}
