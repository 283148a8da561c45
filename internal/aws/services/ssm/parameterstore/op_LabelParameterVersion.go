package parameterstore

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// maxLabels is how many labels a version may have.
const maxLabels = 10

var labelForm = regexp.MustCompile(`^[a-zA-Z_.\-][a-zA-Z0-9_.\-]{0,99}$`)

// validLabel holds a label against the rules of the API reference,
// LabelParameterVersion.
func validLabel(label string) bool {
	low := strings.ToLower(label)
	return labelForm.MatchString(label) && !strings.HasPrefix(low, "aws") && !strings.HasPrefix(low, "ssm")
}

// LabelParameterVersion gives labels to a version; one that another version
// has moves.
func (s *Service) LabelParameterVersion(ctx context.Context, in *ssm.LabelParameterVersionInput) (*ssm.LabelParameterVersionOutput, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	name, err := plain(in.Name)
	if err != nil {
		return nil, err
	}
	out := &ssm.LabelParameterVersionOutput{InvalidLabels: []string{}}
	var good []string
	for _, label := range in.Labels {
		if !validLabel(label) {
			out.InvalidLabels = append(out.InvalidLabels, label)
			continue
		}
		good = append(good, label)
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		p, err := find(tx, scope, name)
		if err != nil {
			return err
		}
		n := p.Version
		if in.ParameterVersion != nil {
			n = *in.ParameterVersion
		}
		if _, err := p.numbered(tx, scope, n); err != nil {
			return err
		}
		out.ParameterVersion = n
		if len(good) == 0 {
			return nil
		}
		if err := p.label(n, good); err != nil {
			return err
		}
		if err := s.tell(tx, scope, p, "LabelParameterVersion"); err != nil {
			return err
		}
		return parameters.Put(tx, scope, p)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// label gives labels to a version.
func (p *parameter) label(n int64, labels []string) error {
	if p.Labels == nil {
		p.Labels = map[string]int64{}
	}
	for _, l := range labels {
		p.Labels[l] = n
	}
	if len(p.labelsOf(n)) > maxLabels {
		return &types.ParameterVersionLabelLimitExceeded{Message: new("A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.")}
	}
	return nil
}

// unlabel takes labels from a version and returns those that it had.
func (p *parameter) unlabel(n int64, labels []string) (removed, others []string) {
	for _, l := range labels {
		if at, ok := p.Labels[l]; !ok || at != n {
			if !slices.Contains(removed, l) {
				others = append(others, l)
			}
			continue
		}
		delete(p.Labels, l)
		removed = append(removed, l)
	}
	return removed, others
}

func (s *Service) labelParameterVersionChecks(ctx context.Context, in *ssm.LabelParameterVersionInput) ([]api.Check, error) {
	return s.checkNamed(ctx, "ssm:LabelParameterVersion", *in.Name)
}
