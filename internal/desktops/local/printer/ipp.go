package printer

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Delimiters of groups and tags of values (RFC 8010, section 3.5).
const (
	operationGroup = 0x01
	jobGroup       = 0x02
	endGroup       = 0x03
	printerGroup   = 0x04

	tagInteger    = 0x21
	tagBoolean    = 0x22
	tagEnum       = 0x23
	tagResolution = 0x32
	tagRange      = 0x33
	tagText       = 0x41
	tagName       = 0x42
	tagKeyword    = 0x44
	tagURI        = 0x45
	tagCharset    = 0x47
	tagLanguage   = 0x48
	tagMime       = 0x49
)

// errIPP reports bytes that are no IPP message.
var errIPP = errors.New("this is no IPP message")

const mostAttributes = 1000

// request is an IPP request: the head, and the attributes of all its groups by
// name, the first value of each.
type request struct {
	Major, Minor byte
	Operation    uint16
	ID           uint32
	Values       map[string]string
}

// readRequest reads a request up to its document.
func readRequest(r io.Reader) (request, error) {
	q := request{Values: map[string]string{}}
	head := make([]byte, 8)
	if _, err := io.ReadFull(r, head); err != nil {
		return q, fmt.Errorf("%w: %w", errIPP, err)
	}
	q.Major, q.Minor = head[0], head[1]
	q.Operation, q.ID = binary.BigEndian.Uint16(head[2:]), binary.BigEndian.Uint32(head[4:])
	tag := make([]byte, 1)
	for range mostAttributes {
		if _, err := io.ReadFull(r, tag); err != nil {
			return q, fmt.Errorf("%w: %w", errIPP, err)
		}
		if tag[0] == endGroup {
			return q, nil
		}
		if tag[0] < 0x10 { // another group
			continue
		}
		name, err := field(r)
		if err != nil {
			return q, err
		}
		value, err := field(r)
		if err != nil {
			return q, err
		}
		if _, known := q.Values[name]; !known && name != "" {
			q.Values[name] = value
		}
	}
	return q, fmt.Errorf("%w: it has too many attributes", errIPP)
}

func field(r io.Reader) (string, error) {
	size := make([]byte, 2)
	if _, err := io.ReadFull(r, size); err != nil {
		return "", fmt.Errorf("%w: %w", errIPP, err)
	}
	n := binary.BigEndian.Uint16(size)
	if n > 4096 {
		return "", fmt.Errorf("%w: a value of %d bytes", errIPP, n)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return "", fmt.Errorf("%w: %w", errIPP, err)
	}
	return string(b), nil
}

// reply is an IPP response that is being written.
type reply struct{ b []byte }

func answerTo(q request, status uint16, message string) *reply {
	r := &reply{b: []byte{min(max(q.Major, 1), 2), 0}}
	if r.b[0] == 1 {
		r.b[1] = 1
	}
	r.b = binary.BigEndian.AppendUint16(r.b, status)
	r.b = binary.BigEndian.AppendUint32(r.b, q.ID)
	r.group(operationGroup)
	r.add(tagCharset, "attributes-charset", "utf-8")
	r.add(tagLanguage, "attributes-natural-language", "en")
	if message != "" {
		r.add(tagText, "status-message", message)
	}
	return r
}

func (r *reply) group(tag byte) { r.b = append(r.b, tag) }

// add adds an attribute with its values.
func (r *reply) add(tag byte, name string, values ...string) {
	for _, v := range values {
		r.b = append(r.b, tag)
		r.b = binary.BigEndian.AppendUint16(r.b, uint16(len(name)))
		r.b = append(r.b, name...)
		r.b = binary.BigEndian.AppendUint16(r.b, uint16(len(v)))
		r.b = append(r.b, v...)
		name = "" // of a further value
	}
}

// numbers adds an attribute of integers or enums.
func (r *reply) numbers(tag byte, name string, values ...uint32) {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(binary.BigEndian.AppendUint32(nil, v))
	}
	r.add(tag, name, texts...)
}

func (r *reply) flag(name string, on bool) {
	v := "\x00"
	if on {
		v = "\x01"
	}
	r.add(tagBoolean, name, v)
}

// bytes is the whole response.
func (r *reply) bytes() []byte { return append(r.b, endGroup) }
