package house_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/approval"
	"tamachi/internal/desk/morning"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

// clerk is somebody at a terminal whose environment points to the plane.
type clerk struct {
	t     *testing.T
	env   map[string]string
	world account.World
	said  []notify.Post
}

func (y *yard) clerk(conf string) *clerk {
	y.t.Helper()
	keys, err := y.Config().Credentials.Retrieve(y.t.Context())
	if err != nil {
		y.t.Fatal(err)
	}
	home := y.t.TempDir()
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": *y.Config().BaseEndpoint, "AWS_REGION": y.Config().Region, "AWS_PROFILE": "", "AWS_ACCESS_KEY_ID": keys.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": keys.SecretAccessKey, "AWS_SESSION_TOKEN": "", "AWS_CONFIG_FILE": home + "/none", "AWS_SHARED_CREDENTIALS_FILE": home + "/none",
	} {
		y.t.Setenv(name, value)
	}
	file := filepath.Join(home, "desk.yaml")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		y.t.Fatal(err)
	}
	o := &clerk{t: y.t, env: map[string]string{"XDG_STATE_HOME": home, "LC_ALL": "C", "TAMACHI_DESK": file}}
	o.world = account.World{Getenv: func(name string) string { return o.env[name] }, Clock: clock.Real{}, Location: time.UTC}
	return o
}

func (o *clerk) run(c *cobra.Command, args ...string) (out string, code int) {
	o.t.Helper()
	var stdout bytes.Buffer
	c.SetArgs(args)
	c.SetOut(&stdout)
	c.SetErr(&stdout)
	c.SetIn(strings.NewReader(""))
	if err := c.ExecuteContext(o.t.Context()); err != nil {
		stdout.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			code = coded.ExitCode()
		}
	}
	return stdout.String(), code
}

func (o *clerk) wants(what, text string, parts ...string) {
	o.t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			o.t.Errorf("want %q in the %s, got:\n%s", p, what, text)
		}
	}
}

// TestTheNightIsTold makes a bad night for real, and has the morning and the
// evening tell of it in both languages: an alarm that fired three times, a node
// that is silent, patches that a restart cut off, a command that runs, a request
// that waits, and a note from one to the other.
func TestTheNightIsTold(t *testing.T) {
	y, ctx := openYardAt(t, -12*time.Minute), t.Context()
	silent := y.node()
	y.clk.Advance(12 * time.Minute)
	patched := y.node()
	commands := ssm.NewFromConfig(y.Config())
	if _, err := commands.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: aws.String("AWS-RunPatchBaseline"), InstanceIds: []string{patched.ID}, Parameters: map[string][]string{"Operation": {"Install"}},
	}); err != nil {
		t.Fatal(err)
	}
	const interrupted = "interrupted: a restart cut off the Install that began 2026-11-22T08:00:00Z"
	if err := patched.Call(ctx, "ssm", "AmazonSSM.PutInstancePatches", map[string]any{
		"InstanceId": patched.ID, "SnapshotId": "11111111-1111-4111-8111-111111111111", "Stage": "Begin", "Operation": "Install", "Interrupted": interrupted,
	}, nil); err != nil {
		t.Fatal(err)
	}
	if err := patched.Call(ctx, "ssm", "AmazonSSM.PutInstancePatches", map[string]any{
		"InstanceId": patched.ID, "SnapshotId": "11111111-1111-4111-8111-111111111111", "Stage": "Result", "Operation": "Install", "Interrupted": interrupted,
		"Packages": []any{},
	}, nil); err != nil {
		t.Fatal(err)
	}
	y.alarm("cpu-yamada", 3)

	o := y.clerk(nightSettings)
	o.world.Tell = o.hear
	o.ask()
	out, code := o.run(morning.EveningCommand(o.world), "--hand-over", "--note", "the VPN vendor calls at nine", "--to", "nakamura")
	if code != 1 {
		t.Errorf("want exit 1 of an evening with something open, got %d", code)
	}
	o.wants("evening", out, "1 alarm in ALARM\n", "1 job runs still\n  AWS-RunPatchBaseline: since ", "quiet hours", "the note is kept for the next morning")
	if len(o.said) != 1 || o.said[0].Topic != "hand-over" || !o.said[0].Urgent || !strings.Contains(o.said[0].What[0], "the VPN vendor calls at nine\n- ") ||
		!strings.Contains(o.said[0].What[1], "からの引き継ぎ") {
		t.Errorf("want the note sent once, got %+v", o.said)
	}

	out, code = o.run(morning.Command(o.world))
	if code != 1 {
		t.Errorf("want exit 1, got %d", code)
	}
	o.wants("morning", out,
		"1 alarm in ALARM\n  cpu-yamada: CPUUsage, since ", ", 3rd time in 7 days\n",
		"patches of 1 node were interrupted by a restart: ", interrupted, "AWS-RunPatchBaseline --parameters Operation=Install --targets Key=InstanceIds,Values="+patched.ID,
		"1 node's agent does not answer: ", "Key=InstanceIds,Values="+silent.ID,
		"hand-over of ", "  the VPN vendor calls at nine\n  - 1 alarm in ALARM\n",
		"1 request waits for approval\n  a-", "let suzuki print; asked by arn:aws:iam::1:user/suzuki, waits for you until ")
	out, _ = o.run(morning.Command(o.world), "--lang", "ja")
	o.wants("morning in Japanese", out, "7 日間で 3 回目", "ノード 1 台のパッチ適用が再起動で中断された", "ノード 1 台のエージェントが応答しない", "からの引き継ぎ", "承認待ち 1 件")
	out, _ = o.run(morning.EveningCommand(o.world), "--json")
	var day struct {
		Places []struct {
			Plan *morning.Plan
			Jobs []morning.Job
		}
		Agenda *morning.Agenda
	}
	if err := json.Unmarshal([]byte(out), &day); err != nil || len(day.Places) != 1 || len(day.Places[0].Jobs) != 1 || len(day.Agenda.Waiting) != 1 || !day.Agenda.Waiting[0].Mine {
		t.Errorf("want one place, one job, one request of mine, got %v in:\n%s", err, out)
	}
	if out, code = o.run(morning.EveningCommand(o.world), "--note", "x"); code != 2 {
		t.Errorf("want exit 2 of a note that nobody keeps, got %d: %s", code, out)
	}
}

