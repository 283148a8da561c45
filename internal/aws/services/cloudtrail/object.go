package cloudtrail

import (
	"encoding/json"
	"strconv"

	"tamachi/internal/aws/model"
)

const null = "null"

// object is the text of a JSON object that grows member by member; its first
// member begins it.
type object struct{ b []byte }

// begin begins an object inside: the value of a member, or an element.
func (o *object) begin() { o.b = append(o.b, '{') }

func (o *object) end() { o.b = append(o.b, '}') }

// name begins a member. Names are ours and need no escapes.
func (o *object) name(name string) {
	switch {
	case len(o.b) == 0:
		o.b = append(o.b, '{')
	case o.b[len(o.b)-1] != '{':
		o.b = append(o.b, ',')
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, name...)
	o.b = append(o.b, '"', ':')
}

func (o *object) text(name, value string) {
	o.name(name)
	o.b = model.AppendString(o.b, value)
}

// given is text for a member that is left out when it is empty.
func (o *object) given(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) truth(name string, value bool) {
	o.name(name)
	o.b = strconv.AppendBool(o.b, value)
}

// json writes a member that is JSON already; null when there is none, or when
// it is no JSON, which would spoil the whole record.
func (o *object) json(name string, value json.RawMessage) {
	o.name(name)
	if !json.Valid(value) {
		o.b = append(o.b, null...)
		return
	}
	o.b = append(o.b, value...)
}
