package eventbridge

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	storetest.Golden(t, &buses, &bus{
		Name: "own", Account: "111122223333", Region: "ap-northeast-1", Description: new("d"), Policy: "{}", Tags: map[string]string{"k": "v"}, Created: at, Modified: at,
	})
	storetest.Golden(t, &rules, &rule{
		Name: "r", Bus: "default", Account: "111122223333", Region: "ap-northeast-1", Pattern: `{"a":["b"]}`, Schedule: "rate(1 hour)", Disabled: true,
		Description: new("d"), Role: new("arn:aws:iam::111122223333:role/r"), CreatedBy: "111122223333", Tags: map[string]string{"k": "v"}, Next: at,
		Targets: []target{{
			ID: "t", ARN: "arn:aws:sns:ap-northeast-1:111122223333:t", Role: "arn:aws:iam::111122223333:role/r", Input: new("{}"), Path: new("$"),
			Template: new("<x>"), Paths: map[string]string{"x": "$.id"}, Nodes: []Nodes{{"tag:a", []string{"b"}}}, Retries: new(int32(1)), Oldest: new(int32(60)),
		}},
	})
	storetest.Golden(t, &errands, &errand{
		Due: at, ID: "i", Account: "111122223333", Region: "ap-northeast-1", Rule: "default/r", Target: "t", Event: "{}", Taken: at, Tried: 1,
	})
}
