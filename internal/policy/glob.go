package policy

import (
	"strings"
	"unicode/utf8"
)

// Marks stand in a compiled text for what is not literal. They are bytes that
// no UTF-8 text holds, so a literal never is mistaken for one.
const (
	anyMark   = 0xff // *
	oneMark   = 0xfe // ?
	varMark   = 0xfd // a variable; the next byte is its number and firstVar
	colonMark = 0xfc // a colon that does not end a segment of an ARN
	inMark    = 0xfb // a * that stays within its segment of an ARN
	charMark  = 0xfa // a ? that is no colon
	firstMark = 0xf8
	firstVar  = 0x80
	maxVars   = 64
)

// Match compares a value with a pattern in which * stands for any run of
// characters and ? for one. A pattern that is no UTF-8 matches nothing. It takes
// time proportional to the product of the lengths at worst, never more.
func Match(written, value string) bool {
	p, err := compile(written, likeText, false)
	return err == nil && match(p.text, value)
}

// match is Match for a compiled text whose variables are in. Of the stars
// passed only the last can need more: one that runs over colons, and behind it
// one that does not.
func match[P string | []byte](pattern P, value string) bool {
	ok, _ := matchCounted(pattern, value)
	return ok
}

// matchCounted is match with the steps that it took, by which a test bounds
// what hostile texts cost.
func matchCounted[P string | []byte](pattern P, value string) (ok bool, steps int) {
	p, v := 0, 0
	star, retry := -1, 0
	inner, again := -1, 0
	for v < len(value) {
		steps++
		switch {
		case p < len(pattern) && pattern[p] == anyMark:
			star, retry, inner = p, v, -1
			p++
		case p < len(pattern) && pattern[p] == inMark:
			inner, again = p, v
			p++
		case p < len(pattern) && (pattern[p] == oneMark || pattern[p] == charMark && value[v] != ':'):
			p, v = p+1, v+width(value, v)
		case p < len(pattern) && (pattern[p] == value[v] || pattern[p] == colonMark && value[v] == ':'):
			p++
			v++
		case inner >= 0 && value[again] != ':':
			again += width(value, again)
			p, v = inner+1, again
		case star >= 0:
			retry += width(value, retry)
			p, v, inner = star+1, retry, -1
		default:
			return false, steps
		}
	}
	for p < len(pattern) && (pattern[p] == anyMark || pattern[p] == inMark) {
		p++
	}
	return p == len(pattern), steps
}

// width is how many bytes the character at i takes.
func width(s string, i int) int {
	if s[i] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s[i:])
	return n
}

// matchFold is match for a text in lower case and an action, whose case does
// not matter.
func matchFold(pattern, value string) bool {
	p, v := 0, 0
	star, retry := -1, 0
	for v < len(value) {
		switch {
		case p < len(pattern) && pattern[p] == anyMark:
			star, retry = p, v
			p++
		case p < len(pattern) && pattern[p] == oneMark:
			p, v = p+1, v+width(value, v)
		case p < len(pattern) && pattern[p] == lower(value[v]):
			p++
			v++
		case star >= 0:
			retry += width(value, retry)
			p, v = star+1, retry
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyMark {
		p++
	}
	return p == len(pattern)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// lowered is a text with its ASCII letters in lower case: names of actions have
// no others.
func lowered(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return rune(lower(byte(r)))
		}
		return r
	}, s)
}

// matchARN compares an ARN segment by segment, as the ARN operators do: a
// wildcard stays within the segment that holds it; the last one that is written
// is compared with all that is left. Source: IAM User Guide, "IAM JSON policy
// elements: Condition operators", "Amazon Resource Name (ARN) condition
// operators".
func matchARN(pattern, value string) bool {
	for range 5 {
		p, pRest, more := strings.Cut(pattern, ":")
		v, vRest, there := strings.Cut(value, ":")
		if !more || !there {
			break
		}
		if !match(p, v) {
			return false
		}
		pattern, value = pRest, vRest
	}
	return match(pattern, value)
}

// segmented turns the wildcards of a resource into those that mind its
// segments. Source: IAM User Guide, "IAM JSON policy elements: Resource",
// "Using wildcards in resource ARNs".
func segmented(text string) string {
	out, segment := []byte(text), 0
	for i := 0; i < len(out) && segment < 5; i++ {
		switch {
		case out[i] == varMark:
			i++ // its number
		case out[i] == ':':
			segment++
		case out[i] == oneMark:
			out[i] = charMark
		case out[i] == anyMark && i+1 < len(out) && out[i+1] != ':':
			out[i] = inMark
		}
	}
	return string(out)
}
