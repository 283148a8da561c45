package statemanager

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/services/ssm/alarm"
	"tamachi/internal/aws/services/ssm/rate"
	"tamachi/internal/aws/services/ssm/reference"
	"tamachi/internal/schedule"
	"tamachi/internal/store"
)

// request is what the operations that write associations have in common.
type request struct {
	settings
	instance string
	refuse   error // why it asks for something that nothing stands behind
}

// ofCreate, ofEntry and ofUpdate read the three forms of it.
func ofCreate(in *ssm.CreateAssociationInput) request {
	return ofEntry(&types.CreateAssociationBatchRequestEntry{
		Name: in.Name, InstanceId: in.InstanceId, Parameters: in.Parameters, Targets: in.Targets, DocumentVersion: in.DocumentVersion,
		ScheduleExpression: in.ScheduleExpression, ScheduleOffset: in.ScheduleOffset, ApplyOnlyAtCronInterval: in.ApplyOnlyAtCronInterval,
		AssociationName: in.AssociationName, MaxErrors: in.MaxErrors, MaxConcurrency: in.MaxConcurrency, OutputLocation: in.OutputLocation,
		ComplianceSeverity: in.ComplianceSeverity, SyncCompliance: in.SyncCompliance, CalendarNames: in.CalendarNames,
		AutomationTargetParameterName: in.AutomationTargetParameterName, TargetMaps: in.TargetMaps, TargetLocations: in.TargetLocations,
		Duration: in.Duration, AlarmConfiguration: in.AlarmConfiguration,
	}, in.AssociationDispatchAssumeRole)
}

func ofUpdate(in *ssm.UpdateAssociationInput, document string) request {
	if in.Name != nil {
		document = *in.Name
	}
	return ofEntry(&types.CreateAssociationBatchRequestEntry{
		Name: &document, Parameters: in.Parameters, Targets: in.Targets, DocumentVersion: in.DocumentVersion,
		ScheduleExpression: in.ScheduleExpression, ScheduleOffset: in.ScheduleOffset, ApplyOnlyAtCronInterval: in.ApplyOnlyAtCronInterval,
		AssociationName: in.AssociationName, MaxErrors: in.MaxErrors, MaxConcurrency: in.MaxConcurrency, OutputLocation: in.OutputLocation,
		ComplianceSeverity: in.ComplianceSeverity, SyncCompliance: in.SyncCompliance, CalendarNames: in.CalendarNames,
		AutomationTargetParameterName: in.AutomationTargetParameterName, TargetMaps: in.TargetMaps, TargetLocations: in.TargetLocations,
		Duration: in.Duration, AlarmConfiguration: in.AlarmConfiguration,
	}, in.AssociationDispatchAssumeRole)
}

func ofEntry(in *types.CreateAssociationBatchRequestEntry, role *string) request {
	r := request{instance: str(in.InstanceId), settings: settings{
		Name: str(in.AssociationName), Document: *in.Name, DocumentVersion: str(in.DocumentVersion), Parameters: in.Parameters,
		Schedule: str(in.ScheduleExpression), OnlyAtCron: in.ApplyOnlyAtCronInterval, MaxErrors: str(in.MaxErrors),
		MaxConcurrency: str(in.MaxConcurrency), Severity: string(in.ComplianceSeverity), Sync: string(in.SyncCompliance), Calendars: in.CalendarNames,
	}}
	if in.ScheduleOffset != nil {
		r.Offset = *in.ScheduleOffset
	}
	r.Guard = alarm.New(in.AlarmConfiguration)
	for _, t := range in.Targets {
		r.Targets = append(r.Targets, Target{Key: str(t.Key), Values: t.Values})
	}
	if o := in.OutputLocation; o != nil && o.S3Location != nil {
		r.Output = &output{Region: str(o.S3Location.OutputS3Region), Bucket: str(o.S3Location.OutputS3BucketName), Prefix: str(o.S3Location.OutputS3KeyPrefix)}
	}
	r.refuse = unsupported(in, role)
	return r
}

// unsupported refuses what nothing stands behind yet, rather than leaving it
// undone in silence.
func unsupported(in *types.CreateAssociationBatchRequestEntry, role *string) error {
	switch {
	case str(in.AutomationTargetParameterName) != "":
		return invalidParameters("Associations run no Automation runbooks here: leave out AutomationTargetParameterName.")
	case len(in.TargetMaps) > 0:
		return &types.InvalidTargetMaps{Message: new("Associations run no Automation runbooks here, and TargetMaps are for them: use Targets.")}
	case len(in.TargetLocations) > 0:
		return &types.InvalidTarget{Message: new("An association is for one account and Region here: leave out TargetLocations.")}
	case in.Duration != nil:
		return invalidParameters("A run of an association can't be cancelled here: leave out Duration.")
	case str(role) != "":
		return invalidParameters("Associations reach nodes by the service itself here: leave out AssociationDispatchAssumeRole.")
	}
	return nil
}

