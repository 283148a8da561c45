package runcommand

import (
	"encoding/json"
	"sync"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/history"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports

	turn     chan struct{} // held by the one that writes words
	mu       sync.Mutex
	words    []*word                    // guarded by mu; that wait to be written
	contents map[string]json.RawMessage // guarded by mu; what nodes of a command are sent

	history history.Keeper[command]
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	s := &Service{
		st: st, ids: ids, clk: clk, ports: ports,
		turn: make(chan struct{}, 1), contents: map[string]json.RawMessage{},
	}
	s.history = history.Keeper[command]{Store: st, Clock: clk, Table: &commands, Began: func(c *command) time.Time { return c.Requested }, Forget: s.remove}
	return s
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("CancelCommand", s.CancelCommand, s.cancelCommandChecks),
		api.Read("GetCommandInvocation", s.GetCommandInvocation, s.getCommandInvocationChecks),
		api.Read("ListCommandInvocations", s.ListCommandInvocations, s.listCommandInvocationsChecks),
		api.Read("ListCommands", s.ListCommands, s.listCommandsChecks),
		api.Write("SendCommand", s.SendCommand, s.sendCommandChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&commands, &contents, &invocations, &chores, &pieces, &notices}
}
