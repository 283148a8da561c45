package office

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/policy"
)

func allowed(d *policy.Document, action, resource string) bool {
	return d.Evaluate(action, resource) == policy.Allow
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// site is a machine from which the commands are run on a house.
type site struct {
	t     *testing.T
	house *house
	dir   string
}

// onSite runs a test in a time of its own in which waiting takes none.
func onSite(t *testing.T, f func(*testing.T, *site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(t, &site{t, newHouse(t), t.TempDir()}) })
}

func (s *site) run(ctx context.Context, do func(*office, context.Context) error) (string, error) {
	s.t.Helper()
	memory, err := shelf.In(func(string) string { return s.dir })
	if err != nil {
		s.t.Fatal(err)
	}
	var out bytes.Buffer
	w := account.World{Clock: clock.Real{}, Rand: rand.Reader, Location: time.UTC}
	o := &office{
		hands: s.house.hands(caller{house: s.house, name: "administrator"}), world: w, shelf: memory, timeout: time.Hour,
		target: shelf.Target{Region: "ap-northeast-1", Endpoint: "http://127.0.0.1:4566"},
		talk:   &talk{out: &out, lang: report.English, clock: w.Clock, began: w.Clock.Now()},
	}
	err = o.open(ctx)
	if err == nil {
		err = do(o, ctx)
	}
	return out.String(), err
}

func (s *site) up() string {
	s.t.Helper()
	out, err := s.run(s.t.Context(), (*office).up)
	if err != nil {
		s.t.Fatalf("office up: %v\n%s", err, out)
	}
	return out
}

func (s *site) states() map[string]string {
	out := map[string]string{}
	for _, w := range s.house.desktops {
		out[*w.UserName] = string(w.State)
	}
	return out
}

var afterTheNight = map[string]string{"yamada.taro": "AVAILABLE", "fujita.kouhei": "ERROR", "nakamura.yuri": "ERROR"}

func (s *site) wantOffice() {
	s.t.Helper()
	see := caller{house: s.house}
	if _, err := see.DescribeWorkspaces(s.t.Context(), &workspaces.DescribeWorkspacesInput{}); err != nil { // desktops pass on when looked at
		s.t.Fatal(err)
	}
	if got := s.states(); !maps.Equal(got, afterTheNight) {
		s.t.Errorf("want desktops %v, got %v", afterTheNight, got)
	}
	for _, p := range append([]Person{{Account: serviceAccount}}, people...) {
		if u := s.house.users[p.Account]; u == nil || !u.enabled || !u.password {
			s.t.Errorf("want %s enabled with a password, got %+v", p.Account, u)
		}
	}
}

func TestUpMakesTheOffice(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		out := s.up()
		s.wantOffice()
		tail := s.house.changes[len(s.house.changes)-4:]
		want := []string{
			"office-night DisableUser", "office-night CreateWorkspaces", "office-night ResetUserPassword", "administrator CreateWorkspaces",
		}
		if !slices.Equal(tail, want) {
			t.Errorf("want the night to be %v, got %v", want, tail)
		}
		if s.house.users["takeda.hanako"] != nil || s.house.users["takeda.haneko"] == nil {
			t.Error("want takeda.haneko in the directory and takeda.hanako not")
		}
		last := 0
		for _, m := range regexp.MustCompile(`(?m)^\[(\d)/9 +\d+% +\d+:\d\d\] \S`).FindAllStringSubmatch(out, -1) {
			if at := int(m[1][0] - '0'); at < last || at > last+1 {
				t.Errorf("want steps in order, got %d after %d in\n%s", at, last, out)
			} else {
				last = at
			}
		}
		if last != 9 || !strings.Contains(out, "100%") {
			t.Errorf("want nine steps to 100%%, got\n%s", out)
		}
	})
}

