package change

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/plan"
)

// Script is what a plan has a node run. SendCommand has no client token: the
// command is known again by its comment.
type Script struct {
	Node    string
	Comment string
	Since   time.Time // when the plan was made
}

// ScriptReads are the IAM actions of See.
func ScriptReads() []string { return []string{"ssm:GetCommandInvocation", "ssm:ListCommands"} }

// ScriptWrites are the IAM actions of Send.
func ScriptWrites() []string { return []string{"ssm:SendCommand"} }

// See looks for the latest command of the script and has tell say what its
// invocation means. What was not sent yet is Todo.
func (s Script) See(ctx context.Context, a *account.Account, tell func(*types.Command, *ssm.GetCommandInvocationOutput) plan.Seen) (plan.Seen, error) {
	var sent *types.Command
	in := &ssm.ListCommandsInput{
		InstanceId: &s.Node, MaxResults: aws.Int32(50),
		Filters: []types.CommandFilter{{Key: types.CommandFilterKeyInvokedAfter, Value: aws.String(s.Since.Add(-time.Minute).UTC().Format("2006-01-02T15:04:05Z"))}},
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := a.Nodes.ListCommands(ctx, in)
		if err != nil {
			return nil, account.Explain("ssm:ListCommands", err)
		}
		for _, c := range out.Commands {
			if strings.HasPrefix(aws.ToString(c.Comment), s.Comment) && (sent == nil || aws.ToTime(c.RequestedDateTime).After(aws.ToTime(sent.RequestedDateTime))) {
				sent = &c
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return plan.Seen{}, err
	}
	if sent == nil {
		return plan.Seen{State: plan.Todo}, nil
	}
	out, err := a.Nodes.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: sent.CommandId, InstanceId: &s.Node})
	if err != nil {
		if account.Explain("", err).Code == "InvocationDoesNotExist" { // on AWS it is there a moment later
			return plan.Seen{State: plan.Moving, Note: "sent"}, nil
		}
		return plan.Seen{}, account.Explain("ssm:GetCommandInvocation", err)
	}
	return tell(sent, out), nil
}

// Ended says what follows from how an invocation ended, where that was not well or
// it has not; what names the script.
func Ended(what string, status types.CommandInvocationStatus) (seen plan.Seen, well bool) {
	switch status {
	case types.CommandInvocationStatusPending, types.CommandInvocationStatusInProgress, types.CommandInvocationStatusDelayed:
		return plan.Seen{State: plan.Moving, Note: what + " is " + string(status)}, false
	case types.CommandInvocationStatusSuccess:
		return plan.Seen{}, true
	default:
		return plan.Seen{State: plan.Moving, Failed: true, Note: what + " ended as " + string(status)}, false
	}
}

// Send has the node run a script, for so many seconds at most.
func (s Script) Send(ctx context.Context, a *account.Account, document, script, seconds string) error {
	_, err := a.Nodes.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: &document, InstanceIds: []string{s.Node}, Comment: &s.Comment,
		Parameters: map[string][]string{"commands": {script}, "executionTimeout": {seconds}},
	})
	if err != nil {
		return account.Explain("ssm:SendCommand", err)
	}
	return nil
}
