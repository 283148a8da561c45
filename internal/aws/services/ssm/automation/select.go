package automation

import (
	"encoding/json"

	"tamachi/internal/aws/services/ssm/selector"
)

// selected takes a value out of an answer, as one of Automation's types; "" is
// the type that it has.
func selected(answer json.RawMessage, path, kind string) (any, error) {
	found, err := selector.Select(answer, path)
	if err != nil {
		return nil, err
	}
	if found, err = selector.Typed(found, kind); err != nil {
		return nil, err
	}
	return value(found)
}