func TestUpAgainKeepsWhatIsThere(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		s.up()
		before := len(s.house.changes)
		s.up()
		if made := s.house.changes[before:]; len(made) > 0 {
			t.Errorf("want a second run to change nothing, got %v", made)
		}
		// The record lost, the office is known by its description.
		if err := os.RemoveAll(s.dir); err != nil {
			t.Fatal(err)
		}
		s.up()
		for _, made := range s.house.changes[before:] {
			if made != "administrator CreateUser" { // tried, and there already
				t.Errorf("want nothing made anew without the record, got %s", made)
			}
		}
		s.wantOffice()
	})
}

func TestUpAfterTheMorningLeavesTheRepairAlone(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		s.up()
		for _, w := range s.house.desktops {
			w.State = types.WorkspaceStateAvailable
		}
		before := len(s.house.changes)
		s.up()
		if made := s.house.changes[before:]; len(made) > 0 {
			t.Errorf("want nothing changed, got %v", made)
		}
	})
}

// TestUpGoesOnAfterEveryInterruption breaks the run off at each call that
// changes something, and runs it again.
func TestUpGoesOnAfterEveryInterruption(t *testing.T) {
	for _, operation := range []string{
		"CreateDirectory", "CreateUser", "ResetUserPassword", "RegisterWorkspaceDirectory", "CreateWorkspaces", "GetFederationToken", "DisableUser",
	} {
		for n := 1; n <= 8; n++ {
			onSite(t, func(t *testing.T, s *site) {
				left := n
				s.house.fault = func(op string) error {
					if op == operation {
						if left--; left == 0 {
							return errors.New("the line broke")
						}
					}
					return nil
				}
				_, err := s.run(t.Context(), (*office).up)
				if (err != nil) != (left <= 0) {
					t.Errorf("%s number %d: want a failure exactly when the call was made, got %v", operation, n, err)
				}
				s.up()
				s.wantOffice()
			})
		}
	}
}

func TestUpSaysThatAPlaneDoesNotJoin(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		s.house.joinsNot = true
		out, err := s.run(t.Context(), (*office).up)
		if err == nil || !strings.Contains(err.Error(), "does not join desktops to the directory") {
			t.Errorf("want it said that desktops are not joined, got %v\n%s", err, out)
		}
	})
}

func TestPasswordsAreNeverShown(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		out := s.up()
		files, _ := filepath.Glob(filepath.Join(s.dir, "tamachi", "desk", "*"))
		if len(files) != 1 {
			t.Fatalf("want one record, got %v", files)
		}
		kept, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for where, text := range map[string]string{"the output": out, "the record": string(kept)} {
			if strings.Contains(text, "aA1-") {
				t.Errorf("want no password in %s, got\n%s", where, text)
			}
		}
	})
}

func TestDown(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*house)
		gone   bool // the directory
		want   string
	}{
		{"all of it where the plane can", func(*house) {}, true, "the office is closed"},
		{
			"what the plane cannot undo stays",
			func(h *house) { h.lacks = []string{"DeregisterWorkspaceDirectory"} },
			false, "stays: directory d-9067012345 with its 7 people (workspaces:DeregisterWorkspaceDirectory is not answered",
		},
		{
			"others' desktops are not touched",
			func(h *house) {
				h.desktops = append(h.desktops, &types.Workspace{
					WorkspaceId: aws.String("ws-others000"), DirectoryId: aws.String("d-9067012345"), UserName: aws.String("reina"), State: types.WorkspaceStateAvailable,
				}, &types.Workspace{
					WorkspaceId: aws.String("ws-foreign00"), DirectoryId: aws.String("d-9067099999"), UserName: aws.String("yamada.taro"), State: types.WorkspaceStateAvailable,
				})
			},
			false, "1 desktop in it not made by the office: reina",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			onSite(t, func(t *testing.T, s *site) {
				s.up()
				row.change(s.house)
				before := len(s.house.desktops)
				out, err := s.run(t.Context(), (*office).down)
				if err != nil || !strings.Contains(out, row.want) {
					t.Errorf("want %q, got %v\n%s", row.want, err, out)
				}
				if left := len(s.house.desktops); left != before-3 {
					t.Errorf("want three desktops gone of %d, %d left", before, left)
				}
				if gone := s.house.directory == nil; gone != row.gone {
					t.Errorf("want the directory gone %t, got %t", row.gone, gone)
				}
				s.house.desktops = nil
				s.up() // an office that was closed can be opened again
				s.wantOffice()
			})
		})
	}
}

