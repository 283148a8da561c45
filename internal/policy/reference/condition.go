package reference

import (
	"strings"
)

// conditions tells whether all conditions of a statement hold.
func (c *court) conditions(d *document, s statement) (bool, string) {
	all, unknown := true, ""
	for _, cond := range s.conditions {
		holds, why := c.condition(d, cond)
		all = all && holds
		if unknown == "" {
			unknown = why
		}
	}
	return all, unknown
}

func (c *court) condition(d *document, cond condition) (holds bool, unknown string) {
	operator := cond.operator
	set := ""
	if before, after, found := strings.Cut(operator, ":"); found {
		set, operator = before, after
	}
	values, known := c.values(cond.key)
	if !known {
		return false, cond.key
	}
	if operator == "Null" {
		absent := "false"
		if len(values) == 0 {
			absent = "true"
		}
		for _, want := range cond.operands {
			if strings.EqualFold(want, absent) {
				return true, ""
			}
		}
		return false, ""
	}
	operator, ifExists := strings.CutSuffix(operator, "IfExists")
	test, ok := tests[operator]
	if !ok || set != "" && set != "ForAllValues" && set != "ForAnyValue" {
		return false, "the operator " + cond.operator
	}
	var operands [][]token
	for _, text := range cond.operands {
		tokens, there, why := c.expand(d.variables && hasVariables(operator), text, test.wildcards)
		if why != "" {
			return false, why
		}
		if there {
			operands = append(operands, tokens)
		}
	}
	return test.decide(set, ifExists, values, operands), ""
}

// hasVariables: "You can use a policy variable for Condition values in any
// condition that involves the string operators or the ARN operators." Source: IAM
// User Guide, "IAM policy elements: Variables and tags".
func hasVariables(operator string) bool {
	return strings.HasPrefix(operator, "String") || strings.HasPrefix(operator, "Arn")
}

// decide joins the comparisons of values and operands. Source: IAM User Guide,
// "Set operators for multi-valued context keys", "Negated matching condition
// operators".
func (t test) decide(set string, ifExists bool, values []string, operands [][]token) bool {
	if len(values) == 0 {
		switch {
		case ifExists, set == "ForAllValues":
			return true
		case set == "ForAnyValue":
			return false
		}
		return t.negated
	}
	matching := 0 // values that match at least one operand
	for _, v := range values {
		for _, o := range operands {
			if t.match(v, o) {
				matching++
				break
			}
		}
	}
	satisfied := matching // values for which the operator holds
	if t.negated {
		satisfied = len(values) - matching
	}
	switch {
	case set == "ForAllValues":
		return satisfied == len(values)
	case set == "ForAnyValue":
		return satisfied > 0
	case t.negated:
		return matching == 0
	}
	return matching > 0
}
