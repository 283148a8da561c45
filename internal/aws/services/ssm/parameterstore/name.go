package parameterstore

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/arn"
	"tamachi/internal/store"
)

// Limits of names (API reference, PutParameter).
const (
	maxLevels = 15
	maxName   = 1011 // with the ARN before it
)

var nameForm = regexp.MustCompile(`^[a-zA-Z0-9_.\-/]+$`)

// checkNewName refuses a name that no new parameter may have. The texts are
// AWS's. Source: User Guide, "Requirements and constraints for parameter names".
func checkNewName(scope store.Scope, name string) error {
	bare := strings.ToLower(strings.TrimLeft(name, "/"))
	reserved := strings.HasPrefix(bare, "aws") || strings.HasPrefix(bare, "ssm")
	switch {
	case reserved && strings.HasPrefix(strings.ToLower(name), "/aws") && strings.Count(name, "/") > 1:
		return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: "No access to reserved parameter name: " + name + "."}
	case reserved && strings.Count(name, "/") <= 1:
		return invalid(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive).`)
	case reserved, !nameForm.MatchString(name), strings.Contains(name, "//"):
		return invalid(`Parameter name: can't be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`)
	case strings.Contains(name, "/") && name[0] != '/':
		return invalid("Parameter name must be a fully qualified name.")
	case strings.HasSuffix(name, "/"):
		return invalid("Parameter name must not end with slash.")
	case strings.Count(name, "/") > maxLevels:
		return &types.HierarchyLevelLimitExceededException{Message: new("A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names in the AWS Systems Manager User Guide.")}
	case len(arnOf(scope, name)) > maxName:
		return invalid("Parameter name: the name and the ARN before it can have a maximum length of %d characters.", maxName)
	}
	return nil
}

// reference is what a caller wrote in the place of a name: a name or an ARN,
// with a selector or without.
type reference struct {
	arn      string
	names    []string // that it may mean, the likeliest first; none when it can mean nothing here
	selector string   // version number or label
}

// resolve reads a reference. It never fails: one that can mean nothing names no
// parameter, and its ARN says what to ask the caller's rights for.
func resolve(scope store.Scope, written string) reference {
	written = strings.TrimSpace(written)
	if a, err := arn.Parse(written); err == nil {
		return resolveARN(scope, a)
	}
	name, selector, _ := strings.Cut(written, ":")
	r := reference{arn: arnOf(scope, name), selector: selector, names: []string{name}}
	if strings.HasPrefix(strings.ToLower(name), "/aws/") { // public parameters belong to no account
		r.arn = arn.New("ssm", scope.Region, "", "parameter"+name).String()
	}
	return r
}

func resolveARN(scope store.Scope, a arn.ARN) reference {
	path, selector, _ := strings.Cut(a.Resource, ":")
	a.Resource = path
	r := reference{arn: a.String(), selector: selector}
	rest, ok := strings.CutPrefix(path, "parameter/")
	if !ok || a.Service != "ssm" || a.Region != scope.Region || a.Account != scope.Account || a.Partition != "aws" {
		return r
	}
	if strings.Contains(rest, "/") {
		r.names = []string{"/" + rest}
		return r
	}
	r.names = []string{rest, "/" + rest} // both have this ARN
	return r
}

// get returns the parameter that a reference means, or store.ErrNotFound.
func (r reference) get(tx *store.Tx, scope store.Scope) (*parameter, error) {
	err := store.ErrNotFound
	for _, name := range r.names {
		var p *parameter
		if p, err = parameters.Get(tx, scope, name); !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
	}
	return nil, err
}

// find is get with the API's error.
func (r reference) find(tx *store.Tx, scope store.Scope, written string) (*parameter, error) {
	p, err := r.get(tx, scope)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &types.ParameterNotFound{Message: new("Parameter " + written + " not found.")}
	}
	return p, err
}

// plain reads a name where AWS takes no ARN and no selector, without the
// spaces around it.
func plain(written *string) (string, error) {
	name := strings.TrimSpace(*written)
	if strings.ContainsAny(name, " \t\r\n") {
		return "", invalid("Parameter name: can't contain spaces.")
	}
	return name, nil
}

// number reads a selector that is a version.
func number(selector string) (int64, bool) {
	if selector == "" || selector[0] < '0' || selector[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(selector, 10, 64)
	return n, err == nil
}
