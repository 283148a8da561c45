package documents

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// commandTypes are the types of parameters of documents that run on nodes.
// Source: User Guide, "Data elements and parameters".
var commandTypes = []string{"String", "StringList", "Integer", "Boolean", "MapList", "StringMap"}

// automationTypes begin those of an automation: besides the plain ones there
// are types of AWS resources and lists of them.
var automationTypes = append(slices.Clone(commandTypes), "AWS::", "List<")

var (
	parameterName    = regexp.MustCompile(`^[a-zA-Z0-9_.\-]{1,128}$`)
	parameterMembers = []string{
		"description", "default", "allowedValues", "allowedPattern", "displayType",
		"minItems", "maxItems", "minChars", "maxChars", "interpolationType",
	}
)

// checkParameters looks at the parameters that a document declares.
func checkParameters(root *value, known []string) error {
	all := root.get("parameters")
	if all == nil {
		return nil
	}
	if all.kind != object {
		return invalidContent("/parameters", "it must be an object")
	}
	for i, name := range all.keys {
		path := "/parameters/" + name
		if !parameterName.MatchString(name) {
			return invalidContent(path, "a parameter's name has letters, digits and _ . -")
		}
		if err := checkParameter(all.kids[i], path, known); err != nil {
			return err
		}
	}
	return nil
}

func checkParameter(p *value, path string, known []string) error {
	if err := members(p, path, []string{"type"}, parameterMembers...); err != nil {
		return err
	}
	t := p.get("type").str()
	fits := slices.ContainsFunc(known, func(k string) bool {
		return t == k || strings.ContainsAny(k, ":<") && strings.HasPrefix(t, k)
	})
	if !fits {
		return invalidContent(path+"/type", fmt.Sprintf("there is no type %q", t))
	}
	for key, k := range map[string]kind{"description": words, "allowedValues": list, "allowedPattern": words, "displayType": words, "interpolationType": words} {
		if err := want(p, path, key, k); err != nil {
			return err
		}
	}
	return checkDefault(p, path, t)
}

// checkDefault wants a default of the parameter's type, among the values that
// are allowed.
func checkDefault(p *value, path, t string) error {
	d := p.get("default")
	if d == nil {
		return nil
	}
	wanted, plain := map[string]kind{"String": words, "StringList": list, "MapList": list, "StringMap": object, "Boolean": truth, "Integer": number}[t]
	if strings.HasPrefix(t, "List<") {
		wanted, plain = list, true
	}
	// AWS's own documents give truths and numbers as strings.
	loose := (t == "Boolean" || t == "Integer" || t == "String") && slices.Contains([]kind{words, truth, number}, d.kind)
	if plain && d.kind != wanted && !loose {
		return invalidContent(path+"/default", "it must be "+kindNames[wanted]+", as the type "+t+" says")
	}
	allowed := p.get("allowedValues")
	if allowed == nil {
		return nil
	}
	given := []*value{d}
	if d.kind == list {
		given = d.kids
	}
	for _, one := range given {
		if !slices.ContainsFunc(allowed.kids, func(a *value) bool { return a.text == one.text }) {
			return invalidContent(path+"/default", fmt.Sprintf("the value %q is none of allowedValues", one.text))
		}
	}
	return nil
}

// describeParameters are a document's parameters as DescribeDocument answers
// them: every type but a list is a String there.
func (c *content) describeParameters() []types.DocumentParameter {
	all := c.root.get("parameters")
	if all == nil {
		return nil
	}
	var out []types.DocumentParameter
	for i, p := range all.kids {
		d := types.DocumentParameter{Name: &all.keys[i], Type: types.DocumentParameterTypeString, Description: api.Optional(p.get("description").str())}
		if t := p.get("type").str(); t == "StringList" || strings.HasPrefix(t, "List<") {
			d.Type = types.DocumentParameterTypeStringList
		}
		if v := p.get("default"); v != nil {
			d.DefaultValue = new(v.text)
			if v.kind == list || v.kind == object {
				var compact json.RawMessage = []byte(v.json())
				text, _ := json.Marshal(compact) // was JSON just now
				d.DefaultValue = new(string(text))
			}
		}
		out = append(out, d)
	}
	return out
}

// platforms are the operating systems that a document can run on: those that
// one of its steps is for, by its plugin and its precondition.
func (c *content) platforms() []types.PlatformType {
	if c.root == nil {
		return []types.PlatformType{}
	}
	everywhere := []types.PlatformType{types.PlatformTypeWindows, types.PlatformTypeLinux, types.PlatformTypeMacos}
	fits := map[types.PlatformType]bool{}
	note := func(plugin, only string) {
		for _, p := range everywhere {
			if runsOn(plugin, p) && (only == "" || only == string(p)) {
				fits[p] = true
			}
		}
	}
	if config := c.root.get("runtimeConfig"); config != nil {
		for _, plugin := range config.keys {
			note(plugin, "")
		}
	}
	if all := c.root.get("mainSteps"); all != nil && c.schema != "0.3" {
		for _, step := range all.kids {
			note(step.get("action").str(), platformOf(step))
		}
	}
	out := slices.DeleteFunc(slices.Clone(everywhere), func(p types.PlatformType) bool { return !fits[p] })
	if len(out) == 0 {
		return everywhere
	}
	return out
}

func runsOn(plugin string, p types.PlatformType) bool {
	switch plugin {
	case "aws:runShellScript":
		return p != types.PlatformTypeWindows
	case "aws:psModule", "aws:applications", "aws:cloudWatch", "aws:domainJoin":
		return p == types.PlatformTypeWindows
	}
	return true
}

// platformOf is the platform that a step's precondition asks for, in AWS's
// spelling; a step without one is for all.
func platformOf(step *value) string {
	operands := step.get("precondition").get("StringEquals")
	if operands == nil || operands.kind != list || len(operands.kids) != 2 {
		return ""
	}
	for i, other := range []int{1, 0} {
		if operands.kids[i].str() != "platformType" {
			continue
		}
		for _, p := range types.PlatformType("").Values() {
			if strings.EqualFold(string(p), operands.kids[other].str()) {
				return string(p)
			}
		}
	}
	return ""
}
