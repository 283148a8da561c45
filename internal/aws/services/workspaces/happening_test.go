package workspaces_test

import (
	"fmt"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// TestHistoryOutlivesTheDesktop tells who did what, after the desktop is gone.
func TestHistoryOutlivesTheDesktop(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("Sato.Hanako", types.RunningModeAutoStop)
	p.settle(id, desktops.Outcome{Code: "DomainJoin.ServiceAccountRefused", Message: "the account is disabled"})
	must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
	p.settle(id, desktops.Outcome{})
	again := p.desktop("sato.hanako", types.RunningModeAlwaysOn)

	lives, err := p.room.Biographies(t.Context(), account, region, "", "SATO.hanako")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, l := range lives {
		found = append(found, l.ID+" "+l.State)
	}
	same(t, "the user's desktops, in any order of one instant", map[string]bool{id + " TERMINATED": true, again + " PENDING": true}, map[string]bool{found[0]: true, found[1]: true})

	var told []string
	for place := ""; ; {
		page, next, err := p.room.Happenings(t.Context(), account, region, id, place, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page {
			told = append(told, fmt.Sprintf("%s by %q, %s", h.State, h.By, h.ErrorCode))
		}
		if place = next; place == "" {
			break
		}
	}
	who := "arn:aws:iam::111122223333:user/administrator"
	same(t, "what happened", []string{
		fmt.Sprintf("PENDING by %q, ", who), `ERROR by "", DomainJoin.ServiceAccountRefused`, fmt.Sprintf("TERMINATING by %q, ", who), `TERMINATED by "", `,
	}, told)
	if none, err := p.room.Biographies(t.Context(), stranger, region, id, ""); err != nil || len(none) != 0 {
		t.Errorf("want nothing for a stranger, got %+v, %v", none, err)
	}
}

// TestHistoryIsBounded lets a desktop live for years.
func TestHistoryIsBounded(t *testing.T) {
	p := open(t)
	p.register()
	id := p.desktop("fujita.kouhei", types.RunningModeAlwaysOn)
	p.settle(id, desktops.Outcome{})
	reboot := &sdk.RebootWorkspacesInput{RebootWorkspaceRequests: []types.RebootRequest{{WorkspaceId: &id}}}
	for range 600 {
		must[sdk.RebootWorkspacesOutput](p, "RebootWorkspaces", reboot)
		p.settle(id, desktops.Outcome{})
	}
	all, _, err := p.room.Happenings(t.Context(), account, region, id, "", 5000)
	if err != nil || len(all) < 1000 || len(all) > 1100 || all[len(all)-1].State != "AVAILABLE" {
		t.Errorf("want the last thousand of 1202 changes, got %d, %v", len(all), err)
	}
}

// TestUsageIsRead pages through desktops that are there, that are gone, and that
// were never there in the month.
func TestUsageIsRead(t *testing.T) {
	p := open(t)
	p.register()
	p.hire("a.a", "b.b", "c.c", "d.d", "e.e")
	want := map[string]time.Duration{}
	for i, user := range []string{"a.a", "b.b", "c.c", "d.d", "e.e"} {
		id := p.desktop(user, types.RunningModeAutoStop)
		switch i {
		case 1: // it stays PENDING
			continue
		case 2: // it is gone after two hours
			p.settle(id, desktops.Outcome{})
			p.clock.Advance(2 * time.Hour)
			must[sdk.TerminateWorkspacesOutput](p, "TerminateWorkspaces", &sdk.TerminateWorkspacesInput{TerminateWorkspaceRequests: []types.TerminateRequest{{WorkspaceId: &id}}})
			p.settle(id, desktops.Outcome{})
			want[id] = 2 * time.Hour
			for other := range want {
				if other != id {
					want[other] += 2 * time.Hour
				}
			}
			continue
		}
		p.settle(id, desktops.Outcome{})
		want[id] = 0
	}
	p.clock.Advance(time.Hour)
	for _, size := range []int{1, 2, 3, 100} {
		got := map[string]time.Duration{}
		for place := ""; ; {
			page, next, err := p.room.Usage(t.Context(), account, region, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), "", place, size)
			if err != nil || len(page) > size {
				t.Fatalf("a page of %d: %d, %v", size, len(page), err)
			}
			for _, u := range page {
				if _, twice := got[u.Desktop]; twice {
					t.Errorf("pages of %d: %s comes twice", size, u.Desktop)
				}
				got[u.Desktop] = u.Running
				if u.Open {
					got[u.Desktop] -= time.Hour
				}
			}
			if place = next; place == "" {
				break
			}
		}
		same(t, fmt.Sprintf("pages of %d", size), want, got)
	}
}
