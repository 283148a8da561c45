package sessionmanager

import (
	"errors"
	"sync/atomic"

	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
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

	forgot atomic.Int64 // when old sessions were last removed, milliseconds since 1970
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports}
}

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Read("DescribeSessions", s.DescribeSessions, s.describeSessionsChecks),
		api.Read("GetConnectionStatus", s.GetConnectionStatus, s.getConnectionStatusChecks),
		api.Write("ResumeSession", s.ResumeSession, s.resumeSessionChecks),
		api.Write("StartSession", s.StartSession, s.startSessionChecks),
		api.Write("TerminateSession", s.TerminateSession, s.terminateSessionChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition { return []store.Definition{&sessions} }

func nodeARN(scope store.Scope, id string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "managed-instance/"+id)
}

func sessionARN(scope store.Scope, id string) arn.ARN {
	return arn.New("ssm", scope.Region, scope.Account, "session/"+id)
}

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

func text(s string) *string { return &s }
