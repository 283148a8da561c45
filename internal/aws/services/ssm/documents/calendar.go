package documents

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/services/ssm/ical"
	"tamachi/internal/store"
)

// calendarTypes say whether a calendar is open or closed outside its events.
// Source: User Guide, "Creating a change calendar".
var calendarTypes = []string{"DEFAULT_OPEN", "DEFAULT_CLOSED"}

// checkCalendar wants one well-formed VCALENDAR (RFC 5545) that says its type.
// Whether its events can be understood is said when its state is asked for, as
// with AWS.
func checkCalendar(text string) error {
	c, err := ical.Parse(text)
	if wrong, ok := errors.AsType[*ical.Error](err); ok {
		path := ""
		if wrong.Line > 0 {
			path = fmt.Sprintf("line %d", wrong.Line)
		}
		return invalidContent(path, wrong.Why)
	}
	if err != nil {
		return err
	}
	if !slices.Contains(calendarTypes, c.Text("X-CALENDAR-TYPE")) {
		return invalidContent("X-CALENDAR-TYPE", "it must be one of "+strings.Join(calendarTypes, ", "))
	}
	return nil
}

// Calendar is the text of the change calendar that a caller names, in its
// default version.
func (s *Service) Calendar(tx *store.Tx, caller store.Scope, written string) (string, error) {
	h, err := s.find(tx, caller, s.resolve(caller, written), nil, nil)
	if err != nil {
		return "", err
	}
	if h.Type != string(types.DocumentTypeChangeCalendar) {
		return "", &types.InvalidDocumentType{Message: new("The document " + written + " is of the type " + h.Type + "; it must be of the type ChangeCalendar.")}
	}
	return h.Content, nil
}
