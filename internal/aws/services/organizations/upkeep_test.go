package organizations

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// founder founds nothing and writes down what is told.
type founder struct{ told []string }

func (f *founder) Found(*store.Tx, string, string, string) error { return nil }
func (f *founder) Founded(*store.Tx, string) (bool, error)       { return true, nil }
func (f *founder) Tell(_ *store.Tx, e *api.Event) error {
	f.told = append(f.told, e.Name+" "+string(e.Details))
	return nil
}

// TestAccountsAreMadeInTheOrderOfTheRequests asks for more accounts than the
// organization may have, two with one address, before any is made.
func TestAccountsAreMadeInTheOrderOfTheRequests(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	at, f := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), &founder{}
	s := New(st, id.Seeded(7), clock.NewFrozen(at.Add(time.Minute)), "example.com", Ports{Founder: f, Events: f, MaxAccounts: 3})
	as := func(n int) context.Context {
		return api.WithCall(t.Context(), &api.Call{Account: "111122223333", Time: at.Add(time.Duration(n) * time.Millisecond)})
	}
	if _, err := s.CreateOrganization(as(0), &organizations.CreateOrganizationInput{}); err != nil {
		t.Fatal(err)
	}
	var ids []*string
	for i, email := range []string{"a@example.com", "A@example.com", "b@example.com", "c@example.com"} {
		out, err := s.CreateAccount(as(i), &organizations.CreateAccountInput{AccountName: new("x"), Email: &email})
		if err != nil || out.CreateAccountStatus.State != types.CreateAccountStateInProgress {
			t.Fatalf("got %+v, %v", out, err)
		}
		ids = append(ids, out.CreateAccountStatus.Id)
	}
	for range 2 { // a call too many does nothing
		if next, err := s.Upkeep(t.Context()); err != nil || !next.IsZero() {
			t.Fatalf("got %v, %v", next, err)
		}
	}
	for i, want := range []string{"SUCCEEDED ", "FAILED EMAIL_ALREADY_EXISTS", "SUCCEEDED ", "FAILED ACCOUNT_LIMIT_EXCEEDED"} {
		out, err := s.DescribeCreateAccountStatus(as(9), &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: ids[i]})
		if err != nil {
			t.Fatal(err)
		}
		got := out.CreateAccountStatus
		if string(got.State)+" "+string(got.FailureReason) != want || !got.CompletedTimestamp.Equal(at.Add(time.Minute)) {
			t.Errorf("request %d: want %s, got %+v", i, want, got)
		}
	}
	if len(f.told) != 4 || !strings.Contains(f.told[1], `"failureReason":"EMAIL_ALREADY_EXISTS"`) || !strings.Contains(f.told[0], `"requestedTimestamp":"Nov 22, 2026 9:00:00 AM"`) {
		t.Errorf("got %q", f.told)
	}
}