// check holds a request against what exists. It puts an instance id that means
// a desktop into the node's own.
func (s *Service) check(tx *store.Tx, scope store.Scope, r *request) error {
	if r.refuse != nil {
		return r.refuse
	}
	d, err := s.ports.Documents.Document(tx, scope, r.Document, r.DocumentVersion)
	if err != nil {
		return err
	}
	if d.Type != "Command" && d.Type != "Policy" {
		return &types.InvalidDocument{Message: new("Document " + d.Name + " is of the type " + d.Type + ": associations run documents of the types Command and Policy here.")}
	}
	if err := s.ports.Documents.CheckParameters(d, r.Parameters); err != nil {
		return err
	}
	if _, err := reference.Need(tx, scope, s.ports.Parameters, reference.Names(r.Parameters)); err != nil {
		return err
	}
	if r.instance != "" {
		if err := s.checkLegacy(tx, scope, r, d); err != nil {
			return err
		}
	} else if err := s.checkTargets(r); err != nil {
		return err
	}
	if err := r.checkSchedule(); err != nil {
		return err
	}
	return s.checkRest(tx, scope, r)
}

// checkLegacy looks at a request in the old form. Source: API reference,
// CreateAssociation, InstanceId.
func (s *Service) checkLegacy(tx *store.Tx, scope store.Scope, r *request, d Document) error {
	if len(r.Targets) > 0 {
		return invalid("Specify either InstanceId or Targets.")
	}
	if r.Name != "" || r.DocumentVersion != "" || r.MaxErrors != "" || r.MaxConcurrency != "" || r.Output != nil || r.Schedule != "" {
		return invalid("AssociationName, DocumentVersion, MaxErrors, MaxConcurrency, OutputLocation and ScheduleExpression need Targets instead of InstanceId.")
	}
	if !strings.HasPrefix(d.Schema, "1.") {
		return &types.InvalidDocument{Message: new("A document of the schema version " + d.Schema + " needs Targets instead of InstanceId.")}
	}
	node, ok, err := s.ports.Nodes.Resolve(tx, scope, r.instance)
	if err != nil {
		return err
	}
	if !ok {
		return noInstance(r.instance)
	}
	if node.Platform != "" && !slices.Contains(d.Platforms, node.Platform) {
		return &types.UnsupportedPlatformType{Message: new("The document " + d.Name + " doesn't support the platform " + node.Platform + ".")}
	}
	r.instance = node.ID
	return nil
}

func (s *Service) checkTargets(r *request) error {
	if len(r.Targets) == 0 {
		return &types.InvalidTarget{Message: new("An association needs Targets.")}
	}
	if err := s.ports.Nodes.CheckTargets(r.Targets); err != nil {
		return &types.InvalidTarget{Message: new("The target isn't valid: " + err.Error() + ".")}
	}
	return nil
}

func (r *request) checkSchedule() error {
	bad := func(why string) error {
		return &types.InvalidSchedule{Message: new("The schedule is invalid. Verify your cron or rate expression and try again. " + why)}
	}
	if r.Schedule == "" {
		if r.Offset > 0 || r.OnlyAtCron {
			return bad("ApplyOnlyAtCronInterval and ScheduleOffset need a ScheduleExpression.")
		}
		return nil
	}
	plan, err := schedule.Parse(r.Schedule, nil)
	if err == nil {
		err = plan.ForAssociation()
	}
	if err == nil && r.Offset > 0 {
		_, err = plan.Later(int(r.Offset))
	}
	switch {
	case err != nil:
		return bad(err.Error() + ".")
	case r.OnlyAtCron && plan.Kind() == schedule.Rate:
		return bad("ApplyOnlyAtCronInterval isn't supported for rate expressions.")
	case r.Offset > 0 && !r.OnlyAtCron:
		return bad("ScheduleOffset needs ApplyOnlyAtCronInterval.")
	}
	return nil
}

func (s *Service) checkRest(tx *store.Tx, scope store.Scope, r *request) error {
	if r.MaxConcurrency != "" {
		if _, err := rate.Concurrency(r.MaxConcurrency); err != nil {
			return invalid("MaxConcurrency: " + err.Error() + ".")
		}
	}
	if r.MaxErrors != "" {
		if _, err := rate.Errors(r.MaxErrors); err != nil {
			return invalid("MaxErrors: " + err.Error() + ".")
		}
	}
	if r.Output != nil && r.Output.Bucket == "" {
		return &types.InvalidOutputLocation{Message: new("The output location needs an OutputS3BucketName.")}
	}
	for _, c := range r.Calendars {
		if s.ports.Calendars == nil {
			return &types.InvalidDocument{Message: new("There are no Change Calendars here yet: leave out CalendarNames.")}
		}
		if _, err := s.ports.Calendars.Open(tx, scope, c); err != nil {
			return err
		}
	}
	return nil
}

func isIDs(key string) bool { return strings.EqualFold(key, "InstanceIds") }

func equal(a, b []string) bool { return slices.Equal(a, b) }

func equalTargets(a, b []Target) bool {
	return slices.EqualFunc(a, b, func(x, y Target) bool { return x.Key == y.Key && slices.Equal(x.Values, y.Values) })
}

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

func invalidParameters(why string) error { return &types.InvalidParameters{Message: new(why)} }
