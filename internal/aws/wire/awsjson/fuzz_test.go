package awsjson_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/awsjson"
	"tamachi/internal/aws/wire/codec"
)

// FuzzDecode wants any body to decode or to be a fault, and what decoded to be
// the same after it was written and decoded again.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"Workspaces":[{"DirectoryId":"d-90670a1b2c","UserName":"\u85e4\ud83d\ude00","Tags":[null,{"Key":"a"}],"WorkspaceProperties":{"RootVolumeSizeGib":8e1}}]}`,
		`{"Parameters":{"a":["b",null],"c":null},"Targets":[],"NotificationConfig":{},"TimeoutSeconds":-0}`,
		`{"ImageIdentifier":{"Ec2ImageId":"ami-1"}}`, `[[[[`, `{"a":"\ud800"}`, "{\"a\":\"\xff\"}", `{"x":1e999}`,
	} {
		f.Add([]byte(seed))
	}
	workspacesModel, create := load(f, "workspaces", "CreateWorkspaces")
	_, image := load(f, "workspaces", "ImportCustomWorkspaceImage")
	_, send := load(f, "ssm", "SendCommand")
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, row := range []struct {
			op       *model.Operation
			in, back any
		}{
			{create, &workspaces.CreateWorkspacesInput{}, &workspaces.CreateWorkspacesInput{}},
			{image, &workspaces.ImportCustomWorkspaceImageInput{}, &workspaces.ImportCustomWorkspaceImageInput{}},
			{send, &ssm.SendCommandInput{}, &ssm.SendCommandInput{}},
		} {
			_, err := awsjson.Codec{}.Decode(workspacesModel, row.op, &codec.Request{Body: body}, row.in)
			if err != nil {
				if _, ok := errors.AsType[*codec.Fault](err); !ok {
					t.Errorf("%s: want a fault, got %v", row.op.Name, err)
				}
				continue
			}
			text, err := codec.WriteJSON(row.op.Input, row.in)
			if err != nil {
				t.Fatalf("%s: write: %v", row.op.Name, err)
			}
			if _, err := codec.ReadJSON(text, row.op.Input, row.back); err != nil {
				t.Fatalf("%s: read %s: %v", row.op.Name, text, err)
			}
			if d := cmp.Diff(row.in, row.back, unexported, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("%s: %s (-first +again):\n%s", row.op.Name, text, d)
			}
		}
	})
}
