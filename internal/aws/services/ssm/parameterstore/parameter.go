package parameterstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// version is one version of a parameter. It never changes.
type version struct {
	Name        string
	Version     int64
	Type        string
	Value       string `json:",omitempty"` // empty for a SecureString
	secret             // of a SecureString
	KeyID       string `json:",omitempty"` // as the caller named the key
	Description string `json:",omitempty"`
	Pattern     string `json:",omitempty"` // AllowedPattern
	DataType    string
	Tier        string
	Policies    []policy `json:",omitempty"` // those of an old version stay as they were
	Modified    time.Time
	User        string // ARN
}

// parameter is a parameter with its latest version. The older ones are kept
// apart, so that a read touches one record and a write two.
type parameter struct {
	version
	Labels map[string]int64  `json:",omitempty"` // the version of each label
	Tags   map[string]string `json:",omitempty"`
	Due    time.Time         `json:",omitzero"` // when the next policy acts
}

var parameters = store.Table[parameter]{
	Name: "ssm.parameters", Reach: store.Regional,
	Key: func(p *parameter) string { return p.Name },
}

// versions are the versions before the latest. A name has no colon.
var versions = store.Table[version]{
	Name: "ssm.parameter-versions", Reach: store.Regional,
	Key: func(v *version) string { return versionKey(v.Name, v.Version) },
}

func versionKey(name string, n int64) string { return fmt.Sprintf("%s:%018d", name, n) }

const (
	// keptVersions is how many versions a parameter has at most.
	keptVersions = 100

	typeSecure     = string(types.ParameterTypeSecureString)
	tierStandard   = string(types.ParameterTierStandard)
	tierAdvanced   = string(types.ParameterTierAdvanced)
	tierWise       = string(types.ParameterTierIntelligentTiering)
	dataText       = "text"
	dataImage      = "aws:ec2:image"
	dataConnection = "aws:ssm:integration"
)

// find returns a parameter, or ParameterNotFound.
func find(tx *store.Tx, scope store.Scope, name string) (*parameter, error) {
	p, err := parameters.Get(tx, scope, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ParameterNotFound{Message: new("Parameter " + name + " not found.")}
	}
	return p, err
}

// at returns the version that a selector means; "" is the latest.
func (p *parameter) at(tx *store.Tx, scope store.Scope, selector string) (*version, error) {
	n := p.Version
	if selector != "" {
		var ok bool
		if n, ok = number(selector); !ok {
			if n, ok = p.Labels[selector]; !ok {
				return nil, &types.ParameterVersionNotFound{Message: new(fmt.Sprintf("Systems Manager could not find label %s for parameter %s. Verify the label and try again.", selector, p.Name))}
			}
		}
	}
	return p.numbered(tx, scope, n)
}

// numbered returns the version with a number.
func (p *parameter) numbered(tx *store.Tx, scope store.Scope, n int64) (*version, error) {
	if n == p.Version {
		return &p.version, nil
	}
	unknown := &types.ParameterVersionNotFound{Message: new(fmt.Sprintf("Systems Manager could not find version %d of %s. Verify the version and try again.", n, p.Name))}
	if n < 1 || n > p.Version {
		return nil, unknown
	}
	v, err := versions.Get(tx, scope, versionKey(p.Name, n))
	if errors.Is(err, store.ErrNotFound) {
		return nil, unknown
	}
	return v, err
}

// erase removes a parameter with all its versions.
func (p *parameter) erase(tx *store.Tx, scope store.Scope) error {
	old, err := versions.List(tx, scope, store.Page{Min: p.Name + ":", Max: p.Name + ";"})
	if err != nil {
		return err
	}
	for _, v := range old {
		if err := versions.Delete(tx, scope, versionKey(v.Name, v.Version)); err != nil {
			return err
		}
	}
	if err := p.forgetDeadline(tx, scope); err != nil {
		return err
	}
	return parameters.Delete(tx, scope, p.Name)
}

// labelsOf are the labels of a version, sorted.
func (p *parameter) labelsOf(n int64) []string {
	var out []string
	for label, at := range p.Labels {
		if at == n {
			out = append(out, label)
		}
	}
	slices.Sort(out)
	return out
}

// show is a version as the Get operations answer it; value is what the caller
// may see of it.
func (v *version) show(scope store.Scope, selector, value string) types.Parameter {
	out := types.Parameter{
		Name: &v.Name, Type: types.ParameterType(v.Type), Value: &value, Version: v.Version,
		LastModifiedDate: &v.Modified, ARN: new(arnOf(scope, v.Name)), DataType: &v.DataType,
	}
	if selector != "" {
		out.Selector = new(":" + selector)
	}
	return out
}

// arnOf is a parameter's ARN: a name has one whether it begins with a slash or
// not.
func arnOf(scope store.Scope, name string) string {
	return arn.New("ssm", scope.Region, scope.Account, "parameter/"+strings.TrimPrefix(name, "/")).String()
}

func invalid(format string, args ...any) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf(format, args...)}
}

// Check is the check of an action on the parameter that a name or ARN means.
func (s *Service) Check(ctx context.Context, action, written string) ([]api.Check, error) {
	return s.checkNamed(ctx, action, written)
}

// checkNamed is a check of an action on parameters, each with its tags. Names
// come as the caller wrote them.
func (s *Service) checkNamed(ctx context.Context, action string, names ...string) ([]api.Check, error) {
	scope := store.In(api.CallFrom(ctx).Place())
	checks := make([]api.Check, len(names))
	for i, written := range names {
		r := resolve(scope, written)
		checks[i] = api.Check{Action: action, Resource: r.arn, LazyTags: func() (map[string]string, error) {
			return s.tagsOf(ctx, scope, r)
		}}
	}
	return checks, nil
}

// tagsOf are the tags of a parameter; one that does not exist has none.
func (s *Service) tagsOf(ctx context.Context, scope store.Scope, r reference) (tags map[string]string, err error) {
	err = s.st.View(ctx, func(tx *store.Tx) error {
		p, err := r.get(tx, scope)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			tags = p.Tags
		}
		return err
	})
	return tags, err
}
