package house

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ec2messages"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/ssm/managednodes"
	"tamachi/internal/aws/services/ssm/sessionmanager"
	"tamachi/internal/aws/services/ssmmessages"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/engine/association"
	"tamachi/internal/engine/automation"
	"tamachi/internal/engine/delivery"
	"tamachi/internal/nodes/gateway"
	"tamachi/internal/store"
)

// fleet is what managed nodes meet: the ssm wing, the room of their channels,
// the gateway that holds these, and the engines that deliver commands and keep
// associations.
type fleet struct {
	*gateway.Gateway // tells what the ssm wing asks of channels
	ssm              *ssm.Service
	messages         *ssmmessages.Service
	mail             *ec2messages.Service
	delivery         *delivery.Engine
	associations     *association.Engine
	automations      *automation.Engine
}

// ssmPrincipal is the host name of Systems Manager.
const ssmPrincipal = "ssm.amazonaws.com"

var _ managednodes.Channels = (*fleet)(nil)

// openFleet furnishes it. Wing and gateway ask each other, so the wing knows
// the gateway by f, which is filled last.
func (h *House) openFleet(ctx context.Context, s *sts.Service, i *iam.Service) (*fleet, error) {
	f := &fleet{}
	files, err := h.attachments(ctx)
	if err != nil {
		return nil, err
	}
	f.ssm = ssm.New(h.store, h.o.IDs, h.o.Clock, ssm.Ports{Sessions: sessions{s}, Channels: f, Roles: rolesOfNodes{i}, Groups: nodeGroups{h}, People: callers{i}, Keys: secrets{h}, Bucket: syncBucket{h}, SnapshotURL: h.snapshotURL, Access: callerAccess{h}, Output: commandOutput{h}, Alarms: commandAlarms{h}, Organizations: units{h}, Topics: commandTopics{h}, Events: happenings{h}, Files: files, Plane: automationPlane{h}})
	if err := f.ssm.Recover(ctx); err != nil {
		return nil, fmt.Errorf("look after attachments of an earlier run: %w", err)
	}
	f.Gateway = gateway.New(f.ssm, h.o.Clock, h.o.IDs, h.o.Log)
	f.ServeSessions(f.ssm)
	f.messages = ssmmessages.New(ssmmessages.Ports{Nodes: f.ssm, Channels: f.Gateway, Sessions: dataChannels{f.Gateway, f.ssm}})
	f.mail = ec2messages.New(ec2messages.Ports{Nodes: f.ssm, Mail: f.Gateway})
	f.delivery = delivery.New(delivery.Options{
		Commands: f.ssm, Gateway: f.Gateway, Feed: h.store, Bell: h.bell, Clock: h.o.Clock,
		OrdersTable: ssm.OrdersTable, ChoresTable: ssm.ChoresTable, NodesTable: ssm.NodesTable, Log: h.o.Log,
	})
	f.associations = association.New(association.Options{
		Room: f.ssm.Associations(), Gateway: f.Gateway, Feed: h.store, Bell: h.bell, Clock: h.o.Clock,
		AssociationsTable: ssm.AssociationsTable, NodesTable: ssm.NodesTable, NudgesTable: ssm.NudgesTable, Log: h.o.Log,
	})
	f.automations = automation.New(automation.Options{Room: f.ssm.Automations(), Bell: h.bell, Clock: h.o.Clock, Log: h.o.Log})
	return f, nil
}

// units knows where accounts are in their organization; the room of accounts is
// made later.
type units struct{ h *House }

var _ managednodes.Organizations = units{}

// Of is an account's organization, and its path in it.
func (u units) Of(ctx context.Context, account string) (id, path string, err error) {
	return u.h.rooms.accounts.Of(ctx, account)
}

// sessions issues nodes' credentials from the sts room.
type sessions struct{ room *sts.Service }

var _ managednodes.Sessions = sessions{}

// IssueNode makes credentials of a node.
func (s sessions) IssueNode(tx *store.Tx, account, node string, role managednodes.Role, lasts time.Duration) (managednodes.Session, error) {
	c, err := s.room.IssueNode(tx, account, node, sts.Role{ID: role.ID, ARN: role.ARN, Name: role.Name}, lasts)
	return managednodes.Session(c), err
}

// callers knows the tags of whoever starts a session, from the iam room.
type callers struct{ room *iam.Service }

var _ sessionmanager.People = callers{}

// CallerTags returns the tags of the user or role behind a caller.
func (c callers) CallerTags(ctx context.Context, caller *api.Caller) (map[string]string, error) {
	found, err := c.room.Bindings(ctx, caller)
	if err != nil {
		return nil, err
	}
	return found.Tags, nil
}

// rolesOfNodes finds the roles of activations in the iam room.
type rolesOfNodes struct{ room *iam.Service }

var _ managednodes.Roles = rolesOfNodes{}

// Role returns a role.
func (r rolesOfNodes) Role(ctx context.Context, account, name string) (managednodes.Role, error) {
	found, err := r.room.Role(ctx, account, name)
	if errors.Is(err, iam.ErrNoRole) {
		err = managednodes.ErrNoRole
	}
	return managednodes.Role{ID: found.ID, ARN: found.ARN, Name: found.Name, Trust: found.Trust}, err
}
