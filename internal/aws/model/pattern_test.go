package model_test

import (
	"strings"
	"testing"

	"tamachi/internal/aws/model"
)

// notChecked are the patterns that are neither Go's nor in the table of
// specials; values of these shapes are accepted as they come.
var notChecked = map[string]string{
	"ssm StringDateTime": "back references; OpsCenter and Change Manager use it, and no room has them yet",
}

func TestEveryPatternIsChecked(t *testing.T) {
	used := map[string]bool{}
	listed := map[string]bool{}
	for _, name := range model.Services() {
		s, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, shape := range s.Shapes {
			if shape.Pattern == "" {
				continue
			}
			used[shape.Pattern] = true
			key := name + " " + shape.Name
			err := model.Compile(shape.Pattern)
			if listed[key] = err != nil; listed[key] && notChecked[key] == "" {
				t.Errorf("%s: pattern %q is not checked: %v", key, shape.Pattern, err)
			}
		}
	}
	for key := range notChecked {
		if !listed[key] {
			t.Errorf("%s is listed as not checked, but its pattern compiles or is gone", key)
		}
	}
	for pattern := range model.Specials() {
		if !used[pattern] {
			t.Errorf("the special pattern %q is in no model", pattern)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, row := range []struct {
		name, service, shape, value string
		want                        bool
	}{
		{"a directory's id", "workspaces", "DirectoryId", "d-90670a1b2c", true},
		{"an id with something behind it, though the pattern has no anchor at its end", "ds", "DirectoryId", "d-90670a1b2cx", false},
		{"a password of three kinds", "ds", "Password", "Abcdefg1", true},
		{"a password of two kinds", "ds", "Password", "abcdefg1", false},
		{"a password that is short", "ds", "Password", "Abcde1!", false},
		{"a password of 65 characters", "ds", "Password", strings.Repeat("Aa1", 21) + "Aa", false},
		{"a user's name", "ds", "CustomerUserName", "藤田 浩平", true},
		{"a user's name with an at sign", "ds", "CustomerUserName", "fujita@corp", false},
		{"an alias", "ds", "AliasName", "corp-tokyo1", true},
		{"an alias that looks like an id", "ds", "AliasName", "d-corp", false},
		{"an alias with a hyphen at its end", "ds", "AliasName", "corp-", false},
		{"a trust's password with a letter beyond ASCII", "ds", "TrustPassword", "pä ss!", true},
		{"a trust's password with a tab", "ds", "TrustPassword", "pa\tss", false},
		{"an ARN with a resource of 1024 characters", "workspaces", "ARN", "arn:aws:workspaces:us-east-1:111122223333:" + strings.Repeat("x", 1024), true},
		{"an ARN with a resource of 1025 characters", "workspaces", "ARN", "arn:aws:workspaces:us-east-1:111122223333:" + strings.Repeat("x", 1025), false},
		{"a title that is blank", "ssm", "OpsItemTitle", "  ", false},
		{"a title", "ssm", "OpsItemTitle", " a ", true},
		{"a partition key with an emoji", "cloudtrail", "PartitionKeyName", "a😀", true},
		{"a partition key with a bell", "cloudtrail", "PartitionKeyName", "a\a", false},
	} {
		s, err := model.Load(row.service)
		if err != nil {
			t.Fatal(err)
		}
		shape := s.Shapes[row.shape]
		if shape == nil {
			t.Errorf("%s: %s has no shape %s", row.name, row.service, row.shape)
			continue
		}
		if got := shape.Accepts(row.value); got != row.want {
			t.Errorf("%s: %q: want %v, got %v", row.name, row.value, row.want, got)
		}
	}
}
