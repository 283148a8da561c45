package embedded

import (
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// code is a result code (RFC 4511, appendix A).
type code uint16

// The result codes that this server gives.
const (
	success                 code = 0
	operationsError         code = 1
	protocolError           code = 2
	timeLimitExceeded       code = 3
	sizeLimitExceeded       code = 4
	authMethodUnknown       code = 7
	criticalUnavailable     code = 12
	confidentialityRequired code = 13
	noSuchObject            code = 32
	invalidDNSyntax         code = 34
	busy                    code = 51
	unavailable             code = 52
	unwillingToPerform      code = 53
)

// result ends an operation.
type result struct {
	code    code
	matched string // the part of a name that exists, with noSuchObject
	text    string // diagnostic message
}

// Error lets a result travel as an error inside the server.
func (r result) Error() string { return fmt.Sprintf("LDAP result %d: %s", r.code, r.text) }

// encodeResult makes a whole message that ends operation id. cookie, unless
// nil, goes into a paged results control; extra are further elements.
func encodeResult(id int, op byte, r result, cookie *string, extra func(*cryptobyte.Builder)) ([]byte, error) {
	return encode(id, op, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(int64(r.code))
		b.AddASN1OctetString([]byte(r.matched))
		b.AddASN1OctetString([]byte(r.text))
		if extra != nil {
			extra(b)
		}
	}, cookie)
}

// encodeEntry makes the message that shows one entry of a search.
func encodeEntry(id int, e *entry, want selection) ([]byte, error) {
	return encode(id, replySearchEntry, func(b *cryptobyte.Builder) {
		b.AddASN1OctetString([]byte(e.dn))
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, a := range e.attributes {
				if want.has(a.name) {
					addAttribute(b, a, want.typesOnly)
				}
			}
		})
	}, nil)
}

func addAttribute(b *cryptobyte.Builder, a attribute, typesOnly bool) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1OctetString([]byte(a.name))
		b.AddASN1(asn1.SET, func(b *cryptobyte.Builder) {
			if typesOnly {
				return
			}
			for _, v := range a.values {
				b.AddASN1OctetString([]byte(v))
			}
		})
	})
}

func encode(id int, op byte, body func(*cryptobyte.Builder), cookie *string) ([]byte, error) {
	b := cryptobyte.NewBuilder(nil)
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(int64(id))
		b.AddASN1(asn1.Tag(op), body)
		if cookie != nil {
			b.AddASN1(asn1.Tag(tagContext|tagConstructed|0), func(b *cryptobyte.Builder) { addPaging(b, *cookie) })
		}
	})
	return b.Bytes()
}

// addPaging adds the paged results control of a reply. The size of the whole
// result is not known and therefore 0 (RFC 2696, 2).
func addPaging(b *cryptobyte.Builder, cookie string) {
	var value cryptobyte.Builder
	value.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(0)
		b.AddASN1OctetString([]byte(cookie))
	})
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1OctetString([]byte(pagedResults))
		b.AddASN1OctetString(value.BytesOrPanic())
	})
}

// notice is the message with which a server says why it closes a connection
// (RFC 4511, 4.4.1).
func notice(r result) ([]byte, error) {
	return encodeResult(0, replyExtended, r, nil, func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.Tag(tagContext|10), func(b *cryptobyte.Builder) { b.AddBytes([]byte(noticeOfDisconnection)) })
	})
}

// selection is which attributes a search wants to see (RFC 4511, 4.5.1.8).
type selection struct {
	names     map[string]bool // folded; nil = all
	typesOnly bool
}

func newSelection(names []string, typesOnly bool) selection {
	s := selection{typesOnly: typesOnly}
	if len(names) == 0 {
		return s
	}
	s.names = make(map[string]bool, len(names))
	for _, n := range names {
		if n == "*" {
			return selection{typesOnly: typesOnly}
		}
		s.names[fold(n)] = true // "1.1" names no attribute, and so selects none
	}
	return s
}

func (s selection) has(name string) bool { return s.names == nil || s.names[fold(name)] }
