package workspaces_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/aws/apitest"
)

// TestTranscripts prints what the real AWS CLI prints against a plane with
// fake desktops; a file a noun. A line `until STATE aws ...` asks again until
// the answer is STATE.
func TestTranscripts(t *testing.T) {
	if _, err := exec.LookPath("aws"); err != nil {
		t.Fatal("no aws on PATH: `make test` installs Debian's")
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata", RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			a := apitest.Start(t, apitest.Options{}).Access()
			for k, v := range map[string]string{
				"ENDPOINT": a.HTTP, "AWS_ACCESS_KEY_ID": a.AccessKeyID, "AWS_SECRET_ACCESS_KEY": a.SecretAccessKey,
				"AWS_DEFAULT_REGION": a.Region, "AWS_PAGER": "", "AWS_DEFAULT_OUTPUT": "text",
				"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
			} {
				env.Setenv(k, v)
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"aws": cmdAWS, "save": cmdSave, "until": cmdUntil, "become": cmdBecome},
	})
}

func runAWS(ts *testscript.TestScript, args []string) error {
	return ts.Exec("aws", append([]string{"--endpoint-url", ts.Getenv("ENDPOINT")}, args...)...)
}

func cmdAWS(ts *testscript.TestScript, neg bool, args []string) {
	if err := runAWS(ts, args); (err != nil) != neg {
		ts.Fatalf("aws %s: failed %v, wanted %v", strings.Join(args, " "), err, neg)
	}
}

func cmdSave(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("stdout")))
}

func cmdUntil(ts *testscript.TestScript, _ bool, args []string) {
	late := time.Now().Add(time.Minute)
	for time.Now().Before(late) { // a call takes most of a second: no pause is needed
		if err := runAWS(ts, args[2:]); err == nil && strings.TrimSpace(ts.ReadFile("stdout")) == args[0] {
			return
		}
	}
	ts.Fatalf("wanted %q, last answer was %q", args[0], ts.ReadFile("stdout"))
}

// cmdBecome makes an access key and its secret those of the calls that follow.
func cmdBecome(ts *testscript.TestScript, _ bool, args []string) {
	key := strings.Fields(strings.Join(args, " "))
	ts.Setenv("AWS_ACCESS_KEY_ID", key[0])
	ts.Setenv("AWS_SECRET_ACCESS_KEY", key[1])
}
