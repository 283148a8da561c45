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
			Web: &extra{Header: map[string]string{"X-A": "b"}, Query: map[string]string{"q": "1"}, Path: []string{"p"}},
		}},
	})
	storetest.Golden(t, &errands, &errand{
		Due: at, ID: "i", Account: "111122223333", Region: "ap-northeast-1", Rule: "default/r", Target: "t", Event: "{}", Taken: at, Passed: true, Tried: 1, Turn: true,
	})
	storetest.Golden(t, &connections, &connection{
		Name: "c", ID: "0123", Account: "111122223333", Region: "ap-northeast-1", Description: new("d"), Kind: "BASIC", State: "AUTHORIZED", Reason: "r",
		Sealed: []byte("sealed"), Created: at, Modified: at, Authorized: at,
	})
	storetest.Golden(t, &archives, &archive{
		Name: "a", ID: "0123", Account: "111122223333", Region: "ap-northeast-1", Bus: "default", Description: new("d"), Pattern: `{"a":["b"]}`, Days: 3, Count: 2, Bytes: 10, Created: at,
	})
	storetest.Golden(t, &keeps, &kept{Archive: "0123", Time: at, ID: "i", Event: "{}"})
	storetest.Golden(t, &leftovers, &leftover{"0123"})
	storetest.Golden(t, &replays, &replay{
		Name: "r", Account: "111122223333", Region: "ap-northeast-1", Description: new("d"), Archive: "arn:aws:events:ap-northeast-1:111122223333:archive/a", ArchiveID: "0123",
		Bus: "default", Rules: []string{"arn:aws:events:ap-northeast-1:111122223333:rule/r"}, From: at, To: at, State: "RUNNING", Reason: "x", After: "0123/1/i", Last: at, Due: at, Started: at, Ended: at,
	})
	storetest.Golden(t, &destinations, &destination{
		Name: "d", ID: "0123", Account: "111122223333", Region: "ap-northeast-1", Description: new("d"),
		Connection: "arn:aws:events:ap-northeast-1:111122223333:connection/c/0123", Endpoint: "https://example.com/*", Method: "POST", Rate: 5, Created: at, Modified: at,
	})
}
