package morning

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/duty"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/shelf"
)

const (
	fujita   = "fujita.kouhei"
	nakamura = "nakamura.yuri"
)

// storyShop runs a test in the story's account, in a time of its own in which
// waiting takes none.
func storyShop(t *testing.T, f func(*testing.T, *shop)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, newShop(t, fujita, nakamura)) })
}

func wantIn(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("want %q in %s, got:\n%s", p, what, text)
		}
	}
}

func wantStates(t *testing.T, s *shop, want map[string]string) {
	t.Helper()
	if got := s.states(); !maps.Equal(got, want) {
		t.Errorf("want desktops %v, got %v", want, got)
	}
}

func TestCheckFindsTheStory(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		code, out, _ := s.run(t.Context(), Flags{}, "")
		if code != 1 {
			t.Errorf("want exit 1, got %d", code)
		}
		wantIn(t, "the output", out,
			"2 desktops in ERROR: fujita.kouhei, nakamura.yuri\n  why: created ",
			"joining directory "+directoryID+" failed: bind as svc-workspaces refused;\n       DisableUser svc-workspaces at ",
			" by office-night; the account is enabled again since ",
			"\n  fix: tamachi morning --fix   terminates 2, creates 2 (bundle "+bundleID+", AUTO_STOP), waits, verifies\n")
	})
}

func TestFixReplacesTheDesktops(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		code, out, errs := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 0 {
			t.Fatalf("want exit 0, got %d: %s", code, errs)
		}
		wantStates(t, s, map[string]string{fujita: "AVAILABLE", nakamura: "AVAILABLE"})
		wantIn(t, "the output", out, "plan: terminate 2, create 2", "are deleted and cannot be restored", "2 desktops AVAILABLE in ")
		for _, d := range s.cloud.desktops {
			if len(d.tags) != 1 || *d.tags[0].Value != "sales" || *d.BundleId != bundleID || d.WorkspaceProperties.RunningMode != types.RunningModeAutoStop {
				t.Errorf("want bundle, mode and tags kept, got %+v with %v", d.Workspace, d.tags)
			}
		}
		if kept := s.plans(); len(kept) != 1 || kept[0].Count(plan.Applied) != 4 {
			t.Errorf("want one plan, with its four steps done, got %+v", kept)
		}
		code, out, _ = s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 0 || s.cloud.calls["TerminateWorkspaces"] != 1 {
			t.Errorf("want a second run to do nothing and exit 0, got %d after %d TerminateWorkspaces", code, s.cloud.calls["TerminateWorkspaces"])
		}
		wantIn(t, "the second output", out, "all well")
		if strings.Count(out, "\n") != 1 {
			t.Errorf("want one line on a healthy morning, got:\n%s", out)
		}
	})
}

func TestFixAsks(t *testing.T) {
	for _, row := range []struct {
		name, answer string
		changed      bool
	}{
		{"yes goes on", "y\n", true},
		{"yes in Japanese goes on", "はい\n", true},
		{"no changes nothing", "n\n", false},
		{"an empty line changes nothing", "\n", false},
		{"the end of input changes nothing", "", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			storyShop(t, func(t *testing.T, s *shop) {
				code, _, errs := s.run(t.Context(), Flags{Fix: true}, row.answer)
				wantIn(t, "the question", errs, "Apply this plan? [y/N]")
				if changed := s.cloud.calls["TerminateWorkspaces"] > 0; changed != row.changed || (code == 0) != row.changed {
					t.Errorf("want changed %t, got %t with exit %d", row.changed, changed, code)
				}
			})
		})
	}
}

func TestFixRefusesWhileTheCauseIsThere(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.off["svc-workspaces"] = true
		code, out, _ := s.run(t.Context(), Flags{Fix: true, Yes: true, Anyway: true}, "")
		if code != 1 || s.cloud.calls["TerminateWorkspaces"] > 0 {
			t.Errorf("want exit 1 and nothing terminated, got %d, %d", code, s.cloud.calls["TerminateWorkspaces"])
		}
		wantIn(t, "the output", out, "the account is still disabled", "aws ds reset-user-password --directory-id "+directoryID, "nothing to repair")
	})
}

