package sns

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/eventpattern"
)

// longest is how long a message may be, with its attributes.
// Source: SNS API Reference, "Publish": 256 KB.
const longest = 256 << 10

// publication is a message as it was published.
type publication struct {
	subject    *string
	message    string
	byProtocol map[string]string // nil when all get the same
	attributes map[string]attribute
	size       int // with its attributes
}

// newPublication reads a message of a request.
func newPublication(message, subject, structure *string, given map[string]types.MessageAttributeValue) (*publication, error) {
	p := &publication{message: deref(message), subject: subject, attributes: map[string]attribute{}}
	if p.message == "" {
		return nil, invalid("Empty message")
	}
	p.size = len(p.message)
	if subject != nil && !goodSubject(*subject) {
		return nil, invalid("Subject")
	}
	switch deref(structure) {
	case "":
	case "json":
		var err error
		if p.byProtocol, err = structured(p.message); err != nil {
			return nil, err
		}
	default:
		return nil, invalid("MessageStructure")
	}
	for name, v := range given {
		a, err := newAttribute(name, v)
		if err != nil {
			return nil, err
		}
		p.attributes[name] = a
		p.size += len(name) + len(a.Type) + len(a.Value)
	}
	if p.size > longest {
		return nil, invalid("Message too long")
	}
	return p, nil
}

// goodSubject: text without line breaks and control characters, up to 100
// characters. Source: SNS API Reference, "Publish".
func goodSubject(s string) bool {
	return s != "" && utf8.ValidString(s) && utf8.RuneCountInString(s) <= 100 &&
		strings.IndexFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) < 0
}

// structured reads a message with a text for each protocol; what is no text is
// passed over. Source: SNS API Reference, "Publish", Message.
func structured(message string) (map[string]string, error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal([]byte(message), &all); err != nil {
		return nil, invalid("Message Structure - JSON message body failed to parse")
	}
	out := map[string]string{}
	for protocol, raw := range all {
		var text *string
		if json.Unmarshal(raw, &text) == nil && text != nil {
			out[protocol] = *text
		}
	}
	if _, ok := out["default"]; !ok {
		return nil, invalid("Message Structure - No default entry in JSON message body")
	}
	return out, nil
}

var groupID = regexp.MustCompile(`^[!-~]{1,128}$`)

// checkGroup looks at what FIFO topics take. A group is of no use to a standard
// topic without queues; AWS takes it.
func checkGroup(group, once *string) error {
	switch {
	case once != nil:
		return invalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	case group != nil && !groupID.MatchString(*group):
		return invalid("MessageGroupId")
	}
	return nil
}

// attributeNamed tells whether a message attribute can have a name.
// Source: SNS Developer Guide, "Amazon SNS message attributes".
func attributeNamed(name string) bool {
	low := strings.ToLower(name)
	return attributeName.MatchString(name) && !strings.HasPrefix(low, "aws.") && !strings.HasPrefix(low, "amazon.") &&
		name[0] != '.' && name[len(name)-1] != '.' && !strings.Contains(name, "..")
}

// numeric tells whether a text is a number as JSON writes them.
func numeric(text string) bool {
	var n json.Number
	return json.Unmarshal([]byte(text), &n) == nil && n != "" && text[0] != '"'
}

var (
	attributeName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,256}$`)
	attributeType = regexp.MustCompile(`^(String|Number|Binary|String\.Array)(\.[A-Za-z0-9_.-]+)?$`)
)

func newAttribute(name string, v types.MessageAttributeValue) (attribute, error) {
	refused := func(why string) error {
		return &types.InvalidParameterValueException{Message: new("The message attribute '" + name + "' " + why)}
	}
	kind := deref(v.DataType)
	switch {
	case !attributeNamed(name):
		return attribute{}, refused("has an invalid name.")
	case !attributeType.MatchString(kind):
		return attribute{}, refused("has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.")
	case strings.HasPrefix(kind, "Binary"):
		if len(v.BinaryValue) == 0 {
			return attribute{}, refused("must contain a non-empty message attribute value for message attribute type 'Binary'.")
		}
		return attribute{kind, encode(v.BinaryValue)}, nil
	case deref(v.StringValue) == "":
		return attribute{}, refused("must contain a non-empty message attribute value for message attribute type '" + kind + "'.")
	}
	value := *v.StringValue
	if strings.HasPrefix(kind, "Number") && !numeric(strings.TrimSpace(value)) {
		return attribute{}, refused("with type 'Number' must have a numeric value.")
	}
	if !utf8.ValidString(value) {
		return attribute{}, refused("is no text.")
	}
	return attribute{kind, value}, nil
}

// of is the message for a protocol.
func (p *publication) of(protocol string) string {
	if p.byProtocol == nil {
		return p.message
	}
	if text, ok := p.byProtocol[protocol]; ok {
		return text
	}
	return p.byProtocol["default"]
}

// Attributes of subscriptions that can be set.
const (
	attributeFilter = "FilterPolicy"
	attributeScope  = "FilterPolicyScope"
	attributeRaw    = "RawMessageDelivery"

	scopeBody = "MessageBody"
)

// wanted tells whether a subscription's filter lets the message pass.
// Source: SNS Developer Guide, "Amazon SNS message filtering".
func (p *publication) wanted(s *subscription) bool {
	text := s.Attributes[attributeFilter]
	if text == "" || text == "{}" {
		return true
	}
	filter, err := eventpattern.Parse(text)
	if err != nil {
		return false // it was checked when it was set
	}
	if s.Attributes[attributeScope] == scopeBody {
		body, err := eventpattern.Decode(p.message)
		return err == nil && filter.Matches(body)
	}
	return filter.Matches(p.plain())
}

// plain shows the attributes as an event.
func (p *publication) plain() map[string]any {
	out := map[string]any{}
	for name, a := range p.attributes {
		switch {
		case strings.HasPrefix(a.Type, "String.Array"):
			if list, err := eventpattern.Decode(a.Value); err == nil {
				out[name] = list
			}
		case strings.HasPrefix(a.Type, "Number"):
			out[name] = json.Number(strings.TrimSpace(a.Value))
		case strings.HasPrefix(a.Type, "String"):
			out[name] = a.Value
		}
	}
	return out
}
