package model

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed tables/*.json.gz additions/*.json
var embedded embed.FS

// ErrUnknownService is Load's answer to a name that has no table.
var ErrUnknownService = errors.New("no model of this service")

// loaded keeps each service for the life of the process, by name: a func() of
// sync.OnceValues.
var loaded sync.Map

// Load returns the table of a service, by botocore's folder name ("sts",
// "ssm", "workspaces", "ds", "ds-data", "cloudtrail") or an addition's
// ("ssmmessages", "tamachi"). The first call of a name reads the table, which
// takes some milliseconds; all callers share the result.
func Load(service string) (*Service, error) {
	type once = func() (*Service, error)
	f, ok := loaded.Load(service)
	if !ok {
		if !known(service) {
			return nil, fmt.Errorf("load model of %q: %w", service, ErrUnknownService)
		}
		f, _ = loaded.LoadOrStore(service, sync.OnceValues(func() (*Service, error) { return load(service) }))
	}
	return f.(once)()
}

// Services lists the names that Load knows, sorted.
func Services() []string {
	var names []string
	for _, pattern := range []string{"tables/*.json.gz", "additions/*.json"} {
		files, _ := fs.Glob(embedded, pattern) // the patterns are well formed
		for _, f := range files {
			names = append(names, strings.TrimSuffix(strings.TrimSuffix(path.Base(f), ".gz"), ".json"))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func known(service string) bool { return slices.Contains(Services(), service) }

func load(name string) (*Service, error) {
	var t Table
	found := false
	for _, source := range []struct {
		file   string
		packed bool
	}{{"tables/" + name + ".json.gz", true}, {"additions/" + name + ".json", false}} {
		b, err := embedded.ReadFile(source.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("load model of %s: %w", name, err)
		}
		if err := merge(&t, b, source.packed); err != nil {
			return nil, fmt.Errorf("load model of %s: %s: %w", name, source.file, err)
		}
		found = true
	}
	if !found {
		return nil, fmt.Errorf("load model of %q: %w", name, ErrUnknownService)
	}
	s, err := Build(name, &t)
	if err != nil {
		return nil, fmt.Errorf("load model of %s: %w", name, err)
	}
	return s, nil
}

// merge adds a stored table to t. Nothing may be said twice.
func merge(t *Table, text []byte, packed bool) error {
	var next Table
	if packed {
		z, err := gzip.NewReader(bytes.NewReader(text))
		if err != nil {
			return err
		}
		if err := json.NewDecoder(z).Decode(&next); err != nil {
			return err
		}
	} else {
		d := json.NewDecoder(bytes.NewReader(text))
		d.DisallowUnknownFields()
		if err := d.Decode(&next); err != nil {
			return err
		}
	}
	if t.Operations == nil {
		*t = next
		return nil
	}
	if next.Metadata != nil {
		return errors.New("an addition to a table must not carry metadata")
	}
	for name, op := range next.Operations {
		if t.Operations[name] != nil {
			return fmt.Errorf("operation %s exists already", name)
		}
		t.Operations[name] = op
	}
	for name, shape := range next.Shapes {
		if _, twice := t.Shapes[name]; twice {
			return fmt.Errorf("shape %s exists already", name)
		}
		t.Shapes[name] = shape
	}
	for name, a := range next.Amends {
		shape, ok := t.Shapes[name]
		if !ok {
			return fmt.Errorf("no shape %s to amend", name)
		}
		if a.Pattern != "" {
			shape.Pattern = a.Pattern
		}
		if a.Type != "" {
			shape.Type, shape.Timestamp = a.Type, a.Timestamp
		}
		shape.Sensitive = shape.Sensitive || a.Sensitive
		shape.Union = shape.Union || a.Union
		shape.Members = append(shape.Members, a.Members...)
		t.Shapes[name] = shape
	}
	return nil
}

// Build makes a service of a table: it resolves names into pointers. Load calls
// it; tests build services of their own.
func Build(name string, t *Table) (*Service, error) {
	if t.Metadata == nil {
		return nil, errors.New("the table has no metadata")
	}
	m := t.Metadata
	s := &Service{
		Name: name, ServiceID: m.ServiceID, Protocol: m.Protocol, JSONVersion: m.JSONVersion,
		TargetPrefix: m.TargetPrefix, SigningName: m.SigningName, EndpointPrefix: m.EndpointPrefix,
		XMLNamespace: m.XMLNamespace, APIVersion: m.APIVersion,
		Protocols: m.Protocols, QueryCompatible: m.QueryCompatible,
		Operations: make(map[string]*Operation, len(t.Operations)),
		Shapes:     make(map[string]*Shape, len(t.Shapes)),
		errors:     map[string]*Shape{},
	}
	if len(s.Protocols) == 0 {
		s.Protocols = []string{s.Protocol}
	}
	if s.SigningName == "" {
		s.SigningName = s.EndpointPrefix
	}
	if err := s.buildShapes(t.Shapes); err != nil {
		return nil, err
	}
	for name, op := range t.Operations {
		built, err := s.buildOperation(name, op)
		if err != nil {
			return nil, fmt.Errorf("operation %s: %w", name, err)
		}
		s.Operations[name] = built
	}
	return s, nil
}

func (s *Service) buildOperation(name string, t *TableOp) (*Operation, error) {
	op := &Operation{
		Name: name, Method: t.Method, URI: t.URI, Status: t.Status, ResultWrapper: t.ResultWrapper,
		Root: t.Root, RootSpace: t.RootSpace, HostPrefix: t.HostPrefix, Checksum: t.Checksum,
		UnsignedPayload: t.UnsignedPayload, Unsigned: t.Unsigned,
	}
	if op.Method == "" {
		op.Method = http.MethodPost
	}
	if op.URI == "" {
		op.URI = "/"
	}
	if op.Status == 0 {
		op.Status = http.StatusOK
	}
	var err error
	if op.Input, err = s.structure(t.Input, name+"Input"); err != nil {
		return nil, err
	}
	if op.Output, err = s.structure(t.Output, name+"Output"); err != nil {
		return nil, err
	}
	for _, e := range t.Errors {
		shape, err := s.structure(e, "")
		if err != nil {
			return nil, err
		}
		op.Errors = append(op.Errors, shape)
	}
	return op, nil
}

// structure finds a structure by name; the empty name is an empty structure.
func (s *Service) structure(name, whenEmpty string) (*Shape, error) {
	if name == "" {
		return &Shape{Name: whenEmpty, Type: Structure}, nil
	}
	shape := s.Shapes[name]
	if shape == nil || shape.Type != Structure {
		return nil, fmt.Errorf("%s is no structure", name)
	}
	return shape, nil
}
