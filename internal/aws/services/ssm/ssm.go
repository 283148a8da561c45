package ssm

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"io"
	"slices"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/amazon"
	"tamachi/internal/aws/services/ssm/automation"
	"tamachi/internal/aws/services/ssm/changecalendar"
	"tamachi/internal/aws/services/ssm/compliance"
	"tamachi/internal/aws/services/ssm/distributor"
	"tamachi/internal/aws/services/ssm/documents"
	"tamachi/internal/aws/services/ssm/inventory"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/parameterstore"
	"tamachi/internal/aws/services/ssm/patchmanager"
	"tamachi/internal/aws/services/ssm/runcommand"
	"tamachi/internal/aws/services/ssm/sessionmanager"
	"tamachi/internal/aws/services/ssm/statemanager"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Ports is what the wing asks of the house.
type Ports struct {
	Sessions managednodes.Sessions // the sts room
	Roles    managednodes.Roles    // the iam room
	Groups   managednodes.Groups   // the room of resource groups
	Channels Channels              // the gateway
	People   sessionmanager.People // the iam room
	// Keys is the kms room; nil refuses SecureString.
	Keys   parameterstore.Keys
	Files  documents.Ports  // what attachments of documents need
	Bucket inventory.Bucket // where resource data syncs write
	// SnapshotURL is where a patch snapshot can be read by its token, by the host
	// that the caller knows the plane by.
	SnapshotURL func(host, token string) string
	Access      runcommand.Access // the gate; nil lets commands go anywhere
	Output      runcommand.Output // the buckets; nil takes any
	Alarms      alarm.States
	// Organizations is nil where there are none.
	Organizations managednodes.Organizations
	Topics        runcommand.Topics
	Events        runcommand.Events
	Plane         automation.Plane // the gate
}

// Channels holds the nodes' channels; the gateway does.
type Channels interface {
	managednodes.Channels
	sessionmanager.Channels
}

// Service is the wing.
type Service struct {
	st         *store.Store
	nodes      *managednodes.Service
	commands   *runcommand.Service
	parameters *parameterstore.Service
	documents  *documents.Service
	sessions   *sessionmanager.Service
	inventory  *inventory.Service
	compliance *compliance.Service
	patches    *patchmanager.Service
	calendars  *changecalendar.Service

	associations *statemanager.Service
	automations  *automation.Service
}

var (
	_ nodes.Reports       = (*Service)(nil)
	_ nodes.OutputReports = (*Service)(nil)
)

// New returns the wing over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	later := &Service{}
	n := managednodes.New(st, ids, clk, managednodes.Ports{Sessions: ports.Sessions, Channels: ports.Channels, Roles: ports.Roles, Groups: ports.Groups, Associations: standing{later}, Sources: sources{later}, Organizations: ports.Organizations})
	p := parameterstore.New(st, clk, parameterstore.Ports{Keys: ports.Keys, Settings: tiers{}, Events: ports.Events})
	d := documents.New(st, clk, withAmazon(ports.Files))
	i := inventory.New(st, ids, clk, inventory.Ports{Nodes: machines{n}, Bucket: ports.Bucket})
	c := compliance.New(st, compliance.Ports{Nodes: i})
	cal := changecalendar.New(st, changecalendar.Ports{Documents: d})
	*later = Service{
		st: st, nodes: n, parameters: p, documents: d, calendars: cal,
		sessions:  sessionmanager.New(st, ids, clk, sessionmanager.Ports{Nodes: hosts{n}, Documents: stacks{d}, Channels: ports.Channels, People: ports.People}),
		inventory: i, compliance: c,
		patches:      patchmanager.New(st, ids, clk, patchmanager.Ports{Nodes: patients{n}, Compliance: ledger{c}, SnapshotURL: ports.SnapshotURL}),
		associations: statemanager.New(st, ids, clk, statemanager.Ports{Nodes: bound{n}, Documents: stock{d}, Parameters: p, Calendars: today{cal, clk}, Alarms: ports.Alarms}),
		commands:     runcommand.New(st, ids, clk, runcommand.Ports{Nodes: neighbours{n}, Documents: shelf{d}, Parameters: p, Access: ports.Access, Output: ports.Output, Alarms: ports.Alarms, Topics: ports.Topics, Events: ports.Events}),
	}
	later.automations = automation.New(st, ids, clk, automation.Ports{Documents: runbooks{d}, Nodes: aims{n}, Commands: outcomes{later.commands}, Parameters: p, Plane: ports.Plane, Alarms: ports.Alarms, Events: ports.Events})
	return later
}

// Name is the name of the model table.
func (s *Service) Name() string { return "ssm" }

