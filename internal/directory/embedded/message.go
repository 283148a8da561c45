package embedded

import "fmt"

// The operations of RFC 4511, 4.2 to 4.12, by the tag octet of a request.
const (
	opBind     = 0x60
	opUnbind   = 0x42
	opSearch   = 0x63
	opModify   = 0x66
	opAdd      = 0x68
	opDelete   = 0x4a
	opModifyDN = 0x6c
	opCompare  = 0x6e
	opAbandon  = 0x50
	opExtended = 0x77
)

// The tag octets of the replies.
const (
	replyBind        = 0x61
	replySearchEntry = 0x64
	replySearchDone  = 0x65
	replyExtended    = 0x78
)

// refusals are the replies to the requests that would change an entry, and to
// Compare: they are understood and refused.
var refusals = map[byte]byte{
	opModify: 0x67, opAdd: 0x69, opDelete: 0x6b, opModifyDN: 0x6d, opCompare: 0x6f,
}

// message is a request: its number, its operation and its controls.
type message struct {
	id       int
	op       byte
	body     cursor
	controls []control
}

// control is an extension of a request (RFC 4511, 4.1.11).
type control struct {
	oid      string
	critical bool
	value    cursor
}

// parseMessage reads the content of an LDAPMessage. The operation itself is
// read later, by what handles it.
func parseMessage(c cursor) (message, error) {
	var m message
	var err error
	if m.id, err = c.number(tagInteger); err != nil {
		return m, err
	}
	if m.id == 0 {
		return m, fmt.Errorf("%w: message number 0", errMalformed) // RFC 4511, 4.1.1.1
	}
	if m.op, m.body, err = c.next(); err != nil {
		return m, err
	}
	if len(c) == 0 {
		return m, nil
	}
	list, err := c.take(tagContext | tagConstructed | 0)
	if err != nil {
		return m, err
	}
	if len(c) != 0 {
		return m, fmt.Errorf("%w: %d bytes after the controls", errMalformed, len(c))
	}
	m.controls, err = parseControls(list)
	return m, err
}

// maxControls is more than any client sends.
const maxControls = 16

func parseControls(list cursor) ([]control, error) {
	var out []control
	for len(list) > 0 {
		if len(out) == maxControls {
			return nil, fmt.Errorf("%w: more than %d controls", errMalformed, maxControls)
		}
		c, err := list.take(tagSequence)
		if err != nil {
			return nil, err
		}
		one, err := parseControl(c)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func parseControl(c cursor) (control, error) {
	var out control
	var err error
	if out.oid, err = c.text(); err != nil {
		return out, err
	}
	if len(c) > 0 && c[0] == tagBoolean {
		if out.critical, err = c.boolean(); err != nil {
			return out, err
		}
	}
	if len(c) > 0 {
		if out.value, err = c.take(tagOctetString); err != nil {
			return out, err
		}
	}
	if len(c) > 0 {
		return out, fmt.Errorf("%w: %d bytes after control %q", errMalformed, len(c), out.oid)
	}
	return out, nil
}

// bindRequest is a request to bind (RFC 4511, 4.2).
type bindRequest struct {
	version  int
	name     string
	simple   bool
	password string // secret
}

func parseBind(c cursor) (bindRequest, error) {
	var b bindRequest
	var err error
	if b.version, err = c.number(tagInteger); err != nil {
		return b, err
	}
	if b.name, err = c.text(); err != nil {
		return b, err
	}
	tag, secret, err := c.next()
	if err != nil {
		return b, err
	}
	if len(c) > 0 {
		return b, fmt.Errorf("%w: %d bytes after the bind", errMalformed, len(c))
	}
	b.simple, b.password = tag == tagContext|0, string(secret)
	return b, nil
}

// searchRequest is a request to search (RFC 4511, 4.5.1).
type searchRequest struct {
	base       string
	scope      int // 0 base, 1 one level, 2 subtree
	sizeLimit  int // 0 = none
	timeLimit  int // seconds, 0 = none
	typesOnly  bool
	filter     filter
	attributes []string
}

// The scopes of a search.
const (
	scopeBase = iota
	scopeOne
	scopeSub
)

// maxAttributes is more than any client asks for by name.
const maxAttributes = 256

func parseSearch(c cursor) (searchRequest, error) {
	var s searchRequest
	var err error
	if s.base, err = c.text(); err != nil {
		return s, err
	}
	if s.scope, err = c.number(tagEnumerated); err != nil {
		return s, err
	}
	if s.scope > scopeSub {
		return s, fmt.Errorf("%w: scope %d", errMalformed, s.scope)
	}
	if _, err = c.number(tagEnumerated); err != nil { // aliases: there are none
		return s, err
	}
	if s.sizeLimit, err = c.number(tagInteger); err != nil {
		return s, err
	}
	if s.timeLimit, err = c.number(tagInteger); err != nil {
		return s, err
	}
	if s.typesOnly, err = c.boolean(); err != nil {
		return s, err
	}
	if s.filter, err = parseFilter(&c); err != nil {
		return s, err
	}
	s.attributes, err = parseAttributes(&c)
	return s, err
}

func parseAttributes(c *cursor) ([]string, error) {
	list, err := c.take(tagSequence)
	if err != nil {
		return nil, err
	}
	if len(*c) > 0 {
		return nil, fmt.Errorf("%w: %d bytes after the search", errMalformed, len(*c))
	}
	var out []string
	for len(list) > 0 {
		if len(out) == maxAttributes {
			return nil, fmt.Errorf("%w: more than %d attributes", errMalformed, maxAttributes)
		}
		name, err := list.text()
		if err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, nil
}
