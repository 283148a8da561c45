package expression

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Expression is one that was read.
type Expression struct{ root *node }

// node is a part of an expression.
type node struct {
	op    string // an operator, or call, list, name, number, text
	text  string // of a call its function, of a name the id
	value float64
	parts []*node
}

var errEnd = errors.New("the expression ends too early")

// Parse reads an expression. The error says what is wrong with the text.
func Parse(text string) (*Expression, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	n, err := p.level(0)
	if err != nil {
		return nil, err
	}
	if p.at < len(p.tokens) {
		return nil, fmt.Errorf("unexpected %q", p.tokens[p.at].text)
	}
	return &Expression{n}, nil
}

// IDs are the names of series in the expression, each once.
func (e *Expression) IDs() (ids []string) {
	e.root.walk(func(n *node) {
		if n.op == "name" && !slices.Contains(ids, n.text) {
			ids = append(ids, n.text)
		}
	})
	return ids
}

// Uses tells whether the expression calls a function.
func (e *Expression) Uses(function string) (found bool) {
	e.root.walk(func(n *node) { found = found || n.op == "call" && n.text == function })
	return found
}

func (n *node) walk(f func(*node)) {
	f(n)
	for _, p := range n.parts {
		p.walk(f)
	}
}

type token struct {
	kind byte // 'n' number, 'i' name, 's' text, 'o' operator
	text string
}

// operators, the longer first.
var operators = []string{"==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "^", "(", ")", "[", "]", ","}

func scan(text string) (out []token, err error) {
	for {
		text = strings.TrimLeft(text, " \t\r\n")
		if text == "" {
			return out, nil
		}
		t, n := token{}, 0
		switch c := text[0]; {
		case c >= '0' && c <= '9' || c == '.':
			t.kind, n = 'n', span(text, func(c byte) bool { return c >= '0' && c <= '9' || c == '.' })
		case letter(c):
			t.kind, n = 'i', span(text, func(c byte) bool { return letter(c) || c >= '0' && c <= '9' })
		case c == '\'' || c == '"':
			if n = closing(text, c); n < 0 {
				return nil, errors.New("a text is not closed by a quote")
			}
			t.kind = 's'
		default:
			i := slices.IndexFunc(operators, func(o string) bool { return strings.HasPrefix(text, o) })
			if i < 0 {
				return nil, fmt.Errorf("unexpected %q", []rune(text)[0])
			}
			t.kind, n = 'o', len(operators[i])
		}
		if t.text = text[:n]; t.kind == 's' {
			t.text = strings.ReplaceAll(text[1:n-1], `\`+text[:1], text[:1])
		}
		out, text = append(out, t), text[n:]
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

func span(text string, in func(byte) bool) int {
	n := 0
	for n < len(text) && in(text[n]) {
		n++
	}
	return n
}

// closing is the length of a text up to its closing quote.
func closing(text string, quote byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		}
	}
	return -1
}

type parser struct {
	tokens []token
	at     int
	depth  int
}

// levels are the operators by how much they bind, the least first.
var levels = [][]string{{"||", "OR"}, {"&&", "AND"}, {"==", "!=", "<", ">", "<=", ">="}, {"+", "-"}, {"*", "/"}, {"^"}}

// deepest bounds the nesting of an expression.
const deepest = 200

func (p *parser) peek() token {
	if p.at < len(p.tokens) {
		return p.tokens[p.at]
	}
	return token{}
}

func (p *parser) take(operator string) bool {
	if t := p.peek(); t.kind == 'o' && t.text == operator {
		p.at++
		return true
	}
	return false
}

func (p *parser) level(i int) (*node, error) {
	if i == len(levels) {
		return p.unary()
	}
	left, err := p.level(i + 1)
	for err == nil {
		t := p.peek()
		if t.kind != 'o' && t.kind != 'i' || !slices.Contains(levels[i], t.text) {
			return left, nil
		}
		p.at++
		var right *node
		if right, err = p.level(i + 1); err != nil {
			break
		}
		left = &node{op: sign(t.text), parts: []*node{left, right}}
	}
	return nil, err
}

// sign is one spelling of an operator that has two.
func sign(text string) string {
	switch text {
	case "AND":
		return "&&"
	case "OR":
		return "||"
	}
	return text
}

func (p *parser) unary() (*node, error) {
	if p.depth++; p.depth > deepest {
		return nil, errors.New("the expression is nested too deep")
	}
	defer func() { p.depth-- }()
	if p.take("-") {
		n, err := p.unary()
		return &node{op: "neg", parts: []*node{n}}, err
	}
	return p.primary()
}

func (p *parser) primary() (*node, error) {
	t := p.peek()
	if t.kind == 0 {
		return nil, errEnd
	}
	p.at++
	switch t.kind {
	case 'n':
		v, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is no number", t.text)
		}
		return &node{op: "number", value: v}, nil
	case 's':
		return &node{op: "text", text: t.text}, nil
	case 'i':
		if !p.take("(") {
			return &node{op: "name", text: t.text}, nil
		}
		parts, err := p.until(")")
		return &node{op: "call", text: t.text, parts: parts}, err
	}
	switch t.text {
	case "(":
		n, err := p.level(0)
		if err == nil && !p.take(")") {
			err = unclosed(")")
		}
		return n, err
	case "[":
		parts, err := p.until("]")
		return &node{op: "list", parts: parts}, err
	}
	return nil, fmt.Errorf("unexpected %q", t.text)
}

func unclosed(by string) error {
	if by == "]" {
		return errors.New("a closing bracket is missing")
	}
	return errors.New("a closing parenthesis is missing")
}

// until reads what commas part up to a closing parenthesis or bracket.
func (p *parser) until(end string) (parts []*node, err error) {
	if p.take(end) {
		return nil, nil
	}
	for {
		n, err := p.level(0)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
		if p.take(end) {
			return parts, nil
		}
		if !p.take(",") {
			return nil, unclosed(end)
		}
	}
}