// Operations is the table of contents: the wing's own rows and those of its
// rooms.
func (s *Service) Operations() []api.Operation {
	return slices.Concat([]api.Operation{
		api.Write("AddTagsToResource", s.AddTagsToResource, s.addTagsToResourceChecks),
		api.Read("GetServiceSetting", s.GetServiceSetting, s.getServiceSettingChecks),
		api.Read("ListTagsForResource", s.ListTagsForResource, s.listTagsForResourceChecks),
		api.Write("RemoveTagsFromResource", s.RemoveTagsFromResource, s.removeTagsFromResourceChecks),
		api.Write("ResetServiceSetting", s.ResetServiceSetting, s.resetServiceSettingChecks),
		api.Write("UpdateServiceSetting", s.UpdateServiceSetting, s.updateServiceSettingChecks),
	}, s.nodes.Operations(), s.sessions.Operations(), s.commands.Operations(), s.parameters.Operations(), s.documents.Operations(), distributor.New().Operations(), s.inventory.Operations(), s.compliance.Operations(), s.patches.Operations(), s.associations.Operations(), s.calendars.Operations(), s.automations.Operations())
}

// Tables lists what the wing and its rooms keep.
func Tables() []store.Definition {
	return slices.Concat([]store.Definition{&settings}, managednodes.Tables(), sessionmanager.Tables(), runcommand.Tables(), parameterstore.Tables(), documents.Tables(), inventory.Tables(), compliance.Tables(), patchmanager.Tables(), statemanager.Tables(), changecalendar.Tables(), automation.Tables())
}

func withAmazon(p documents.Ports) documents.Ports {
	p.Amazon = provided()
	return p
}

// Recover looks after attachments of an earlier run.
func (s *Service) Recover(ctx context.Context) error { return s.documents.Recover(ctx) }

// Attachment opens the attachment that a URL's ticket stands for.
func (s *Service) Attachment(ticket string, now time.Time) (io.ReadSeekCloser, string, error) {
	return s.documents.Attachment(ticket, now)
}

// provided are the documents of owner Amazon.
func provided() []documents.Provided {
	var out []documents.Provided
	for _, d := range amazon.Documents() {
		out = append(out, documents.Provided(d))
	}
	return out
}

// Upkeep lets parameter policies act whose time has come, resource data syncs
// write, sessions end, and old commands be forgotten. None keeps another from
// its work.
func (s *Service) Upkeep(ctx context.Context) (next time.Time, err error) {
	for _, chore := range []func(context.Context) (time.Time, error){s.parameters.Upkeep, s.inventory.Upkeep, s.sessions.Upkeep, s.commands.Upkeep, s.associations.Upkeep, s.automations.Upkeep} {
		when, failure := chore(ctx)
		err = errors.Join(err, failure)
		if !when.IsZero() && (next.IsZero() || when.Before(next)) {
			next = when
		}
	}
	return next, err
}

// InventoryChange is what differs on a node between two moments.
type InventoryChange = inventory.Change

// InventoryChanges compares what nodes reported up to two moments.
func (s *Service) InventoryChanges(ctx context.Context, account, region, node, kind string, from, to time.Time) ([]InventoryChange, error) {
	return s.inventory.Changes(ctx, account, region, node, kind, from, to)
}

// PatchSnapshot is the text of a patch snapshot by its token; ok is false if
// there is none.
func (s *Service) PatchSnapshot(ctx context.Context, token string) (text []byte, ok bool, err error) {
	return s.patches.Snapshot(ctx, token)
}

// ErrUnknownNode reports a node id that is not registered.
var ErrUnknownNode = managednodes.ErrUnknownNode

// NodeKey returns the public key that a node registered, and the node as a
// caller; ErrUnknownNode if there is none.
func (s *Service) NodeKey(ctx context.Context, node string) (*rsa.PublicKey, api.Caller, error) {
	return s.nodes.NodeKey(ctx, node)
}

// Registered tells whether a node exists in an account and Region.
func (s *Service) Registered(ctx context.Context, account, region, node string) (bool, error) {
	return s.nodes.Registered(ctx, account, region, node)
}

// Reach notes which buckets a node finds by name, and returns its state.
func (s *Service) Reach(ctx context.Context, account, node string, buckets *nodes.Buckets) (nodes.State, error) {
	return s.nodes.Reach(ctx, account, node, buckets)
}

// OfWorkspace returns the ids of the activations and of the nodes that a
// WorkSpace has.
func (s *Service) OfWorkspace(ctx context.Context, account, region, workspaceID string) (activations, nodes []string, err error) {
	return s.nodes.OfWorkspace(ctx, account, region, workspaceID)
}

// Connected notes that a node's control channel has opened.
func (s *Service) Connected(ctx context.Context, node string) error {
	return s.nodes.Connected(ctx, node)
}

// Disconnected notes that a node's control channel has closed.
func (s *Service) Disconnected(ctx context.Context, node string) error {
	return s.nodes.Disconnected(ctx, node)
}

// JobAcknowledged notes whether a node took a job.
func (s *Service) JobAcknowledged(ctx context.Context, node, job string, status nodes.AckStatus) error {
	return s.commands.JobAcknowledged(ctx, node, job, status)
}

