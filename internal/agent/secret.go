package agent

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
)

// secretRef refers to a SecureString of Parameter Store. It stands for a whole
// token, password or name in the sourceInfo of aws:downloadContent, and is
// read by the node with the rights of its own role, when the step runs: so the
// value is in no document, no command, no log and no trail. Source: User Guide,
// "Running scripts from GitHub", tokenInfo.
var secretRef = regexp.MustCompile(`\{\{\s*ssm-secure:([A-Za-z0-9_.:/\-]+)\s*\}\}`)

// secretPlugins are the plugins whose inputs may refer to secrets: one that
// reads them, and one that hands them on to its document.
var secretPlugins = []string{"aws:downloadContent", "aws:runDocument"}

// misplaced finds a secret in the inputs of a step that takes none.
func misplaced(plugin string, inputs map[string]any) error {
	if slices.Contains(secretPlugins, plugin) {
		return nil
	}
	if m := secretRef.FindStringSubmatch(written(inputs)); m != nil {
		return fmt.Errorf("parameter {{ ssm-secure:%s }}: %s takes no secrets, only aws:downloadContent does", m[1], plugin)
	}
	return nil
}

// reveal fills in the secrets that a source refers to.
func (a *agent) reveal(ctx context.Context, info *source) error {
	fields := map[string][]*string{}
	var names []string
	for _, field := range []*string{&info.Token, &info.User, &info.Password, &info.Key} {
		m := secretRef.FindStringSubmatch(*field)
		if m == nil {
			continue
		}
		if m[0] != *field {
			return fmt.Errorf("{{ ssm-secure:%s }} must stand alone", m[1])
		}
		if fields[m[1]] == nil {
			names = append(names, m[1])
		}
		fields[m[1]] = append(fields[m[1]], field)
	}
	if len(names) == 0 {
		return nil
	}
	var out struct {
		Parameters []struct{ Name, Value string }
	}
	if err := a.ask(ctx, "AmazonSSM.GetParameters", map[string]any{"Names": names, "WithDecryption": true}, &out); err != nil {
		return fmt.Errorf("read the secrets of the source: %w", err)
	}
	for _, p := range out.Parameters {
		for _, field := range fields[p.Name] {
			*field = p.Value
		}
		delete(fields, p.Name)
	}
	for _, name := range names {
		if fields[name] != nil {
			return fmt.Errorf("the parameter {{ ssm-secure:%s }} does not exist in Parameter Store", name)
		}
	}
	return nil
}

// gitLogin are settings by which git signs in to one server, and to no other
// that the first sends it to (git-config(1), http.<url>.extraHeader).
func gitLogin(repository string, info source) ([]string, error) {
	user, password := info.User, info.Password
	if info.Token != "" {
		user, password = "x-access-token", info.Token
	}
	switch {
	case user == "" && password == "":
		return nil, nil
	}
	u, err := url.Parse(repository)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("a token or a password is sent to https:// only")
	}
	return []string{
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=http.https://" + u.Host + "/.extraHeader",
		"GIT_CONFIG_VALUE_0=Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)),
		"GIT_CONFIG_KEY_1=http.followRedirects", "GIT_CONFIG_VALUE_1=false",
	}, nil
}
