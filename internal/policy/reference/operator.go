package reference

import (
	"encoding/base64"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// test is a condition operator. Source: IAM User Guide, "IAM JSON policy
// elements: Condition operators".
type test struct {
	negated   bool
	wildcards bool // those of the operand count
	match     func(value string, operand []token) bool
}

var tests = map[string]test{
	"StringEquals":              {match: sameText},
	"StringNotEquals":           {match: sameText, negated: true},
	"StringEqualsIgnoreCase":    {match: sameFolded},
	"StringNotEqualsIgnoreCase": {match: sameFolded, negated: true},
	"StringLike":                {match: like, wildcards: true},
	"StringNotLike":             {match: like, wildcards: true, negated: true},
	"NumericEquals":             {match: numbers(func(v, o float64) bool { return v == o })},
	"NumericNotEquals":          {match: numbers(func(v, o float64) bool { return v == o }), negated: true},
	"NumericLessThan":           {match: numbers(func(v, o float64) bool { return v < o })},
	"NumericLessThanEquals":     {match: numbers(func(v, o float64) bool { return v <= o })},
	"NumericGreaterThan":        {match: numbers(func(v, o float64) bool { return v > o })},
	"NumericGreaterThanEquals":  {match: numbers(func(v, o float64) bool { return v >= o })},
	"DateEquals":                {match: dates(func(v, o time.Time) bool { return v.Equal(o) })},
	"DateNotEquals":             {match: dates(func(v, o time.Time) bool { return v.Equal(o) }), negated: true},
	"DateLessThan":              {match: dates(func(v, o time.Time) bool { return v.Before(o) })},
	"DateLessThanEquals":        {match: dates(func(v, o time.Time) bool { return !v.After(o) })},
	"DateGreaterThan":           {match: dates(func(v, o time.Time) bool { return v.After(o) })},
	"DateGreaterThanEquals":     {match: dates(func(v, o time.Time) bool { return !v.Before(o) })},
	"Bool":                      {match: sameTruth},
	"BinaryEquals":              {match: sameBytes},
	"IpAddress":                 {match: inNetwork},
	"NotIpAddress":              {match: inNetwork, negated: true},
	"ArnEquals":                 {match: likeARN, wildcards: true},
	"ArnLike":                   {match: likeARN, wildcards: true},
	"ArnNotEquals":              {match: likeARN, wildcards: true, negated: true},
	"ArnNotLike":                {match: likeARN, wildcards: true, negated: true},
}

func sameText(value string, operand []token) bool { return value == plainText(operand) }

func sameFolded(value string, operand []token) bool {
	return strings.EqualFold(value, plainText(operand))
}

func like(value string, operand []token) bool { return glob(operand, []rune(value)) }

func sameTruth(value string, operand []token) bool {
	isTruth := strings.EqualFold(value, "true") || strings.EqualFold(value, "false")
	return isTruth && strings.EqualFold(value, plainText(operand))
}

func sameBytes(value string, operand []token) bool {
	v, err := base64.StdEncoding.DecodeString(value)
	o, err2 := base64.StdEncoding.DecodeString(plainText(operand))
	return err == nil && err2 == nil && string(v) == string(o)
}

var number = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)

func numbers(compare func(v, o float64) bool) func(string, []token) bool {
	return func(value string, operand []token) bool {
		text := plainText(operand)
		if !number.MatchString(value) || !number.MatchString(text) {
			return false
		}
		v, err := strconv.ParseFloat(value, 64)
		o, err2 := strconv.ParseFloat(text, 64)
		return err == nil && err2 == nil && compare(v, o)
	}
}

// layouts are the W3C profile of ISO 8601. Source: W3C, "Date and Time Formats".
var layouts = []string{
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006",
}

var seconds = regexp.MustCompile(`^\d{5,}(\.\d+)?$`)

func readDate(text string) (time.Time, bool) {
	if seconds.MatchString(text) {
		n, err := strconv.ParseFloat(text, 64)
		return time.Unix(0, int64(n*1e9)), err == nil
	}
	for _, l := range layouts {
		if at, err := time.Parse(l, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

func dates(compare func(v, o time.Time) bool) func(string, []token) bool {
	return func(value string, operand []token) bool {
		v, ok := readDate(value)
		o, ok2 := readDate(plainText(operand))
		return ok && ok2 && compare(v, o)
	}
}

func inNetwork(value string, operand []token) bool {
	address, err := netip.ParseAddr(value)
	if err != nil {
		return false
	}
	text := plainText(operand)
	if !strings.Contains(text, "/") {
		one, err := netip.ParseAddr(text)
		return err == nil && one.Unmap() == address.Unmap()
	}
	network, err := netip.ParsePrefix(text)
	return err == nil && network.Contains(address.Unmap())
}

// likeARN compares segment by segment, the last with all that is left.
func likeARN(value string, operand []token) bool {
	parts := strings.SplitN(value, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return false
	}
	patterns := segments(operand, 6)
	for i, p := range patterns {
		text := parts[i]
		if i == len(patterns)-1 {
			text = strings.Join(parts[i:], ":")
		}
		if !glob(p, []rune(text)) {
			return false
		}
	}
	return true
}

// segments cuts a pattern at its own colons into at most n parts.
func segments(pattern []token, n int) [][]token {
	out := [][]token{nil}
	for _, t := range pattern {
		if t.char == ':' && !t.brought && len(out) < n {
			out = append(out, nil)
			continue
		}
		out[len(out)-1] = append(out[len(out)-1], t)
	}
	return out
}
