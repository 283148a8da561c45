package agent

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const shellDocument = `{"schemaVersion":"1.2","parameters":{
	"commands":{"type":"StringList"},
	"workingDirectory":{"type":"String","default":""},
	"executionTimeout":{"type":"String","default":"3600"}},
	"runtimeConfig":{"aws:runShellScript":{"properties":[{"id":"0.aws:runShellScript","runCommand":"{{ commands }}",
	"workingDirectory":"{{ workingDirectory }}","timeoutSeconds":"{{ executionTimeout }}"}]}}}`

func orderOf(document, parameters string) string {
	return `{"CommandId":"c","DocumentName":"d","Parameters":` + parameters + `,"DocumentContent":` + document + `}`
}

func inputs12(limit, folder string, lines ...any) map[string]any {
	return map[string]any{
		"id": "0.aws:runShellScript", "runCommand": lines, "workingDirectory": folder, "timeoutSeconds": limit,
	}
}

func TestReadOrderCompilesSteps(t *testing.T) {
	in22 := func(step string) string {
		return `{"schemaVersion":"2.2","parameters":{"n":{"type":"Integer","default":7},"who":{"type":"String","default":"a"},
		"all":{"type":"StringList","default":["x","y"]}},"mainSteps":[` + step + `]}`
	}
	for _, row := range []struct {
		name, order string
		want        []step
	}{
		{
			"a 1.2 document runs under its plugin's name",
			orderOf(shellDocument, `{"commands":["a","b"],"executionTimeout":"5","workingDirectory":"/tmp"}`),
			[]step{{Key: "aws:runShellScript", Plugin: "aws:runShellScript", Inputs: inputs12("5", "/tmp", "a", "b"), Limit: 5 * time.Second}},
		},
		{
			"defaults fill what was not given, scalars may come as lists",
			orderOf(shellDocument, `{"commands":"a","executionTimeout":["60"]}`),
			[]step{{Key: "aws:runShellScript", Plugin: "aws:runShellScript", Inputs: inputs12("60", "", "a"), Limit: time.Minute}},
		},
		{
			"a 2.2 document runs under its steps' names",
			orderOf(in22(`{"action":"aws:runShellScript","name":"one","inputs":{"runCommand":["echo {{ who }} {{n}}","{{ all }}","{{all}}!"],"timeoutSeconds":"x"}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"runCommand": []any{"echo a 7", "x", "y", `["x","y"]!`}, "timeoutSeconds": "x"}, Limit: time.Hour, Portable: true}},
		},
		{
			"what is filled in is not looked into",
			orderOf(in22(`{"action":"aws:runShellScript","name":"one","inputs":{"runCommand":["echo {{ who }} {{ other }} {{.Name}}"]}}`), `{"who":"{{ n }}"}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"runCommand": []any{"echo {{ n }} {{ other }} {{.Name}}"}}, Limit: time.Hour, Portable: true}},
		},
		{
			"a precondition that does not hold is said",
			orderOf(in22(`{"action":"aws:runPowerShellScript","precondition":{"StringEquals":["platformType","Windows"]},"name":"one","inputs":{"runCommand":["x"]}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runPowerShellScript", Inputs: map[string]any{"runCommand": []any{"x"}}, Limit: time.Hour, Portable: true, Conditioned: true, Unmet: `"StringEquals": [platformType, Windows]`}},
		},
		{
			"a precondition may ask for a parameter",
			orderOf(in22(`{"action":"aws:runShellScript","precondition":{"StringEquals":["{{ who }}","a"]},"name":"one","inputs":{}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{}, Limit: time.Hour, Portable: true, Conditioned: true}},
		},
		{
			"a precondition that nobody can evaluate is said",
			orderOf(in22(`{"action":"aws:runShellScript","precondition":{"StringLike":["{{ who }}","a"]},"name":"one"}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{}, Limit: time.Hour, Portable: true, Conditioned: true, Unknown: `unrecognized operator: "StringLike"`}},
		},
		{
			"orders may stand beside the inputs, and objects are filled too",
			orderOf(in22(`{"action":"aws:runShellScript","name":"one","onFailure":"exit","finallyStep":true,"timeoutSeconds":9,"inputs":{"onSuccess":"exit","a":{"b":"{{ who }}"}}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"onSuccess": "exit", "a": map[string]any{"b": "a"}}, Limit: 9 * time.Second, Portable: true, OnFailed: "exit", OnDone: "exit", Last: true}},
		},
		{
			"a parameter may travel in the environment only",
			orderOf(`{"schemaVersion":"2.2","parameters":{"m":{"type":"String","interpolationType":"ENV_VAR"}},"mainSteps":[{"action":"aws:runShellScript","name":"one","inputs":{"runCommand":["{{ m }}"]}}]}`, `{"m":"$(id)"}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"runCommand": []any{"{{ m }}"}}, Env: []string{"SSM_m=$(id)"}, Limit: time.Hour, Portable: true}},
		},
		{
			"the Parameter Store is out of reach and that is said",
			orderOf(in22(`{"action":"aws:runShellScript","name":"one","inputs":{"runCommand":["echo {{ ssm:secret }}"]}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{}, Limit: time.Hour, Portable: true, Problem: "parameter {{ ssm:secret }}: this agent reads no Parameter Store"}},
		},
		{
			"a secret in a script is refused",
			orderOf(in22(`{"action":"aws:runShellScript","name":"one","inputs":{"runCommand":["echo {{ ssm-secure:/key }}"]}}`), `{}`),
			[]step{{
				Key: "one", Plugin: "aws:runShellScript", Inputs: map[string]any{"runCommand": []any{"echo {{ ssm-secure:/key }}"}}, Limit: time.Hour, Portable: true,
				Problem: "parameter {{ ssm-secure:/key }}: aws:runShellScript takes no secrets, only aws:downloadContent does",
			}},
		},
		{
			"a secret of a download is left to the step",
			orderOf(in22(`{"action":"aws:downloadContent","name":"one","inputs":{"sourceInfo":"{{ ssm-secure:/key }}"}}`), `{}`),
			[]step{{Key: "one", Plugin: "aws:downloadContent", Inputs: map[string]any{"sourceInfo": "{{ ssm-secure:/key }}"}, Limit: time.Hour, Portable: true}},
		},
	} {
		got, err := readOrder(row.order)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
}

func TestReadOrderRefuses(t *testing.T) {
	for name, order := range map[string]string{
		"text that is no JSON":          `{`,
		"an unknown schema":             orderOf(`{"schemaVersion":"9.9"}`, `{}`),
		"a document without steps":      orderOf(`{"schemaVersion":"2.2"}`, `{}`),
		"a parameter without any value": orderOf(shellDocument, `{}`),
		"two steps of one name":         orderOf(`{"schemaVersion":"2.2","mainSteps":[{"name":"a"},{"name":"a"}]}`, `{}`),
		"several sets of properties":    orderOf(`{"schemaVersion":"1.2","runtimeConfig":{"aws:runShellScript":{"properties":[{},{}]}}}`, `{}`),
		"properties that are no object": orderOf(`{"schemaVersion":"1.2","runtimeConfig":{"aws:runShellScript":{"properties":"x"}}}`, `{}`),
	} {
		if steps, err := readOrder(order); err == nil {
			t.Errorf("%s: got steps %v, want an error", name, steps)
		}
	}
}

func FuzzOrder(f *testing.F) {
	f.Add(orderOf(shellDocument, `{"commands":["a"]}`))
	f.Add(orderOf(`{"schemaVersion":"2.2","mainSteps":[{"name":"a","action":"aws:runShellScript","inputs":{"runCommand":["{{ x }}"]}}]}`, `{"x":{}}`))
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := readOrder(text)
		if err == nil && len(steps) == 0 {
			t.Error("no error and no steps")
		}
	})
}

func TestCombinedOutputFitsItsLimit(t *testing.T) {
	long := strings.Repeat("é", 3000)
	for _, row := range []struct{ name, stdout, stderr, want string }{
		{"both short", "out", "err", "out" + errorTitle + "err"},
		{"only output", "out", "", "out"},
		{"output long", long, "err", ""},
		{"error long", "out", long, ""},
		{"both long", long, long, ""},
	} {
		got := combined(row.stdout, row.stderr)
		if row.want != "" && got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
		if len(got) > mostOutput {
			t.Errorf("%s: %d bytes, want at most %d", row.name, len(got), mostOutput)
		}
		if b, _ := json.Marshal(got); strings.Contains(string(b), `\ufffd`) {
			t.Errorf("%s: a character was cut in two", row.name)
		}
		for _, mark := range []struct {
			cut  bool
			text string
		}{{len(row.stdout) > mostOutput, stdoutIsCut}, {len(row.stderr) > mostOutput, stderrIsCut}} {
			if mark.cut != strings.Contains(got, mark.text) {
				t.Errorf("%s: mark %q: got %v, want %v", row.name, mark.text, !mark.cut, mark.cut)
			}
		}
	}
}
