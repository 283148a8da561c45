package automation

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tamachi/internal/aws/services/ssm/parameter"
)

// typed are given parameters as runbooks use them: by their declared types.
func typed(declared parameter.Set, given map[string][]string) (map[string]any, error) {
	out := make(map[string]any, len(given))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		v, err := typedOne(declared[name].Type, given[name])
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", name, err)
		}
		out[name] = v
	}
	return out, nil
}

func typedOne(kind string, given []string) (any, error) {
	switch {
	case isList(kind):
		list := make([]any, 0, len(given))
		for _, s := range given {
			if kind != "MapList" {
				list = append(list, s)
				continue
			}
			v, err := value([]byte(s))
			if err != nil {
				return nil, fmt.Errorf("%q is no JSON", s)
			}
			if more, ok := v.([]any); ok {
				list = append(list, more...)
				continue
			}
			list = append(list, v)
		}
		return list, nil
	case len(given) == 0:
		return "", nil
	case kind == "StringMap", kind == "Integer", kind == "Boolean":
		if given[0] == "" && kind == "StringMap" {
			return map[string]any{}, nil
		}
		v, err := value([]byte(strings.ToLower(given[0])))
		if kind == "StringMap" {
			v, err = value([]byte(given[0]))
		}
		if err != nil || !fits(kind, v) {
			return nil, fmt.Errorf("%q is no %s", given[0], kind)
		}
		return v, nil
	}
	return given[0], nil
}

func isList(kind string) bool {
	return kind == "StringList" || kind == "MapList" || strings.HasPrefix(kind, "List<")
}

// fits tells whether a value is of a type that is no text and no list.
func fits(kind string, v any) bool {
	switch v := v.(type) {
	case map[string]any:
		return kind == "StringMap"
	case bool:
		return kind == "Boolean"
	case json.Number:
		_, err := v.Int64()
		return kind == "Integer" && err == nil
	}
	return false
}

// complete is what is given with the defaults of the rest.
func complete(declared parameter.Set, given map[string][]string) map[string][]string {
	out := maps.Clone(given)
	if out == nil {
		out = map[string][]string{}
	}
	for name, d := range declared {
		if _, ok := out[name]; !ok && d.Default != nil {
			out[name] = texts(d.Default)
		}
	}
	return out
}