// TestDownGoesOnAfterEveryInterruption breaks the run off before and after each
// call that changes something, and runs it again.
func TestDownGoesOnAfterEveryInterruption(t *testing.T) {
	for _, operation := range []string{"TerminateWorkspaces", "DeregisterWorkspaceDirectory", "DeleteDirectory"} {
		for _, after := range []bool{false, true} {
			onSite(t, func(t *testing.T, s *site) {
				s.up()
				if after {
					s.house.lost = operation
				} else {
					s.house.fault = func(op string) error {
						if op != operation {
							return nil
						}
						s.house.fault = nil
						return errors.New("the line broke")
					}
				}
				if out, err := s.run(t.Context(), (*office).down); err == nil {
					t.Errorf("%s, after its effect %t: want a failure, got\n%s", operation, after, out)
				}
				out, err := s.run(t.Context(), (*office).down)
				if err != nil || !strings.Contains(out, "the office is closed") {
					t.Errorf("%s, after its effect %t: want the rest removed, got %v\n%s", operation, after, err, out)
				}
				if h := s.house; h.directory != nil || h.state != "" || len(h.users) > 0 || len(h.desktops) > 0 {
					t.Errorf("%s, after its effect %t: want nothing left, got %+v", operation, after, h)
				}
				if out, err = s.run(t.Context(), (*office).down); err != nil || !strings.Contains(out, "nothing was touched") {
					t.Errorf("a third time: want nothing touched, got %v\n%s", err, out)
				}
			})
		}
	}
}

func TestDownTouchesNothingThatItDidNotMake(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		s.house.directory = &dstypes.DirectoryDescription{
			DirectoryId: aws.String("d-9067055555"), Name: aws.String(domain), Description: aws.String(description), Stage: dstypes.DirectoryStageActive,
		}
		out, err := s.run(t.Context(), (*office).down)
		if err != nil || len(s.house.changes) > 0 || !strings.Contains(out, "left alone") {
			t.Errorf("want it left alone, got %v, %v\n%s", err, s.house.changes, out)
		}
		s.house.directory = nil
		if out, err = s.run(t.Context(), (*office).down); err != nil || !strings.Contains(out, "nothing was touched") {
			t.Errorf("want nothing touched, got %v\n%s", err, out)
		}
	})
}

func TestOfficeIsNotMadeOnAWS(t *testing.T) {
	home := t.TempDir()
	for k, v := range map[string]string{
		"AWS_ENDPOINT_URL": "", "AWS_REGION": "ap-northeast-1", "AWS_PROFILE": "", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials",
	} {
		t.Setenv(k, v)
	}
	for _, verb := range []string{"up", "down"} {
		cmd := Command(account.World{Getenv: os.Getenv, Clock: clock.Real{}, Rand: rand.Reader, Location: time.UTC})
		cmd.SetArgs([]string{verb})
		err := cmd.ExecuteContext(t.Context())
		coded, ok := err.(interface{ ExitCode() int })
		if !ok || coded.ExitCode() != report.Misuse || !strings.Contains(err.Error(), "AWS itself") {
			t.Errorf("office %s: want exit 2 and why, got %v", verb, err)
		}
	}
}

// Ctrl-C in a wait says how it goes on.
func TestAWaitThatIsStoppedSaysSo(t *testing.T) {
	onSite(t, func(t *testing.T, s *site) {
		ctx, stop := context.WithCancel(t.Context())
		s.house.fault = func(op string) error {
			if op == "DescribeDirectories" {
				stop()
			}
			return nil
		}
		if _, err := s.run(ctx, (*office).up); err == nil || err.Error() != "stopped; the same command goes on from here" {
			t.Errorf("want the way on, got %v", err)
		}
		s.house.fault = nil
		s.up()
	})
}
