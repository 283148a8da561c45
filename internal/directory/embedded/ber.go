package embedded

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// errMalformed reports bytes that are no LDAP message.
var errMalformed = errors.New("malformed LDAP message")

// The tags of ASN.1 (X.690) that LDAP uses. All of LDAP's tags fit one octet.
const (
	tagBoolean     = 0x01
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagEnumerated  = 0x0a
	tagSequence    = 0x30
	tagContext     = 0x80 // context-specific, primitive
	tagConstructed = 0x20
)

// readFrame reads one whole message and returns the content of its outer
// sequence. It never holds more than limit bytes.
func readFrame(r *bufio.Reader, limit int) (cursor, error) {
	tag, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	if tag != tagSequence {
		return nil, fmt.Errorf("%w: it begins with %#02x", errMalformed, tag)
	}
	size, err := readLength(r)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, fmt.Errorf("%w: %d bytes, more than the %d allowed", errMalformed, size, limit)
	}
	body := make(cursor, size)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, fmt.Errorf("read message: %w", err)
	}
	return body, nil
}

// readLength reads a definite length of at most four octets. The indefinite
// form is forbidden (RFC 4511, 5.1); a form longer than needed is not, and
// Windows clients send it.
func readLength(r io.ByteReader) (int, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, fmt.Errorf("read length: %w", err)
	}
	if first < 0x80 {
		return int(first), nil
	}
	octets := int(first & 0x7f)
	if octets == 0 || octets > 4 {
		return 0, fmt.Errorf("%w: length of %d octets", errMalformed, octets)
	}
	n := 0
	for range octets {
		b, err := r.ReadByte()
		if err != nil {
			return 0, fmt.Errorf("read length: %w", err)
		}
		n = n<<8 | int(b)
	}
	return n, nil
}

// cursor reads the elements of a constructed value one after the other. The
// contents it hands out are parts of the same memory.
type cursor []byte

// ReadByte makes a cursor an io.ByteReader.
func (c *cursor) ReadByte() (byte, error) {
	if len(*c) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	b := (*c)[0]
	*c = (*c)[1:]
	return b, nil
}

// next returns the tag and the content of the next element.
func (c *cursor) next() (byte, cursor, error) {
	tag, err := c.ReadByte()
	if err != nil {
		return 0, nil, fmt.Errorf("%w: an element is missing", errMalformed)
	}
	if tag&0x1f == 0x1f {
		return 0, nil, fmt.Errorf("%w: tag of several octets", errMalformed)
	}
	size, err := readLength(c)
	if err != nil {
		return 0, nil, fmt.Errorf("%w: length of element %#02x", errMalformed, tag)
	}
	if size > len(*c) {
		return 0, nil, fmt.Errorf("%w: element %#02x is longer than what holds it", errMalformed, tag)
	}
	content := (*c)[:size:size]
	*c = (*c)[size:]
	return tag, content, nil
}

// take returns the content of the next element, which must have that tag.
func (c *cursor) take(tag byte) (cursor, error) {
	got, content, err := c.next()
	if err != nil {
		return nil, err
	}
	if got != tag {
		return nil, fmt.Errorf("%w: element %#02x where %#02x belongs", errMalformed, got, tag)
	}
	return content, nil
}

// text returns an octet string.
func (c *cursor) text() (string, error) {
	content, err := c.take(tagOctetString)
	return string(content), err
}

// number returns an integer or enumeration between 0 and 2^31-1, the only
// numbers that requests hold (RFC 4511: maxInt).
func (c *cursor) number(tag byte) (int, error) {
	content, err := c.take(tag)
	if err != nil {
		return 0, err
	}
	if len(content) == 0 || len(content) > 5 || content[0]&0x80 != 0 {
		return 0, fmt.Errorf("%w: number of %d octets", errMalformed, len(content))
	}
	n := int64(0)
	for _, b := range content {
		n = n<<8 | int64(b)
	}
	if n > 1<<31-1 {
		return 0, fmt.Errorf("%w: number %d", errMalformed, n)
	}
	return int(n), nil
}

// boolean returns a truth value; any octet but zero is true.
func (c *cursor) boolean() (bool, error) {
	content, err := c.take(tagBoolean)
	if err != nil {
		return false, err
	}
	if len(content) != 1 {
		return false, fmt.Errorf("%w: boolean of %d octets", errMalformed, len(content))
	}
	return content[0] != 0, nil
}
