package simulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Config says where the plane is. All but Dial are required.
type Config struct {
	Region, Domain string // the plane's hosts are <service>.<region>.<domain>
	Port           int
	CA             []byte // PEM of the certificate authority
	Clock          clock.Clock
	IDs            *id.Source
	// Dial opens connections; nil resolves names.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// World is what the nodes of one process share: connections for their calls,
// a few keys (one takes 50 ms to make), resumed TLS sessions.
type World struct {
	cfg  Config
	tls  *tls.Config
	http *http.Client

	mu   sync.Mutex
	keys []*rsa.PrivateKey // guarded by mu
	next int               // guarded by mu
}

// poolSize is how many different keys the nodes of a World have.
const poolSize = 64

// NewWorld returns a world without nodes.
func NewWorld(cfg Config) (*World, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(cfg.CA) {
		return nil, errors.New("simulator: no certificate in the given CA")
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	trust := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(64)}
	return &World{cfg: cfg, tls: trust, http: &http.Client{Transport: &http.Transport{
		DialContext: cfg.Dial, TLSClientConfig: trust, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute,
	}}}, nil
}

// Close drops what the world's calls left open.
func (w *World) Close() { w.http.CloseIdleConnections() }

// key is one of the pool's.
func (w *World) key() (*rsa.PrivateKey, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.next++
	if len(w.keys) == poolSize {
		return w.keys[w.next%poolSize], nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make a node's key: %w", err)
	}
	w.keys = append(w.keys, key)
	return key, nil
}

func (w *World) host(service string) string {
	return net.JoinHostPort(service+"."+w.cfg.Region+"."+w.cfg.Domain, strconv.Itoa(w.cfg.Port))
}

// Node is one simulated node.
type Node struct {
	ID          string // mi-...
	Fingerprint string
	Credentials agent.Credentials // of its role, once Renew was called
	w           *World
	key         *rsa.PrivateKey
}

// Refusal is an answer of the plane that is no success.
type Refusal struct {
	Status        int
	Code, Message string
}

// Error names the refusal.
func (r *Refusal) Error() string {
	return fmt.Sprintf("refused with %d %s: %s", r.Status, r.Code, r.Message)
}

// Register makes a new node by an activation.
func (w *World) Register(ctx context.Context, activationID, code string) (*Node, error) {
	key, err := w.key()
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	n := &Node{Fingerprint: w.cfg.IDs.UUID(), w: w, key: key}
	in := map[string]string{
		"ActivationId": activationID, "ActivationCode": code, "PublicKey": base64.StdEncoding.EncodeToString(der),
		"PublicKeyType": "Rsa", "Fingerprint": n.Fingerprint,
	}
	var out struct{ InstanceId string }
	if err := n.post(ctx, "ssm", "AmazonSSM.RegisterManagedInstance", in, &out, func(*http.Request, []byte) error { return nil }); err != nil {
		return nil, err
	}
	n.ID = out.InstanceId
	return n, nil
}

// Renew asks for credentials of the node's role; rotate tells whether the
// plane wants a new key.
func (n *Node) Renew(ctx context.Context) (rotate bool, err error) {
	var out struct {
		AccessKeyId, SecretAccessKey, SessionToken string
		TokenExpirationDate                        float64
		UpdateKeyPair                              bool
	}
	in := map[string]string{"Fingerprint": n.Fingerprint}
	if err := n.CallWithKey(ctx, "AmazonSSM.RequestManagedInstanceRoleToken", in, &out); err != nil {
		return false, err
	}
	n.Credentials = agent.Credentials{
		AccessKeyID: out.AccessKeyId, SecretAccessKey: out.SecretAccessKey, SessionToken: out.SessionToken,
		Expires: time.UnixMilli(int64(out.TokenExpirationDate * 1000)),
	}
	return out.UpdateKeyPair, nil
}

// Rotate gives the node another key; the call is signed with the old one.
func (n *Node) Rotate(ctx context.Context) error {
	next, err := n.w.key()
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(&next.PublicKey)
	if err != nil {
		return err
	}
	in := map[string]string{"NewPublicKey": base64.StdEncoding.EncodeToString(der), "NewPublicKeyType": "Rsa"}
	if err := n.CallWithKey(ctx, "AmazonSSM.UpdateManagedInstancePublicKey", in, nil); err != nil {
		return err
	}
	n.key = next
	return nil
}

// CallWithKey makes a call of the ssm service, signed with the node's key.
func (n *Node) CallWithKey(ctx context.Context, target string, in, out any) error {
	return n.post(ctx, "ssm", target, in, out, func(r *http.Request, body []byte) error {
		return agent.SignWithKey(r, body, n.ID, n.key, n.w.cfg.Region, n.w.cfg.Clock.Now())
	})
}

// Call makes a call of a JSON service, signed with the node's credentials.
func (n *Node) Call(ctx context.Context, service, target string, in, out any) error {
	return n.post(ctx, service, target, in, out, func(r *http.Request, body []byte) error {
		n.Credentials.Sign(r, body, n.w.cfg.Region, service, n.w.cfg.Clock.Now())
		return nil
	})
}

// Answer is what the plane said to a Request.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Request makes any request, signed with the node's credentials.
func (n *Node) Request(ctx context.Context, method, service, path, body string) (Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, "https://"+n.w.host(service)+path, strings.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	n.Credentials.Sign(r, []byte(body), n.w.cfg.Region, service, n.w.cfg.Clock.Now())
	res, err := n.w.http.Do(r)
	if err != nil {
		return Answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	return Answer{res.StatusCode, res.Header, string(text)}, err
}

// Inform reports what the node is.
func (n *Node) Inform(ctx context.Context) error {
	return n.Call(ctx, "ssm", "AmazonSSM.UpdateInstanceInformation", map[string]string{
		"InstanceId": n.ID, "AgentName": "amazon-ssm-agent", "AgentVersion": "3.3.987.0", "AgentStatus": "Active",
		"PlatformName": "Debian GNU/Linux", "PlatformType": "Linux", "PlatformVersion": "12", "ComputerName": "simulated",
	}, nil)
}

func (n *Node) post(ctx context.Context, service, target string, in, out any, sign func(*http.Request, []byte) error) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+n.w.host(service)+"/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", target)
	if err := sign(r, body); err != nil {
		return err
	}
	res, err := n.w.http.Do(r)
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %w", target, readRefusal(res.StatusCode, answer))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s: %w", target, err)
	}
	return nil
}

func readRefusal(status int, body []byte) *Refusal {
	var fault struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
		Upper   string `json:"Message"`
	}
	r := &Refusal{Status: status}
	if json.Unmarshal(body, &fault) == nil {
		r.Code, r.Message = fault.Type[strings.LastIndexByte(fault.Type, '#')+1:], fault.Message+fault.Upper
	}
	if r.Code == "" {
		_, rest, _ := strings.Cut(string(body), "<Code>")
		r.Code, _, _ = strings.Cut(rest, "</Code>")
	}
	if r.Code == "" && bytes.Contains(body, []byte("<AccessDeniedException>")) {
		r.Code = "AccessDeniedException"
	}
	return r
}
