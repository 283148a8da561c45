package automation

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/store"
)

// startOther is aws:executeAutomation: it starts another runbook, as the one
// who started this one or as its role, and waits for its end.
func startOther(ctx context.Context, r *run) (verdict, error) {
	input := maps.Clone(r.given)
	delete(input, "RuntimeParameters")
	input["ClientToken"] = r.st.Request // asked again, it answers with the same execution
	r.again = false
	if given, ok := r.given["RuntimeParameters"].(map[string]any); ok && len(given) > 0 {
		lists := map[string]any{}
		for name, v := range given {
			lists[name] = texts(v)
		}
		input["Parameters"] = lists
	}
	answer, refused, err := r.call(ctx, "ssm", "StartAutomationExecution", input)
	if err != nil || refused != nil {
		return orRefused(refused), err
	}
	var started struct {
		ID string `json:"AutomationExecutionId"`
	}
	if err := json.Unmarshal(answer, &started); err != nil {
		return verdict{}, fmt.Errorf("read the answer of StartAutomationExecution: %w", err)
	}
	return verdict{
		status: types.AutomationExecutionStatusInprogress, wait: wait{Execution: started.ID},
		values: map[string]any{"ExecutionId": started.ID},
	}, nil
}

// lookOther sees whether the other execution is over. Its outputs become those
// of the step.
func lookOther(ctx context.Context, r *run) (verdict, error) {
	var other *execution
	err := r.s.st.View(ctx, func(tx *store.Tx) (err error) {
		other, err = executions.Get(tx, r.scope, r.x.Wait.Execution)
		return err
	})
	if gone(err) {
		return failed(stageOutcome, "Automation %s does not exist any more", r.x.Wait.Execution), nil
	}
	if err != nil {
		return verdict{}, err
	}
	if !other.over() {
		return verdict{status: types.AutomationExecutionStatusInprogress, wait: r.x.Wait}, nil
	}
	v := done(nil)
	if other.Status != types.AutomationExecutionStatusSuccess {
		v = failed(stageOutcome, "Automation %s ended with the status %s", other.ID, other.Status)
		v.status = other.Status
	}
	all := []any{}
	v.values = map[string]any{"ExecutionId": other.ID, "Status": string(other.Status)}
	for _, name := range slices.Sorted(maps.Keys(other.Outputs)) {
		each := make([]any, 0, len(other.Outputs[name]))
		for _, s := range other.Outputs[name] {
			each = append(each, s)
		}
		v.values[name] = each
		all = append(all, each...)
	}
	v.values["Output"] = all
	return v, nil
}

// stopOther asks for the end of the other execution.
func stopOther(ctx context.Context, r *run) error {
	if r.x.Wait.Execution == "" {
		return nil
	}
	return r.end(ctx, "StopAutomationExecution", map[string]any{"AutomationExecutionId": r.x.Wait.Execution})
}
