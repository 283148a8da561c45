package changecalendar

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

const (
	// most is how many calendars one call may name.
	most = 10
	// shown is the form of times in the answer, in UTC (the CLI's examples).
	shown = "2006-01-02T15:04:05Z"
)

// GetCalendarState tells whether all calendars are open at a time, and when
// that changes.
func (s *Service) GetCalendarState(ctx context.Context, in *ssm.GetCalendarStateInput) (*ssm.GetCalendarStateOutput, error) {
	call := api.CallFrom(ctx)
	at, err := moment(in.AtTime, call.Time)
	if err != nil {
		return nil, err
	}
	if n := len(in.CalendarNames); n == 0 || n > most {
		return nil, invalid("CalendarNames must name 1 to 10 calendars.")
	}
	var all []*calendar
	err = s.st.View(ctx, func(tx *store.Tx) error {
		all = nil
		for _, name := range in.CalendarNames {
			c, err := s.read(tx, store.In(call.Place()), name)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	open, next, err := state(all, at, at.AddDate(ahead, 0, 0))
	if err != nil {
		return nil, unsupported(in.CalendarNames[0], err)
	}
	out := &ssm.GetCalendarStateOutput{State: types.CalendarStateClosed, AtTime: new(at.UTC().Format(shown))}
	if open {
		out.State = types.CalendarStateOpen
	}
	if !next.IsZero() {
		out.NextTransitionTime = new(next.UTC().Format(shown))
	}
	return out, nil
}

// moment reads an ISO 8601 time; without an offset it is in UTC.
func moment(text *string, now time.Time) (time.Time, error) {
	if text == nil || *text == "" {
		return now.Truncate(time.Second), nil
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02", "20060102T150405Z0700"} {
		if t, err := time.Parse(form, *text); err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			return t, nil
		}
	}
	return time.Time{}, invalid("AtTime must be a time in ISO 8601, such as 2026-07-19T21:15:19Z.")
}

func invalid(why string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: why}
}

func (s *Service) getCalendarStateChecks(ctx context.Context, in *ssm.GetCalendarStateInput) ([]api.Check, error) {
	if len(in.CalendarNames) == 0 { // the operation says so
		return api.OnAny("ssm:GetCalendarState"), nil
	}
	var out []api.Check
	for _, name := range in.CalendarNames {
		checks, err := s.ports.Documents.Check(ctx, "ssm:GetCalendarState", name)
		if err != nil {
			return nil, err
		}
		out = append(out, checks...)
	}
	return out, nil
}
