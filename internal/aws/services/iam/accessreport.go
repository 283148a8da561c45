package iam

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// accessReport tells when the services that a user, group, role or managed
// policy may use were last used. Upkeep makes it from the trail.
// Source: IAM API Reference, GenerateServiceLastAccessedDetails.
type accessReport struct {
	ID          string // of the job
	Account     string
	Asker       string // who may read it: the ARN of a user, or of the role of a session
	Subject     string // ARN
	Granularity types.AccessAdvisorUsageGranularityType
	State       types.JobStatusType
	Created     time.Time
	Completed   time.Time
	Problem     string           `json:",omitempty"` // why it failed
	Entities    []accessEntity   `json:",omitempty"` // who could have used the subject's policies
	Services    []accessedByName `json:",omitempty"` // by namespace
}

// accessEntity is a user or role of a report.
type accessEntity struct{ Kind, ID, Name, Path, ARN string }

// accessedByName is what a report says of a service.
type accessedByName struct {
	Namespace string
	Uses      []accessUse    `json:",omitempty"` // the newest first
	Actions   []accessAction `json:",omitempty"` // those that were used, by name
}

// accessUse is when an entity last tried to use something.
type accessUse struct {
	Entity int // its place in Entities
	At     time.Time
	Region string
}

// accessAction is the newest use of one action.
type accessAction struct {
	Name string
	Use  accessUse
}

var accessReports = store.Table[accessReport]{
	Name:    "iam.accessreports",
	Reach:   store.Plane,
	Key:     func(r *accessReport) string { return r.ID },
	Indexes: map[string]func(*accessReport) string{"open": func(r *accessReport) string { return r.open() }},
}

// open is the value of the index of reports that are still to be made.
func (r *accessReport) open() string {
	if r.State == types.JobStatusTypeInProgress {
		return "open"
	}
	return ""
}

// reportsFor is how long a report can be read. AWS names no time.
const reportsFor = 7 * 24 * time.Hour

// asker is who a caller is to a report: sessions of a role are one (IAM API
// Reference, GetServiceLastAccessedDetails, JobId).
func asker(c *api.Caller) string {
	if c.Session != nil && c.Session.IssuerARN != "" {
		return c.Session.IssuerARN
	}
	return c.ARN
}

// findReport finds a report that the caller asked for.
func (s *Service) findReport(ctx context.Context, job string) (*accessReport, error) {
	call := api.CallFrom(ctx)
	var r *accessReport
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		r, err = accessReports.Get(tx, store.Scope{}, job)
		return err
	})
	strange := err == nil && (r.Account != call.Account || r.Asker != asker(&call.Caller))
	if strange || errors.Is(err, store.ErrNotFound) {
		return nil, noSuch("Job %s cannot be found.", job)
	}
	return r, err
}

// completed is when the report was ready, nil while it is not.
func (r *accessReport) completed() *time.Time {
	if r.State == types.JobStatusTypeInProgress {
		return nil
	}
	return &r.Completed
}

// failure is why a report could not be made; nil when it could.
func (r *accessReport) failure() *types.ErrorDetails {
	if r.State != types.JobStatusTypeFailed {
		return nil
	}
	return &types.ErrorDetails{Code: new("NoSuchEntity"), Message: &r.Problem}
}
