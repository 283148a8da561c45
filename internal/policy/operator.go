package policy

import (
	"cmp"
	"encoding/base64"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

// operator is a condition operator without its set and IfExists parts.
type operator struct {
	kind    operatorKind
	order   order
	negated bool
	fold    bool // ignores case
	binary  bool
}

type operatorKind int

const (
	equals operatorKind = iota + 1
	like
	numeric
	date
	boolean
	address
	arnLike
	null
)

// order is how numbers and dates are compared.
type order int

const (
	same order = iota
	less
	lessOrSame
	more
	moreOrSame
)

// operators by their names in lower case. ArnEquals and ArnLike are the same,
// as on AWS.
var operators = map[string]operator{
	"stringequals":              {kind: equals},
	"stringnotequals":           {kind: equals, negated: true},
	"stringequalsignorecase":    {kind: equals, fold: true},
	"stringnotequalsignorecase": {kind: equals, fold: true, negated: true},
	"stringlike":                {kind: like},
	"stringnotlike":             {kind: like, negated: true},
	"numericequals":             {kind: numeric},
	"numericnotequals":          {kind: numeric, negated: true},
	"numericlessthan":           {kind: numeric, order: less},
	"numericlessthanequals":     {kind: numeric, order: lessOrSame},
	"numericgreaterthan":        {kind: numeric, order: more},
	"numericgreaterthanequals":  {kind: numeric, order: moreOrSame},
	"dateequals":                {kind: date},
	"datenotequals":             {kind: date, negated: true},
	"datelessthan":              {kind: date, order: less},
	"datelessthanequals":        {kind: date, order: lessOrSame},
	"dategreaterthan":           {kind: date, order: more},
	"dategreaterthanequals":     {kind: date, order: moreOrSame},
	"bool":                      {kind: boolean},
	"binaryequals":              {kind: equals, binary: true},
	"ipaddress":                 {kind: address},
	"notipaddress":              {kind: address, negated: true},
	"arnequals":                 {kind: arnLike},
	"arnlike":                   {kind: arnLike},
	"arnnotequals":              {kind: arnLike, negated: true},
	"arnnotlike":                {kind: arnLike, negated: true},
	"null":                      {kind: null},
}

// variables tells whether operands may hold policy variables. Source: IAM User
// Guide, "IAM policy elements: Variables and tags".
func (o operator) variables() bool {
	return (o.kind == equals || o.kind == like || o.kind == arnLike) && !o.binary
}

// compare tells whether a value of the request fits an operand, before
// negation. A value that is not of the operator's kind fits none.
func (o operator) compare(x *operand, value string) bool {
	switch o.kind {
	case equals:
		if o.fold {
			return strings.EqualFold(x.text, value)
		}
		if o.binary && !isBase64(value) {
			return false
		}
		return x.text == value
	case like:
		return match(x.text, value)
	case arnLike:
		return strings.HasPrefix(value, "arn:") && matchARN(x.text, value)
	case boolean:
		return strings.EqualFold(x.text, value)
	case numeric:
		n, err := number(value)
		return err == nil && o.order.holds(cmp.Compare(n, x.number))
	case date:
		t, ok := instant(value)
		return ok && o.order.holds(cmp.Compare(t, x.instant))
	case address:
		a, err := netip.ParseAddr(value)
		return err == nil && x.network.Contains(a.Unmap())
	case null:
	}
	return false
}

// holds reads the result of a comparison: -1, 0 or 1.
func (o order) holds(sign int) bool {
	switch o {
	case less:
		return sign < 0
	case lessOrSame:
		return sign <= 0
	case more:
		return sign > 0
	case moreOrSame:
		return sign >= 0
	case same:
	}
	return sign == 0
}

// number reads a number; NaN, which compares with nothing, is none.
func number(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
		err = errPattern
	}
	return n, err
}

func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil
}
