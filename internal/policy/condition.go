package policy

import (
	"net/netip"
	"strings"
)

// condition is one key of one operator of a statement's Condition. All of a
// statement must hold.
type condition struct {
	operator operator
	each     quantifier
	ifExists bool
	name     string   // the operator as it was written
	key      string   // lower case
	written  string   // and as it was written
	texts    []string // the operands as they were written
	operands []operand
}

// quantifier says how a key with several values is compared.
type quantifier int

const (
	one quantifier = iota
	forAllValues
	forAnyValue
)

// operand is a value of the policy, parsed as its operator wants it.
type operand struct {
	pattern
	number  float64
	instant int64
	network netip.Prefix
}

// compileConditions reads the Condition element.
func compileConditions(o *object, variables bool) ([]condition, error) {
	if !o.has("Condition") {
		return nil, nil
	}
	all, ok := o.values["Condition"].(*object)
	if !ok {
		return nil, errSyntax
	}
	var out []condition
	for _, name := range all.names {
		c, ok := readOperator(name)
		keys, isObject := all.values[name].(*object)
		if !ok || !isObject {
			return nil, all.at(errSyntax, name)
		}
		for _, key := range keys.names {
			values, ok := texts(keys.values[key], true)
			if !ok || key == "" {
				return nil, keys.at(errSyntax, key)
			}
			c.key, c.written, c.texts, c.operands = strings.ToLower(key), key, values, make([]operand, 0, len(values))
			for _, v := range values {
				x, err := compileOperand(c.operator, v, variables)
				if err != nil {
					return nil, keys.at(errSyntax, key)
				}
				c.operands = append(c.operands, x)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func readOperator(name string) (condition, bool) {
	c := condition{name: name}
	base := strings.ToLower(name)
	if rest, ok := strings.CutPrefix(base, "forallvalues:"); ok {
		base, c.each = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(base, "foranyvalue:"); ok {
		base, c.each = rest, forAnyValue
	}
	if rest, ok := strings.CutSuffix(base, "ifexists"); ok {
		base, c.ifExists = rest, true
	}
	op, ok := operators[base]
	c.operator = op
	if op.kind == null && (c.ifExists || c.each != one) {
		return c, false
	}
	return c, ok
}

func compileOperand(op operator, text string, variables bool) (x operand, err error) {
	as := plainText
	if op.kind == like || op.kind == arnLike {
		as = likeText
	}
	if x.pattern, err = compile(text, as, variables && op.variables()); err != nil {
		return x, err
	}
	return x, x.parse(op)
}

// parse reads an operand in the form that its operator compares.
func (x *operand) parse(op operator) (err error) {
	text := x.text
	switch op.kind {
	case numeric:
		x.number, err = number(text)
	case date:
		var ok bool
		if x.instant, ok = instant(text); !ok {
			err = errPattern
		}
	case address:
		x.network, err = network(text)
	case boolean, null:
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			err = errPattern
		}
	}
	return err
}

func network(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return a.Prefix(a.BitLen())
}

// holds tells whether the condition is true of the request. Source: IAM User
// Guide, "IAM JSON policy elements: Condition operators" and "Set operators
// for multivalued context keys".
func (c *condition) holds(keys Context) (ok bool, unknown string) {
	values, known := lookUp(keys, c.key)
	if !known {
		return false, "the condition key " + c.key
	}
	if c.operator.kind == null {
		return c.isNull(len(values) == 0), ""
	}
	for i := range c.operands {
		for j := range c.operands[i].variables {
			if _, _, unknown := c.operands[i].variables[j].value(keys); unknown != "" {
				return false, unknown
			}
		}
	}
	if len(values) == 0 {
		return c.ifExists || c.each == forAllValues || c.operator.negated && c.each == one, ""
	}
	// Without a set operator, a negated one holds when no value matches: as
	// ForAllValues.
	every := c.each == forAllValues || c.each == one && c.operator.negated
	for _, v := range values {
		if c.matches(v, keys) != c.operator.negated != every {
			return !every, ""
		}
	}
	return every, ""
}

// isNull compares whether the key is absent with what the Null operator wants.
func (c *condition) isNull(absent bool) bool {
	for i := range c.operands {
		if strings.EqualFold(c.operands[i].text, "true") == absent {
			return true
		}
	}
	return false
}

// matches tells whether a value fits one of the operands, before negation.
func (c *condition) matches(value string, keys Context) bool {
	for i := range c.operands {
		x := &c.operands[i]
		if len(x.variables) == 0 {
			if c.operator.compare(x, value) {
				return true
			}
			continue
		}
		if x.matchesWith(c.operator, value, keys) {
			return true
		}
	}
	return false
}

// matchesWith compares a value once the values of variables are in. An operand
// of which one has no value matches nothing.
func (x *operand) matchesWith(op operator, value string, keys Context) bool {
	var room [256]byte
	text, ok, _ := x.resolve(room[:0], keys)
	switch {
	case !ok:
		return false
	case op.kind == like:
		return match(text, value)
	case op.kind == equals:
		for i := range text {
			if text[i] == colonMark {
				text[i] = ':'
			}
		}
		if !op.fold {
			return string(text) == value
		}
	}
	return op.compare(&operand{pattern: pattern{text: string(text)}}, value)
}
