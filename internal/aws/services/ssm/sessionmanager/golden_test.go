package sessionmanager

import (
	"encoding/json"
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	storetest.Golden(t, &sessions, &session{
		ID: "alice-0123456789abcdef0", Target: "ws-0123456789", Node: "mi-0123456789abcdef0",
		Owner: "arn:aws:iam::111122223333:user/alice", OwnerID: "AIDAEXAMPLE", Reason: "to look", Document: preferences,
		Content: json.RawMessage(`{"SessionId":"alice-0123456789abcdef0"}`), Status: terminated, Details: "Your session timed out due to inactivity.",
		Started: at, Joined: at.Add(time.Second), Leaving: at.Add(time.Hour), Ended: at.Add(2 * time.Hour),
		IdleMinutes: 20, MaxMinutes: 60, Bucket: "evidence", Object: "x/1.log", LogsURL: "https://logs/x",
	})
}
