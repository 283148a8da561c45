package eventbridge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"tamachi/internal/store"
)

// tokens are those that connections got. They are not stored: after a start
// they are asked for anew.
type tokens struct {
	mu  *sync.Mutex
	all map[string]token // guarded by mu; by the connection's ARN
}

type token struct {
	text string
	ends time.Time
}

const (
	// usualLife is how long a token is used whose life is not told; early is how
	// long before its end a new one is asked for.
	usualLife = 5 * time.Minute
	early     = 10 * time.Second
)

func newTokens() tokens { return tokens{new(sync.Mutex), map[string]token{}} }

func (t tokens) get(of string, now time.Time) (string, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	have, ok := t.all[of]
	return have.text, ok && now.Before(have.ends.Add(-early))
}

func (t tokens) keep(of string, one token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all[of] = one
}

func (t tokens) drop(of string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, of)
}

// token is a valid token of a connection.
func (s *Service) token(ctx context.Context, c *connection, k *credentials) (string, error) {
	now := s.clock.Now()
	if have, ok := s.tokens.get(c.arn(), now); ok {
		return have, nil
	}
	r := request{method: k.Method, to: k.Endpoint, header: map[string]string{"Accept": "application/json"}}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {k.Name}, "client_secret": {k.Secret}}
	for _, p := range k.OfToken {
		if p.In == inBody {
			form.Set(p.Key, p.Value)
		}
	}
	r.header["Content-Type"] = "application/x-www-form-urlencoded"
	r.body = []byte(form.Encode())
	if err := r.with(k.OfToken); err != nil {
		return "", err
	}
	status, answer, err := s.ports.Web.Do(ctx, r.method, r.to, r.header, r.body, patience)
	if err != nil {
		return "", err
	}
	var got struct {
		Token string `json:"access_token"`
		Life  int64  `json:"expires_in"`
	}
	if status/100 != 2 {
		return "", fmt.Errorf("the authorization endpoint answered %d", status)
	}
	if err := json.Unmarshal(answer, &got); err != nil || got.Token == "" {
		return "", errors.New("the authorization endpoint answered without an access token")
	}
	life := usualLife
	if got.Life > 0 && got.Life < int64(24*time.Hour/time.Second) {
		life = time.Duration(got.Life) * time.Second
	}
	s.tokens.keep(c.arn(), token{got.Token, now.Add(life)})
	return got.Token, nil
}

// authorize asks once for tokens of connections that wait for their first.
func (s *Service) authorize(ctx context.Context) error {
	var waiting []*connection
	err := s.store.View(ctx, func(tx *store.Tx) error {
		waiting = nil
		rows, err := connections.Everywhere(tx, "state", string(types.ConnectionStateAuthorizing))
		for _, r := range rows {
			waiting = append(waiting, r.Record)
		}
		return err
	})
	for _, c := range waiting {
		if err == nil {
			err = s.authorizeOne(ctx, c)
		}
	}
	return err
}

// authorizeOne notes what came of a first token. Source: EventBridge User Guide,
// "Connection states".
func (s *Service) authorizeOne(ctx context.Context, c *connection) error {
	k, err := s.credentials(c)
	if err != nil {
		return err
	}
	_, failure := s.token(ctx, c, k)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.store.Update(ctx, func(tx *store.Tx) error {
		now, err := connections.Get(tx, c.scope(), c.Name)
		if errors.Is(err, store.ErrNotFound) || err == nil && (now.ID != c.ID || !now.Modified.Equal(c.Modified) || now.State != c.State) {
			return nil // it is another by now
		}
		if err != nil {
			return err
		}
		now.State, now.Reason, now.Authorized = types.ConnectionStateAuthorized, "", s.clock.Now()
		if failure != nil {
			now.State, now.Reason, now.Authorized = types.ConnectionStateDeauthorized, clip(failure.Error()), c.Authorized
		}
		return connections.Put(tx, now.scope(), now)
	})
}

// clip bounds a reason, as the model does.
func clip(text string) string { return text[:min(len(text), 512)] }
