package changecalendar_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

var morning = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

type site struct {
	*apitest.Plane
	t   *testing.T
	clk *clock.Frozen
	ssm *ssm.Client
}

func open(t *testing.T, at time.Time) *site {
	clk := clock.NewFrozen(at)
	p := apitest.Start(t, apitest.Options{Clock: clk})
	return &site{p, t, clk, p.SSM()}
}

// calendar makes a document.
func (s *site) calendar(name, kind, event string) {
	s.t.Helper()
	text := "BEGIN:VCALENDAR\nX-CALENDAR-TYPE:" + kind + "\nBEGIN:VEVENT\n" + event + "\nEND:VEVENT\nEND:VCALENDAR\n"
	_, err := s.ssm.CreateDocument(s.t.Context(), &ssm.CreateDocumentInput{
		Name: &name, Content: &text, DocumentType: types.DocumentTypeChangeCalendar, DocumentFormat: types.DocumentFormatText,
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestGetCalendarState(t *testing.T) {
	s := open(t, morning)
	s.calendar("freeze", "DEFAULT_OPEN", "DTSTART:20261224T000000Z\nDTEND:20261226T000000Z")
	s.calendar("window", "DEFAULT_CLOSED", "DTSTART:20261122T070000Z\nDURATION:PT3H\nRRULE:FREQ=DAILY")
	s.calendar("seconds", "DEFAULT_OPEN", "DTSTART:20261122T070000Z\nDURATION:PT3H\nRRULE:FREQ=SECONDLY")
	command := "command"
	_, err := s.ssm.CreateDocument(t.Context(), &ssm.CreateDocumentInput{
		Name: &command, Content: aws.String(`{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"a","inputs":{"runCommand":["true"]}}]}`),
		DocumentType: types.DocumentTypeCommand,
	})
	if err != nil {
		t.Fatal(err)
	}
	arn := "arn:aws:ssm:" + s.Access().Region + ":" + s.Access().Account + ":document/window"
	for _, row := range []struct {
		name           string
		calendars      []string
		at             string
		state          types.CalendarState
		from, next, no string
	}{
		{"now", []string{"window"}, "", "OPEN", "2026-11-22T08:00:00Z", "2026-11-22T10:00:00Z", ""},
		{"by its ARN, later", []string{arn}, "2026-11-22T20:00:00+09:00", "CLOSED", "2026-11-22T11:00:00Z", "2026-11-23T07:00:00Z", ""},
		{"two together", []string{"window", "freeze"}, "2026-12-23T08:00:00Z", "OPEN", "2026-12-23T08:00:00Z", "2026-12-23T10:00:00Z", ""},
		{"two together, one closed", []string{"window", "freeze"}, "2026-12-24T08:00:00Z", "CLOSED", "2026-12-24T08:00:00Z", "2026-12-26T07:00:00Z", ""},
		{"for ever", []string{"freeze"}, "2027-01-01T00:00:00Z", "OPEN", "2027-01-01T00:00:00Z", "", ""},
		{"one that is not there", []string{"none"}, "", "", "", "", "InvalidDocument"},
		{"one that is a command", []string{"command"}, "", "", "", "", "InvalidDocumentType"},
		{"one that is not understood", []string{"seconds"}, "", "", "", "", "UnsupportedCalendarException"},
		{"a time that is none", []string{"window"}, "noon", "", "", "", "ValidationException"},
		{"none", []string{}, "", "", "", "", "ValidationException"},
	} {
		out, err := s.ssm.GetCalendarState(t.Context(), &ssm.GetCalendarStateInput{CalendarNames: row.calendars, AtTime: &row.at})
		if row.no != "" {
			apitest.Refused(t, row.name, err, row.no, "")
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if out.State != row.state || *out.AtTime != row.from || aws.ToString(out.NextTransitionTime) != row.next {
			t.Errorf("%s: got %s at %s until %s", row.name, out.State, *out.AtTime, aws.ToString(out.NextTransitionTime))
		}
	}
}

// TestAssociationsWaitForCalendars shows one wait until its window opens.
func TestAssociationsWaitForCalendars(t *testing.T) {
	begun := time.Now().UTC().Truncate(time.Minute) // the roles of nodes are made by the machine's clock
	s, ctx := open(t, begun), t.Context()
	node := s.Node(nil)
	s.calendar("window", "DEFAULT_CLOSED", "DTSTART:"+begun.Add(2*time.Hour).Format("20060102T150405Z")+"\nDURATION:PT3H")
	create := func(calendar string) (*ssm.CreateAssociationOutput, error) {
		return s.ssm.CreateAssociation(ctx, &ssm.CreateAssociationInput{
			Name: aws.String("AWS-GatherSoftwareInventory"), CalendarNames: []string{calendar},
			Targets: []types.Target{{Key: aws.String("InstanceIds"), Values: []string{node}}},
		})
	}
	_, err := create("none")
	apitest.Refused(t, "a calendar that is not there", err, "InvalidDocument", "")
	made, err := create("window")
	if err != nil {
		t.Fatal(err)
	}
	rounds := func() int {
		out, err := s.ssm.DescribeAssociationExecutions(ctx, &ssm.DescribeAssociationExecutionsInput{AssociationId: made.AssociationDescription.AssociationId})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.AssociationExecutions)
	}
	bound := func() bool {
		out, err := s.ssm.DescribeInstanceAssociationsStatus(ctx, &ssm.DescribeInstanceAssociationsStatusInput{InstanceId: &node})
		if err != nil {
			t.Fatal(err)
		}
		return len(out.InstanceAssociationStatusInfos) == 1
	}
	apitest.Eventually(t, "the association to be bound", bound)
	if n := rounds(); n != 0 {
		t.Errorf("got %d executions while the calendar is closed, want none", n)
	}
	s.clk.Advance(time.Hour)
	if n := rounds(); n != 0 {
		t.Errorf("got %d executions an hour before the window, want none", n)
	}
	s.clk.Advance(time.Hour)
	apitest.Eventually(t, "the association to run in its window", func() bool {
		s.clk.Advance(time.Second)
		return rounds() == 1
	})
}
