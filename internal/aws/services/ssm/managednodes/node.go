package managednodes

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// ErrUnknownNode reports a node id that is not registered.
var ErrUnknownNode = errors.New("no such managed node")

// NodesTable is the name under which the feed tells of nodes: a node whose
// channel opens or closes is written.
const NodesTable = "ssm.nodes"

// managedNode is a registered machine.
type managedNode struct {
	ID           string // mi-...
	ActivationID string
	WorkspaceID  string `json:",omitempty"` // whose desktop it is
	Name         string `json:",omitempty"`
	Role         string
	Tags         map[string]string `json:",omitempty"`

	PublicKey   string // base64 of the DER SubjectPublicKeyInfo
	KeySet      time.Time
	Fingerprint string

	Registered time.Time
	LastPing   time.Time // zero until the agent has reported
	Channel    string    `json:",omitempty"` // "open" or "closed", as last told

	// Buckets are those that the node says it finds; nil when it never said.
	Buckets *nodes.Buckets `json:",omitempty"`

	AgentVersion    string `json:",omitempty"`
	ComputerName    string `json:",omitempty"`
	IPAddress       string `json:",omitempty"`
	PlatformName    string `json:",omitempty"`
	PlatformType    string `json:",omitempty"`
	PlatformVersion string `json:",omitempty"`
}

var managedNodes = store.Table[managedNode]{
	Name: NodesTable, Reach: store.Regional,
	Key: func(n *managedNode) string { return n.ID },
	Indexes: map[string]func(*managedNode) string{
		"id":        func(n *managedNode) string { return n.ID }, // to find it before the account is known
		"machine":   func(n *managedNode) string { return machine(n.ActivationID, n.Fingerprint) },
		"workspace": func(n *managedNode) string { return n.WorkspaceID },
		"tags":      func(n *managedNode) string { return tagText(n.Tags) },
	},
}

// machine is what a registration that is repeated has in common with the
// first.
func machine(activation, fingerprint string) string { return activation + " " + fingerprint }

// findNode looks in all scopes, for callers that name a node only.
func findNode(tx *store.Tx, id string) (store.Row[managedNode], error) {
	rows, err := managedNodes.Everywhere(tx, "id", id)
	if err != nil {
		return store.Row[managedNode]{}, err
	}
	if len(rows) != 1 {
		return store.Row[managedNode]{}, fmt.Errorf("%s: %w", id, ErrUnknownNode)
	}
	return rows[0], nil
}

// NodeKey returns the public key that a node registered, and the node as a
// caller; ErrUnknownNode if there is none.
func (s *Service) NodeKey(ctx context.Context, id string) (key *rsa.PublicKey, caller api.Caller, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		row, err := findNode(tx, id)
		if err != nil {
			return err
		}
		n := row.Record
		caller = api.Caller{
			Type: api.ManagedInstance, Account: row.Scope.Account, Node: n.ID, Name: n.ID, AccessKeyID: n.ID,
			ARN: nodeARN(row.Scope, n.ID).String(), UserID: row.Scope.Account + ":" + n.ID,
		}
		key, err = parseKey(n.PublicKey)
		return err
	})
	if err != nil {
		return nil, api.Caller{}, err
	}
	return key, caller, nil
}

// Registered tells whether a node exists in an account and Region; an empty
// Region is any.
func (s *Service) Registered(ctx context.Context, account, region, id string) (bool, error) {
	there := false
	err := s.st.View(ctx, func(tx *store.Tx) error {
		row, err := findNode(tx, id)
		there = err == nil && row.Scope.Account == account && (region == "" || row.Scope.Region == region)
		return err
	})
	if errors.Is(err, ErrUnknownNode) {
		return false, nil
	}
	return there, err
}

// Connected notes that a node's control channel has opened.
func (s *Service) Connected(ctx context.Context, node string) error {
	return s.noteChannel(ctx, node, "open")
}

// Disconnected notes that a node's control channel has closed. A node that was
// deregistered meanwhile is no error.
func (s *Service) Disconnected(ctx context.Context, node string) error {
	err := s.noteChannel(ctx, node, "closed")
	if errors.Is(err, ErrUnknownNode) {
		return nil
	}
	return err
}

// OfWorkspace returns the ids of the activations that the service of desktops
// made for a WorkSpace and of the nodes that registered by them, those that
// have not reported yet included.
func (s *Service) OfWorkspace(ctx context.Context, account, region, workspaceID string) (made, own []string, err error) {
	scope := store.In(account, region)
	err = s.st.View(ctx, func(tx *store.Tx) error {
		as, err := activations.By(tx, scope, "workspace", workspaceID, store.Page{})
		if err != nil {
			return err
		}
		ns, err := managedNodes.By(tx, scope, "workspace", workspaceID, store.Page{})
		for _, a := range as {
			made = append(made, a.ID)
		}
		for _, n := range ns {
			own = append(own, n.ID)
		}
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("find the nodes of %s: %w", workspaceID, err)
	}
	return made, own, nil
}

func (s *Service) noteChannel(ctx context.Context, node, state string) error {
	now := s.clk.Now()
	return s.st.Update(ctx, func(tx *store.Tx) error {
		row, err := findNode(tx, node)
		if err != nil {
			return err
		}
		row.Record.Channel, row.Record.LastPing = state, now
		return managedNodes.Put(tx, row.Scope, row.Record)
	})
}

// parseKey reads a public key that a node gave.
func parseKey(s string) (*rsa.PublicKey, error) {
	der, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("read a node's public key: %w", err)
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("read a node's public key: %w", err)
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok || key.N.BitLen() < 2048 || key.N.BitLen() > 8192 {
		return nil, errors.New("read a node's public key: it is no RSA key of 2048 to 8192 bits")
	}
	return key, nil
}

// checkKey refuses a public key that cannot prove anything.
func checkKey(s string) error {
	if _, err := parseKey(s); err != nil {
		return &smithy.GenericAPIError{Code: "ValidationException", Message: "The public key must be the base64 of a DER SubjectPublicKeyInfo with an RSA key of 2048 to 8192 bits."}
	}
	return nil
}

func nodeARN(scope store.Scope, id string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "managed-instance/"+id)
}

// nodeCheck is the check of a customer's action on a node, with its tags.
func (s *Service) nodeCheck(ctx context.Context, action, node string) api.Check {
	scope := store.In(api.CallFrom(ctx).Place())
	return api.Check{
		Action: action, Resource: nodeARN(scope, node).String(),
		LazyTags: func() (tags map[string]string, err error) {
			err = s.st.View(ctx, func(tx *store.Tx) error {
				tags, _, err = s.tagging().Tags(tx, scope, node)
				return err
			})
			if missing(err) { // the check is on its name alone
				err = nil
			}
			return tags, err
		},
	}
}

// onNode is the check of a call that an agent makes for a node.
func onNode(ctx context.Context, action, node string) []api.Check {
	call := api.CallFrom(ctx)
	return []api.Check{{
		Action: action, Resource: nodeARN(store.In(call.Place()), node).String(),
		Keys: map[string]string{api.KeyNode: node},
	}}
}

// ownNode returns the caller's node; only nodes have one.
func ownNode(tx *store.Tx, call *api.Call) (store.Row[managedNode], error) {
	row, err := findNode(tx, call.Caller.Node)
	if errors.Is(err, ErrUnknownNode) || (err == nil && row.Scope.Account != call.Account) {
		return row, &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "The caller is no registered managed node."}
	}
	return row, err
}
