package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"tamachi/internal/aws/model"
)

// source is the part of a botocore model that is kept.
type source struct {
	Metadata struct {
		APIVersion     string   `json:"apiVersion"`
		EndpointPrefix string   `json:"endpointPrefix"`
		JSONVersion    string   `json:"jsonVersion"`
		Protocol       string   `json:"protocol"`
		ServiceID      string   `json:"serviceId"`
		SigningName    string   `json:"signingName"`
		TargetPrefix   string   `json:"targetPrefix"`
		XMLNamespace   string   `json:"xmlNamespace"`
		Protocols      []string `json:"protocols"`
		// QueryCompatible is an empty object where it is there.
		QueryCompatible *struct{} `json:"awsQueryCompatible"`
	} `json:"metadata"`
	Operations map[string]sourceOp    `json:"operations"`
	Shapes     map[string]sourceShape `json:"shapes"`
}

type sourceOp struct {
	HTTP struct {
		Method       string `json:"method"`
		RequestURI   string `json:"requestUri"`
		ResponseCode int    `json:"responseCode"`
	} `json:"http"`
	Input    sourceRef   `json:"input"`
	Output   sourceRef   `json:"output"`
	Errors   []sourceRef `json:"errors"`
	Endpoint struct {
		HostPrefix string `json:"hostPrefix"`
	} `json:"endpoint"`
	Checksum *struct {
		AlgorithmMember string   `json:"requestAlgorithmMember"`
		Required        bool     `json:"requestChecksumRequired"`
		ModeMember      string   `json:"requestValidationModeMember"`
		Response        []string `json:"responseAlgorithms"`
	} `json:"httpChecksum"`
	ChecksumRequired bool   `json:"httpChecksumRequired"`
	AuthType         string `json:"authtype"`
	UnsignedPayload  bool   `json:"unsignedPayload"`
	Deprecated       bool   `json:"deprecated"`
}

type sourceRef struct {
	Shape            string     `json:"shape"`
	ResultWrapper    string     `json:"resultWrapper"`
	LocationName     string     `json:"locationName"`
	Location         string     `json:"location"`
	Flattened        bool       `json:"flattened"`
	Box              bool       `json:"box"`
	IdempotencyToken bool       `json:"idempotencyToken"`
	TimestampFormat  string     `json:"timestampFormat"`
	QueryName        string     `json:"queryName"`
	Streaming        bool       `json:"streaming"`
	XMLAttribute     bool       `json:"xmlAttribute"`
	HostLabel        bool       `json:"hostLabel"`
	JSONValue        bool       `json:"jsonvalue"`
	XMLNamespace     *namespace `json:"xmlNamespace"`
}

// namespace is written as an object, and in older models as the bare URI.
type namespace model.Namespace

// UnmarshalJSON reads either.
func (n *namespace) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &n.URI)
	}
	return json.Unmarshal(b, (*model.Namespace)(n))
}

type sourceShape struct {
	Type      string     `json:"type"`
	Members   members    `json:"members"`
	Required  []string   `json:"required"`
	Member    *sourceRef `json:"member"`
	Key       *sourceRef `json:"key"`
	Value     *sourceRef `json:"value"`
	Enum      []string   `json:"enum"`
	Min       *float64   `json:"min"`
	Max       *float64   `json:"max"`
	Pattern   string     `json:"pattern"`
	Sensitive bool       `json:"sensitive"`
	Union     bool       `json:"union"`
	Flattened bool       `json:"flattened"`
	Box       bool       `json:"box"`
	Timestamp string     `json:"timestampFormat"`
	Payload   string     `json:"payload"`
	Events    bool       `json:"eventstream"`
	Wire      string     `json:"locationName"`
	Space     *namespace `json:"xmlNamespace"`
	Streaming bool       `json:"streaming"`
	Document  bool       `json:"document"`
	Exception bool       `json:"exception"`
	Fault     bool       `json:"fault"`
	Error     struct {
		Code   string `json:"code"`
		Status int    `json:"httpStatusCode"`
		Sender bool   `json:"senderFault"`
	} `json:"error"`
}

// members are the members of a structure in the order of the file, which is
// the order AWS writes them in.
type members []namedRef

type namedRef struct {
	name string
	ref  sourceRef
}

// UnmarshalJSON reads an object and keeps its order.
func (m *members) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var ref sourceRef
		if err := d.Decode(&ref); err != nil {
			return err
		}
		*m = append(*m, namedRef{name.(string), ref})
	}
	return nil
}

// prune makes the table of a model; keep, where it is not nil, matches the
// operations that are wanted.
func prune(text []byte, keep *regexp.Regexp) (*model.Table, error) {
	var s source
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, err
	}
	t := &model.Table{
		Metadata: &model.Metadata{
			ServiceID: s.Metadata.ServiceID, Protocol: s.Metadata.Protocol,
			JSONVersion: s.Metadata.JSONVersion, TargetPrefix: s.Metadata.TargetPrefix,
			SigningName: s.Metadata.SigningName, EndpointPrefix: s.Metadata.EndpointPrefix,
			XMLNamespace: s.Metadata.XMLNamespace, APIVersion: s.Metadata.APIVersion,
			QueryCompatible: s.Metadata.QueryCompatible != nil,
		},
		Operations: map[string]*model.TableOp{},
		Shapes:     map[string]model.TableShape{},
	}
	if len(s.Metadata.Protocols) > 1 {
		t.Metadata.Protocols = s.Metadata.Protocols
	}
	for name, op := range s.Operations {
		if keep != nil && !keep.MatchString(name) {
			continue
		}
		// No codec speaks event streams, and the SDK's structs hide them.
		if !s.streamsEvents(op.Input) && !s.streamsEvents(op.Output) && !s.replaced(op) {
			t.Operations[name] = pruneOp(op)
		}
	}
	for name, shape := range s.Shapes {
		kept, err := pruneShape(shape)
		if err != nil {
			return nil, fmt.Errorf("shape %s: %w", name, err)
		}
		t.Shapes[name] = kept
	}
	if keep != nil {
		drop(t)
	}
	return t, nil
}

