package model_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
)

// FuzzValidate wants every input that decodes to be valid or an *Invalid of a
// bounded size, and its trail form to be JSON.
func FuzzValidate(f *testing.F) {
	f.Add([]byte(`{"Workspaces":[{"DirectoryId":"d-90670a1b2c","UserName":"u","BundleId":"b"},{}]}`))
	f.Add([]byte(`{"Parameters":{"a":["b"],"":[]},"Targets":[{"Key":"tag:\u0000","Values":[""]}],"DocumentName":"` + "藤" + `"}`))
	create, send := operation(f, "workspaces", "CreateWorkspaces"), operation(f, "ssm", "SendCommand")
	start := operation(f, "ssm", "StartAutomationExecution")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, row := range []struct {
			op *model.Operation
			in any
		}{{create, &workspaces.CreateWorkspacesInput{}}, {send, &ssm.SendCommandInput{}}, {start, &ssm.StartAutomationExecutionInput{}}} {
			p, err := codec.ReadJSON(body, row.op.Input, row.in)
			if err != nil {
				continue
			}
			if err := row.op.Validate(row.in, p); err != nil {
				if invalid, ok := errors.AsType[*model.Invalid](err); !ok {
					t.Errorf("%s: want an *Invalid, got %v", row.op.Name, err)
				} else if len(invalid.Message) > 100*(2*len(body)+4096) {
					t.Errorf("%s: a message of %d bytes for a body of %d", row.op.Name, len(invalid.Message), len(body))
				}
			}
			if _, err := json.Marshal(model.Redacted(row.op, row.in)); err != nil {
				t.Errorf("%s: the trail form is no JSON: %v", row.op.Name, err)
			}
		}
	})
}
