package policy

import (
	"strings"
	"testing"
)

func TestEvaluate(t *testing.T) {
	const ws = "arn:aws:workspaces:ap-northeast-1:111122223333:workspace/ws-1"
	tests := []struct {
		name, doc, action, resource string
		want                        Decision
	}{
		{"an allowed action is allowed", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"workspaces:CreateWorkspaces","Resource":"*"}}`, "workspaces:CreateWorkspaces", ws, Allow},
		{"action names ignore case", `{"Statement":[{"Effect":"Allow","Action":["WORKSPACES:create*"],"Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, Allow},
		{"resources do not", `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"` + strings.ToUpper(ws) + `"}]}`, "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"what is not named is denied", `{"Statement":[{"Effect":"Allow","Action":"ds:*","Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, ImplicitDeny},
		{"a deny wins whatever the order", `{"Statement":[{"Effect":"Deny","Action":"*","Resource":"arn:aws:workspaces:*:*:workspace/ws-?"},{"Effect":"Allow","Action":"*","Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, ExplicitDeny},
		{"NotAction allows the rest", `{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}`, "workspaces:CreateWorkspaces", ws, Allow},
		{"NotResource spares the named", `{"Statement":[{"Effect":"Allow","Action":"*","NotResource":"` + ws + `"}]}`, "workspaces:CreateWorkspaces", ws, ImplicitDeny},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			d, err := Parse(tc.doc)
			if err != nil {
				t.Fatalf("parse: %v", err)
			}
			if got := d.Evaluate(tc.action, tc.resource); got != tc.want {
				t.Errorf("want %v, got %v", tc.want, got)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, doc := range map[string]string{
		"a condition, which it cannot evaluate": `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{}}]}`,
		"an effect that is neither":             `{"Statement":[{"Effect":"Maybe","Action":"*","Resource":"*"}]}`,
		"a statement without action":            `{"Statement":[{"Effect":"Allow","Resource":"*"}]}`,
		"no statement":                          `{"Statement":[]}`,
		"an empty text":                         ``,
		"a second document":                     `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}{}`,
		"a text that is too long":               `{"Statement":[{"Effect":"Allow","Action":"*","Resource":"` + strings.Repeat("x", 3000) + `"}]}`,
		"an action without service":             `{"Statement":[{"Effect":"Allow","Action":"Create","Resource":"*"}]}`,
	} {
		if _, err := Parse(doc); err == nil {
			t.Errorf("%s: want a refusal, got none", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Action":"*","Resource":"a*?*b"}}`, "a:b", "arn")
	f.Fuzz(func(t *testing.T, doc, action, resource string) {
		if d, err := Parse(doc); err == nil {
			d.Evaluate(action, resource)
		}
	})
}
