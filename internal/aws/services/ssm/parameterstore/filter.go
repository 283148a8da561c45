package parameterstore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// filter is one filter of a list; all must fit, of its values one.
type filter struct {
	key, option string
	values      []string
}

var (
	describeKeys = []string{"Path", "Name", "Type", "KeyId", "Tier", "DataType"}
	byPathKeys   = []string{"Type", "KeyId", "Label"}
	pathForm     = regexp.MustCompile(`^/[a-zA-Z0-9_.\-/]*$`)
)

const (
	equals     = "Equals"
	beginsWith = "BeginsWith"
	contains   = "Contains"
	oneLevel   = "OneLevel"
	recursive  = "Recursive"
)

// readFilters reads and checks ParameterFilters; keys are those that the
// operation knows, besides tag: where tags may be asked for.
func readFilters(given []types.ParameterStringFilter, keys []string, tags bool) ([]filter, error) {
	var out []filter
	for _, g := range given {
		f := filter{key: *g.Key, option: equals, values: g.Values}
		if f.key == "Path" {
			f.option = oneLevel
		}
		if g.Option != nil {
			f.option = *g.Option
		}
		if slices.ContainsFunc(out, func(have filter) bool { return have.key == f.key }) {
			return nil, &types.InvalidFilterKey{Message: new("The following filter is duplicated in the request: " + f.key + ". A request can contain only one occurrence of a specific filter.")}
		}
		tag := strings.HasPrefix(f.key, "tag:")
		if !slices.Contains(keys, f.key) && (!tag || !tags) {
			return nil, &types.InvalidFilterKey{Message: new(fmt.Sprintf("The following filter key is not valid: %s. Valid filter keys include: [%s].", f.key, strings.Join(keys, ", ")))}
		}
		if len(f.values) == 0 && !tag {
			return nil, &types.InvalidFilterValue{Message: new("The following filter values are missing : null for filter key " + f.key + ".")}
		}
		if err := f.check(); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (f *filter) check() error {
	options := []string{beginsWith, equals}
	var values []string
	switch f.key {
	case "Path":
		options = []string{recursive, oneLevel}
	case "Name":
		options = []string{beginsWith, contains, equals}
	case "Label":
		options = []string{equals}
	case "Tier":
		values = []string{tierStandard, tierAdvanced, tierWise}
	case "Type":
		values = []string{"String", "StringList", typeSecure}
	}
	if !slices.Contains(options, f.option) {
		return &types.InvalidFilterOption{Message: new(fmt.Sprintf("The following filter option is not valid: %s. Valid options include: [%s].", f.option, strings.Join(options, ", ")))}
	}
	for _, v := range f.values {
		if f.key == "Path" {
			if err := checkPath(v); err != nil {
				return err
			}
		}
		if values != nil && f.option == equals && !slices.Contains(values, v) {
			return &types.InvalidFilterOption{Message: new(fmt.Sprintf("The following filter value is not valid: %s. Valid values include: [%s].", v, strings.Join(values, ", ")))}
		}
	}
	return nil
}

// checkPath refuses what is no path of parameters of one's own.
func checkPath(path string) error {
	low := strings.ToLower(path)
	if strings.HasPrefix(low, "/aws") || strings.HasPrefix(low, "/ssm") {
		return invalid(`Filters for common parameters can't be prefixed with "aws" or "ssm" (case-insensitive). When using global parameters, please specify within a global namespace.`)
	}
	if !pathForm.MatchString(path) || strings.Contains(path, "//") {
		return wrongPath()
	}
	return nil
}

func wrongPath() error {
	return invalid(`The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.`)
}

// fit tells whether a parameter passes all filters.
func fit(p *parameter, filters []filter) bool {
	for _, f := range filters {
		if !f.fits(p) {
			return false
		}
	}
	return true
}

func (f *filter) fits(p *parameter) bool {
	switch f.key {
	case "Name":
		return f.matches(p.Name)
	case "Type":
		return f.matches(p.Type)
	case "KeyId":
		return p.KeyID != "" && f.matches(p.KeyID)
	case "Tier":
		return f.matches(p.Tier)
	case "DataType":
		return f.matches(p.DataType)
	case "Path":
		return slices.ContainsFunc(f.values, func(path string) bool { return under(p.Name, path, f.option == recursive) })
	case "Label":
		return f.label(p) != ""
	}
	v, ok := p.Tags[strings.TrimPrefix(f.key, "tag:")]
	return ok && (len(f.values) == 0 || f.matches(v))
}

// label is the first label of the filter that the parameter has.
func (f *filter) label(p *parameter) string {
	for _, v := range f.values {
		if _, ok := p.Labels[v]; ok {
			return v
		}
	}
	return ""
}

func (f *filter) matches(what string) bool {
	return slices.ContainsFunc(f.values, func(v string) bool {
		switch f.option {
		case beginsWith:
			return strings.HasPrefix(what, v)
		case contains:
			return strings.Contains(what, v)
		}
		return what == v
	})
}

// under tells whether a name lies in a path, at any depth or directly. A name
// without a slash lies at the root.
func under(name, path string, deep bool) bool {
	rest, ok := strings.CutPrefix("/"+strings.TrimPrefix(name, "/"), strings.TrimRight(path, "/")+"/")
	return ok && (deep || !strings.Contains(rest, "/"))
}
