package named

import (
	"bytes"
	"encoding/json"
	"fmt"

	"tamachi/internal/aws/model"
)

// Restored is an operation's output as Write writes it, made of the
// responseElements of its trail record: the names are the model's again and the
// times ISO 8601. What the trail hides or leaves out stays so.
func Restored(op *model.Operation, trail json.RawMessage, requestID string) (json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(trail))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if v == nil { // a success without response elements
		v = map[string]any{}
	}
	members, ok := restored(op.Output, v).(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the response elements of %s are no object", op.Name)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return nil, err
	}
	return answered(text, op, requestID), nil
}

// restored changes a value in place; one that is not of its shape, such as a
// hidden list, is left alone.
func restored(s *model.Shape, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if s.Type == model.Map {
			for key, held := range v {
				v[key] = restored(s.Value.Shape, held)
			}
			return v
		}
		out := make(map[string]any, len(v))
		for _, m := range s.Members {
			if held, ok := v[model.TrailName(m.Name)]; ok {
				out[m.Name] = restored(m.Shape, held)
			}
		}
		return out
	case []any:
		if s.Type == model.List {
			for i := range v {
				v[i] = restored(s.Member.Shape, v[i])
			}
		}
	case string:
		if s.Type == model.Timestamp {
			return model.FromTrailTime(v)
		}
	}
	return v
}
