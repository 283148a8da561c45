package sessionmanager_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
)

// Every key by which sessions are listed, alone and together, and pages.
func TestSessionsAreListedByFilters(t *testing.T) {
	p := open(t, apitest.Options{})
	var ids []string
	for range 3 {
		got, err := p.ssm.StartSession(t.Context(), &ssm.StartSessionInput{Target: &p.node})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, *got.SessionId)
	}
	slices.Reverse(ids) // the newest comes first
	one := p.session(types.SessionStateActive, ids[1])
	by := func(pairs ...string) (all []types.SessionFilter) {
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, types.SessionFilter{Key: types.SessionFilterKey(pairs[i]), Value: &pairs[i+1]})
		}
		return all
	}
	hour := func(n time.Duration) string { return one.StartDate.Add(n * time.Hour).UTC().Format(time.RFC3339) }
	for _, row := range []struct {
		name    string
		filters []types.SessionFilter
		want    []string
	}{
		{"no filter", nil, ids},
		{"by id", by("SessionId", ids[1]), ids[1:2]},
		{"by target", by("Target", p.node), ids},
		{"by another target", by("Target", "mi-0123456789abcdef0"), nil},
		{"by owner", by("Owner", *one.Owner), ids},
		{"by another owner", by("Owner", "arn:aws:iam::111122223333:user/nobody"), nil},
		{"by status", by("Status", "Connecting"), ids},
		{"by a status that none has", by("Status", "Connected"), nil},
		{"by access type", by("AccessType", "Standard"), ids},
		{"by the other access type", by("AccessType", "JustInTime"), nil},
		{"after an hour ago", by("InvokedAfter", hour(-1)), ids},
		{"after the next hour", by("InvokedAfter", hour(1)), nil},
		{"before the next hour", by("InvokedBefore", hour(1)), ids},
		{"before an hour ago", by("InvokedBefore", hour(-1)), nil},
		{"by two of which one fits", by("SessionId", ids[1], "Status", "Connected"), nil},
		{"by two that fit", by("SessionId", ids[1], "Target", p.node), ids[1:2]},
	} {
		var got []string
		pages := ssm.NewDescribeSessionsPaginator(p.ssm, &ssm.DescribeSessionsInput{State: types.SessionStateActive, Filters: row.filters, MaxResults: aws.Int32(2)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			if len(page.Sessions) > 2 {
				t.Errorf("%s: a page of %d", row.name, len(page.Sessions))
			}
			for _, s := range page.Sessions {
				got = append(got, *s.SessionId)
			}
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
}
