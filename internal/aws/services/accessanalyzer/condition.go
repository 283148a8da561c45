package accessanalyzer

import "strings"

// operator is a condition operator taken apart.
type operator struct {
	written   string
	base      string // lower case, without set operator and IfExists
	qualifier string // "forallvalues", "foranyvalue" or empty
	ifExists  bool
}

// operators are the kinds of condition operators, by what their values are.
// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
var operators = map[string]string{
	"stringequals": "String", "stringnotequals": "String", "stringequalsignorecase": "String", "stringnotequalsignorecase": "String",
	"stringlike": "String", "stringnotlike": "String", "numericequals": "Numeric", "numericnotequals": "Numeric", "numericlessthan": "Numeric",
	"numericlessthanequals": "Numeric", "numericgreaterthan": "Numeric", "numericgreaterthanequals": "Numeric", "dateequals": "Date",
	"datenotequals": "Date", "datelessthan": "Date", "datelessthanequals": "Date", "dategreaterthan": "Date", "dategreaterthanequals": "Date",
	"bool": "Bool", "binaryequals": "Binary", "ipaddress": "IPAddress", "notipaddress": "IPAddress", "arnequals": "ARN", "arnlike": "ARN",
	"arnnotequals": "ARN", "arnnotlike": "ARN", "null": "Null",
}

func readOperator(written string) operator {
	o := operator{written: written, base: strings.ToLower(written)}
	for _, q := range []string{"forallvalues", "foranyvalue"} {
		if rest, ok := strings.CutPrefix(o.base, q+":"); ok {
			o.base, o.qualifier = rest, q
		}
	}
	if rest, ok := strings.CutSuffix(o.base, "ifexists"); ok {
		o.base, o.ifExists = rest, true
	}
	return o
}

func (c checker) checkConditions(at site) {
	if !c.isKind(at, isObject) {
		return
	}
	if len(at.value.members) == 0 {
		c.find("EMPTY_OBJECT_CONDITION", at)
	}
	for i := range at.value.members {
		c.checkOperator(at, &at.value.members[i])
	}
}

func (c checker) checkOperator(of site, m *member) {
	o := readOperator(m.name)
	if operators[o.base] == "" {
		c.find("INVALID_CONDITION_OPERATOR", of.name(m), m.name)
		return
	}
	if o.base == "null" && o.ifExists {
		c.find("NULL_WITH_IF_EXISTS", of.name(m))
	}
	if o.base == "null" && o.qualifier != "" {
		c.find("NULL_WITH_QUALIFIER", of.name(m))
	}
	at := of.under(m)
	if !c.isKind(at, isObject) {
		return
	}
	if len(m.value.members) == 0 {
		c.find("EMPTY_OBJECT_CONDITION", at)
	}
	seen := map[string]bool{}
	for i := range m.value.members {
		k := &m.value.members[i]
		if lower := strings.ToLower(k.name); seen[lower] {
			c.find("DUPLICATE_KEYS_WITH_DIFFERENT_CASE", at.name(k), k.name)
		} else {
			seen[lower] = true
		}
		c.checkKey(at, k, o)
		c.checkValues(at.under(k), o, k.name)
	}
}

// checkKey looks at a condition key's name and at how it is compared.
func (c checker) checkKey(of site, k *member, o operator) {
	at := of.name(k)
	if lower := strings.ToLower(k.name); lower == "aws:arn" {
		c.find("UNSUPPORTED_GLOBAL_CONDITION_KEY", at)
		return
	}
	service, _, two := strings.Cut(k.name, ":")
	if !two || service == "" {
		c.find("INVALID_CONDITION_KEY_FORMAT", at)
		return
	}
	kind, exists := c.kindOf(k.name)
	switch {
	case !exists && strings.EqualFold(service, "aws"):
		c.find("INVALID_GLOBAL_CONDITION_KEY", at, k.name)
	case !exists:
		c.find("INVALID_SERVICE_CONDITION_KEY", at, k.name, service)
	case o.base == "null" || kind == "":
	case strings.HasPrefix(kind, "ArrayOf") && o.qualifier == "":
		c.find("MISSING_QUALIFIER", at, k.name)
	case !strings.HasPrefix(kind, "ArrayOf") && o.qualifier == "forallvalues" && c.effect == "Allow":
		c.find("FORALLVALUES_WITH_SINGLE_VALUED_KEY", at, k.name)
	}
}
