package reference

import (
	"regexp"
	"slices"
	"strings"
)

// Changes finds the actions by which a resource can be changed: those that
// write, tag, or manage permissions, and can be limited to a resource of its
// type. It is not for use by many at once.
type Changes struct {
	services map[string]Service
	formats  map[string]*regexp.Regexp // of ARNs
}

// NewChanges returns a finder over what Load returned.
func NewChanges(all map[string]Service) *Changes {
	return &Changes{services: all, formats: map[string]*regexp.Regexp{}}
}

// Of lists the actions for an ARN, whole and in alphabetical order; none for a
// resource of a service that is not known here.
func (c *Changes) Of(arn string) []string {
	parts := strings.SplitN(arn, ":", 4)
	if len(parts) < 4 {
		return nil
	}
	var out []string
	for prefix, service := range c.services {
		var kinds []string
		for kind, format := range service.Resources {
			if strings.HasPrefix(format, "arn:${Partition}:"+parts[2]+":") && c.matches(format, arn) {
				kinds = append(kinds, kind)
			}
		}
		if len(kinds) == 0 {
			continue
		}
		for name, action := range service.Actions {
			if action.Access == "Read" || action.Access == "List" {
				continue
			}
			if slices.ContainsFunc(action.Resources, func(kind string) bool { return slices.Contains(kinds, kind) }) {
				out = append(out, prefix+":"+name)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (c *Changes) matches(format, arn string) bool {
	known := c.formats[format]
	if known == nil {
		known = pattern(format)
		c.formats[format] = known
	}
	return known.MatchString(arn)
}
