package documents

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What runs on a node. Source: User Guide, "Command document plugin reference".
var plugins = []string{
	"aws:applications", "aws:cloudWatch", "aws:configureDocker", "aws:configurePackage", "aws:domainJoin",
	"aws:downloadContent", "aws:psModule", "aws:refreshAssociation", "aws:runDockerAction", "aws:runDocument",
	"aws:runPowerShellScript", "aws:runShellScript", "aws:softwareInventory", "aws:updateAgent", "aws:updateSsmAgent",
}

// What an automation does. Source: User Guide, "Systems Manager Automation
// actions reference".
var actions = []string{
	"aws:approve", "aws:assertAwsResourceProperty", "aws:branch", "aws:changeInstanceState", "aws:copyImage",
	"aws:createImage", "aws:createStack", "aws:createTags", "aws:deleteImage", "aws:deleteStack",
	"aws:executeAutomation", "aws:executeAwsApi", "aws:executeScript", "aws:executeStateMachine",
	"aws:invokeLambdaFunction", "aws:invokeWebhook", "aws:loop", "aws:pause", "aws:runCommand", "aws:runInstances",
	"aws:sleep", "aws:updateVariable", "aws:waitForAwsResourceProperty",
}

var stepName = regexp.MustCompile(`^[a-zA-Z0-9_]{1,128}$`)

// members wants an object with no members but these, the first few of which are
// required.
func members(v *value, path string, required []string, others ...string) error {
	if v == nil || v.kind != object {
		return invalidContent(path, "it must be an object")
	}
	for _, key := range required {
		if v.get(key) == nil {
			return invalidContent(path+"/"+key, "it is required")
		}
	}
	for _, key := range v.keys {
		if !slices.Contains(required, key) && !slices.Contains(others, key) {
			return invalidContent(path+"/"+key, "it is no member that may stand here")
		}
	}
	return nil
}

// want wants a member that is there to be of a kind.
func want(v *value, path, key string, k kind) error {
	if m := v.get(key); m != nil && m.kind != k {
		return invalidContent(path+"/"+key, "it must be "+kindNames[k])
	}
	return nil
}

func checkCommand12(root *value) error {
	if err := members(root, "", []string{"schemaVersion", "runtimeConfig"}, "description", "parameters"); err != nil {
		return err
	}
	if err := want(root, "", "description", words); err != nil {
		return err
	}
	config := root.get("runtimeConfig")
	if config.kind != object || len(config.keys) == 0 {
		return invalidContent("/runtimeConfig", "it must be an object with a plugin")
	}
	for i, plugin := range config.keys {
		path := "/runtimeConfig/" + plugin
		if !slices.Contains(plugins, plugin) {
			return invalidContent(path, "there is no such plugin")
		}
		if err := members(config.kids[i], path, []string{"properties"}, "description", "settings"); err != nil {
			return err
		}
	}
	return checkParameters(root, commandTypes)
}

func checkCommand2(root *value) error {
	if err := members(root, "", []string{"schemaVersion", "mainSteps"}, "description", "parameters", "variables", "files"); err != nil {
		return err
	}
	if err := want(root, "", "description", words); err != nil {
		return err
	}
	steps, err := steps(root)
	if err != nil {
		return err
	}
	for i, step := range steps {
		path := "/mainSteps/" + strconv.Itoa(i)
		err := members(step, path, []string{"action", "name"},
			"inputs", "precondition", "description", "onFailure", "onSuccess", "finallyStep", "isEnd", "timeoutSeconds", "maxAttempts", "settings")
		if err != nil {
			return err
		}
		if err := checkStep(step, path, plugins); err != nil {
			return err
		}
		if err := want(step, path, "precondition", object); err != nil {
			return err
		}
	}
	if err := distinct(steps); err != nil {
		return err
	}
	return checkParameters(root, commandTypes)
}

func checkAutomation(root *value) error {
	err := members(root, "", []string{"schemaVersion", "mainSteps"},
		"description", "assumeRole", "parameters", "variables", "outputs", "files")
	if err != nil {
		return err
	}
	for key, k := range map[string]kind{"description": words, "assumeRole": words, "outputs": list, "variables": object, "files": object} {
		if err := want(root, "", key, k); err != nil {
			return err
		}
	}
	steps, err := steps(root)
	if err != nil {
		return err
	}
	for i, step := range steps {
		path := "/mainSteps/" + strconv.Itoa(i)
		err := members(step, path, []string{"action", "name"},
			"inputs", "description", "onFailure", "onCancel", "nextStep", "isEnd", "isCritical", "maxAttempts", "timeoutSeconds", "outputs")
		if err != nil {
			return err
		}
		if err := checkStep(step, path, actions); err != nil {
			return err
		}
	}
	if err := distinct(steps); err != nil {
		return err
	}
	if err := checkWays(steps); err != nil {
		return err
	}
	return checkParameters(root, automationTypes)
}

// checkWays wants the steps that are named as the next to exist.
func checkWays(steps []*value) error {
	for i, step := range steps {
		for _, key := range []string{"nextStep", "onFailure", "onCancel"} {
			target, named := step.get(key).str(), key == "nextStep"
			if rest, ok := strings.CutPrefix(target, "step:"); ok && key != "nextStep" {
				target, named = rest, true
			}
			if target == "" || !named {
				continue
			}
			if !slices.ContainsFunc(steps, func(s *value) bool { return s.get("name").str() == target }) {
				return invalidContent(fmt.Sprintf("/mainSteps/%d/%s", i, key), "there is no step "+target)
			}
		}
	}
	return nil
}

// steps are the elements of mainSteps.
func steps(root *value) ([]*value, error) {
	all := root.get("mainSteps")
	if all.kind != list || len(all.kids) == 0 {
		return nil, invalidContent("/mainSteps", "it must be a list with at least one step")
	}
	return all.kids, nil
}

// checkStep looks at what steps of all schemas have.
func checkStep(step *value, path string, known []string) error {
	if name := step.get("name"); name.kind != words || !stepName.MatchString(name.text) {
		return invalidContent(path+"/name", "it must be 1 to 128 letters, digits or _")
	}
	if action := step.get("action"); action.kind != words || !slices.Contains(known, action.text) {
		return invalidContent(path+"/action", fmt.Sprintf("there is no action %q", action.text))
	}
	return want(step, path, "inputs", object)
}

func distinct(steps []*value) error {
	seen := map[string]bool{}
	for i, step := range steps {
		name := step.get("name").text
		if seen[name] {
			return invalidContent(fmt.Sprintf("/mainSteps/%d/name", i), "another step has the name "+name)
		}
		seen[name] = true
	}
	return nil
}

// sessionTypes are those of the User Guide, "Session document schema".
var sessionTypes = []string{"Standard_Stream", "InteractiveCommands", "NonInteractiveCommands", "Port"}

func checkSession(root *value) error {
	if err := members(root, "", []string{"schemaVersion", "sessionType"}, "description", "inputs", "parameters", "properties"); err != nil {
		return err
	}
	if t := root.get("sessionType"); !slices.Contains(sessionTypes, t.text) {
		return invalidContent("/sessionType", "it must be one of "+strings.Join(sessionTypes, ", "))
	}
	for key, k := range map[string]kind{"description": words, "inputs": object} {
		if err := want(root, "", key, k); err != nil {
			return err
		}
	}
	return checkParameters(root, commandTypes)
}
