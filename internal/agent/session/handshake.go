package session

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// spoken is the version of the SSM Agent whose protocol this is. Clients ask
// it what they may use: several connections over one session, without
// keep-alives of their own that would hide that nobody uses it.
const spoken = "3.3.0.0"

// The actions that are asked of a client.
const (
	actionSession = "SessionType"
	actionSeal    = "KMSEncryption"
)

type clientAction struct {
	ActionType       string
	ActionParameters any
}

// handshakeResponse is what a client answers.
type handshakeResponse struct {
	ClientVersion          string
	ProcessedClientActions []struct {
		ActionType   string
		ActionStatus int
		ActionResult json.RawMessage
		Error        string
	}
	Errors []string
}

// result is what a client made of an action that it was asked for.
func (r *handshakeResponse) result(action string) (json.RawMessage, error) {
	for _, a := range r.ProcessedClientActions {
		if a.ActionType != action {
			continue
		}
		if a.ActionStatus != 1 {
			return nil, fmt.Errorf("the client did not do %s: %s", action, a.Error)
		}
		return a.ActionResult, nil
	}
	return nil, fmt.Errorf("the client did not answer to %s", action)
}

// handshake tells the client what the session is, and agrees on keys with it.
func (t *talk) handshake(ctx context.Context) error {
	began := t.o.Clock.Now()
	late := time.AfterFunc(patience, func() { t.stop(errors.New("no client came")) })
	defer late.Stop()
	var actions []clientAction
	if key := t.order.Inputs.Key; key != "" {
		actions = append(actions, clientAction{actionSeal, map[string]string{"KMSKeyId": key}})
	}
	about := map[string]any{"SessionType": t.order.Type}
	if t.order.Properties != nil {
		about["Properties"] = t.order.Properties
	}
	actions = append(actions, clientAction{actionSession, about})
	request, err := json.Marshal(map[string]any{"AgentVersion": spoken, "RequestedClientActions": actions})
	if err != nil {
		return err
	}
	if err := t.send(ctx, kindHandshakeRequest, request); err != nil {
		return err
	}
	answer, err := t.await(ctx, kindHandshakeResponse)
	if err != nil {
		return err
	}
	var r handshakeResponse
	if err := json.Unmarshal(answer, &r); err != nil {
		return err
	}
	t.clientVersion = r.ClientVersion
	if _, err := r.result(actionSession); err != nil {
		return err
	}
	if t.order.Inputs.Key != "" {
		if err := t.agree(ctx, &r); err != nil {
			return err
		}
	}
	done := map[string]any{"HandshakeTimeToComplete": t.o.Clock.Now().Sub(began).Nanoseconds(), "CustomerMessage": t.customerMessage()}
	complete, err := json.Marshal(done)
	if err != nil {
		return err
	}
	return t.send(ctx, kindHandshakeComplete, complete)
}

func (t *talk) customerMessage() string {
	if t.order.Inputs.Key == "" {
		return ""
	}
	return "This session is encrypted using AWS KMS."
}

// await returns the next payload of a kind; others before it are let be.
func (t *talk) await(ctx context.Context, kind Kind) ([]byte, error) {
	for {
		m, err := t.next(ctx)
		if err != nil {
			return nil, err
		}
		if m.Kind == kind {
			return m.Payload, nil
		}
		if m.Kind == kindFlag && flagOf(m.Payload) == flagTerminate {
			return nil, errClient
		}
	}
}

// agree learns the keys of the session and proves that the client has them.
func (t *talk) agree(ctx context.Context, r *handshakeResponse) error {
	result, err := r.result(actionSeal)
	if err != nil {
		return err
	}
	var key struct {
		KMSCipherTextKey []byte
	}
	if err := json.Unmarshal(result, &key); err != nil {
		return err
	}
	if t.o.Decrypt == nil {
		return errors.New("this node cannot call KMS")
	}
	plain, err := t.o.Decrypt(ctx, t.order.Inputs.Key, key.KMSCipherTextKey, map[string]string{
		"aws:ssm:SessionId": t.o.Session, "aws:ssm:TargetId": t.o.Node,
	})
	if err != nil {
		return fmt.Errorf("decrypt the session's key: %w", err)
	}
	made, err := newSeal(plain, t.o.IDs)
	if err != nil {
		return err
	}
	secret := t.o.IDs.Bytes(64)
	challenge, err := json.Marshal(map[string][]byte{"Challenge": made.close(secret)})
	if err != nil {
		return err
	}
	if err := t.send(ctx, kindChallengeRequest, challenge); err != nil {
		return err
	}
	answer, err := t.await(ctx, kindChallengeResponse)
	if err != nil {
		return err
	}
	var back struct{ Challenge []byte }
	if err := json.Unmarshal(answer, &back); err != nil {
		return err
	}
	proof, err := made.open(back.Challenge)
	if err != nil || !bytes.Equal(proof, secret) {
		return errors.New("the client does not have the session's key")
	}
	t.seal = made
	return nil
}

// atLeast compares versions such as 1.2.331.0; one that cannot be read is old.
func atLeast(version, least string) bool {
	have, want := strings.Split(version, "."), strings.Split(least, ".")
	for i := range want {
		if i >= len(have) {
			return false
		}
		h, err := strconv.Atoi(have[i])
		w, _ := strconv.Atoi(want[i])
		if err != nil || h != w {
			return err == nil && h > w
		}
	}
	return true
}