// JobReplied notes what a node says of a job.
func (s *Service) JobReplied(ctx context.Context, node string, reply nodes.Reply) error {
	return s.commands.JobReplied(ctx, node, reply)
}

// JobOutput takes what a step writes while it runs.
func (s *Service) JobOutput(ctx context.Context, node string, o nodes.Output) (next int64, full bool, err error) {
	return s.commands.JobOutput(ctx, node, o)
}

// FollowCommand returns what is new of a command since a place.
func (s *Service) FollowCommand(ctx context.Context, account, region, command, instance, place string) (runcommand.Progress, error) {
	return s.commands.Follow(ctx, account, region, command, instance, place)
}

// ErrNoCommand reports a command that does not exist, or was not sent to the
// node.
var ErrNoCommand = runcommand.ErrNoCommand

// Orders returns all orders that are not over, and the place in the feed from
// which changes are to be followed.
func (s *Service) Orders(ctx context.Context) ([]nodes.Order, store.Cursor, error) {
	return s.commands.Orders(ctx)
}

// Order returns orders by the keys of their records.
func (s *Service) Order(ctx context.Context, keys []nodes.OrderKey) ([]nodes.Order, error) {
	return s.commands.Order(ctx, keys)
}

// GiveUp ends orders of which nothing was heard by their deadlines.
func (s *Service) GiveUp(ctx context.Context, keys []nodes.OrderKey) error {
	return s.commands.GiveUp(ctx, keys)
}

// Returned tells that the nodes of orders that waited for them are back.
func (s *Service) Returned(ctx context.Context, keys []nodes.OrderKey) error {
	return s.commands.Returned(ctx, keys)
}

// Lost tells that the nodes of orders were deregistered.
func (s *Service) Lost(ctx context.Context, keys []nodes.OrderKey) error {
	return s.commands.Lost(ctx, keys)
}

// Chores lists the work on commands that is too much for one transaction.
func (s *Service) Chores(ctx context.Context) ([]nodes.OrderKey, error) {
	return s.commands.Chores(ctx)
}

// Chore does a step of it.
func (s *Service) Chore(ctx context.Context, key nodes.OrderKey) error {
	return s.commands.Chore(ctx, key)
}

// OrdersTable, ChoresTable and NodesTable are the names under which the feed
// tells of orders, of work on commands, and of nodes whose channels open or
// close.
const (
	OrdersTable = runcommand.InvocationsTable
	ChoresTable = runcommand.ChoresTable
	NodesTable  = managednodes.NodesTable
)

// neighbours lets Run Command find managed nodes.
type neighbours struct{ nodes *managednodes.Service }

var _ runcommand.Nodes = neighbours{}

// Resolve finds the node that an id means.
func (n neighbours) Resolve(tx *store.Tx, scope store.Scope, id string) (runcommand.Node, bool, error) {
	found, err := n.nodes.Resolve(tx, scope, id)
	if errors.Is(err, managednodes.ErrUnknownNode) {
		return runcommand.Node{}, false, nil
	}
	return neighbour(found), err == nil, err
}

// Targets finds the nodes that fit targets.
func (n neighbours) Targets(tx *store.Tx, scope store.Scope, targets []runcommand.Target) ([]runcommand.Node, error) {
	found, err := n.nodes.Targets(tx, scope, criteria(targets))
	out := make([]runcommand.Node, 0, len(found))
	for _, one := range found {
		out = append(out, neighbour(one))
	}
	return out, err
}

// CheckTargets refuses targets that cannot be read.
func (neighbours) CheckTargets(targets []runcommand.Target) error {
	return managednodes.CheckTargets(criteria(targets))
}

func criteria(targets []runcommand.Target) []managednodes.Target {
	out := make([]managednodes.Target, 0, len(targets))
	for _, t := range targets {
		out = append(out, managednodes.Target(t))
	}
	return out
}

func neighbour(n managednodes.Node) runcommand.Node {
	return runcommand.Node{ID: n.ID, Name: cmp.Or(n.ComputerName, n.Name), Platform: n.PlatformType, Tags: n.Tags}
}

// FindsBucket tells whether a node can find a bucket by its name.
func (n neighbours) FindsBucket(tx *store.Tx, scope store.Scope, node, bucket string) (bool, error) {
	return n.nodes.FindsBucket(tx, scope, node, bucket)
}

// Online tells whether a node has an open channel.
func (n neighbours) Online(node string) bool { return n.nodes.Online(node) }

// shelf lets Run Command find documents.
type shelf struct{ *documents.Service }

var (
	_ runcommand.Documents  = shelf{}
	_ runcommand.Parameters = (*parameterstore.Service)(nil)
)

// Document finds a version of a document.
func (s shelf) Document(tx *store.Tx, scope store.Scope, name string, version *string) (runcommand.Document, error) {
	d, err := s.Service.Document(tx, scope, name, version)
	return runcommand.Document(d), err
}
