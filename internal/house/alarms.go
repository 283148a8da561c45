package house

import (
	"context"
	"fmt"
	"strings"

	"tamachi/internal/aws/services/cloudwatch"
)

// alarmActions carries out what alarms ask of other services. None that could is
// in the plane yet, and the alarm's history says so.
type alarmActions struct{}

var _ cloudwatch.Actions = alarmActions{}

// Act says that the service is not there.
func (alarmActions) Act(_ context.Context, a cloudwatch.Action) error {
	part := strings.SplitN(a.ARN, ":", 4)
	if len(part) < 4 {
		return fmt.Errorf("%s is no resource", a.ARN)
	}
	return fmt.Errorf("the service %s does not carry out actions of alarms in this plane", part[2])
}
