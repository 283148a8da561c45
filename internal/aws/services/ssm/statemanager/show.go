package statemanager

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/api"
)

// describe is an association as DescribeAssociation answers it.
func (a *association) describe(st *standing) *types.AssociationDescription {
	d := &types.AssociationDescription{
		AssociationId: &a.ID, AssociationVersion: decimal(a.Version), AssociationName: api.Optional(a.Name), Name: &a.Document,
		DocumentVersion: a.shownVersion(), InstanceId: api.Optional(a.InstanceID), Parameters: a.Parameters, Targets: a.showTargets(),
		ScheduleExpression: api.Optional(a.Schedule), ScheduleOffset: a.offset(), ApplyOnlyAtCronInterval: a.OnlyAtCron, MaxErrors: api.Optional(a.MaxErrors),
		MaxConcurrency: api.Optional(a.MaxConcurrency), ComplianceSeverity: types.AssociationComplianceSeverity(a.Severity),
		SyncCompliance: types.AssociationSyncCompliance(a.Sync), CalendarNames: a.Calendars, OutputLocation: a.Output.show(),
		Date: &a.Created, LastUpdateAssociationDate: &a.Updated, Overview: st.overview(),
	}
	d.AlarmConfiguration, d.TriggeredAlarms = a.Guard.ShownWith(st.Triggered)
	if !st.LastRun.IsZero() {
		d.LastExecutionDate = &st.LastRun
	}
	if !st.LastSuccess.IsZero() {
		d.LastSuccessfulExecutionDate = &st.LastSuccess
	}
	if l := a.Legacy; l != nil {
		d.Status = &types.AssociationStatus{Name: types.AssociationStatusName(l.Name), Message: &l.Message, Date: &l.Date, AdditionalInfo: api.Optional(l.Info)}
	}
	return d
}

// of is an earlier version of the association.
func (a *association) of(v *version) *association {
	old := *a
	old.Version, old.settings, old.Updated = v.Number, v.settings, v.Created
	return &old
}

func (a *association) brief(st *standing) types.Association {
	b := types.Association{
		AssociationId: &a.ID, AssociationVersion: decimal(a.Version), AssociationName: api.Optional(a.Name), Name: &a.Document,
		DocumentVersion: a.shownVersion(), InstanceId: api.Optional(a.InstanceID), Targets: a.showTargets(),
		ScheduleExpression: api.Optional(a.Schedule), ScheduleOffset: a.offset(), Overview: st.overview(),
	}
	if !st.LastRun.IsZero() {
		b.LastExecutionDate = &st.LastRun
	}
	return b
}

func (v *version) show() types.AssociationVersionInfo {
	return types.AssociationVersionInfo{
		AssociationId: &v.Association, AssociationVersion: decimal(v.Number), AssociationName: api.Optional(v.settings.Name), Name: &v.Document,
		CreatedDate: &v.Created, DocumentVersion: v.shownVersion(), Parameters: v.Parameters, Targets: v.showTargets(),
		ScheduleExpression: api.Optional(v.Schedule), ScheduleOffset: v.offset(), ApplyOnlyAtCronInterval: v.OnlyAtCron, MaxErrors: api.Optional(v.MaxErrors),
		MaxConcurrency: api.Optional(v.MaxConcurrency), ComplianceSeverity: types.AssociationComplianceSeverity(v.Severity),
		SyncCompliance: types.AssociationSyncCompliance(v.Sync), CalendarNames: v.Calendars, OutputLocation: v.Output.show(),
	}
}

func (e *execution) show() types.AssociationExecution {
	status, details := summary(e.Counts)
	by := ""
	for _, d := range []string{success, failed, timedOut, inProgress, pending, skipped} {
		if n := e.Counts[d]; n > 0 {
			if by != "" {
				by += ", "
			}
			by += d + "=" + strconv.Itoa(n)
		}
	}
	guard, triggered := e.Guard.Shown()
	return types.AssociationExecution{
		AlarmConfiguration: guard, TriggeredAlarms: triggered,
		AssociationId: &e.Association, AssociationVersion: decimal(e.Version), ExecutionId: &e.ID, Status: &status, DetailedStatus: &details,
		CreatedTime: &e.Created, LastExecutionDate: &e.Last, ResourceCountByStatus: new("{" + by + "}"),
	}
}

func (t *target) show(execution string) types.AssociationExecutionTarget {
	out := types.AssociationExecutionTarget{
		AssociationId: &t.Association, AssociationVersion: decimal(t.Version), ExecutionId: &execution, ResourceId: &t.Node,
		ResourceType: new(resourceType), Status: new(broad(t.Details)), DetailedStatus: &t.Details, LastExecutionDate: &t.Last,
	}
	if t.Output != "" {
		out.OutputSource = &types.OutputSource{OutputSourceId: &t.Output, OutputSourceType: new("S3")}
	}
	return out
}

// resourceType is what AWS calls a node of a hybrid activation.
const resourceType = "ManagedInstance"

func (s *settings) showTargets() []types.Target {
	var out []types.Target
	for _, t := range s.Targets {
		out = append(out, types.Target{Key: &t.Key, Values: t.Values})
	}
	return out
}

// shownVersion is the document's version as answers give it: the default one
// when the caller named none.
func (s *settings) shownVersion() *string {
	if s.DocumentVersion == "" {
		return new("$DEFAULT")
	}
	return &s.DocumentVersion
}

func (s *settings) offset() *int32 {
	if s.Offset == 0 {
		return nil
	}
	return &s.Offset
}

func (o *output) show() *types.InstanceAssociationOutputLocation {
	if o == nil {
		return nil
	}
	return &types.InstanceAssociationOutputLocation{S3Location: &types.S3OutputLocation{
		OutputS3Region: api.Optional(o.Region), OutputS3BucketName: &o.Bucket, OutputS3KeyPrefix: api.Optional(o.Prefix),
	}}
}

func decimal(n int64) *string { return new(strconv.FormatInt(n, 10)) }