const nightSettings = `
channels:
  hand-over: "#on-call"
people:
  nakamura:
    mail: nakamura@example.com
  admin:
    aws: ["arn:aws:iam::*:user/administrator"]
`

func (o *clerk) hear(_ context.Context, p notify.Post) error {
	o.said = append(o.said, p)
	return nil
}

// ask files a request that waits for the administrator.
func (o *clerk) ask() {
	o.t.Helper()
	conf, err := settings.Load(o.world.Getenv)
	if err != nil {
		o.t.Fatal(err)
	}
	q, err := approval.New(approval.Request{
		Subject: "printing", Digest: "d", Duty: "printing exception", Title: approval.Title{En: "let suzuki print", Ja: "suzuki の印刷を許可"}, By: "arn:aws:iam::1:user/suzuki",
	}, settings.Approval{Stages: []settings.Stage{{Of: []string{"admin"}}}}, conf, time.Now())
	if err != nil {
		o.t.Fatal(err)
	}
	memory, err := shelf.In(o.world.Getenv)
	if err == nil {
		err = approval.In(memory).Save(q)
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

// alarm makes an alarm that went to ALARM so many times, and is there.
func (y *yard) alarm(name string, times int) {
	y.t.Helper()
	api := cloudwatch.NewFromConfig(y.Config())
	_, err := api.PutMetricAlarm(y.t.Context(), &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String("AWS/WorkSpaces"), MetricName: aws.String("CPUUsage"), Statistic: cwtypes.StatisticAverage,
		Period: aws.Int32(300), EvaluationPeriods: aws.Int32(6), Threshold: aws.Float64(85), ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold,
		TreatMissingData: aws.String("ignore"), // an evaluation, which may come late, leaves the state alone
	})
	for i := range 2*times - 1 {
		state := cwtypes.StateValueAlarm
		if i%2 == 1 {
			state = cwtypes.StateValueOk
		}
		if err == nil {
			_, err = api.SetAlarmState(y.t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: &name, StateValue: state, StateReason: aws.String("a test")})
		}
	}
	if err != nil {
		y.t.Fatal(err)
	}
}
