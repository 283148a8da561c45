package cloudtrail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// selector is a basic event selector: which management events a trail records.
type selector struct {
	ReadWrite string   // All, ReadOnly, WriteOnly
	Exclude   []string `json:",omitempty"` // event sources
}

func (s selector) selects(e *event) bool {
	switch {
	case slices.Contains(s.Exclude, e.Source):
		return false
	case s.ReadWrite == string(types.ReadWriteTypeReadOnly):
		return e.ReadOnly
	case s.ReadWrite == string(types.ReadWriteTypeWriteOnly):
		return !e.ReadOnly
	}
	return true
}

// advanced is an advanced event selector: all of its fields must fit.
type advanced struct {
	Name   string `json:",omitempty"`
	Fields []field
}

type field struct {
	Name                                  string
	Equals, StartsWith, EndsWith          []string `json:",omitempty"`
	NotEquals, NotStartsWith, NotEndsWith []string `json:",omitempty"`
}

func (a advanced) selects(e *event) bool {
	return !slices.ContainsFunc(a.Fields, func(f field) bool { return !f.fits(f.of(e)) })
}

// of is the value of the field in an event.
func (f field) of(e *event) string {
	switch f.Name {
	case "eventCategory":
		return "Management"
	case "readOnly":
		return strconv.FormatBool(e.ReadOnly)
	case "eventSource":
		return e.Source
	case "eventName":
		return e.Name
	}
	var r struct {
		EventType    string `json:"eventType"`
		UserIdentity struct {
			ARN string `json:"arn"`
		} `json:"userIdentity"`
	}
	_ = json.Unmarshal(e.Record, &r) // our own writing; without an ARN nothing fits
	if f.Name == "eventType" {
		return r.EventType
	}
	return r.UserIdentity.ARN
}

func (f field) fits(v string) bool {
	equal := func(x string) bool { return v == x }
	starts := func(x string) bool { return strings.HasPrefix(v, x) }
	ends := func(x string) bool { return strings.HasSuffix(v, x) }
	wanted := len(f.Equals)+len(f.StartsWith)+len(f.EndsWith) > 0
	return (!wanted || slices.ContainsFunc(f.Equals, equal) || slices.ContainsFunc(f.StartsWith, starts) || slices.ContainsFunc(f.EndsWith, ends)) &&
		!slices.ContainsFunc(f.NotEquals, equal) && !slices.ContainsFunc(f.NotStartsWith, starts) && !slices.ContainsFunc(f.NotEndsWith, ends)
}

// records tells whether the trail wants an event of a Region. Without selectors
// it wants all management events.
func (t *trail) records(region string, e *event) bool {
	if !t.seenIn(region) || !t.GlobalEvents && slices.Contains(globalSources, e.Source) {
		return false
	}
	if len(t.Selectors)+len(t.Advanced) == 0 {
		return true
	}
	return slices.ContainsFunc(t.Selectors, func(s selector) bool { return s.selects(e) }) ||
		slices.ContainsFunc(t.Advanced, func(a advanced) bool { return a.selects(e) })
}

func badSelectors(format string, args ...any) error {
	return &types.InvalidEventSelectorsException{Message: aws.String(fmt.Sprintf(format, args...))}
}

const mostSelectors = 5

// excludable are the sources that basic selectors may exclude.
// Source: CloudTrail API Reference, "EventSelector".
var excludable = []string{"kms.amazonaws.com", "rdsdata.amazonaws.com"}

