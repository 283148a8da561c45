package probe

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
)

// answering is a Systems Manager whose nodes answer the same to everything.
type answering struct {
	Nodes
	says string
	sent ssm.SendCommandInput
}

func (a *answering) SendCommand(_ context.Context, in *ssm.SendCommandInput, _ ...func(*ssm.Options)) (*ssm.SendCommandOutput, error) {
	a.sent = *in
	return &ssm.SendCommandOutput{Command: &types.Command{CommandId: aws.String("c-1")}}, nil
}

func (a *answering) GetCommandInvocation(context.Context, *ssm.GetCommandInvocationInput, ...func(*ssm.Options)) (*ssm.GetCommandInvocationOutput, error) {
	return &ssm.GetCommandInvocationOutput{Status: types.CommandInvocationStatusSuccess, StandardOutputContent: &a.says}, nil
}

// TestEachSystemIsAskedInItsLanguage wants whole scripts for Windows, of whatever a
// duty has put together of packs.
func TestEachSystemIsAskedInItsLanguage(t *testing.T) {
	p := Pack{Name: "both", Shell: "echo @@a\n" + LogonShell, PowerShell: "'@@a'\n" + LogonPowerShell}
	for _, row := range []struct {
		windows          bool
		document, script string
	}{{false, "AWS-RunShellScript", p.Shell}, {true, "AWS-RunPowerShellScript", PowerShell(p.PowerShell)}} {
		api := &answering{says: "@@a\r\nb\r\n"}
		s, err := Run(t.Context(), api, &Node{ID: "mi-1", Online: true, Windows: row.windows}, p)
		if err != nil || s.Word("a") != "b" {
			t.Errorf("want what it said, got %v, %v", s, err)
		}
		if got := aws.ToString(api.sent.DocumentName); got != row.document || api.sent.Parameters["commands"][0] != row.script {
			t.Errorf("want %s with %s, got %s with %v", row.document, row.script, got, api.sent.Parameters)
		}
	}
}
