package probe

import (
	"strconv"
	"strings"
)

// truncated is what AWS's agent ends an output with of which it keeps the first
// 24,000 bytes. Source: aws/amazon-ssm-agent, OutputTruncatedSuffix and StringPrefix.
const truncated = "--output truncated--"

// Sections are what a pack wrote: lines by the name of their section.
type Sections map[string][]string

// Parse reads the output of a pack. What comes before the first section is
// dropped: a profile may greet. PowerShell may begin with a byte order mark, ends
// its lines with CR LF, and a tool of Windows writes UTF-16 whatever is asked
// for (sfc), of which the zero bytes are dropped. Of an output that the agent cut,
// the last line is dropped: nobody can tell what it was.
func Parse(output string) Sections {
	output = strings.NewReplacer("\x00", "", "\ufeff", "", "\r", "").Replace(output)
	if kept, cut := strings.CutSuffix(strings.TrimRight(output, "\n"), truncated); cut {
		output = kept[:strings.LastIndex(kept, "\n")+1]
	}
	s := Sections{}
	name := ""
	for line := range strings.SplitSeq(output, "\n") {
		if found, ok := strings.CutPrefix(line, "@@"); ok {
			name = strings.TrimSpace(found)
			if _, twice := s[name]; !twice {
				s[name] = nil
			}
			continue
		}
		if name != "" && strings.TrimSpace(line) != "" {
			s[name] = append(s[name], line)
		}
	}
	return s
}

// Number is the number in the first line of a section.
func (s Sections) Number(name string) (float64, bool) {
	if len(s[name]) == 0 {
		return 0, false
	}
	return number(s[name][0])
}

// Word is the first line of a section.
func (s Sections) Word(name string) string {
	if len(s[name]) == 0 {
		return ""
	}
	return strings.TrimSpace(s[name][0])
}

// Rows are the lines of a section with so many fields; others are dropped.
func (s Sections) Rows(name string, fields int) [][]string {
	var out [][]string
	for _, line := range s[name] {
		if f := strings.SplitN(line, "\t", fields); len(f) == fields {
			for i := range f {
				f[i] = strings.TrimSpace(f[i])
			}
			out = append(out, f)
		}
	}
	return out
}

// number reads a number of a machine, and refuses what is none.
func number(s string) (float64, bool) {
	s = strings.TrimSuffix(strings.TrimSpace(s), "%")
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil && n == n && n >= -1e15 && n <= 1e15
}
