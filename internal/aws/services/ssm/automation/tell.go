package automation

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/arn"
	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// told is how events write a time.
const told = "Jan 2, 2006 3:04:05 PM"

// tell tells rules of an execution's status. Source: User Guide, "Amazon
// EventBridge event examples for Systems Manager".
func (s *Service) tell(tx *store.Tx, scope store.Scope, x *execution) error {
	detail := x.event(x.Status, x.Started, x.Ended)
	detail["ExecutedBy"] = x.By
	return s.emit(tx, scope, x, "EC2 Automation Execution Status-change Notification", detail)
}

// tellStep tells rules of a step's status.
func (s *Service) tellStep(tx *store.Tx, scope store.Scope, x *execution, st *step) error {
	detail := x.event(st.Status, st.Started, st.Ended)
	detail["StepName"], detail["Action"] = st.Name, st.Action
	return s.emit(tx, scope, x, "EC2 Automation Step Status-change Notification", detail)
}

func (x *execution) event(status types.AutomationExecutionStatus, began, ended time.Time) map[string]any {
	version, _ := strconv.ParseFloat(x.Version, 64) // a document's version is a number
	detail := map[string]any{
		"ExecutionId": x.ID, "Definition": x.Document, "DefinitionVersion": version, "Status": status, "StartTime": began.UTC().Format(told),
	}
	if !ended.IsZero() {
		detail["EndTime"], detail["Time"] = ended.UTC().Format(told), float64(ended.Sub(began).Milliseconds())
	}
	return detail
}

func (s *Service) emit(tx *store.Tx, scope store.Scope, x *execution, kind string, detail map[string]any) error {
	listening, err := s.ports.Events.Listening(tx, scope)
	if err != nil || !listening {
		return err
	}
	return s.ports.Events.Emit(tx, scope, api.Occurrence{
		Source: "aws.ssm", DetailType: kind, At: s.clk.Now(), Detail: detail,
		Resources: []string{x.arn(scope), definitionARN(scope, x.Document, x.Version)},
	})
}

// definitionARN is how a runbook is named as something that can be started.
func definitionARN(scope store.Scope, name, version string) string {
	return arn.New("ssm", scope.Region, scope.Account, "automation-definition/"+name+":"+version).String()
}
