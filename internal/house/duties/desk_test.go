package duties

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/bulk"
	"tamachi/internal/desk/calendar"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/cost"
	"tamachi/internal/desk/diagnose"
	"tamachi/internal/desk/doctor"
	"tamachi/internal/desk/exception"
	"tamachi/internal/desk/guard"
	"tamachi/internal/desk/image"
	"tamachi/internal/desk/morning"
	"tamachi/internal/desk/people"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/route"
)

// desk is an operator's terminal: a folder of state and the profiles of a test.
type desk struct {
	home string
	now  clock.Clock
	in   string // standard input
}

// terminal is one with a folder of its own. What its duties print does not
// depend on when they run.
func terminal(t *testing.T, now time.Time) desk {
	t.Helper()
	return desk{home: t.TempDir(), now: clock.NewFrozen(now)}
}

// said is what a command answered.
type said struct {
	out, errs string
	code      int
}

func (s said) String() string { return fmt.Sprintf("exit %d\n%s%s", s.code, s.out, s.errs) }

// run runs a command of the desk as the program does.
func (d desk) run(ctx context.Context, args ...string) said {
	var stdout, stderr bytes.Buffer
	root := d.root()
	root.SetArgs(args)
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetIn(strings.NewReader(d.in))
	code := 0
	if err := root.ExecuteContext(ctx); err != nil {
		stderr.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			code = coded.ExitCode()
		}
	}
	return said{stdout.String(), working.ReplaceAllString(stderr.String(), ""), code}
}

// root is the program, as far as it is the desk's.
func (d desk) root() *cobra.Command {
	env := map[string]string{"XDG_STATE_HOME": d.home, "XDG_CONFIG_HOME": d.home, "LC_ALL": "C"}
	w := account.World{Getenv: func(name string) string { return env[name] }, Clock: d.now, Rand: rand.Reader, Location: time.UTC}
	actions := plan.Join(change.Actions(), people.Actions(rand.Reader), doctor.Actions(), image.Actions(d.now), route.Actions(d.now))
	root := &cobra.Command{Use: "tamachi", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(people.Commands(w, actions)...)
	root.AddCommand(
		morning.Command(w), morning.EveningCommand(w), guard.Command(w), diagnose.Command(w, actions), cost.Command(w, actions),
		approval.Command(w), plan.Command(w, actions), exception.Command(w, actions), calendar.Command(w), image.Command(w, actions),
	)
	desktop := &cobra.Command{Use: "desktop"}
	desktop.AddCommand(bulk.Commands(w, actions)...)
	root.AddCommand(desktop)
	return root
}

// working is what a duty says while it takes long, which it does on a slow machine.
var working = regexp.MustCompile(`\d+ calls? so far, \d+s\n`)

// profiles is an AWS configuration of a test.
type profiles struct {
	t    *testing.T
	mu   sync.Mutex
	file string
}

// configure points the AWS environment at a configuration of this test alone.
func configure(t *testing.T) *profiles {
	t.Helper()
	dir := t.TempDir()
	p := &profiles{t: t, file: filepath.Join(dir, "config")}
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": p.file, "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(dir, "none"), "AWS_ENDPOINT_URL": "", "AWS_PROFILE": "",
		"AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "",
		"AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return p
}

// add adds a profile.
func (p *profiles) add(name string, keys aws.Credentials, region, endpoint string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	f, err := os.OpenFile(p.file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	if _, err := fmt.Fprintf(f, "[profile %s]\naws_access_key_id = %s\naws_secret_access_key = %s\nregion = %s\nendpoint_url = %s\n",
		name, keys.AccessKeyID, keys.SecretAccessKey, region, endpoint); err != nil {
		p.t.Fatal(err)
	}
}
