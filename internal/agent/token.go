package agent

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// register makes a new identity known to the plane. A refusal is final: an
// activation that was refused once will not be accepted later. Anything else
// (no network, a plane that starts) is tried again for ever.
func (a *agent) register(ctx context.Context) error {
	if a.id.Node != "" {
		return nil
	}
	if a.cfg.ActivationID == "" {
		return errors.New("agent: no identity in the folder and no activation to make one")
	}
	key, err := publicKey(a.id.Key)
	if err != nil {
		return err
	}
	in := struct{ ActivationId, ActivationCode, PublicKey, PublicKeyType, Fingerprint string }{
		a.cfg.ActivationID, a.cfg.ActivationCode, key, "Rsa", a.id.Fingerprint,
	}
	var out struct{ InstanceId string }
	for try := 0; ; try++ {
		err := a.plane.call(ctx, "AmazonSSM.RegisterManagedInstance", in, &out, unsigned)
		if err == nil && out.InstanceId == "" {
			err = errors.New("RegisterManagedInstance: no InstanceId in the answer")
		}
		if err == nil {
			a.id.Node = out.InstanceId
			return a.id.save()
		}
		if no := (*refusal)(nil); errors.As(err, &no) && no.Status < 500 && no.Code != "TooManyUpdates" {
			return err
		}
		a.log.Warn("registration is tried again", slog.Any("err", err))
		if err := pause(ctx, a.delay(try)); err != nil {
			return err
		}
	}
}

// purse holds the current role credentials.
type purse struct {
	mu      sync.Mutex
	current credentials   // guarded by mu
	ready   chan struct{} // closed once there are credentials
	stale   chan struct{} // wakes the keeper: a call was refused for its token
}

func newPurse() *purse {
	return &purse{ready: make(chan struct{}), stale: make(chan struct{}, 1)}
}

// get waits until there are credentials.
func (p *purse) get(ctx context.Context) (credentials, error) {
	select {
	case <-p.ready:
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.current, nil
	case <-ctx.Done():
		return credentials{}, ctx.Err()
	}
}

func (p *purse) put(c credentials) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current.AccessKeyID == "" {
		close(p.ready)
	}
	p.current = c
}

// refused tells the keeper that a call signed with c was refused.
func (p *purse) refused(c credentials) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.current.AccessKeyID != c.AccessKeyID {
		return // renewed since
	}
	select {
	case p.stale <- struct{}{}:
	default:
	}
}

// keepToken renews the credentials at half of their life, or sooner when the
// plane refuses them.
func (a *agent) keepToken(ctx context.Context) error {
	for try := 0; ; try++ {
		creds, rotate, err := a.requestToken(ctx)
		wait := a.delay(try)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			a.log.Warn("role token is asked for again", slog.String("node", a.id.Node), slog.Any("err", err))
		default:
			try = 0
			a.purse.put(creds)
			wait = max(creds.Expires.Sub(creds.Issued)/2, time.Second)
			if rotate {
				if err := a.rotateKey(ctx); err != nil {
					a.log.Warn("key rotation did not finish", slog.String("node", a.id.Node), slog.Any("err", err))
				}
			}
		}
		renew := time.NewTimer(wait)
		select {
		case <-renew.C:
		case <-a.purse.stale:
			renew.Stop()
			if err := pause(ctx, time.Second); err != nil {
				return err
			}
		case <-ctx.Done():
			renew.Stop()
			return ctx.Err()
		}
	}
}

// requestToken asks for role credentials with the node's key, and with the
// key of an unfinished rotation if the plane does not know the first.
func (a *agent) requestToken(ctx context.Context) (credentials, bool, error) {
	creds, rotate, err := a.requestTokenWith(ctx, a.id.Key)
	no := (*refusal)(nil)
	if err == nil || a.id.NextKey == nil || !errors.As(err, &no) {
		return creds, rotate, err
	}
	creds, rotate, next := a.requestTokenWith(ctx, a.id.NextKey)
	if next != nil {
		return creds, rotate, err // the first refusal tells more
	}
	a.id.Key, a.id.NextKey = a.id.NextKey, nil
	return creds, rotate, a.id.save()
}

func (a *agent) requestTokenWith(ctx context.Context, key []byte) (credentials, bool, error) {
	in := struct{ Fingerprint string }{a.id.Fingerprint}
	var out struct {
		AccessKeyId, SecretAccessKey, SessionToken string
		TokenExpirationDate                        float64
		UpdateKeyPair                              bool
	}
	now := a.cfg.Clock.Now()
	err := a.plane.call(ctx, "AmazonSSM.RequestManagedInstanceRoleToken", in, &out, a.withKey(key))
	if err != nil {
		return credentials{}, false, err
	}
	if out.AccessKeyId == "" || out.TokenExpirationDate <= 0 || out.TokenExpirationDate > 1e11 {
		return credentials{}, false, errors.New("RequestManagedInstanceRoleToken: no credentials in the answer")
	}
	return credentials{
		AccessKeyID: out.AccessKeyId, SecretAccessKey: out.SecretAccessKey, SessionToken: out.SessionToken,
		Issued: now, Expires: time.UnixMilli(int64(out.TokenExpirationDate * 1000)),
	}, out.UpdateKeyPair, nil
}

// rotateKey replaces the node's key. The new one is on disk before the plane
// hears of it; the call is signed with the old one.
func (a *agent) rotateKey(ctx context.Context) error {
	if a.id.NextKey == nil {
		next, err := newKey()
		if err != nil {
			return err
		}
		a.id.NextKey = next
		if err := a.id.save(); err != nil {
			return err
		}
	}
	public, err := publicKey(a.id.NextKey)
	if err != nil {
		return err
	}
	in := struct{ NewPublicKey, NewPublicKeyType string }{public, "Rsa"}
	if err := a.plane.call(ctx, "AmazonSSM.UpdateManagedInstancePublicKey", in, &struct{}{}, a.withKey(a.id.Key)); err != nil {
		return err
	}
	a.id.Key, a.id.NextKey = a.id.NextKey, nil
	return a.id.save()
}

// withKey signs with a key of the node.
func (a *agent) withKey(der []byte) signer {
	return func(r *http.Request, body []byte) error {
		key, err := parseKey(der)
		if err != nil {
			return err
		}
		return signWithKey(r, body, a.id.Node, key, a.cfg.Region, a.cfg.Clock.Now())
	}
}

// withRole signs with role credentials.
func (a *agent) withRole(c credentials, service string) signer {
	return func(r *http.Request, body []byte) error {
		c.sign(r, body, a.cfg.Region, service, a.cfg.Clock.Now())
		return nil
	}
}