func TestFixOfAnUnknownCauseNeedsAnyway(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		for _, d := range s.cloud.desktops {
			d.ErrorMessage = aws.String("no capacity")
		}
		if code, _, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, ""); code != 1 || s.cloud.calls["TerminateWorkspaces"] > 0 {
			t.Errorf("want exit 1 and nothing terminated, got %d, %d", code, s.cloud.calls["TerminateWorkspaces"])
		}
		if code, _, errs := s.run(t.Context(), Flags{Fix: true, Yes: true, Anyway: true}, ""); code != 0 {
			t.Errorf("want exit 0 with --anyway, got %d: %s", code, errs)
		}
		wantStates(t, s, map[string]string{fujita: "AVAILABLE", nakamura: "AVAILABLE"})
	})
}

// TestFixGoesOnAfterEveryInterruption breaks the repair off at each call that
// changes something, before and after its effect, and runs it again.
func TestFixGoesOnAfterEveryInterruption(t *testing.T) {
	for _, operation := range []string{"TerminateWorkspaces", "CreateWorkspaces", "DescribeWorkspaces"} {
		for _, when := range []string{"before", "after"} {
			for n := 1; n <= 8; n++ {
				t.Run(fmt.Sprintf("%s number %d, %s its effect", operation, n, when), func(t *testing.T) {
					storyShop(t, func(t *testing.T, s *shop) { interrupt(t, s, operation, when, n) })
				})
			}
		}
	}
}

func interrupt(t *testing.T, s *shop, operation, when string, n int) {
	t.Helper()
	breaks := func(op string, i int) error {
		if op == operation && i == n {
			return errors.New("the line broke")
		}
		return nil
	}
	if when == "before" {
		s.cloud.fault = breaks
	} else {
		s.cloud.after = breaks
	}
	first, _, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
	reached := s.cloud.calls[operation] >= n
	if reached != (first != 0) {
		t.Fatalf("want a failure exactly when the call was made (%t), got exit %d", reached, first)
	}
	s.cloud.fault, s.cloud.after = nil, nil
	if missing := 2 - len(s.states()); missing > 0 {
		code, out, _ := s.run(t.Context(), Flags{}, "")
		if code != 1 {
			t.Errorf("want the check to tell of users without a desktop, got exit %d", code)
		}
		wantIn(t, "the check", out, "a repair was interrupted")
	}
	for range 3 { // a desktop that is on its way is waited for by the next check
		if code, _, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, ""); code == 0 {
			break
		}
	}
	s.run(t.Context(), Flags{}, "")
	s.run(t.Context(), Flags{}, "")
	wantStates(t, s, map[string]string{fujita: "AVAILABLE", nakamura: "AVAILABLE"})
	for _, d := range s.cloud.desktops {
		if len(d.tags) != 1 {
			t.Errorf("want %s to keep its tag, got %v", *d.UserName, d.tags)
		}
	}
	if len(s.cloud.desktops) != 2 {
		t.Errorf("want one desktop each, got %d", len(s.cloud.desktops))
	}
}

func TestFixStopsWhenItIsInterrupted(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		ctx, cancel := context.WithCancel(t.Context())
		s.cloud.after = func(op string, _ int) error {
			if op == "TerminateWorkspaces" {
				cancel()
			}
			return nil
		}
		code, _, errs := s.run(ctx, Flags{Fix: true, Yes: true}, "")
		if code != 1 || s.cloud.calls["CreateWorkspaces"] > 0 {
			t.Errorf("want exit 1 and nothing created, got %d, %d", code, s.cloud.calls["CreateWorkspaces"])
		}
		wantIn(t, "the error", errs, "stopped between two calls; tamachi morning --fix goes on")
		if kept := s.plans(); len(kept) != 1 || kept[0].Count(plan.Asked) != 2 {
			t.Errorf("want one plan with two desktops asked to go, got %+v", kept)
		}
	})
}

func TestFixShowsWhatFailed(t *testing.T) {
	for _, row := range []struct {
		name  string
		fault func(string, int) error
		want  string
	}{
		{"a denied terminate names the action", onceFor("TerminateWorkspaces", "AccessDeniedException"), "workspaces:TerminateWorkspaces is denied"},
		{"a denied create names the action", onceFor("CreateWorkspaces", "AccessDeniedException"), "workspaces:CreateWorkspaces is denied"},
		{"tags that may not be read stop it before anything is changed", onceFor("DescribeTags", "AccessDeniedException"), "workspaces:DescribeTags is denied"},
		{"throttling beyond all retries is said", onceFor("TerminateWorkspaces", "ThrottlingException"), "throttled again and again"},
	} {
		t.Run(row.name, func(t *testing.T) {
			storyShop(t, func(t *testing.T, s *shop) {
				s.cloud.fault = row.fault
				code, out, errs := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
				if code != 1 {
					t.Errorf("want exit 1, got %d", code)
				}
				wantIn(t, "the error", out+errs, row.want)
			})
		})
	}
}

