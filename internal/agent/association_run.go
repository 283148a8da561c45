package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path"
	"strings"
	"time"
)

// listAssociations reads this node's associations; what is no longer among
// them is forgotten.
func (a *agent) listAssociations(ctx context.Context) error {
	var all []bound
	token := ""
	for range 1000 { // pages; no node has more
		in := map[string]any{"InstanceId": a.id.Node, "MaxResults": 20}
		if token != "" {
			in["NextToken"] = token
		}
		var out struct {
			Associations []bound
			NextToken    string
		}
		if err := a.ask(ctx, "AmazonSSM.ListInstanceAssociations", in, &out); err != nil {
			return err
		}
		all = append(all, out.Associations...)
		if token = out.NextToken; token == "" {
			break
		}
	}
	k := a.keeper
	k.list = all
	there, sums := map[string]bool{}, map[string]bool{}
	for _, b := range all {
		there[b.AssociationId], sums[b.Checksum] = true, true
	}
	for sum := range k.texts {
		if !sums[sum] {
			delete(k.texts, sum)
		}
	}
	gone := false
	for id := range k.runs {
		if !there[id] {
			delete(k.runs, id)
			gone = true
		}
	}
	if !gone {
		return nil
	}
	return writeFile(k.path, k.runs)
}

// runAssociation runs the document of an association and keeps how it went. An
// error means that it could not even be tried.
func (a *agent) runAssociation(ctx context.Context, b *bound) error {
	k := a.keeper
	r := &ran{
		Checksum: b.Checksum, Document: b.Name, Version: b.DocumentVersion, Severity: b.ComplianceSeverity,
		Manual: b.SyncCompliance == "MANUAL", Began: a.cfg.Clock.Now(),
	}
	k.runs[b.AssociationId] = r
	if err := writeFile(k.path, k.runs); err != nil {
		return err
	}
	text, err := a.textOf(ctx, b)
	if refused, ok := errors.AsType[*refusal](err); ok && refused.Status < 500 {
		r.end(statusFailed, "GetDocument", refused.Error(), a.cfg.Clock.Now())
		return writeFile(k.path, k.runs)
	}
	if err != nil {
		return err
	}
	steps, err := stepsOf(text, b.Parameters)
	if err != nil {
		r.end(statusFailed, "Document", err.Error(), a.cfg.Clock.Now())
		return writeFile(k.path, k.runs)
	}
	a.tellRun(ctx, b.AssociationId, statusInProgress, r)
	a.runSteps(ctx, b, r, steps)
	if ctx.Err() != nil {
		return ctx.Err() // it stays under way on disk, and is run again
	}
	return writeFile(k.path, k.runs)
}

// end notes how a run went.
func (r *ran) end(status, code, summary string, now time.Time) {
	if status == statusCancelled {
		status = statusFailed
	}
	r.Status, r.Summary, r.Ended = status, clip(summary, 500), now
	if status != statusSuccess {
		r.Code = clip(code, 10)
	}
}

// runSteps runs a document that is compiled.
func (a *agent) runSteps(ctx context.Context, b *bound, r *ran, steps []step) {
	out := &outputs{a: a, dest: destination{
		CommandId:          path.Join(b.AssociationId, r.Began.UTC().Format("2006-01-02T15-04-05.000Z")),
		OutputS3BucketName: b.OutputLocation.S3Location.OutputS3BucketName,
		OutputS3KeyPrefix:  b.OutputLocation.S3Location.OutputS3KeyPrefix,
	}}
	one := &run{Job: "association." + b.AssociationId, Steps: steps}
	one.output = func(s step) (stdout, stderr io.Writer, done func()) { return out.open(ctx, s) }
	if len(steps) > 1 {
		one.report = func(ctx context.Context, _ string, _ map[string]outcome) {
			a.tellRun(ctx, b.AssociationId, statusInProgress, r)
		}
	}
	running, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	defer context.AfterFunc(ctx, func() { stop(errStopped) })()
	res := a.runDocument(running, one)
	if res.Again != restartNothing {
		a.askRestart(res.Again) // it is run again after that
		return
	}
	if bucket := out.dest.OutputS3BucketName; bucket != "" {
		r.Output = "https://s3." + a.cfg.Region + "." + a.cfg.Domain + "/" + path.Join(bucket, out.dest.OutputS3KeyPrefix, out.dest.CommandId, a.id.Node)
	}
	summary, code := summaryOf(steps, res)
	if said := out.trace(); said != "" {
		summary += " " + said
	}
	r.end(res.Status, code, summary, a.cfg.Clock.Now())
}

