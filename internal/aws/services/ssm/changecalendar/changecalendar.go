package changecalendar

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ports Ports
}

// New returns the room over its store and ports.
func New(st *store.Store, ports Ports) *Service { return &Service{st: st, ports: ports} }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{api.Read("GetCalendarState", s.GetCalendarState, s.getCalendarStateChecks)}
}

// Tables lists what the room keeps: nothing, its calendars are documents.
func Tables() []store.Definition { return nil }

// Open tells whether a calendar is open at a time; its errors are the API's.
func (s *Service) Open(tx *store.Tx, scope store.Scope, name string, at time.Time) (bool, error) {
	c, err := s.read(tx, scope, name)
	if err != nil {
		return false, err
	}
	open, _, err := state([]*calendar{c}, at, at.Add(time.Second))
	if err != nil {
		return false, unsupported(name, err)
	}
	return open, nil
}

// read reads the calendar that a caller names.
func (s *Service) read(tx *store.Tx, scope store.Scope, name string) (*calendar, error) {
	text, err := s.ports.Documents.Calendar(tx, scope, name)
	if err != nil {
		return nil, err
	}
	c, err := parse(text)
	if err != nil {
		return nil, unsupported(name, err)
	}
	return c, nil
}

func unsupported(name string, why error) error {
	return &types.UnsupportedCalendarException{Message: new("The calendar entry contained in the specified SSM document isn't supported: " + name + ": " + why.Error() + ".")}
}
