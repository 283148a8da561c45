package join

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"tamachi/internal/agent"
)

// nodeKey is what this host proves itself with.
type nodeKey struct {
	Node, Fingerprint string
	Key               *rsa.PrivateKey
}

var errUnregistered = errors.New("the agent has not registered yet")

// identity reads the identity that the host's agent keeps.
func (h *Host) identity() (*nodeKey, error) {
	if h.record.Agent == Amazon {
		return h.amazonIdentity()
	}
	var kept struct {
		Node, Fingerprint string
		Key               []byte
	}
	b, err := os.ReadFile(h.path(ownFolder + "/identity.json"))
	if err != nil || json.Unmarshal(b, &kept) != nil || kept.Node == "" {
		return nil, errUnregistered
	}
	parsed, err := x509.ParsePKCS8PrivateKey(kept.Key)
	key, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New("the agent's key cannot be read")
	}
	return &nodeKey{kept.Node, kept.Fingerprint, key}, nil
}

// amazonIdentity reads the vault of amazon-ssm-agent.
func (h *Host) amazonIdentity() (*nodeKey, error) {
	var kept struct{ InstanceID, PrivateKey string }
	b, err := os.ReadFile(h.path(amazonVault + "/RegistrationKey"))
	if err != nil || json.Unmarshal(b, &kept) != nil || kept.InstanceID == "" {
		return nil, errUnregistered
	}
	der, err := base64.StdEncoding.DecodeString(kept.PrivateKey)
	if err != nil {
		return nil, errors.New("the agent's key cannot be read")
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return nil, errors.New("the agent's key cannot be read")
	}
	var machine struct{ Fingerprint string }
	b, err = os.ReadFile(h.path(amazonVault + "/InstanceFingerprint"))
	if err != nil || json.Unmarshal(b, &machine) != nil {
		return nil, errors.New("the agent's fingerprint cannot be read")
	}
	return &nodeKey{kept.InstanceID, machine.Fingerprint, key}, nil
}

// refusal is an answer of the plane that is no success.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return fmt.Sprintf("%s (%d): %s", r.code, r.status, r.message) }

// caller makes calls as the node.
type caller struct {
	h      *Host
	p      *Plane
	client *http.Client
	creds  agent.Credentials
}

// token asks for credentials of the node's role, with the node's key.
func (c *caller) token(ctx context.Context, k *nodeKey) error {
	var out struct {
		AccessKeyId, SecretAccessKey, SessionToken string
		TokenExpirationDate                        float64
	}
	err := c.call(ctx, "AmazonSSM.RequestManagedInstanceRoleToken", map[string]string{"Fingerprint": k.Fingerprint}, &out,
		func(r *http.Request, body []byte) error {
			return agent.SignWithKey(r, body, k.Node, k.Key, c.p.Region, c.h.Clock.Now())
		})
	if err != nil {
		return err
	}
	c.creds = agent.Credentials{AccessKeyID: out.AccessKeyId, SecretAccessKey: out.SecretAccessKey, SessionToken: out.SessionToken}
	return nil
}

// as signs with the role's credentials.
func (c *caller) as(service string) func(*http.Request, []byte) error {
	return func(r *http.Request, body []byte) error {
		c.creds.Sign(r, body, c.p.Region, service, c.h.Clock.Now())
		return nil
	}
}

// call makes a call of a JSON service, by the name of ssm: the credential scope
// says whose it is.
func (c *caller) call(ctx context.Context, target string, in, out any, sign func(*http.Request, []byte) error) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	answer, err := c.send(ctx, http.MethodPost, c.p.url("ssm"), map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target,
	}, body, sign)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

func (c *caller) send(ctx context.Context, method, url string, header map[string]string, body []byte, sign func(*http.Request, []byte) error) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	if err := sign(r, body); err != nil {
		return nil, err
	}
	res, err := c.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<18))
	if err != nil {
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, readRefusal(res.StatusCode, answer)
	}
	return answer, nil
}

func readRefusal(status int, body []byte) *refusal {
	var fault struct {
		Type           string `json:"__type"`
		Message, Upper string
	}
	r := &refusal{status: status}
	if json.Unmarshal(body, &fault) == nil {
		r.code, r.message = fault.Type[strings.LastIndexByte(fault.Type, '#')+1:], fault.Message
		return r
	}
	r.code, r.message = between(body, "Code"), between(body, "Message")
	if r.code == "" && bytes.Contains(body, []byte("<AccessDeniedException>")) {
		r.code = "AccessDeniedException"
	}
	return r
}

func between(body []byte, tag string) string {
	_, rest, _ := strings.Cut(string(body), "<"+tag+">")
	text, _, found := strings.Cut(rest, "</"+tag+">")
	if !found {
		return ""
	}
	return text
}
