package automation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
)

// mostApprovers is how many people an approval may name (User Guide,
// "aws:approve").
const mostApprovers = 10

// askApproval is aws:approve: it tells a topic, and waits for the signals of
// those who may approve.
func askApproval(ctx context.Context, r *run) (verdict, error) {
	approvers := texts(r.given["Approvers"])
	least, err := r.number("MinRequiredApprovals", 1)
	switch {
	case err != nil:
		return failed(stageInputs, "%s", err), nil
	case len(approvers) == 0 || len(approvers) > mostApprovers || slices.Contains(approvers, ""):
		return failed(stageInputs, "Approvers must name 1 to %d principals", mostApprovers), nil
	case least < 1 || least > len(approvers):
		return failed(stageInputs, "MinRequiredApprovals must be from 1 to the number of approvers, %d", len(approvers)), nil
	}
	if topic := r.text("NotificationArn"); topic != "" {
		_, refused, err := r.call(ctx, "sns", "Publish", map[string]any{
			"TopicArn": topic, "Subject": "Approval required for Automation " + r.x.ID, "Message": r.request(least, approvers),
		})
		if err != nil || refused != nil {
			return orRefused(refused), err
		}
	}
	return r.votes(least), nil
}

// request is what the topic is told.
func (r *run) request(least int, approvers []string) string {
	message := r.text("Message")
	if message != "" {
		message += "\n\n"
	}
	return fmt.Sprintf("%sAutomation %s (%s), step %s, waits for %d of these approvals: %s.\nTo approve: aws ssm send-automation-signal --automation-execution-id %s --signal-type Approve\nTo reject: aws ssm send-automation-signal --automation-execution-id %s --signal-type Reject",
		message, r.x.ID, r.x.Document, r.task.Name, least, strings.Join(approvers, ", "), r.x.ID, r.x.ID)
}

// lookApproval counts the votes.
func lookApproval(_ context.Context, r *run) (verdict, error) {
	least, err := r.number("MinRequiredApprovals", 1)
	if err != nil {
		return verdict{}, err
	}
	return r.votes(least), nil
}

// votes is how an approval stands. One who rejects decides.
func (r *run) votes(least int) verdict {
	yes, status, by := 0, "Waiting", ""
	decisions := []any{}
	for _, v := range r.st.Asked {
		word := "Approved"
		if !v.Yes {
			word, status, by = "Rejected", "Rejected", v.By
		} else {
			yes++
		}
		decisions = append(decisions, map[string]any{"Approver": v.By, "Status": word, "Comment": v.Comment})
	}
	out := verdict{status: types.AutomationExecutionStatusWaiting}
	switch {
	case status == "Rejected":
		out = failed(stageOutcome, "The step was rejected by %s", by)
	case yes >= least:
		status = "Approved"
		out = done(nil)
	}
	out.values = map[string]any{"ApprovalStatus": status, "ApproverDecisions": decisions}
	return out
}

// approves tells whether an approver, written as a name or an ARN, is a caller.
func approves(approver string, c *api.Caller) bool {
	if approver == c.ARN || c.Type == api.IAMUser && approver == c.Name {
		return true
	}
	a, err := arn.Parse(approver)
	return err == nil && a.Service == "iam" && c.Session != nil && c.Session.IssuerARN == approver
}