// summaryOf counts how the steps went, in the words of the SSM Agent; code is
// the exit code of the one that failed.
func summaryOf(steps []step, res result) (summary, code string) {
	count := map[string]int{}
	for _, s := range steps {
		one, ok := res.Steps[s.Key]
		if !ok {
			continue
		}
		count[one.Status]++
		if one.Status != statusSuccess && one.Status != statusSkipped {
			code = fmt.Sprint(one.Code)
		}
	}
	return fmt.Sprintf("%d out of %d plugin%s processed, %d success, %d failed, %d timedout, %d skipped.",
		len(res.Steps), len(steps), plural(len(steps)), count[statusSuccess], count[statusFailed]+count[statusCancelled], count[statusTimedOut], count[statusSkipped]), code
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// textOf is the content of an association's document. It is read anew when the
// checksum has changed.
func (a *agent) textOf(ctx context.Context, b *bound) (string, error) {
	if text, ok := a.keeper.texts[b.Checksum]; ok {
		return text, nil
	}
	in := map[string]any{"Name": b.Name}
	if b.DocumentVersion != "" {
		in["DocumentVersion"] = b.DocumentVersion
	}
	in["DocumentFormat"] = "JSON"
	var out struct{ Content string }
	if err := a.ask(ctx, "AmazonSSM.GetDocument", in, &out); err != nil {
		return "", err
	}
	a.keeper.texts[b.Checksum] = out.Content
	return out.Content, nil
}

// stepsOf compiles a document; parameters are lists for every type (nodes.md
// 7).
func stepsOf(text string, given map[string][]string) ([]step, error) {
	var d document
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&d); err != nil {
		return nil, fmt.Errorf("read the document: %w", err)
	}
	values := make(map[string]any, len(given))
	for name, list := range given {
		all := make([]any, 0, len(list))
		for _, v := range list {
			all = append(all, v)
		}
		values[name] = all
	}
	return compile(d, values)
}

// tellRuns says how runs went that the plane has not heard of, and then what
// this node complies with.
func (a *agent) tellRuns(ctx context.Context) error {
	k := a.keeper
	told := false
	for i := range k.list {
		id := k.list[i].AssociationId
		r := k.runs[id]
		if r == nil || r.Told || r.Ended.IsZero() {
			continue
		}
		err := a.tellStatus(ctx, id, r.Status, r)
		if refused, ok := errors.AsType[*refusal](err); ok && refused.Code == "AssociationDoesNotExist" {
			err = nil // it was deleted meanwhile
		}
		if err != nil {
			return err
		}
		r.Told, told = true, true
	}
	if told {
		if err := writeFile(k.path, k.runs); err != nil {
			return err
		}
	}
	return a.tellCompliance(ctx)
}

// tellRun says how a run goes; that it could not be said is no reason to stop.
func (a *agent) tellRun(ctx context.Context, id, status string, r *ran) {
	if err := a.tellStatus(ctx, id, status, r); err != nil {
		a.log.Debug("status of an association was not told", slog.String("node", a.id.Node), slog.Any("err", err))
	}
}

func (a *agent) tellStatus(ctx context.Context, id, status string, r *ran) error {
	said := map[string]any{"Status": status, "ExecutionDate": seconds1000(a.cfg.Clock.Now()), "ExecutionSummary": r.Summary}
	if r.Summary == "" {
		said["ExecutionSummary"] = "The association is run."
	}
	if r.Code != "" {
		said["ErrorCode"] = r.Code
	}
	if r.Output != "" {
		said["OutputUrl"] = map[string]any{"S3OutputUrl": map[string]string{"OutputUrl": r.Output}}
	}
	in := map[string]any{"AssociationId": id, "InstanceId": a.id.Node, "ExecutionResult": said}
	return a.ask(ctx, "AmazonSSM.UpdateInstanceAssociationStatus", in, &struct{}{})
}

// seconds1000 is a time in epoch seconds with milliseconds.
func seconds1000(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }
