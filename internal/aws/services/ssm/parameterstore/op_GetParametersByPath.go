package parameterstore

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/paging"
	"tamachi/internal/store"
)

// GetParametersByPath returns the parameters that lie in a path.
func (s *Service) GetParametersByPath(ctx context.Context, in *ssm.GetParametersByPathInput) (*ssm.GetParametersByPathOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	path, err := readPath(*in.Path)
	if err != nil {
		return nil, err
	}
	after, limit, err := paging.Place("GetParametersByPath", in.NextToken, in.MaxResults, 10)
	if err != nil {
		return nil, err
	}
	filters, err := readFilters(in.ParameterFilters, byPathKeys, false)
	if err != nil {
		return nil, err
	}
	out := &ssm.GetParametersByPathOutput{Parameters: []types.Parameter{}}
	var found []selected
	err = s.st.View(ctx, func(tx *store.Tx) error {
		show := func(p *parameter) (bool, error) {
			if !fit(p, filters) {
				return true, nil
			}
			if len(found) == limit {
				out.NextToken = new(api.Token("GetParametersByPath", found[limit-1].Name))
				return false, nil
			}
			v, err := labelled(tx, scope, p, filters)
			found = append(found, v)
			return true, err
		}
		if in.Recursive == nil || !*in.Recursive {
			return walkLevel(tx, scope, path, after, show)
		}
		if path == "/" {
			return walk(tx, scope, span{}, after, show)
		}
		return walk(tx, scope, beginning(path), after, show)
	})
	if err != nil {
		return nil, err
	}
	for _, v := range found {
		value, err := s.reveal(ctx, scope, v.version, in.WithDecryption)
		if err != nil {
			return nil, err
		}
		out.Parameters = append(out.Parameters, v.show(scope, v.selector, value))
	}
	return out, nil
}

// labelled is the version of a parameter that a list shows: the one with the
// label that was asked for, else the latest.
func labelled(tx *store.Tx, scope store.Scope, p *parameter, filters []filter) (selected, error) {
	for _, f := range filters {
		if f.key == "Label" {
			v, err := p.at(tx, scope, f.label(p))
			return selected{v, f.label(p)}, err
		}
	}
	return selected{&p.version, ""}, nil
}

var byPathForm = regexp.MustCompile(`^(/[a-zA-Z0-9_.\-]+)*/?$`)

// readPath returns the path with a slash at its end.
func readPath(written string) (string, error) {
	path := strings.TrimSpace(written)
	if !byPathForm.MatchString(path) || path == "" {
		return "", wrongPath()
	}
	return strings.TrimSuffix(path, "/") + "/", nil
}

// getParametersByPathChecks asks for the path itself: who may read a path may
// read all that lies in it (API reference, GetParametersByPath).
func (s *Service) getParametersByPathChecks(ctx context.Context, in *ssm.GetParametersByPathInput) ([]api.Check, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	path := strings.Trim(strings.TrimSpace(*in.Path), "/")
	return []api.Check{{
		Action: "ssm:GetParametersByPath", Resource: arn.New("ssm", scope.Region, scope.Account, "parameter/"+path).String(),
		Keys: map[string]string{"ssm:Recursive": strconv.FormatBool(in.Recursive != nil && *in.Recursive)},
	}}, nil
}
