package accessanalyzer

import (
	"encoding/base64"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// checkValues looks at what a condition key is compared with.
func (c checker) checkValues(at site, o operator, key string) {
	if at.value.kind == isArray && len(at.value.items) == 0 {
		c.find("EMPTY_ARRAY_CONDITION", at, key)
		return
	}
	kind := operators[o.base]
	for _, v := range at.list() {
		if v.value.kind == isArray || v.value.kind == isObject || v.value.kind == isNull {
			c.isKind(v, isString)
			continue
		}
		if strings.Contains(v.value.text, "${") {
			if kind != "String" && kind != "ARN" {
				c.find("INVALID_VARIABLE_FOR_OPERATOR", v)
			}
			c.checkVariables(v)
			continue
		}
		c.checkValue(v, o, kind)
	}
	if kind == "IPAddress" && strings.EqualFold(key, "aws:SourceIp") {
		c.checkPrivate(at, o)
	}
}

// dateForms are ISO 8601 and seconds since 1970. Source: IAM User Guide, "IAM JSON
// policy elements: Condition operators", "Date condition operators".
var dateForms = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?|\d{1,13})$`)

func (c checker) checkValue(v site, o operator, kind string) {
	text := v.value.text
	switch kind {
	case "Bool", "Null":
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			c.find("TYPE_MISMATCH_BOOLEAN", v, o.written)
		}
	case "Numeric":
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			c.find("TYPE_MISMATCH_NUMBER", v, o.written)
		}
	case "Date":
		if !dateForms.MatchString(text) {
			c.find("TYPE_MISMATCH_DATE", v)
		}
	case "Binary":
		if _, err := base64.StdEncoding.DecodeString(text); err != nil {
			c.find("TYPE_MISMATCH_STRING", v, o.written)
		}
	case "IPAddress":
		c.checkAddress(v, o)
	case "String":
		if strings.ContainsAny(text, "*?") && !strings.Contains(o.base, "like") {
			c.find("WILDCARD_WITHOUT_LIKE_OPERATOR", v)
		}
	}
}

func (c checker) checkAddress(v site, o operator) {
	p, ok := addresses(v.value.text)
	switch {
	case !ok:
		c.find("TYPE_MISMATCH_IP_RANGE", v, o.written)
	case p.Masked() != p:
		c.find("IMPROVE_IP_RANGE", v, p.Masked().String())
	}
}

// addresses reads an address or a range.
func addresses(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, true
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// checkPrivate finds ranges that aws:SourceIp never has, since it is the public
// address of a caller.
func (c checker) checkPrivate(at site, o operator) {
	private, all := 0, 0
	for _, v := range at.list() {
		p, ok := addresses(v.value.text)
		if !ok {
			continue
		}
		all++
		if isPrivate(p) {
			private++
		}
	}
	code := "PRIVATE_IP_ADDRESS"
	if o.base == "notipaddress" {
		code = "PRIVATE_NOT_IP_ADDRESS"
	}
	switch {
	case private == 0:
	case private == all:
		c.find(code, at)
	default:
		c.find(code+"_SUBSET", at)
	}
}

// The private ranges of RFC 1918 and RFC 4193.
var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("fc00::/7"),
}

func isPrivate(p netip.Prefix) bool {
	for _, r := range privateRanges {
		if r.Bits() <= p.Bits() && r.Contains(p.Addr()) {
			return true
		}
	}
	return false
}
