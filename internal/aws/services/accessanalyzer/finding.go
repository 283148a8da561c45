package accessanalyzer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/accessanalyzer/types"
)

// site is a place in a policy: the way to a value, and its extent.
type site struct {
	path       []types.PathElement
	start, end int
	value      *node
}

// under is a member's value.
func (s site) under(m *member) site {
	return site{append(slices.Clip(s.path), &types.PathElementMemberValue{Value: m.name}), m.value.start, m.value.end, m.value}
}

// name is a member's name.
func (s site) name(m *member) site {
	return site{append(slices.Clip(s.path), &types.PathElementMemberKey{Value: m.name}), m.start, m.end, m.value}
}

// item is a value of an array.
func (s site) item(i int) site {
	v := s.value.items[i]
	return site{append(slices.Clip(s.path), &types.PathElementMemberIndex{Value: int32(i)}), v.start, v.end, v}
}

// list are the values of an array, or the one value that stands for itself.
func (s site) list() []site {
	if s.value.kind != isArray {
		return []site{s}
	}
	out := make([]site, len(s.value.items))
	for i := range out {
		out[i] = s.item(i)
	}
	return out
}

// report gathers the findings about a policy.
type report struct {
	text     string
	of       types.PolicyType
	resource types.ValidatePolicyResourceType
	variable bool // policy variables count: Version 2012-10-17
	findings []types.ValidatePolicyFinding
}

const referencePage = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-"

// mostTold bounds the findings about one policy; who has so many reads no more.
const mostTold = 1000

func (r *report) full() bool { return len(r.findings) >= mostTold }

// find adds a finding at a place; args fill the text of the issue.
func (r *report) find(code string, at site, args ...any) {
	if r.full() {
		return
	}
	i := issues[code]
	link := referencePage + i.anchor
	r.findings = append(r.findings, types.ValidatePolicyFinding{
		FindingType: i.kind, IssueCode: &code, LearnMoreLink: &link, FindingDetails: new(fmt.Sprintf(i.text, args...)),
		Locations: []types.Location{{Path: append([]types.PathElement{}, at.path...), Span: r.span(at.start, at.end)}},
	})
}

func (r *report) span(start, end int) *types.Span {
	return &types.Span{Start: r.position(start), End: r.position(end)}
}

// position counts lines from 1, columns and offsets from 0, in characters.
func (r *report) position(at int) *types.Position {
	before := r.text[:min(at, len(r.text))]
	line := strings.LastIndexByte(before, '\n') + 1
	return &types.Position{
		Line: new(int32(strings.Count(before, "\n") + 1)), Column: new(int32(utf8.RuneCountInString(before[line:]))),
		Offset: new(int32(utf8.RuneCountInString(before))),
	}
}

// broken tells whether an error was found.
func (r *report) broken() bool {
	return slices.ContainsFunc(r.findings, func(f types.ValidatePolicyFinding) bool { return f.FindingType == types.ValidatePolicyFindingTypeError })
}