// plans are the repairs that were kept.
func (s *shop) plans() []*plan.Record {
	s.t.Helper()
	memory, err := shelf.In(s.world.Getenv)
	if err != nil {
		s.t.Fatal(err)
	}
	all, err := plan.In(memory).List()
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func onceFor(operation, code string) func(string, int) error {
	return func(op string, _ int) error {
		if op == operation {
			return apiError(code)
		}
		return nil
	}
}

func TestFixWithoutTagsSaysSo(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.fault = onceFor("DescribeTags", "UnknownOperationException")
		code, out, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 0 {
			t.Errorf("want exit 0, got %d", code)
		}
		wantIn(t, "the plan", out, "this endpoint does not answer DescribeTags")
	})
}

func TestFixLeavesADesktopThatRecovered(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.after = func(op string, _ int) error {
			if op == "DescribeTags" { // between the plan and its execution
				s.cloud.desktops[0].State = types.WorkspaceStateAvailable
			}
			return nil
		}
		kept := *s.cloud.desktops[0].WorkspaceId
		code, out, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 1 || *s.cloud.desktops[0].WorkspaceId != kept {
			t.Errorf("want exit 1 and %s kept, got %d, %s", kept, code, *s.cloud.desktops[0].WorkspaceId)
		}
		wantIn(t, "the outcome", out, "the desktop is AVAILABLE now, not in ERROR", "1 of 2 desktops not repaired")
	})
}

func TestFixThatMeetsTheCauseAgain(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.after = func(op string, _ int) error {
			s.cloud.off["svc-workspaces"] = s.cloud.off["svc-workspaces"] || op == "TerminateWorkspaces"
			return nil
		}
		code, out, _ := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 1 {
			t.Errorf("want exit 1, got %d", code)
		}
		wantIn(t, "the outcome", out, "DomainJoin.ServiceAccountRefused", "2 of 2 desktops not repaired")
	})
}

func TestFixGivesUpWaiting(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		s.cloud.after = func(op string, _ int) error {
			for _, d := range s.cloud.desktops {
				d.looks = max(d.looks, 2)
			}
			return nil
		}
		began := time.Now()
		code, out, _ := s.run(t.Context(), Flags{Fix: true, Yes: true, Timeout: 3 * time.Minute}, "")
		if took := time.Since(began); code != 1 || took < 3*time.Minute || took > 4*time.Minute {
			t.Errorf("want exit 1 after 3 minutes, got %d after %s", code, took)
		}
		wantIn(t, "the outcome", out, "not done after 3m0s", "2 of 2 desktops not repaired")
	})
}

func TestFixWorksInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var users []string
		for i := range 60 {
			users = append(users, fmt.Sprintf("user.%02d", i))
		}
		s := newShop(t, users...)
		code, _, errs := s.run(t.Context(), Flags{Fix: true, Yes: true}, "")
		if code != 0 {
			t.Fatalf("want exit 0, got %d: %s", code, errs)
		}
		for _, op := range []string{"TerminateWorkspaces", "CreateWorkspaces"} {
			if got := s.cloud.calls[op]; got != 3 {
				t.Errorf("want 3 calls of %s for 60 desktops, got %d", op, got)
			}
		}
	})
}

func TestFixAsJSONIsOneDocument(t *testing.T) {
	storyShop(t, func(t *testing.T, s *shop) {
		_, out, errs := s.run(t.Context(), Flags{Options: duty.Options{JSON: true}, Fix: true, Yes: true}, "")
		var got struct {
			Findings []struct{ Kind string }
			Repair   struct{ Replacements []struct{ Old string } }
			Outcomes []struct {
				New  string
				Good bool
			}
		}
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatalf("%v in:\n%s", err, out)
		}
		if len(got.Findings) != 1 || len(got.Repair.Replacements) != 2 || len(got.Outcomes) != 2 || !got.Outcomes[1].Good {
			t.Errorf("want one finding and two good outcomes, got %+v", got)
		}
		wantIn(t, "what a person reads", errs, "2 desktops AVAILABLE")
	})
}
