package model

// Table is the stored form of a service: what cmd/modelgen writes and what the
// additions are written in. A shape or member names only what differs from
// the usual.
type Table struct {
	Metadata   *Metadata             `json:"metadata,omitempty"` // absent in an addition to another table
	Operations map[string]*TableOp   `json:"operations"`
	Shapes     map[string]TableShape `json:"shapes"`
	// Amends changes shapes of the table that this one is added to, where the
	// plane differs from AWS on purpose.
	Amends map[string]Amendment `json:"amends,omitempty"`
}

// Amendment is what an addition may change of a shape: take more, show less,
// or be what the SDK's structs make of it.
type Amendment struct {
	Type      string `json:"type,omitempty"` // in place of the shape's
	Timestamp string `json:"timestampFormat,omitempty"`
	Union     bool   `json:"union,omitempty"`

	Pattern   string `json:"pattern,omitempty"` // in place of the shape's
	Sensitive bool   `json:"sensitive,omitempty"`

	Members []TableMember `json:"members,omitempty"` // behind the shape's: what a newer model has
}

// Metadata is the service as a whole.
type Metadata struct {
	ServiceID      string `json:"serviceId,omitempty"`
	Protocol       string `json:"protocol"`
	JSONVersion    string `json:"jsonVersion,omitempty"`
	TargetPrefix   string `json:"targetPrefix,omitempty"`
	SigningName    string `json:"signingName,omitempty"` // the endpoint prefix when absent
	EndpointPrefix string `json:"endpointPrefix"`
	XMLNamespace   string `json:"xmlNamespace,omitempty"`
	APIVersion     string `json:"apiVersion,omitempty"`
	// Protocols are all that the service speaks, where they are several.
	Protocols []string `json:"protocols,omitempty"`
	// QueryCompatible services once spoke the query protocol, whose error codes
	// their clients still want beside the new ones.
	QueryCompatible bool `json:"queryCompatible,omitempty"`
}

// Namespace is an XML namespace; without a prefix it is the default one.
type Namespace struct {
	URI    string `json:"uri"`
	Prefix string `json:"prefix,omitempty"`
}

// Checksum says which checksums travel with an operation's bodies.
type Checksum struct {
	AlgorithmMember string   `json:"algorithm,omitempty"` // input member that names the request's algorithm
	Required        bool     `json:"required,omitempty"`  // a request without one is refused
	ModeMember      string   `json:"mode,omitempty"`      // input member that asks for the response's
	Response        []string `json:"response,omitempty"`  // algorithms of the response
}

// TableOp is an operation; input, output and errors are names of shapes.
type TableOp struct {
	Method        string   `json:"method,omitempty"` // POST when absent
	URI           string   `json:"uri,omitempty"`    // "/" when absent
	Status        int      `json:"status,omitempty"` // 200 when absent
	Input         string   `json:"input,omitempty"`
	Output        string   `json:"output,omitempty"`
	ResultWrapper string   `json:"resultWrapper,omitempty"`
	Errors        []string `json:"errors,omitempty"`
	// Root is the element around a REST XML request, with its namespace.
	Root      string     `json:"root,omitempty"`
	RootSpace *Namespace `json:"rootNamespace,omitempty"`
	// HostPrefix goes before the host name, with labels in braces.
	HostPrefix string    `json:"hostPrefix,omitempty"`
	Checksum   *Checksum `json:"checksum,omitempty"`
	// UnsignedPayload operations do not sign their bodies, Unsigned ones nothing.
	UnsignedPayload bool `json:"unsignedPayload,omitempty"`
	Unsigned        bool `json:"unsigned,omitempty"`
}

// TableShape is a shape. Members keep the model's order.
type TableShape struct {
	Type      string        `json:"type"`
	Members   []TableMember `json:"members,omitempty"`
	Member    *TableMember  `json:"member,omitempty"`
	Key       *TableMember  `json:"key,omitempty"`
	Value     *TableMember  `json:"value,omitempty"`
	Enum      []string      `json:"enum,omitempty"`
	Min       *float64      `json:"min,omitempty"`
	Max       *float64      `json:"max,omitempty"`
	Pattern   string        `json:"pattern,omitempty"`
	Sensitive bool          `json:"sensitive,omitempty"`
	Union     bool          `json:"union,omitempty"`
	Flattened bool          `json:"flattened,omitempty"`
	Box       bool          `json:"box,omitempty"`
	Timestamp string        `json:"timestampFormat,omitempty"`
	Payload   string        `json:"payload,omitempty"`
	Exception bool          `json:"exception,omitempty"`
	Fault     bool          `json:"fault,omitempty"` // the service's, not the client's
	Code      string        `json:"code,omitempty"`
	Status    int           `json:"status,omitempty"`
	Sender    bool          `json:"sender,omitempty"`
	Wire      string        `json:"wire,omitempty"` // name of its element, where members do not say
	Space     *Namespace    `json:"namespace,omitempty"`
	Streaming bool          `json:"streaming,omitempty"` // a blob that may not fit into memory
	Document  bool          `json:"document,omitempty"`  // any JSON value
}

// TableMember is the use of a shape.
type TableMember struct {
	Name      string `json:"name,omitempty"`
	Shape     string `json:"shape"`
	Wire      string `json:"wire,omitempty"`
	Location  string `json:"location,omitempty"`
	Required  bool   `json:"required,omitempty"`
	Flattened bool   `json:"flattened,omitempty"`
	Token     bool   `json:"token,omitempty"`
	Box       bool   `json:"box,omitempty"`
	Timestamp string `json:"timestampFormat,omitempty"`
	// Query is the name in a form where it differs from Wire.
	Query     string     `json:"query,omitempty"`
	Space     *Namespace `json:"namespace,omitempty"`
	Attribute bool       `json:"attribute,omitempty"` // of the XML element, not one inside
	Streaming bool       `json:"streaming,omitempty"`
	HostLabel bool       `json:"hostLabel,omitempty"`
	JSONValue bool       `json:"jsonValue,omitempty"` // JSON in base64 in a header
}
