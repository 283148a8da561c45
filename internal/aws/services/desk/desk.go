package desk

import (
	"errors"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// Service is the room. Make it with New.
type Service struct{ ports Ports }

var _ api.Service = (*Service)(nil)

// New returns the room over its ports.
func New(ports Ports) *Service { return &Service{ports} }

// Name is the name of the model table.
func (s *Service) Name() string { return "desk" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("ApplyPlan", s.ApplyPlan, s.applyPlanChecks),
		api.Read("CheckImage", s.CheckImage, s.checkImageChecks),
		api.Write("DecideRequest", s.DecideRequest, s.decideRequestChecks),
		api.Read("DescribeCostSummary", s.DescribeCostSummary, s.describeCostSummaryChecks),
		api.Read("DescribePlan", s.DescribePlan, s.describePlanChecks),
		api.Read("DescribeRequest", s.DescribeRequest, s.describeRequestChecks),
		api.Read("ListImageSeats", s.ListImageSeats, s.listImageSeatsChecks),
		api.Read("ListMaintenance", s.ListMaintenance, s.listMaintenanceChecks),
		api.Read("ListPlans", s.ListPlans, s.listPlansChecks),
		api.Read("ListRequests", s.ListRequests, s.listRequestsChecks),
		api.Write("PlanDuty", s.PlanDuty, s.planDutyChecks),
		api.Read("RunDuty", s.RunDuty, s.runDutyChecks),
	}
}

// looks is the right to see what the desk keeps: it is about desktops.
const looks = "workspaces:DescribeWorkspaces"

// refused is what a caller is told of an error of the desk.
func refused(err error) error {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: r.Why}
	}
	if u, ok := errors.AsType[*Unknown](err); ok {
		return &smithy.GenericAPIError{Code: "ResourceNotFoundException", Message: u.What}
	}
	if d, ok := errors.AsType[*Denial](err); ok {
		return &smithy.GenericAPIError{Code: "AccessDeniedException", Message: d.Why}
	}
	if m, ok := errors.AsType[*Mistake](err); ok {
		return &smithy.GenericAPIError{Code: "ValidationException", Message: m.What}
	}
	return err
}

func none() error {
	return &smithy.GenericAPIError{Code: "InvalidResourceStateException", Message: "This plane serves no desk."}
}

func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func value(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// pageSize is how many results a page has where nothing is said.
const pageSize = 100

// page cuts a list after the item that a token names.
func page[T any](operation string, all []T, id func(T) string, token *string, most *int32) (out []T, next *string, err error) {
	start := 0
	if value(token) != "" {
		after, ok := api.After(operation, *token)
		for i := range all {
			if ok && id(all[i]) == after {
				start = i + 1
			}
		}
		if start == 0 {
			return nil, nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "The specified token isn't valid."}
		}
	}
	limit := pageSize
	if most != nil {
		limit = int(*most)
	}
	end := min(start+limit, len(all))
	if end < len(all) {
		next = new(api.Token(operation, id(all[end-1])))
	}
	return all[start:end], next, nil
}
