package e2e

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trail "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/store"
)

// kills is how often the plane is killed; `make crash` asks for 200.
const kills = 12

// TestNothingAnsweredIsLost kills the plane at random moments while writers, in
// this process, note what it answered. After each start every answered write is
// there, whole; at the end so are its events in the feed and in the trail.
func TestNothingAnsweredIsLost(t *testing.T) {
	t.Parallel()
	rounds, moment := strikes(t)
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	writers := make([]*writer, 8)
	for i := range writers {
		writers[i] = &writer{name: fmt.Sprintf("/crash/w%d", i)}
	}
	for round := range rounds {
		v.start(t)
		client := ssm.NewFromConfig(v.config)
		for _, w := range writers {
			w.check(t, client)
		}
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		var steps []func(context.Context) error
		for _, w := range writers {
			steps = append(steps, func(ctx context.Context) error { return w.write(ctx, client) })
		}
		write(t, steps, func() {
			moment()
			v.kill(t)
		})
	}
	v.feed(t, writers)
	v.start(t)
	v.trail(t, writers)
	total := 0
	for _, w := range writers {
		w.check(t, ssm.NewFromConfig(v.config))
		total += len(w.answered)
	}
	if total < rounds {
		t.Errorf("%d writes were answered in %d rounds: the test shows nothing", total, rounds)
	}
	t.Logf("%d answered writes", total)
}

// strikes is how often the plane is killed, and waits for the moment of each.
func strikes(t *testing.T) (rounds int, moment func()) {
	rounds = kills
	if n, err := strconv.Atoi(os.Getenv("TAMACHI_KILLS")); err == nil {
		rounds = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("%d kills, seed %d", rounds, seed)
	random := rand.New(rand.NewPCG(seed, 1))
	return rounds, func() { <-time.After(time.Duration(random.IntN(400)) * time.Millisecond) }
}

// write lets all writers do step after step until they meet the end that kill
// brings.
func write(t *testing.T, steps []func(context.Context) error, kill func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, step := range steps {
		wg.Go(func() {
			for ctx.Err() == nil && step(ctx) == nil {
			}
		})
	}
	kill()
	cancel()
	wg.Wait()
}

// writer writes one parameter again and again and a new one each time, and
// keeps its own list of what was answered.
type writer struct {
	name     string
	tried    int // attempts on the parameter of its own
	version  int64
	value    string // what the answer with that version was about
	answered []string
}

func (w *writer) write(ctx context.Context, client *ssm.Client) error {
	w.tried++
	value := fmt.Sprintf("attempt %d", w.tried)
	out, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: &w.name, Value: &value, Type: types.ParameterTypeString, Overwrite: aws.Bool(true)})
	if err != nil {
		return err
	}
	w.version, w.value = out.Version, value
	fresh := fmt.Sprintf("%s/%d", w.name, w.tried)
	if _, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: &fresh, Value: &value, Type: types.ParameterTypeString}); err != nil {
		return err
	}
	w.answered = append(w.answered, fresh)
	return nil
}

// check looks for everything that was answered. The one write that was under
// way may have happened or not, but wholly.
func (w *writer) check(t *testing.T, client *ssm.Client) {
	t.Helper()
	if w.version == 0 {
		return
	}
	out, err := client.GetParameter(t.Context(), &ssm.GetParameterInput{Name: &w.name})
	if err != nil {
		t.Errorf("%s: %v", w.name, err)
		return
	}
	got, version := aws.ToString(out.Parameter.Value), out.Parameter.Version
	last := fmt.Sprintf("attempt %d", w.tried)
	switch {
	case version == w.version && got == w.value: // the last answer
	case version == w.version+1 && got == last: // and the write under way
		w.version, w.value = version, got
	default:
		t.Errorf("%s has version %d %q; answered was %d %q, under way %q", w.name, version, got, w.version, w.value, last)
	}
	for from := max(0, len(w.answered)-100); from < len(w.answered); from += 10 {
		batch := w.answered[from:min(from+10, len(w.answered))]
		out, err := client.GetParameters(t.Context(), &ssm.GetParametersInput{Names: batch})
		if err != nil || len(out.InvalidParameters) > 0 {
			t.Errorf("answered, but not there: %v (%v)", out.InvalidParameters, err)
		}
	}
}

// victim is the plane that is killed.
type victim struct {
	data   string
	cmd    *exec.Cmd
	config aws.Config
}

func (v *victim) start(t *testing.T) {
	t.Helper()
	v.cmd = exec.Command(binary, "serve", "--data", v.data, "--listen", "127.0.0.1:0", "--image", "small")
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready ") {
		t.Fatalf("the plane says %q (%v), want ready", line, err)
	}
	text, err := os.ReadFile(filepath.Join(v.data, "aws", "access.json"))
	if err != nil {
		t.Fatal(err)
	}
	var access struct{ HTTP, Region, AccessKeyID, SecretAccessKey string }
	if err := json.Unmarshal(text, &access); err != nil {
		t.Fatal(err)
	}
	v.config = aws.Config{
		Region: access.Region, BaseEndpoint: &access.HTTP, RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: &apitest.Steady{}},
		Credentials: credentials.NewStaticCredentialsProvider(access.AccessKeyID, access.SecretAccessKey, ""),
	}
}

func (v *victim) kill(t *testing.T) {
	t.Helper()
	if v.cmd == nil {
		return
	}
	if err := v.cmd.Process.Kill(); err != nil {
		t.Errorf("kill the plane: %v", err)
	}
	_ = v.cmd.Wait() // that it was killed is no news
	v.cmd = nil
}

func (v *victim) remove(t *testing.T) {
	t.Helper()
	v.kill(t)
	if out, err := exec.Command(binary, "destroy", "--data", v.data, "--yes").CombinedOutput(); err != nil {
		t.Errorf("destroy: %v: %s", err, out)
	}
}

// feed looks for a change of each answered record, in the file of the plane
// that was killed.
func (v *victim) feed(t *testing.T, writers []*writer) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Path: filepath.Join(v.data, "tamachi.db")})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := st.Changes(t.Context(), "", 0, "ssm.parameters")
	if err := errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range changes {
		seen[c.Key] = true
	}
	for _, w := range writers {
		for _, name := range w.answered {
			if !seen[name] {
				t.Errorf("the feed has no change of %s, which was answered", name)
			}
		}
	}
}

// trail looks for the event of each answered call.
func (v *victim) trail(t *testing.T, writers []*writer) {
	t.Helper()
	seen := map[string]bool{}
	pages := cloudtrail.NewLookupEventsPaginator(cloudtrail.NewFromConfig(v.config), &cloudtrail.LookupEventsInput{
		LookupAttributes: []trail.LookupAttribute{{AttributeKey: trail.LookupAttributeKeyEventName, AttributeValue: aws.String("PutParameter")}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			var record struct{ RequestParameters struct{ Name string } }
			if err := json.Unmarshal([]byte(aws.ToString(e.CloudTrailEvent)), &record); err != nil {
				t.Fatal(err)
			}
			seen[record.RequestParameters.Name] = true
		}
	}
	for _, w := range writers {
		for _, name := range w.answered {
			if !seen[name] {
				t.Errorf("the trail has no event of %s, which was answered", name)
			}
		}
	}
}
