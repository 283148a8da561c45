package organizations

import (
	"testing"
	"time"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	storetest.Golden(t, &known, &organization{ID: "o-abcdefghij", Root: "r-abcd", Management: "111122223333", FeatureSet: "ALL", Created: at})
	storetest.Golden(t, &members, &member{
		Account: "444455556666", Organization: "o-abcdefghij", Name: "desktops", Email: "Desktops@example.com", Joined: at,
		Created: true, Role: "OrganizationAccountAccessRole", Tags: map[string]string{"team": "red"},
	})
	storetest.Golden(t, &requests, &request{
		ID: "car-1", Organization: "o-abcdefghij", Name: "desktops", State: "SUCCEEDED", Account: "444455556666", Failure: "X",
		Requested: at, Completed: at,
	})
}
