package ssmmessages

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// hall is both ports: one registered node, whose channel hangs up at once.
type hall struct{ attached []string }

const node = "mi-0123456789abcdef0"

func (h *hall) Registered(_ context.Context, account, _, id string) (bool, error) {
	return account == "111122223333" && id == node, nil
}

func (h *hall) Token(id string) string { return "token of " + id }

func (h *hall) Attach(_ context.Context, id string, conn net.Conn) error {
	h.attached = append(h.attached, id)
	return conn.Close()
}

func TestChannelIsOpenedByItsOwnNodeOnly(t *testing.T) {
	for _, row := range []struct {
		name   string
		caller api.Caller
		want   string
	}{
		{"the node itself", api.Caller{Type: api.AssumedRole, Account: "111122223333", Node: node}, ""},
		{"another node", api.Caller{Type: api.AssumedRole, Account: "111122223333", Node: "mi-11111111111111111"}, "AccessDeniedException"},
		{"a node of another account", api.Caller{Type: api.AssumedRole, Account: "999999999999", Node: node}, "AccessDeniedException"},
		{"its own key", api.Caller{Type: api.ManagedInstance, Account: "111122223333", Node: node}, "AccessDeniedException"},
		{"an administrator in its name", api.Caller{Type: api.IAMUser, Account: "111122223333", Node: node}, "AccessDeniedException"},
		{"a node that was deregistered", api.Caller{Type: api.AssumedRole, Account: "111122223333", Node: "mi-22222222222222222"}, "AccessDeniedException"},
	} {
		h := &hall{}
		s := New(Ports{Nodes: h, Channels: h})
		ctx := api.WithCall(t.Context(), &api.Call{Caller: row.caller, Account: row.caller.Account, Region: "eu-west-1"})
		id := node
		if row.name == "a node that was deregistered" {
			id = row.caller.Node
		}
		made, err := s.CreateControlChannel(ctx, &CreateControlChannelInput{InstanceId: &id})
		if code(err) != row.want || (err == nil && *made.TokenValue != "token of "+id) {
			t.Errorf("%s creates: got %v, %v; want %q", row.name, made, err, row.want)
		}
		talk, err := s.OpenControlChannel(ctx, &OpenControlChannelInput{InstanceId: &id})
		if code(err) != row.want {
			t.Errorf("%s opens: got %v, want %q", row.name, err, row.want)
		}
		if err != nil {
			continue
		}
		near, far := net.Pipe()
		talk.Serve(ctx, near)
		if err := far.Close(); err != nil || len(h.attached) != 1 || h.attached[0] != id {
			t.Errorf("%s: attached %v (%v), want %s", row.name, h.attached, err, id)
		}
	}
}

func code(err error) string {
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		return fault.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}
