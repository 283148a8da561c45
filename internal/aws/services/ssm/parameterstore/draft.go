package parameterstore

import (
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/tag"
	"tamachi/internal/store"
)

// How long a value may be (API reference, PutParameter).
const (
	standardValue = 4096
	advancedValue = 8192
)

// webhooks is where integrations lie (User Guide, "Creating integrations for
// Automation").
const webhooks = "/d9d01087-4a3f-49e0-b0b4-d568d7826553/ssm/integrations/webhook/"

// draft is what a PutParameter asks for, read and checked as far as it can be
// without knowing the parameter that may exist.
type draft struct {
	name, value string
	kind        string // Type; "" when not given
	tier        string // "" when not given
	key         string
	dataType    string  // "" when not given
	description *string // nil when not given
	pattern     *string
	policies    []policy
	policed     bool // policies were given
	overwrite   bool
	tags        map[string]string
	modified    time.Time
	user        string

	secret      // of a SecureString
	sealed bool // secret is there
}

func readDraft(scope store.Scope, call *api.Call, in *ssm.PutParameterInput) (*draft, error) {
	name, err := plain(in.Name)
	if err != nil {
		return nil, err
	}
	if err := checkNewName(scope, name); err != nil {
		return nil, err
	}
	d := &draft{
		name: name, value: *in.Value, kind: string(in.Type), tier: string(in.Tier), key: defaultKey,
		description: in.Description, pattern: in.AllowedPattern, overwrite: in.Overwrite != nil && *in.Overwrite,
		modified: call.Time.UTC().Truncate(time.Millisecond), user: call.Caller.ARN,
	}
	if in.DataType != nil {
		d.dataType = *in.DataType
	}
	if in.KeyId != nil {
		d.key = *in.KeyId
		if d.kind != "" && d.kind != typeSecure {
			return nil, invalid("KeyId is required for SecureString type parameter only.")
		}
	}
	if len(in.Tags) > 0 && d.overwrite {
		return nil, invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.")
	}
	if d.tags, err = tag.Read(in.Tags, func(why string) error { return invalid("%s", why) }); err != nil {
		return nil, err
	}
	if in.Policies != nil && *in.Policies != "" {
		d.policed = true
		if d.policies, err = parsePolicies(*in.Policies); err != nil {
			return nil, err
		}
	}
	return d, d.check()
}

// check refuses values that no parameter may have.
func (d *draft) check() error {
	switch {
	case d.value == "":
		return invalid("1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.")
	case len(d.value) > advancedValue:
		return tooLong("Advanced", advancedValue, "")
	}
	if _, rest, ok := strings.Cut(d.value, "{{"); ok && strings.Contains(rest, "}}") {
		return invalid(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`)
	}
	switch d.dataType {
	case "", dataText:
	case dataConnection:
		if d.kind != typeSecure && d.kind != "" || !strings.HasPrefix(d.name, webhooks) {
			return invalid("A parameter of the data type aws:ssm:integration must be a SecureString with a name that begins with %s.", webhooks)
		}
	case dataImage:
		return invalid("The data type aws:ec2:image can't be used here: there are no machine images to hold the value against.")
	default:
		return invalid("The following data type is not supported: %s (Data type names are all lowercase.)", d.dataType)
	}
	return nil
}

func tooLong(tier string, limit int, hint string) error {
	return invalid("%s tier parameters support a maximum parameter value of %d characters.%s", tier, limit, hint)
}

// existing is the parameter that the draft is about, nil when there is none. It
// refuses to write over one unasked.
func (d *draft) existing(tx *store.Tx, scope store.Scope) (*parameter, error) {
	p, err := parameters.Get(tx, scope, d.name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err == nil && !d.overwrite {
		return nil, &types.ParameterAlreadyExists{Message: new("The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")}
	}
	return p, err
}

// typeFor is the type of the version that the draft makes.
func (d *draft) typeFor(old *parameter) (string, error) {
	switch {
	case old == nil && d.kind == "":
		return "", invalid("A parameter type is required when you create a parameter.")
	case old == nil:
		return d.kind, nil
	case d.kind != "" && d.kind != old.Type:
		return "", &types.HierarchyTypeMismatchException{Message: new("Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter from a String type to a SecureString type. You must create a new, unique parameter.")}
	}
	return old.Type, nil
}

// compose makes the parameter after the draft, all but its tier. What the
// request leaves out stays as it was.
func (d *draft) compose(old *parameter) (*parameter, error) {
	kind, err := d.typeFor(old)
	if err != nil {
		return nil, err
	}
	p := &parameter{}
	if old != nil {
		*p = *old
	}
	p.version = version{
		Name: d.name, Version: p.Version + 1, Type: kind, Description: p.Description, Pattern: p.Pattern,
		DataType: p.DataType, Policies: kept(p.Policies), Modified: d.modified, User: d.user,
	}
	if old == nil {
		p.Tags, p.DataType = d.tags, dataText
	}
	if d.description != nil {
		p.Description = *d.description
	}
	if d.pattern != nil {
		p.Pattern = *d.pattern
	}
	if d.dataType != "" {
		p.DataType = d.dataType
	}
	if d.policed {
		p.Policies = d.policies
	}
	if kind != typeSecure {
		p.Value = d.value
		return p, d.matches(p.Pattern)
	}
	if !d.sealed {
		return nil, errors.New("the parameter became a SecureString while it was written")
	}
	p.secret, p.KeyID = d.secret, d.key
	return p, d.matches(p.Pattern)
}

// matches holds the value against the allowed pattern.
func (d *draft) matches(pattern string) error {
	if pattern == "" {
		return nil
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return &types.InvalidAllowedPatternException{Message: new("The request doesn't meet the regular expression requirement: " + pattern)}
	}
	if !re.MatchString(d.value) {
		return &types.ParameterPatternMismatchException{Message: new("Parameter value, cannot be validated against allowedPattern: " + pattern)}
	}
	return nil
}
