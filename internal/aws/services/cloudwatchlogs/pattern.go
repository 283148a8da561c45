package cloudwatchlogs

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
)

// pattern tells which messages are wanted.
// Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric
// filters, subscription filters, filter log events, and Live Tail".
type pattern interface {
	// match also returns the values that TestMetricFilter shows, by the name
	// in the pattern.
	match(message string) (values map[string]string, ok bool)
}

// parsePattern reads a filter pattern.
func parsePattern(text string) (pattern, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return terms{}, nil
	case text[0] == '{':
		return parseMembers(text)
	case text[0] == '[':
		return parseFields(text)
	}
	return parseTerms(text)
}

func badPattern() error { return invalid("Invalid filter pattern") }

// expression is what a text in double quotes or percent signs, or a bare one,
// is compared with.
type expression struct {
	parts   []string // of a text between its asterisks
	number  float64
	numeric bool
	regex   *regexp.Regexp
}

// literal is a text that may have asterisks, each for any characters.
func literal(text string) expression {
	x := expression{parts: strings.Split(text, "*")}
	n, err := strconv.ParseFloat(text, 64)
	x.number, x.numeric = n, err == nil
	return x
}

// equals compares with a text.
func (x expression) equals(text string) bool {
	if x.regex != nil {
		return x.regex.MatchString(text)
	}
	last := len(x.parts) - 1
	if last == 0 {
		return text == x.parts[0]
	}
	rest, ok := strings.CutPrefix(text, x.parts[0])
	if !ok {
		return false
	}
	// The leftmost place of each part leaves the most for the next, so that
	// nothing is tried twice.
	for _, part := range x.parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return strings.HasSuffix(rest, x.parts[last])
}

// mostInstructions bounds a regular expression, and so the time that a
// character of a message takes.
const mostInstructions = 256

// parseRegex reads what stands between percent signs.
func parseRegex(text string) (expression, error) {
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(" :_#=@/;,-^$?[]{}|\\*+.", r):
		default:
			return expression{}, badPattern()
		}
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil || text == "" {
		return expression{}, badPattern()
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil || len(program.Inst) > mostInstructions {
		return expression{}, badPattern()
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return expression{}, badPattern()
	}
	return expression{regex: re}, nil
}

// quoted reads a text in double quotes, in which a backslash takes the next
// character as it is, and returns what follows.
func quoted(text string) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
			b.WriteByte(text[i])
		case '"':
			return b.String(), text[i+1:], true
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", false
}
