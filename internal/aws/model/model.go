// Package model holds what AWS's service models say and the SDK's structs do
// not: names on the wire, required members, lengths, ranges, patterns, enums,
// errors and what is sensitive.
//
// The tables are pruned from botocore's models by cmd/modelgen and committed;
// additions are written by hand for the agents' side of Systems Manager, which
// no public model describes, and for the plane's own service. Both have the
// same form (see tables.go). A service is read at its first use and kept.
package model

import "reflect"

// Type is the kind of a shape.
type Type uint8

// The kinds of shape that the models use.
const (
	Structure Type = iota + 1
	List
	Map
	String
	Integer // 32 bits
	Long    // 64 bits
	Float
	Double
	Boolean
	Timestamp
	Blob
)

// Service is one service's table. It is shared and must not be changed.
type Service struct {
	Name           string // botocore's folder name: "ssm", "ds-data"
	ServiceID      string // "WorkSpaces"
	Protocol       string // "json", "query", "rest-json"; "ssmmessages" for the agents' gateway
	JSONVersion    string // "1.1"
	TargetPrefix   string // "WorkspacesService"
	SigningName    string // service part of the credential scope
	EndpointPrefix string // first label of the host name
	XMLNamespace   string
	APIVersion     string // "2015-04-08"
	// Protocols are all that the service speaks, Protocol among them.
	Protocols []string
	// QueryCompatible services keep the codes of their query protocol.
	QueryCompatible bool

	Operations map[string]*Operation
	Shapes     map[string]*Shape

	errors  map[string]*Shape // by code and by shape name
	streams map[string]bool   // names of the streaming shapes
}

// Operation is one operation of a service.
type Operation struct {
	Name          string
	Method        string // "POST"
	URI           string // "/Users/{SAMAccountName}?x=y"
	Input         *Shape // a structure, empty when the model names none
	Output        *Shape // as Input
	Errors        []*Shape
	ResultWrapper string // query protocol: the element around the result
	Status        int    // HTTP status of success

	Root       string     // REST XML: the element around the request
	RootSpace  *Namespace // and its namespace
	HostPrefix string     // "{RequestRoute}."
	Checksum   *Checksum  // nil when the model names none
	// UnsignedPayload operations sign no body, Unsigned ones nothing at all.
	UnsignedPayload, Unsigned bool
}

// Shape is a type of the model.
type Shape struct {
	Name    string
	Type    Type
	Members []*Member // of a structure, in the model's order
	Member  *Member   // of a list
	Key     *Member   // of a map
	Value   *Member   // of a map

	Enum      []string
	Min, Max  *float64 // length of strings, blobs, lists, maps; value of numbers
	Pattern   string   // whole-value match, in AWS's dialect
	Sensitive bool
	Union     bool
	Flattened bool
	Box       bool
	// Timestamp is "iso8601", "unixTimestamp" or "rfc822"; empty means the
	// protocol's own.
	Timestamp string
	Payload   string // member that is the whole body (REST)
	Wire      string // name of its XML element where members give none
	Space     *Namespace
	Document  bool // any JSON value
	// Attributed structures have members that are attributes of their element.
	Attributed bool
	// Pages are the members of a structure that may hold paging tokens.
	Pages     []*Member
	Exception bool
	Error     ErrorTraits // of an exception

	byName map[string]*Member
	byWire map[string]*Member // body members by their name on the wire
	match  func(string) bool  // nil: no pattern, or one Go cannot express
}

// ErrorTraits says how an exception travels.
type ErrorTraits struct {
	Code   string // on the wire; the shape's name unless the model differs
	Status int    // HTTP status
	Sender bool   // the client's fault
}

// Member is the use of a shape in a structure, list or map.
type Member struct {
	Name      string // the model's; empty in lists and maps
	Shape     *Shape
	Wire      string // name on the wire: locationName, or Name
	Location  string // "", "uri", "querystring", "header", "headers", "statusCode"
	Required  bool
	Flattened bool
	Token     bool // an idempotency token: made up when the client gives none
	Timestamp string
	Query     string // name in a form: queryName, or empty
	Space     *Namespace
	Attribute bool // of the XML element
	Streaming bool // a blob that is read and written as a stream
	HostLabel bool
	JSONValue bool
	Index     int // place in the structure's Members

	hasWire bool   // the model gives a locationName
	jsonKey string // "wire":
}

// Field is the name of the member's field in the SDK's struct.
func (m *Member) Field() string { return upperFirst(m.Name) }

// Lookup finds a member of a structure by its model name, or nil.
func (s *Shape) Lookup(name string) *Member { return s.byName[name] }

// LookupWire finds the member that has this name in a JSON or form body, or
// nil. Members bound to the URI, the query string or a header are not found.
func (s *Shape) LookupWire(name string) *Member { return s.byWire[name] }

// HasBody tells whether any member of a structure travels in the body.
func (s *Shape) HasBody() bool { return s.Payload != "" || len(s.byWire) > 0 }

// Stream is the member that is a streamed body, or nil.
func (s *Shape) Stream() *Member {
	if s.Payload == "" {
		return nil
	}
	if m := s.byName[s.Payload]; m.Streaming {
		return m
	}
	return nil
}

// ErrorShape finds the exception that has this code on the wire, or this shape
// name.
func (s *Service) ErrorShape(code string) (*Shape, bool) {
	shape, ok := s.errors[code]
	return shape, ok
}

// JSONKey is the member's name on the wire in quotes, with its colon. Names
// are letters and digits, so that nothing is escaped.
func (m *Member) JSONKey() string { return m.jsonKey }

// HasWire tells whether the model itself names the member on the wire.
func (m *Member) HasWire() bool { return m.hasWire }

// TimestampFormat is the format that the model asks for, or "".
func (m *Member) TimestampFormat() string {
	if m.Timestamp != "" {
		return m.Timestamp
	}
	return m.Shape.Timestamp
}

func upperFirst(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

func lowerFirst(s string) string {
	if s == "" || s[0] < 'A' || s[0] > 'Z' {
		return s
	}
	return string(s[0]-'A'+'a') + s[1:]
}

// Accepts tells whether a text satisfies every constraint of a string shape.
func (s *Shape) Accepts(text string) bool { return s.broken(reflect.ValueOf(text)) == "" }