// basic reads event selectors. S3's data events are not recorded here, so a
// selector of data events would promise what never comes.
func basic(in []types.EventSelector) ([]selector, error) {
	if len(in) > mostSelectors {
		return nil, badSelectors("The number of event selectors exceeds the maximum of %d.", mostSelectors)
	}
	var out []selector
	for _, s := range in {
		if len(s.DataResources) > 0 {
			return nil, badSelectors("Data events are not recorded here: leave DataResources empty. Management events are.")
		}
		for _, source := range s.ExcludeManagementEventSources {
			if !slices.Contains(excludable, source) {
				return nil, badSelectors("The event source %s cannot be excluded. Valid values are %s.", cut(source), strings.Join(excludable, ", "))
			}
		}
		kept := selector{ReadWrite: string(s.ReadWriteType), Exclude: s.ExcludeManagementEventSources}
		if kept.ReadWrite == "" {
			kept.ReadWrite = string(types.ReadWriteTypeAll)
		}
		if s.IncludeManagementEvents != nil && !*s.IncludeManagementEvents {
			return nil, badSelectors("An event selector must include management events: data events are not recorded here.")
		}
		out = append(out, kept)
	}
	return out, nil
}

// managementFields are the fields of a selector of management events.
// Source: CloudTrail API Reference, "AdvancedFieldSelector".
var managementFields = []string{"eventCategory", "readOnly", "eventSource", "eventName", "eventType", "userIdentity.arn"}

func advancedOf(in []types.AdvancedEventSelector) ([]advanced, error) {
	var out []advanced
	for _, s := range in {
		kept := advanced{Name: aws.ToString(s.Name)}
		for _, f := range s.FieldSelectors {
			kept.Fields = append(kept.Fields, field{
				aws.ToString(f.Field), f.Equals, f.StartsWith, f.EndsWith, f.NotEquals, f.NotStartsWith, f.NotEndsWith,
			})
		}
		if err := kept.check(); err != nil {
			return nil, err
		}
		out = append(out, kept)
	}
	return out, nil
}

func (a advanced) check() error {
	var seen []string
	for _, f := range a.Fields {
		switch {
		case slices.Contains(seen, f.Name):
			return badSelectors("The field %s is used more than once in one selector.", f.Name)
		case !slices.Contains(managementFields, f.Name):
			return badSelectors("The field %s cannot be used in a selector of management events.", cut(f.Name))
		case f.Name == "eventCategory" && !slices.Equal(f.Equals, []string{"Management"}):
			return badSelectors("Only management events are recorded here: the field eventCategory must equal Management.")
		case len(f.Equals)+len(f.StartsWith)+len(f.EndsWith)+len(f.NotEquals)+len(f.NotStartsWith)+len(f.NotEndsWith) == 0:
			return badSelectors("The field %s has no condition.", f.Name)
		}
		seen = append(seen, f.Name)
	}
	if !slices.Contains(seen, "eventCategory") {
		return badSelectors("A selector must have the field eventCategory.")
	}
	return nil
}

// shownSelectors are those of a trail as an answer shows them.
func shownSelectors(t *trail) (basic []types.EventSelector, more []types.AdvancedEventSelector) {
	for _, a := range t.Advanced {
		s := types.AdvancedEventSelector{FieldSelectors: []types.AdvancedFieldSelector{}}
		if a.Name != "" {
			s.Name = aws.String(a.Name)
		}
		for _, f := range a.Fields {
			s.FieldSelectors = append(s.FieldSelectors, types.AdvancedFieldSelector{
				Field: aws.String(f.Name), Equals: f.Equals, StartsWith: f.StartsWith, EndsWith: f.EndsWith,
				NotEquals: f.NotEquals, NotStartsWith: f.NotStartsWith, NotEndsWith: f.NotEndsWith,
			})
		}
		more = append(more, s)
	}
	if more != nil {
		return nil, more
	}
	list := t.Selectors
	if len(list) == 0 {
		list = []selector{{ReadWrite: string(types.ReadWriteTypeAll)}}
	}
	for _, s := range list {
		exclude := s.Exclude
		if exclude == nil {
			exclude = []string{}
		}
		basic = append(basic, types.EventSelector{
			ReadWriteType: types.ReadWriteType(s.ReadWrite), IncludeManagementEvents: aws.Bool(true),
			DataResources: []types.DataResource{}, ExcludeManagementEventSources: exclude,
		})
	}
	return basic, nil
}
