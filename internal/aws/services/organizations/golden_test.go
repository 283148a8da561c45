package organizations

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/store/storetest"
)

func TestStoredForms(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	storetest.Golden(t, &known, &organization{ID: "o-abcdefghij", Root: "r-abcd", Management: "111122223333", FeatureSet: "ALL", Created: at, PolicyTypes: []string{scpType}, RootTags: map[string]string{"team": "red"}})
	storetest.Golden(t, &members, &member{
		Account: "444455556666", Organization: "o-abcdefghij", Name: "desktops", Email: "Desktops@example.com", Joined: at,
		Created: true, Role: "OrganizationAccountAccessRole", Tags: map[string]string{"team": "red"}, Parent: "ou-abcd-12345678", Closed: true,
	})
	storetest.Golden(t, &requests, &request{
		ID: "car-1", Organization: "o-abcdefghij", Name: "desktops", State: "SUCCEEDED", Account: "444455556666", Failure: "X",
		Requested: at, Completed: at, Email: "Desktops@example.com", Role: "OrganizationAccountAccessRole", Tags: map[string]string{"team": "red"},
	})
	storetest.Golden(t, &units, &unit{ID: "ou-abcd-12345678", Organization: "o-abcdefghij", Parent: "r-abcd", Name: "desktops", Tags: map[string]string{"team": "red"}})
	storetest.Golden(t, &policies, &control{
		ID: "p-12345678", Organization: "o-abcdefghij", Type: scpType, Name: "no stops", Description: "d", Content: "{}", Tags: map[string]string{"team": "red"},
	})
	storetest.Golden(t, &attachments, &attachment{Organization: "o-abcdefghij", Target: "r-abcd", Policy: "p-12345678", Type: scpType})
	storetest.Golden(t, &delegates, &delegate{Organization: "o-abcdefghij", Account: "444455556666", Service: "ssm.amazonaws.com", Since: at})
	storetest.Golden(t, &trusted, &trust{Organization: "o-abcdefghij", Service: "ssm.amazonaws.com", Since: at})
	storetest.Golden(t, &handshakes, &handshake{
		ID: "h-1", Organization: "o-abcdefghij", Management: "111122223333", FeatureSet: "ALL", Account: "444455556666", Email: "x@example.com",
		Notes: "come", State: "OPEN", Requested: at, Expires: at, Action: "ENABLE_ALL_FEATURES", Parent: "h-0", Tags: map[string]string{"team": "red"},
	})
}

func TestAnInvitationExpires(t *testing.T) {
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	h := &handshake{State: "OPEN", Expires: now.Add(invitationStands)}
	if got := h.at(now); got != types.HandshakeStateOpen {
		t.Errorf("today: want OPEN, got %s", got)
	}
	if got := h.at(h.Expires); got != types.HandshakeStateExpired {
		t.Errorf("after 15 days: want EXPIRED, got %s", got)
	}
	if err := h.end(h.Expires, types.HandshakeStateAccepted); err == nil {
		t.Error("an expired invitation was accepted")
	}
}
