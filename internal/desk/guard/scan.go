package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// scan reads CloudTrail's records out of JSON, by hand: of a record of a kilobyte
// the trial wants ten short texts, and encoding/json took four times as long to
// look at the rest. Members stand under the names that CloudTrail writes.
type scan struct {
	b []byte
	i int
	// names are texts that were read before: most come again and again.
	names map[string]string
}

// errShort says that the text ends too early: there may be more of it.
var errShort = errors.New("the record ends too early")

func (s *scan) wrong(want string) error {
	return fmt.Errorf("at byte %d: want %s", s.i, want)
}

// next is the next byte that is no space, which stays.
func (s *scan) next() (byte, error) {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return c, nil
		}
	}
	return 0, errShort
}

// quoted reads a text with its quotes, as it stands.
func (s *scan) quoted() (raw []byte, escaped bool, err error) {
	if c, err := s.next(); err != nil || c != '"' {
		return nil, false, orWrong(err, s.wrong("a text"))
	}
	start := s.i
	for at := start + 1; ; {
		n := bytes.IndexByte(s.b[at:], '"')
		if n < 0 {
			return nil, false, errShort
		}
		slash := bytes.IndexByte(s.b[at:at+n], '\\')
		if slash < 0 {
			s.i = at + n + 1
			return s.b[start:s.i], escaped, nil
		}
		escaped = true
		at += slash + 2 // what the slash stands before ends nothing
		if at > len(s.b) {
			return nil, false, errShort
		}
	}
}

func orWrong(err, wrong error) error {
	if err != nil {
		return err
	}
	return wrong
}

// maxNames bounds how many texts are kept.
const maxNames = 10_000

// text reads a text, or null.
func (s *scan) text(into *string) error {
	if c, err := s.next(); err == nil && c == 'n' {
		return s.skip()
	}
	raw, escaped, err := s.quoted()
	if err != nil {
		return err
	}
	if escaped {
		return json.Unmarshal(raw, into)
	}
	raw = raw[1 : len(raw)-1]
	if known, ok := s.names[string(raw)]; ok {
		*into = known
		return nil
	}
	*into = strings.ToValidUTF8(string(raw), "\uFFFD")
	if s.names != nil && len(s.names) < maxNames {
		s.names[string(raw)] = *into
	}
	return nil
}

// skip leaves a value out, whatever it holds.
func (s *scan) skip() error {
	depth := 0
	for {
		c, err := s.next()
		if err != nil {
			return err
		}
		switch c {
		case '"':
			_, _, err = s.quoted()
		case '{', '[':
			depth++
			s.i++
		case '}', ']':
			if depth == 0 {
				return s.wrong("a value")
			}
			depth--
			s.i++
		case ',', ':':
			if depth == 0 {
				return s.wrong("a value")
			}
			s.i++
		default:
			err = s.literal()
		}
		if err != nil || depth == 0 {
			return err
		}
	}
}

// literal reads a number, true, false or null. It must not be the end of what is
// there, since more of it may come.
func (s *scan) literal() error {
	n := bytes.IndexAny(s.b[s.i:], ",:]} \t\r\n")
	if n < 0 {
		return errShort
	}
	s.i += n
	return nil
}

// object reads an object, or null, and calls member with each name; member reads
// the value.
func (s *scan) object(member func(name string) error) error {
	return s.list('{', '}', func() error {
		raw, _, err := s.quoted()
		if err != nil {
			return err
		}
		if c, err := s.next(); err != nil || c != ':' {
			return orWrong(err, s.wrong("a colon"))
		}
		s.i++
		return member(string(raw[1 : len(raw)-1]))
	})
}

// list reads what stands between two brackets, or null, with commas.
func (s *scan) list(open, end byte, each func() error) error {
	c, err := s.next()
	switch {
	case err != nil:
		return err
	case c == 'n':
		return s.skip()
	case c != open:
		return s.wrong(string(open))
	}
	s.i++
	for first := true; ; first = false {
		c, err := s.next()
		switch {
		case err != nil:
			return err
		case c == end:
			s.i++
			return nil
		case first:
		case c != ',':
			return s.wrong("a comma")
		default:
			s.i++
		}
		if err := each(); err != nil {
			return err
		}
	}
}

// record reads one.
func (s *scan) record() (*Record, error) {
	r := &Record{}
	if c, err := s.next(); err != nil || c != '{' {
		return nil, orWrong(err, s.wrong("a record"))
	}
	return r, s.object(func(name string) error {
		switch name {
		case "eventTime":
			return s.time(&r.EventTime)
		case "eventSource":
			return s.text(&r.EventSource)
		case "eventName":
			return s.text(&r.EventName)
		case "awsRegion":
			return s.text(&r.AWSRegion)
		case "sourceIPAddress":
			return s.text(&r.SourceIPAddress)
		case "userAgent":
			return s.text(&r.UserAgent)
		case "errorCode":
			return s.text(&r.ErrorCode)
		case "vpcEndpointId":
			return s.text(&r.VPCEndpointID)
		case "tlsDetails":
			c, err := s.next()
			r.TLS = err == nil && c == '{'
			return s.skip()
		case "userIdentity":
			return s.identity(&r.UserIdentity)
		case "resources":
			return s.list('[', ']', func() error { return s.resource(r) })
		}
		return s.skip()
	})
}

func (s *scan) time(into *time.Time) (err error) {
	text := ""
	if err = s.text(&text); err == nil && text != "" {
		*into, err = time.Parse(time.RFC3339, text)
	}
	return err
}

func (s *scan) resource(r *Record) error {
	arn := ""
	err := s.object(func(name string) error {
		if name == "ARN" {
			return s.text(&arn)
		}
		return s.skip()
	})
	r.Resources = append(r.Resources, arn)
	return err
}

func (s *scan) identity(id *Identity) error {
	return s.object(func(name string) error {
		switch name {
		case "type":
			return s.text(&id.Type)
		case "principalId":
			return s.text(&id.PrincipalID)
		case "arn":
			return s.text(&id.ARN)
		case "accountId":
			return s.text(&id.AccountID)
		case "userName":
			return s.text(&id.UserName)
		case "invokedBy":
			return s.text(&id.InvokedBy)
		case "sessionContext":
			return s.session(id)
		}
		return s.skip()
	})
}

func (s *scan) session(id *Identity) error {
	return s.object(func(name string) error {
		switch name {
		case "sessionIssuer":
			return s.object(func(name string) error {
				if name == "arn" {
					return s.text(&id.Issuer)
				}
				return s.skip()
			})
		case "attributes":
			return s.object(func(name string) error {
				switch name {
				case "creationDate":
					return s.text(&id.Issued)
				case "mfaAuthenticated":
					return s.text(&id.MFA)
				}
				return s.skip()
			})
		}
		return s.skip()
	})
}
