package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// lookPath finds a program on the path that scripts have.
func (a *agent) lookPath(name string) (string, error) {
	for _, one := range a.cfg.Environment {
		list, ok := strings.CutPrefix(one, "PATH=")
		if !ok {
			continue
		}
		for _, folder := range filepath.SplitList(list) {
			path := filepath.Join(folder, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				return path, nil
			}
		}
	}
	return "", errors.New("there is no program " + name)
}

// configureDocker is aws:configureDocker. It puts no container engine on a
// machine: where there is none, that is said.
func configureDocker(_ context.Context, a *agent, t *task) outcome {
	program, err := a.lookPath("docker")
	switch action := t.text("action"); {
	case action != "Install" && action != "Uninstall":
		return failedWith("unsupported action: %s", action)
	case action == "Install" && err == nil:
		return succeeded("Docker is already installed: %s\n", program)
	case action == "Install":
		return failedWith("Docker is not on this node, and this agent installs none: install it with the node's package manager")
	case err != nil:
		return succeeded("Docker is not installed\n")
	}
	return failedWith("this agent does not remove %s: remove it with the node's package manager", program)
}

// dockerActions are the actions of aws:runDockerAction with the inputs that
// each takes, in the order of docker's command line.
var dockerActions = map[string][]string{
	"Create": {"flags", "image", "cmd"}, "Run": {"flags", "image", "cmd"}, "Exec": {"user", "container", "cmd"},
	"Start": {"container"}, "Stop": {"container"}, "Rm": {"container"}, "Inspect": {"either"}, "Logs": {"container"},
	"Ps": nil, "Stats": {"container"}, "Pull": {"image"}, "Images": nil, "Rmi": {"image"},
}

// runDockerAction is aws:runDockerAction.
func runDockerAction(ctx context.Context, a *agent, t *task) outcome {
	action := t.text("action")
	inputs, ok := dockerActions[action]
	if !ok {
		return failedWith("Docker Action is set to unsupported value: %s", action)
	}
	program, err := a.lookPath("docker")
	if err != nil {
		return failedWith("Docker is not on this node: %v", err)
	}
	args, err := dockerArguments(t, action, inputs)
	if err != nil {
		return failedWith("%v", err)
	}
	return a.execute(ctx, t, "/", program, args...)
}

func dockerArguments(t *task, action string, inputs []string) ([]string, error) {
	args := []string{strings.ToLower(action)}
	switch action {
	case "Run":
		args = append(args, "--detach")
	case "Stats":
		args = append(args, "--no-stream")
	}
	named := func(input string) error {
		v := strings.TrimSpace(t.text(input))
		if v == "" || strings.HasPrefix(v, "-") {
			return errors.New("Action " + action + " requires parameter " + input) //nolint:staticcheck // the SSM Agent's words
		}
		args = append(args, v)
		return nil
	}
	flag := func(name string, values ...string) {
		for _, v := range values {
			if v = strings.TrimSpace(v); v != "" {
				args = append(args, "--"+name+"="+v)
			}
		}
	}
	for _, input := range inputs {
		var err error
		switch input {
		case "flags":
			flag("volume", lines(t.Inputs["volume"])...)
			flag("name", t.text("container"))
			flag("memory", t.text("memory"))
			flag("cpu-shares", t.text("cpuShares"))
			flag("publish", t.text("publish"))
			flag("env", t.text("env"))
			flag("user", t.text("user"))
		case "user":
			flag("user", t.text("user"))
		case "cmd":
			args = append(args, strings.Fields(t.text("cmd"))...)
		case "either":
			if err = named("container"); err != nil {
				err = named("image")
			}
		default:
			err = named(input)
		}
		if err != nil {
			return nil, err
		}
	}
	return args, nil
}
