package duties

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/clock"
	"tamachi/internal/desk/linetest"
)

// asChild is the variable by which this program is a terminal: its words, in JSON.
const asChild = "DUTIES_TERMINAL"

func TestMain(m *testing.M) {
	if words := os.Getenv(asChild); words != "" {
		os.Exit(child(words))
	}
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil { // they wait, and do not compute
		panic(err)
	}
	os.Exit(m.Run())
}

// child runs one command as the program does, which Ctrl-C interrupts.
func child(words string) int {
	var args []string
	if err := json.Unmarshal([]byte(words), &args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	heard := os.NewFile(3, "heard")
	defer context.AfterFunc(ctx, func() { heard.Close() })()
	s := desk{home: os.Getenv("XDG_STATE_HOME"), now: clock.Real{}}.run(ctx, args...)
	fmt.Print(s.out, s.errs)
	return s.code
}

// interrupted is a run that Ctrl-C meets at one of its calls.
type interrupted struct {
	deed
	at, subject, profile, home string
	line                       *linetest.Line
	first, then                said
}

// run runs the duty in a process of its own, with SIGINT in the moment in which a
// call is on its way; then the plan that it left.
func (r *interrupted) run(t *testing.T, f *fleet) {
	words, err := json.Marshal(append(r.args(f, r.subject), "--profile", r.profile))
	if err != nil {
		t.Error(err)
		return
	}
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), asChild+"="+string(words), "XDG_STATE_HOME="+r.home)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	heard, theirs, err := os.Pipe() // they close it when the signal is there
	if err != nil {
		t.Error(err)
		return
	}
	defer heard.Close()
	c.ExtraFiles = []*os.File{theirs}
	started := make(chan struct{})
	var once, look sync.Once
	r.line.On(func(operation string) {
		looks := false
		if operation == r.at && r.looks {
			look.Do(func() { looks = true })
		}
		if operation != r.at || looks {
			return
		}
		once.Do(func() {
			<-started
			if err := c.Process.Signal(os.Interrupt); err != nil {
				t.Errorf("interrupt: %v", err)
			}
			_, _ = heard.Read(make([]byte, 1)) // until its end
		})
	})
	err = c.Start()
	if err != nil {
		t.Error(err)
	}
	theirs.Close()
	close(started)
	err = c.Wait()
	r.first = said{out: out.String()}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		r.first.code = exit.ExitCode()
	}
	if id := planned.FindString(r.first.out); id != "" && r.first.code == 1 {
		r.then = desk{home: r.home, now: clock.Real{}}.run(t.Context(), "plan", "apply", id, "--yes")
	}
}

var planned = regexp.MustCompile(`\bp-[0-9a-f]{10,}`)

// Ctrl-C in the middle of any call that changes something leaves nothing half
// done: the call is ended and written down, the program says how to go on, and
// what goes on makes nothing twice.
func ctrlCInEachChange(t *testing.T, p *profiles) {
	var runs []*interrupted
	for _, d := range applies {
		for _, at := range d.writes {
			runs = append(runs, &interrupted{deed: d, at: at, home: t.TempDir()})
		}
	}
	f := open(t, 2+len(runs))
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	for i, r := range runs {
		r.subject, r.profile = user(1+i), fmt.Sprintf("stop-%d", i)
		if r.name == "joiner" {
			r.subject = fmt.Sprintf("new.%02d", i)
		}
		f.ready(r.name, r.subject)
		r.line = linetest.Between(t, *f.Config().BaseEndpoint, linetest.None)
		p.add(r.profile, keys, f.Config().Region, r.line.URL)
	}
	f.moved()
	began := time.Now()
	var all sync.WaitGroup
	for _, r := range runs {
		all.Go(func() { r.run(t, f) })
	}
	all.Wait()
	f.follow(f.settle(workspaces.NewFromConfig(f.Config())))
	asked := f.asked(began)
	for _, r := range runs {
		t.Run(r.name+", in "+r.at, func(t *testing.T) {
			if r.first.code != 1 || !strings.Contains(r.first.out, "stopped between two calls") {
				t.Errorf("want it stopped, got %s", r.first)
			}
			if r.then.code != 0 {
				t.Errorf("want it done by going on, got %s after %s", r.then, r.first)
			}
			for _, operation := range r.writes {
				if n := asked[operation+" "+r.subject]; n != 1 {
					t.Errorf("want %s once, got it %d times: %s%s", operation, n, r.first, r.then)
				}
			}
		})
	}
}

// All calls of a duty together, in each account and Region and those that are made
// again, are no more than --rate says.
func theRateHoldsForAll(t *testing.T, p *profiles) {
	f := open(t, 4)
	keys, err := f.Config().Credentials.Retrieve(t.Context())
	f.must(keys, err)
	const perSecond = 25
	for i, row := range []struct {
		name  string
		fault linetest.Fault
		args  []string
		least int // calls
	}{
		{"two Regions that fail", linetest.Fail, []string{"morning", "--region", "ap-northeast-1,us-east-1"}, 20},
		{"a change, and what was read for it", linetest.None, []string{"leaver", user(1), "--apply", "--yes"}, 12},
		{"a question about rights", linetest.Fail, []string{"guard", "who-can", "ssm:PutParameter", "*"}, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			line := linetest.Between(t, *f.Config().BaseEndpoint, row.fault)
			profile := fmt.Sprintf("rate-%d", i)
			p.add(profile, keys, f.Config().Region, line.URL)
			got := desk{home: t.TempDir(), now: clock.Real{}}.run(t.Context(), append(row.args, "--profile", profile, "--rate", fmt.Sprint(perSecond))...)
			times := line.Times()
			if got.code > 1 || len(times) < row.least {
				t.Fatalf("want %d calls at least, got %d of %s", row.least, len(times), got)
			}
			// One may be late and the next in time; over the whole they are not closer.
			if took, least := times[len(times)-1].Sub(times[0]), time.Duration(len(times)-2)*time.Second/perSecond; took < least {
				t.Errorf("want %d calls in %s at least, got them in %s", len(times), least, took)
			}
		})
	}
}
