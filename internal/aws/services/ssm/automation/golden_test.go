package automation

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	const id = "019f0000-0000-7000-8000-000000000001"
	began := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	storetest.Golden(t, &executions, &execution{
		ID: id, Document: "Greet", Version: "2", Started: began, Ended: began.Add(time.Minute), Status: types.AutomationExecutionStatusCancelled,
		Parameters: map[string][]string{"Node": {"mi-0123456789abcdef0"}}, Variables: map[string]json.RawMessage{"count": json.RawMessage("2")},
		Outputs: map[string][]string{"say.Output": {"hello"}}, Failure: "Step fails.", Mode: types.ExecutionModeAuto,
		By: "arn:aws:iam::111122223333:user/administrator", Role: "arn:aws:iam::111122223333:role/Runner",
		Caller: api.Caller{Type: api.IAMUser, Account: "111122223333", ARN: "arn:aws:iam::111122223333:user/administrator", Name: "administrator"},
		Tags:   map[string]string{"For": "test"}, Guard: &alarm.Guard{Alarms: []string{"hot"}}, Token: "7f2d6c1e-0000-4000-8000-000000000001", Asked: "00",
		Parent: "019f0000-0000-7000-8000-000000000000", Depth: 1, Target: "mi-0123456789abcdef0",
		Fan: &fan{
			Parameter: "Node", Targets: []Target{{"tag:Floor", []string{"3"}}}, Maps: []map[string][]string{{"Node": {"a"}}},
			Values: []string{"mi-0123456789abcdef0"}, Concurrency: "10", Errors: "0", Begun: 1, Ended: 1,
		},
		Step: "say", Wait: wait{Until: began.Add(time.Hour), Command: "c", Execution: "e"}, Go: true, Pokes: 2, Seen: 1,
		Stop: types.StopTypeCancel, Ending: began.Add(2 * time.Minute), Worst: types.AutomationExecutionStatusFailed,
	})
	storetest.Golden(t, &contents, &content{Execution: id, JSON: json.RawMessage(`{"schemaVersion":"0.3"}`)})
	storetest.Golden(t, &steps, &step{
		Execution: id, Place: 2, ID: "019f0000-0000-4000-8000-000000000002", Name: "say", Action: "aws:runCommand", Status: types.AutomationExecutionStatusFailed,
		Started: began, Ended: began.Add(time.Second), Inputs: map[string]string{"DocumentName": `"AWS-RunShellScript"`}, Given: json.RawMessage(`{"DocumentName":"AWS-RunShellScript"}`),
		Values: map[string]json.RawMessage{"CommandId": json.RawMessage(`"c"`)}, Code: "1", Response: "r", Failure: "Step fails.", Stage: stageOutcome, Next: "more",
		Attempt: 2, Deadline: began.Add(time.Hour), Request: "019f0000-0000-4000-8000-000000000003", Begun: true,
		Asked: []vote{{By: "arn:aws:iam::111122223333:user/chief", Yes: true, Comment: "fine", At: began}},
	})
}
