package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// sendCommand is aws:runCommand: the step's inputs are those of SendCommand.
func sendCommand(ctx context.Context, r *run) (verdict, error) {
	answer, refused, err := r.call(ctx, "ssm", "SendCommand", r.commandInput())
	if err != nil || refused != nil {
		return orRefused(refused), err
	}
	var sent struct {
		Command struct {
			CommandID string `json:"CommandId"`
		}
	}
	if err := json.Unmarshal(answer, &sent); err != nil {
		return verdict{}, fmt.Errorf("read the answer of SendCommand: %w", err)
	}
	id := sent.Command.CommandID
	if id == "" {
		return failed(stageCall, "The command was sent, but its id isn't known: the plane was stopped before it was told"), nil
	}
	return verdict{
		status: types.AutomationExecutionStatusInprogress, wait: wait{Command: id},
		values: map[string]any{"CommandId": id},
	}, nil
}

// commandInput are the inputs as SendCommand takes them: the values of
// parameters are lists.
func (r *run) commandInput() map[string]any {
	input := map[string]any{}
	maps.Copy(input, r.given)
	if given, ok := r.given["Parameters"].(map[string]any); ok {
		lists := map[string]any{}
		for name, v := range given {
			lists[name] = texts(v)
		}
		input["Parameters"] = lists
	}
	return input
}

// lookCommand sees whether the command is over.
func lookCommand(ctx context.Context, r *run) (verdict, error) {
	var o Outcome
	id := r.x.Wait.Command
	err := r.s.st.View(ctx, func(tx *store.Tx) (err error) {
		o, err = r.s.ports.Commands.Outcome(tx, r.scope, id)
		return err
	})
	if gone(err) {
		return failed(stageOutcome, "Command %s does not exist any more", id), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if !o.Over {
		return verdict{status: types.AutomationExecutionStatusInprogress, wait: r.x.Wait}, nil
	}
	v := done(nil)
	if o.Status != string(types.CommandStatusSuccess) {
		where := ""
		if len(o.Failed) > 0 {
			where = " on " + strings.Join(o.Failed, ", ")
		}
		v = failed(stageOutcome, "Command %s returned %s%s", id, o.Details, where)
		switch types.CommandStatus(o.Status) {
		case types.CommandStatusCancelled:
			v.status = types.AutomationExecutionStatusCancelled
		case types.CommandStatusTimedOut:
			v.status = types.AutomationExecutionStatusTimedout
		}
	}
	v.code = strconv.Itoa(o.Code)
	v.values = map[string]any{"CommandId": id, "Status": o.Status, "ResponseCode": v.code, "Output": o.Output}
	return v, nil
}

// stopCommand asks for the end of the command.
func stopCommand(ctx context.Context, r *run) error {
	if r.x.Wait.Command == "" {
		return nil
	}
	return r.end(ctx, "CancelCommand", map[string]any{"CommandId": r.x.Wait.Command})
}

// end makes a call that ends what the step began. That it is refused changes
// nothing: what was begun ends by itself then.
func (r *run) end(ctx context.Context, operation string, input map[string]any) error {
	text, err := json.Marshal(input)
	if err != nil {
		return err
	}
	_, _ = r.s.ports.Plane.Call(ctx, r.x.actor(r.scope), r.s.ids.UUID(), "ssm", operation, text)
	return ctx.Err()
}
