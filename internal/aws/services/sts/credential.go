package sts

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// credential is a temporary access key and whom it stands for. It never changes.
type credential struct {
	AccessKeyID  string
	Secret       string
	SessionToken string
	Expires      time.Time
	Created      time.Time
	Caller       api.Caller
}

var credentials = store.Table[credential]{
	Name:  "sts.credentials",
	Reach: store.Plane,
	Key:   func(c *credential) string { return c.AccessKeyID },
}

// maxKnown bounds the credentials held in memory; beyond it all are read anew.
const maxKnown = 50_000

// Key is what the verifier of signatures needs of a credential. It holds a
// secret.
type Key struct {
	Secret       string
	SessionToken string
	Expires      time.Time
	Caller       api.Caller
}

// ErrUnknownKey reports an access key that the plane never issued, or has
// forgotten since it expired.
var ErrUnknownKey = errors.New("no such access key")

// Key finds the credential of an access key; ErrUnknownKey if there is none.
func (s *Service) Key(ctx context.Context, accessKeyID string) (Key, error) {
	c, err := s.find(ctx, accessKeyID)
	if errors.Is(err, store.ErrNotFound) {
		return Key{}, ErrUnknownKey
	}
	if err != nil {
		return Key{}, err
	}
	return Key{Secret: c.Secret, SessionToken: c.SessionToken, Expires: c.Expires, Caller: c.Caller}, nil
}

func (s *Service) find(ctx context.Context, accessKeyID string) (*credential, error) {
	s.mu.RLock()
	c := s.known[accessKeyID]
	s.mu.RUnlock()
	if c != nil {
		return c, nil
	}
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = credentials.Get(tx, store.Scope{}, accessKeyID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find access key: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	s.known[accessKeyID] = c
	return c, nil
}

// Administrator gives up the administrator's long-term key, which this room
// kept before there was an iam room; "" when there is none.
func (s *Service) Administrator(tx *store.Tx, account string) (accessKeyID, secret string, err error) {
	rows, err := credentials.Everywhere(tx, "", "")
	if err != nil {
		return "", "", err
	}
	for _, r := range rows {
		if c := r.Record; c.Caller.Type == api.IAMUser && c.Caller.Account == account && c.SessionToken == "" {
			return c.AccessKeyID, c.Secret, credentials.Delete(tx, store.Scope{}, c.AccessKeyID)
		}
	}
	return "", "", nil
}

// NodeCredentials are what a managed node signs with for an hour or so.
type NodeCredentials struct {
	AccessKeyID, Secret, SessionToken string
	Expires                           time.Time
}

// IssueNode makes a session of a managed node's role in the caller's
// transaction, bound to the node's id.
func (s *Service) IssueNode(tx *store.Tx, account, node string, role Role, lasts time.Duration) (NodeCredentials, error) {
	key := "ASIA" + s.ids.Upper(16)
	c := &credential{
		AccessKeyID: key, Secret: s.ids.Secret(40), SessionToken: s.ids.Secret(200),
		Created: s.clock.Now(), Expires: s.clock.Now().Add(lasts),
		Caller: api.Caller{
			Type: api.AssumedRole, Account: account, Name: node, Node: node, AccessKeyID: key,
			ARN:    arn.New("sts", "", account, "assumed-role/"+role.Name+"/"+node).String(),
			UserID: role.ID + ":" + node,
			Session: &api.Session{
				Issued: s.clock.Now().Truncate(time.Second), IssuerType: api.Role,
				IssuerARN: role.ARN, IssuerID: role.ID, IssuerName: role.Name,
			},
		},
	}
	if err := credentials.Put(tx, store.Scope{}, c); err != nil {
		return NodeCredentials{}, fmt.Errorf("issue credentials for %s: %w", node, err)
	}
	return NodeCredentials{c.AccessKeyID, c.Secret, c.SessionToken, c.Expires}, nil
}

// Expire removes sessions that ended more than a day ago, up to limit, and
// says how many.
func (s *Service) Expire(ctx context.Context, limit int) (removed int, err error) {
	before := s.clock.Now().Add(-24 * time.Hour)
	err = s.store.Update(ctx, func(tx *store.Tx) error {
		removed = 0
		rows, err := credentials.Everywhere(tx, "", "")
		if err != nil {
			return err
		}
		for _, r := range rows {
			if removed == limit || r.Record.Expires.IsZero() || r.Record.Expires.After(before) {
				continue
			}
			if err := credentials.Delete(tx, store.Scope{}, r.Record.AccessKeyID); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}
