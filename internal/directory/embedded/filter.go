package embedded

import (
	"fmt"
	"strconv"
	"strings"
)

// truth is the value of a filter. What cannot be told is neither true nor
// false, and a "not" does not change that (RFC 4511, 4.5.1.7).
type truth int

const (
	no truth = iota
	unknown
	yes
)

// filter tells whether an entry is wanted.
type filter interface{ match(e *entry) truth }

// The limits of a filter, so that matching it costs little.
const (
	maxFilterDepth = 16
	maxFilterTerms = 256
)

// parseFilter reads the next element as a filter.
func parseFilter(c *cursor) (filter, error) {
	terms := 0
	return parseTerm(c, 0, &terms)
}

func parseTerm(c *cursor, depth int, terms *int) (filter, error) {
	if *terms++; *terms > maxFilterTerms || depth > maxFilterDepth {
		return nil, fmt.Errorf("%w: filter of more than %d terms or %d levels", errMalformed, maxFilterTerms, maxFilterDepth)
	}
	tag, body, err := c.next()
	if err != nil {
		return nil, err
	}
	switch tag {
	case 0xa0, 0xa1:
		var list []filter
		for len(body) > 0 {
			f, err := parseTerm(&body, depth+1, terms)
			if err != nil {
				return nil, err
			}
			list = append(list, f)
		}
		if tag == 0xa0 {
			return all(list), nil
		}
		return anyOf(list), nil
	case 0xa2:
		f, err := parseTerm(&body, depth+1, terms)
		if err != nil {
			return nil, err
		}
		return not{f}, nil
	case 0xa4:
		return parseSubstrings(body)
	case 0x87:
		return present(strings.ToLower(string(body))), nil
	case 0xa9:
		return parseExtensible(body)
	}
	return parseAssertion(tag, body)
}

// parseAssertion reads the four filters that compare with one value. An
// approximate match is an equality, as it is in Active Directory.
func parseAssertion(tag byte, body cursor) (filter, error) {
	name, err := body.text()
	if err != nil {
		return nil, err
	}
	value, err := body.text()
	if err != nil {
		return nil, err
	}
	name = strings.ToLower(name)
	switch tag {
	case 0xa3, 0xa8:
		return equal{name, value}, nil
	case 0xa5:
		return ordered{name, value, 1}, nil
	case 0xa6:
		return ordered{name, value, -1}, nil
	}
	return nil, fmt.Errorf("%w: filter %#02x", errMalformed, tag)
}

func parseSubstrings(body cursor) (filter, error) {
	name, err := body.text()
	if err != nil {
		return nil, err
	}
	parts, err := body.take(tagSequence)
	if err != nil {
		return nil, err
	}
	out := substrings{name: strings.ToLower(name)}
	for n := 0; len(parts) > 0; n++ {
		tag, p, err := parts.next()
		if err != nil {
			return nil, err
		}
		switch {
		case n >= maxFilterTerms || out.final != "":
			return nil, fmt.Errorf("%w: substring filter", errMalformed)
		case tag == 0x80 && n == 0:
			out.initial = string(p)
		case tag == 0x81:
			out.middle = append(out.middle, string(p))
		case tag == 0x82:
			out.final = string(p)
		default:
			return nil, fmt.Errorf("%w: substring %#02x", errMalformed, tag)
		}
	}
	return out, nil
}

// The two matching rules that Active Directory's clients use on bit fields.
// Source: Microsoft, MS-ADTS 3.1.1.3.4.4.
const (
	ruleBitAnd = "1.2.840.113556.1.4.803"
	ruleBitOr  = "1.2.840.113556.1.4.804"
)

func parseExtensible(body cursor) (filter, error) {
	var rule, name, value string
	for len(body) > 0 {
		tag, p, err := body.next()
		if err != nil {
			return nil, err
		}
		switch tag {
		case 0x81:
			rule = string(p)
		case 0x82:
			name = strings.ToLower(string(p))
		case 0x83:
			value = string(p)
		case 0x84: // dnAttributes: no rule of ours looks at them
		default:
			return nil, fmt.Errorf("%w: extensible filter %#02x", errMalformed, tag)
		}
	}
	return bitFilter(rule, name, value), nil
}

// bitFilter is undefined for a rule or a mask that is not known here, which is
// no error (RFC 4511, 4.5.1.7.7).
func bitFilter(rule, name, value string) filter {
	mask, err := strconv.ParseInt(value, 10, 64)
	if err != nil || rule != ruleBitAnd && rule != ruleBitOr {
		return undefined{}
	}
	return bits{name, mask, rule == ruleBitAnd}
}
