package model

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// typeNames are the models' names of the types.
var typeNames = map[string]Type{
	"structure": Structure, "list": List, "map": Map, "string": String, "character": String,
	"integer": Integer, "long": Long, "float": Float, "double": Double,
	"boolean": Boolean, "timestamp": Timestamp, "blob": Blob,
}

func (s *Service) buildShapes(tables map[string]TableShape) error {
	s.streams = map[string]bool{}
	for name, t := range tables {
		s.Shapes[name] = &Shape{Name: name, Type: typeNames[t.Type], Space: t.Space}
		s.streams[name] = t.Streaming
	}
	for name, t := range tables {
		if err := s.buildShape(s.Shapes[name], &t); err != nil {
			return fmt.Errorf("shape %s: %w", name, err)
		}
	}
	return nil
}

func (s *Service) buildShape(shape *Shape, t *TableShape) error {
	shape.Type = typeNames[t.Type]
	shape.Enum, shape.Min, shape.Max, shape.Pattern = t.Enum, t.Min, t.Max, t.Pattern
	shape.Sensitive, shape.Union, shape.Flattened, shape.Box = t.Sensitive, t.Union, t.Flattened, t.Box
	shape.Timestamp, shape.Payload, shape.Exception = t.Timestamp, t.Payload, t.Exception
	shape.Wire, shape.Document = t.Wire, t.Document
	if t.Pattern != "" {
		shape.match = matcher(t.Pattern)
	}
	var err error
	switch shape.Type {
	case 0:
		return fmt.Errorf("type %q is unknown", t.Type)
	case Structure:
		err = s.buildMembers(shape, t.Members)
	case List:
		shape.Member, err = s.reference(t.Member)
	case Map:
		if shape.Key, err = s.reference(t.Key); err == nil {
			shape.Value, err = s.reference(t.Value)
		}
	}
	if err == nil && t.Exception {
		s.buildError(shape, t)
	}
	return err
}

func (s *Service) buildMembers(shape *Shape, tables []TableMember) error {
	if len(tables) > maxMembers {
		return fmt.Errorf("%d members; Presence has room for %d", len(tables), maxMembers)
	}
	shape.Members = make([]*Member, len(tables))
	shape.byName = make(map[string]*Member, len(tables))
	shape.byWire = make(map[string]*Member, len(tables))
	for i := range tables {
		m, err := s.reference(&tables[i])
		if err != nil {
			return err
		}
		m.Index = i
		shape.Members[i] = m
		shape.byName[m.Name] = m
		shape.Attributed = shape.Attributed || m.Attribute
		if m.pages() {
			shape.Pages = append(shape.Pages, m)
		}
		if m.Location == "" {
			shape.byWire[m.Wire] = m
		}
	}
	return nil
}

// pages tells whether a member may hold a paging token. The models call them
// NextToken, Marker, ContinuationToken and the like; the few others with such a
// name hold texts that no token looks like.
func (m *Member) pages() bool {
	name := strings.ToLower(m.Name)
	return m.Shape.Type == String && !m.Token && (strings.HasSuffix(name, "token") || strings.HasSuffix(name, "marker"))
}

func (s *Service) reference(t *TableMember) (*Member, error) {
	if t == nil {
		return nil, fmt.Errorf("the member is missing")
	}
	target := s.Shapes[t.Shape]
	if target == nil {
		return nil, fmt.Errorf("member %q is of shape %q, which does not exist", t.Name, t.Shape)
	}
	m := &Member{
		Name: t.Name, Shape: target, Wire: t.Wire, hasWire: t.Wire != "", Location: t.Location,
		Required: t.Required, Flattened: t.Flattened, Token: t.Token, Timestamp: t.Timestamp,
		Query: t.Query, Space: t.Space, Attribute: t.Attribute, HostLabel: t.HostLabel, JSONValue: t.JSONValue,
		Streaming: t.Streaming || s.streams[t.Shape],
	}
	if m.Space == nil {
		m.Space = target.Space
	}
	if m.Wire == "" {
		m.Wire = t.Name
	}
	m.jsonKey = strconv.Quote(m.Wire) + ":"
	return m, nil
}

// buildError fills in what the model leaves to custom: the code is the shape's
// name, the status 400, or 500 where the fault is the service's.
func (s *Service) buildError(shape *Shape, t *TableShape) {
	e := ErrorTraits{Code: t.Code, Status: t.Status, Sender: t.Sender || !t.Fault}
	if e.Code == "" {
		e.Code = shape.Name
	}
	if e.Status == 0 {
		e.Status = http.StatusBadRequest
		if t.Fault {
			e.Status = http.StatusInternalServerError
		}
	}
	if e.Status >= http.StatusInternalServerError {
		e.Sender = false
	}
	shape.Error = e
	// Where two share a code, the one of that name stands for it.
	if have := s.errors[e.Code]; have == nil || have.Name != e.Code && (shape.Name == e.Code || shape.Name < have.Name) {
		s.errors[e.Code] = shape
	}
	if s.errors[shape.Name] == nil {
		s.errors[shape.Name] = shape
	}
}
