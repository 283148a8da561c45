package probe

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Pack is one probe, for both kinds of system: a script for sh, and commands that
// PowerShell makes a script of.
type Pack struct {
	Name              string
	Shell, PowerShell string
}

// Unanswered is a probe that brought nothing back.
type Unanswered struct{ Node, Status, Detail string }

// Error says it in English.
func (u *Unanswered) Error() string { return u.Line().In(report.English) }

const (
	// patience is how long a probe may take, and begin seconds until it begins.
	patience = 2 * time.Minute
	begin    = 60
	glance   = 300 * time.Millisecond
)

// Run runs a pack on a node and reads its sections.
func Run(ctx context.Context, api Nodes, n *Node, p Pack) (Sections, error) {
	if !n.Online {
		return nil, &Unanswered{n.ID, "not sent:", "its agent is not online"}
	}
	document, script := "AWS-RunShellScript", p.Shell
	if n.Windows {
		document, script = "AWS-RunPowerShellScript", PowerShell(p.PowerShell)
	}
	sent, err := api.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: &document, InstanceIds: []string{n.ID}, Comment: aws.String("tamachi diagnose: " + p.Name), TimeoutSeconds: aws.Int32(begin),
		Parameters: map[string][]string{"commands": {script}, "executionTimeout": {"120"}},
	})
	if err != nil {
		return nil, account.Explain("ssm:SendCommand", err)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		out, err := api.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: sent.Command.CommandId, InstanceId: &n.ID})
		if err != nil && account.Explain("", err).Code != "InvocationDoesNotExist" { // on AWS it is there a moment later
			return nil, account.Explain("ssm:GetCommandInvocation", err)
		}
		if err == nil {
			switch out.Status {
			case types.CommandInvocationStatusSuccess:
				return Parse(aws.ToString(out.StandardOutputContent)), nil
			case types.CommandInvocationStatusPending, types.CommandInvocationStatusInProgress, types.CommandInvocationStatusDelayed:
			default:
				return nil, &Unanswered{n.ID, string(out.Status), aws.ToString(out.StandardErrorContent)}
			}
		}
		if err := account.Pause(ctx, glance); err != nil {
			return nil, &Unanswered{n.ID, "unanswered", "after " + patience.String()}
		}
	}
}

// Permissions are the IAM actions of Translate and Run.
func Permissions() []string {
	return []string{"ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation", "ssm:SendCommand"}
}

// Ask finds a desktop's node and runs a pack there. Where the desktop cannot be
// asked, why says so in words; the error is that of a call.
func Ask(ctx context.Context, api Nodes, d workspaces.Workspace, p Pack) (n *Node, s Sections, why *report.Line, err error) {
	if n, err = Translate(ctx, api, d); err == nil {
		s, err = Run(ctx, api, n, p)
	}
	if none, ok := errors.AsType[*NoNode](err); ok {
		return n, nil, new(none.Line()), nil
	}
	if silent, ok := errors.AsType[*Unanswered](err); ok {
		return n, nil, new(silent.Line()), nil
	}
	return n, s, nil, err
}