// drop removes the shapes that no operation needs.
func drop(t *model.Table) {
	needed := map[string]bool{}
	var need func(name string)
	need = func(name string) {
		if name == "" || needed[name] {
			return
		}
		needed[name] = true
		shape := t.Shapes[name]
		for _, m := range shape.Members {
			need(m.Shape)
		}
		for _, m := range []*model.TableMember{shape.Member, shape.Key, shape.Value} {
			if m != nil {
				need(m.Shape)
			}
		}
	}
	for _, op := range t.Operations {
		need(op.Input)
		need(op.Output)
		for _, e := range op.Errors {
			need(e)
		}
	}
	for name := range t.Shapes {
		if !needed[name] {
			delete(t.Shapes, name)
		}
	}
}

// streamsEvents tells whether a structure has a member that is an event stream.
func (s *source) streamsEvents(ref sourceRef) bool {
	for _, m := range s.Shapes[ref.Shape].Members {
		if s.Shapes[m.ref.Shape].Events {
			return true
		}
	}
	return false
}

// replaced tells whether an operation is deprecated and its requests cannot be
// told from those of its successor: the same method and URI (S3's
// GetBucketLifecycle). The SDKs have dropped these.
func (s *source) replaced(op sourceOp) bool {
	if !op.Deprecated || !strings.HasPrefix(s.Metadata.Protocol, "rest-") {
		return false
	}
	for _, other := range s.Operations {
		if !other.Deprecated && other.HTTP.Method == op.HTTP.Method && other.HTTP.RequestURI == op.HTTP.RequestURI {
			return true
		}
	}
	return false
}

func pruneOp(op sourceOp) *model.TableOp {
	t := &model.TableOp{
		Input: op.Input.Shape, Output: op.Output.Shape, ResultWrapper: op.Output.ResultWrapper,
		Root: op.Input.LocationName, RootSpace: (*model.Namespace)(op.Input.XMLNamespace),
		HostPrefix: op.Endpoint.HostPrefix, UnsignedPayload: op.UnsignedPayload, Unsigned: op.AuthType == "none",
	}
	if c := op.Checksum; c != nil {
		t.Checksum = &model.Checksum{AlgorithmMember: c.AlgorithmMember, Required: c.Required, ModeMember: c.ModeMember, Response: c.Response}
	} else if op.ChecksumRequired {
		t.Checksum = &model.Checksum{Required: true}
	}
	if op.HTTP.Method != http.MethodPost {
		t.Method = op.HTTP.Method
	}
	if op.HTTP.RequestURI != "/" {
		t.URI = op.HTTP.RequestURI
	}
	if op.HTTP.ResponseCode != http.StatusOK {
		t.Status = op.HTTP.ResponseCode
	}
	for _, e := range op.Errors {
		t.Errors = append(t.Errors, e.Shape)
	}
	return t
}

func pruneShape(s sourceShape) (model.TableShape, error) {
	t := model.TableShape{
		Type: s.Type, Enum: s.Enum, Min: s.Min, Max: s.Max, Pattern: s.Pattern,
		Sensitive: s.Sensitive, Union: s.Union, Flattened: s.Flattened, Box: s.Box,
		Timestamp: s.Timestamp, Payload: s.Payload, Wire: s.Wire, Space: (*model.Namespace)(s.Space),
		Streaming: s.Streaming, Document: s.Document,
		Exception: s.Exception, Fault: s.Fault,
		Code: s.Error.Code, Status: s.Error.Status, Sender: s.Error.Sender,
		Member: pruneRef(s.Member), Key: pruneRef(s.Key), Value: pruneRef(s.Value),
	}
	required := map[string]bool{}
	for _, r := range s.Required {
		required[r] = true
	}
	for _, m := range s.Members {
		kept := pruneRef(&m.ref)
		kept.Name = m.name
		kept.Required = required[m.name]
		if kept.Wire == m.name {
			kept.Wire = ""
		}
		delete(required, m.name)
		t.Members = append(t.Members, *kept)
	}
	for name := range required {
		return t, fmt.Errorf("required member %s does not exist", name)
	}
	return t, nil
}

func pruneRef(r *sourceRef) *model.TableMember {
	if r == nil {
		return nil
	}
	return &model.TableMember{
		Shape: r.Shape, Wire: r.LocationName, Location: r.Location, Flattened: r.Flattened,
		Token: r.IdempotencyToken, Box: r.Box, Timestamp: r.TimestampFormat,
		Query: r.QueryName, Space: (*model.Namespace)(r.XMLNamespace), Attribute: r.XMLAttribute,
		Streaming: r.Streaming, HostLabel: r.HostLabel, JSONValue: r.JSONValue,
	}
}
