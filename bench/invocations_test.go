package main

import (
	"testing"
	"time"

	"tamachi/internal/nodes"
	"tamachi/internal/store/storetest"
)

// TestStoredForms holds what the history of commands is filled with: it is to
// be as the runcommand room writes it.
func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	storetest.Golden(t, &sentCommands, &sentCommand{
		ID: "11111111-1111-4111-8111-111111111111", Document: "AWS-RunShellScript", Requested: at, Timeout: 3600,
		MaxConcurrency: "50", MaxErrors: "0", Count: 1, By: map[string]int{"Success": 1},
	})
	storetest.Golden(t, &invocations, &invocation{
		Command: "11111111-1111-4111-8111-111111111111", Node: nodeName(1), Document: "AWS-RunShellScript", Details: "Success",
		Requested: at, Expires: at.Add(time.Hour), Accepted: at, Limit: time.Hour,
		Steps: map[string]nodes.Step{"aws:runShellScript": {Name: "aws:runShellScript", Plugin: "aws:runShellScript", Status: "Success", StartedAt: at, FinishedAt: at}},
	})
}
