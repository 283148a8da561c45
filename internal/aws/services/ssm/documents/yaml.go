package documents

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads one YAML text. Aliases are followed, but the whole stays
// within the bounds of every content.
func parseYAML(text string) (*value, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		return nil, errors.New("it is empty")
	}
	return (&bounded{}).yaml(doc.Content[0], 0)
}

func (b *bounded) yaml(n *yaml.Node, depth int) (*value, error) {
	if err := b.admit(depth); err != nil {
		return nil, fmt.Errorf("line %d: %w", n.Line, err)
	}
	switch n.Kind {
	case yaml.AliasNode:
		return b.yaml(n.Alias, depth+1)
	case yaml.ScalarNode:
		v, err := scalar(n)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n.Line, err)
		}
		return v, nil
	case yaml.SequenceNode:
		v := &value{kind: list}
		for _, kid := range n.Content {
			k, err := b.yaml(kid, depth+1)
			if err != nil {
				return nil, err
			}
			v.kids = append(v.kids, k)
		}
		return v, nil
	case yaml.MappingNode:
		return b.yamlObject(n, depth)
	}
	return nil, fmt.Errorf("line %d: not a value", n.Line)
}

func (b *bounded) yamlObject(n *yaml.Node, depth int) (*value, error) {
	v := &value{kind: object}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			return nil, fmt.Errorf("line %d: a key must be a plain word", key.Line)
		}
		if slices.Contains(v.keys, key.Value) {
			return nil, fmt.Errorf("line %d: the key %q is there twice", key.Line, key.Value)
		}
		kid, err := b.yaml(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		v.keys = append(v.keys, key.Value)
		v.kids = append(v.kids, kid)
	}
	return v, nil
}

// scalar reads a plain value; a number must be one that JSON can write.
func scalar(n *yaml.Node) (*value, error) {
	switch n.Tag {
	case "!!null":
		return &value{kind: null, text: "null"}, nil
	case "!!bool":
		var b bool
		err := n.Decode(&b)
		return &value{kind: truth, text: strconv.FormatBool(b)}, err
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return &value{kind: number, text: n.Value}, nil
		}
		var f float64
		if err := n.Decode(&f); err != nil {
			return nil, err
		}
		text, err := json.Marshal(f) // refuses .inf and .nan
		return &value{kind: number, text: string(text)}, err
	}
	return &value{kind: words, text: n.Value}, nil
}

// yaml writes a value as YAML.
func (v *value) yaml() string {
	out, err := yaml.Marshal(v.node())
	if err != nil {
		return v.json() // JSON is YAML too
	}
	return string(out)
}

func (v *value) node() *yaml.Node {
	switch v.kind {
	case object:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for i, kid := range v.kids {
			n.Content = append(n.Content, (&value{kind: words, text: v.keys[i]}).node(), kid.node())
		}
		return n
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
		for _, kid := range v.kids {
			n.Content = append(n.Content, kid.node())
		}
		return n
	case words:
		n := &yaml.Node{}
		n.SetString(v.text)
		return n
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Value: v.text}
}
