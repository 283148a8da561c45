package policy

import (
	"net/netip"
	"slices"
	"strings"
)

// condition is one key of one operator of a statement's Condition. All of a
// statement must hold.
type condition struct {
	operator operator
	each     quantifier
	ifExists bool
	key      string // lower case
	operands []operand
}

// quantifier says how a key with several values is compared.
type quantifier int

const (
	one quantifier = iota
	forAllValues
	forAnyValue
)

// operand is a value of the policy. The parsed forms are good where it has no
// variables.
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
		return nil, ErrSyntax
	}
	var out []condition
	for _, name := range all.names {
		c, ok := readOperator(name)
		keys, isObject := all.values[name].(*object)
		if !ok || !isObject {
			return nil, ErrSyntax
		}
		for _, key := range keys.names {
			values, ok := texts(keys.values[key], true)
			if !ok || key == "" {
				return nil, ErrSyntax
			}
			c.key, c.operands = strings.ToLower(key), nil
			for _, v := range values {
				x, err := compileOperand(c.operator, v, variables)
				if err != nil {
					return nil, ErrSyntax
				}
				c.operands = append(c.operands, x)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

func readOperator(name string) (condition, bool) {
	c := condition{}
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
	if x.pattern, err = compile(text, op.kind == like || op.kind == arnLike, variables && op.kind != null); err != nil {
		return x, err
	}
	if len(x.variables) == 0 {
		err = x.parse(op, text)
	}
	return x, err
}

// parse reads an operand in the form that its operator compares.
func (x *operand) parse(op operator, text string) (err error) {
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
		absent := len(values) == 0
		for _, x := range c.operands {
			if strings.EqualFold(x.text, "true") == absent {
				return true, ""
			}
		}
		return false, ""
	}
	operands, unknown := c.resolved(keys)
	if unknown != "" {
		return false, unknown
	}
	matches := func(value string) bool {
		return slices.ContainsFunc(operands, func(x operand) bool { return c.operator.compare(&x, value) })
	}
	if len(values) == 0 {
		return c.ifExists || c.each == forAllValues || c.operator.negated && c.each == one, ""
	}
	some, all := slices.ContainsFunc(values, matches), true
	for _, v := range values {
		all = all && matches(v)
	}
	switch {
	case c.each == forAllValues && c.operator.negated, c.each == one && c.operator.negated:
		return !some, ""
	case c.each == forAllValues:
		return all, ""
	case c.operator.negated: // forAnyValue
		return !all, ""
	}
	return some, ""
}

// resolved puts variables in. An operand whose variable has no value is left
// out: it matches nothing.
func (c *condition) resolved(keys Context) ([]operand, string) {
	if !slices.ContainsFunc(c.operands, func(x operand) bool { return len(x.variables) > 0 }) {
		return c.operands, ""
	}
	out := make([]operand, 0, len(c.operands))
	for _, x := range c.operands {
		if len(x.variables) > 0 {
			text, ok, unknown := x.resolve(keys)
			if unknown != "" {
				return nil, unknown
			}
			if !ok {
				continue
			}
			x.pattern = pattern{text: text}
			if x.parse(c.operator, plain(text)) != nil {
				continue
			}
		}
		out = append(out, x)
	}
	return out, ""
}
