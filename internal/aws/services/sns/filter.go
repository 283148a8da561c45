package sns

import "tamachi/internal/eventpattern"

// The limits of a filter policy.
// Source: SNS Developer Guide, "Filter policy constraints".
const (
	mostFilterKeys         = 5
	mostFilterCombinations = 150
)

// checkFilter refuses what is no filter policy.
func checkFilter(text string) error {
	if text == "" || text == "{}" {
		return nil
	}
	if _, err := eventpattern.Parse(text); err != nil {
		return invalid("FilterPolicy: %s", err)
	}
	return nil
}

// coherent refuses a filter policy that its scope does not allow.
func (s *subscription) coherent() error {
	text := s.Attributes[attributeFilter]
	if text == "" || text == "{}" {
		return nil
	}
	filter, err := eventpattern.Decode(text)
	if err != nil {
		return invalid("FilterPolicy: %s", err)
	}
	body := s.Attributes[attributeScope] == scopeBody
	r := reachOf(filter, 1, body)
	switch {
	case r.deepest > 1 && !body:
		return invalid("FilterPolicy: Filter policy scope MessageAttributes does not support nested filter policy")
	case r.keys > mostFilterKeys:
		return invalid("FilterPolicy: Filter policy can not have more than %d keys", mostFilterKeys)
	case r.combinations > mostFilterCombinations:
		return invalid("FilterPolicy: Filter policy is too complex")
	}
	return nil
}

// reach is how much a filter policy asks for. Its combinations are the product
// of the numbers of values of its keys, in bodies each times the depth of its key.
type reach struct{ keys, combinations, deepest int }

func reachOf(v any, depth int, body bool) reach {
	r := reach{combinations: 1, deepest: depth}
	object, _ := v.(map[string]any)
	for key, value := range object {
		switch value := value.(type) {
		case map[string]any:
			r = r.with(reachOf(value, depth+1, body))
		case []any:
			if key == "$or" && len(value) > 1 {
				r = r.with(reachOfAny(value, depth, body))
				continue
			}
			n := len(value)
			if body {
				n *= depth
			}
			r = r.with(reach{1, n, depth})
		}
	}
	return r
}

// reachOfAny is that of alternatives: as many keys as the largest has.
func reachOfAny(list []any, depth int, body bool) (out reach) {
	for _, v := range list {
		one := reachOf(v, depth, body)
		out = reach{max(out.keys, one.keys), out.combinations + one.combinations, max(out.deepest, one.deepest)}
	}
	return out
}

func (r reach) with(o reach) reach {
	const enough = 1 << 20 // more is too complex anyway, and no product overflows
	return reach{r.keys + o.keys, min(r.combinations*min(o.combinations, enough), enough), max(r.deepest, o.deepest)}
}
