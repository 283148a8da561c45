package morning

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	dstypes "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
)

// TestStrangersAWS runs the check against moto_server, an AWS that is not ours,
// on machines that have it. It must count the desktops there and say what that
// endpoint could not answer.
func TestStrangersAWS(t *testing.T) {
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Log("moto_server is not on PATH: nothing to compare with")
		return
	}
	endpoint := startStranger(t, program)
	home := t.TempDir()
	for k, v := range map[string]string{
		"AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_PROFILE": "", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "XDG_STATE_HOME": home,
		"AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials", "LC_ALL": "C", "LANG": "",
	} {
		t.Setenv(k, v)
	}
	seedStranger(t, endpoint)
	began := time.Now()
	code, out, errs := runCommand(t)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("want under 5s, took %s", took)
	}
	if code != 0 {
		t.Errorf("want exit 0 of a fleet that is well, got %d: %s", code, errs)
	}
	wantIn(t, "the output", out, "all well, 3 desktops: in use unknown, recently created unknown, 0 in ERROR",
		"not known: cloudtrail:LookupEvents is not answered by this endpoint")
	if code, out, _ = runCommand(t, "--fix", "--yes"); code != 0 || !strings.HasPrefix(out, "all well") {
		t.Errorf("want a repair with nothing to do, got %d: %s", code, out)
	}
	if code, out, _ = runCommand(t, "--lang", "ja"); code != 0 || !strings.Contains(out, "異常なし、デスクトップ 3 台") {
		t.Errorf("want it in Japanese, got %d: %s", code, out)
	}
}

func runCommand(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := Command(account.World{Getenv: os.Getenv, Clock: clock.Real{}, Location: time.UTC})
	cmd.SetArgs(append([]string{}, args...)) // nil would mean the test's own
	cmd.SetOut(&out)
	cmd.SetErr(&errs)
	cmd.SetIn(strings.NewReader(""))
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		errs.WriteString(err.Error())
		code = 1
		if coded, ok := err.(interface{ ExitCode() int }); ok {
			code = coded.ExitCode()
		}
	}
	return code, out.String(), errs.String()
}

// startStranger starts moto_server on a free port and waits until it answers.
func startStranger(t *testing.T, program string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "-H", "127.0.0.1", "-p", port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait()
	})
	deadline := time.Now().Add(time.Minute)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			conn.Close()
			return "http://" + address
		}
		if time.Now().After(deadline) {
			t.Fatalf("moto_server does not listen after a minute: %v", err)
		}
		if err := account.Pause(t.Context(), 50*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
}

// seedStranger makes a directory and three desktops by the SDK.
func seedStranger(t *testing.T, endpoint string) {
	t.Helper()
	a, err := account.Load(t.Context(), account.Options{})
	if err != nil {
		t.Fatal(err)
	}
	vpc := ask(t, endpoint, "DescribeVpcs", `<vpcId>(vpc-[0-9a-f]+)`)
	subnets := ask(t, endpoint, "DescribeSubnets", `<subnetId>(subnet-[0-9a-f]+)`)
	d, err := a.Directories.CreateDirectory(t.Context(), &directoryservice.CreateDirectoryInput{
		Name: aws.String("corp.example.com"), Password: aws.String("Passw0rd!x"), Size: dstypes.DirectorySizeSmall,
		VpcSettings: &dstypes.DirectoryVpcSettings{VpcId: &vpc[0], SubnetIds: subnets[:2]},
	})
	if err != nil {
		t.Fatal(err)
	}
	ask(t, endpoint, "CreateRole&RoleName=workspaces_DefaultRole&AssumeRolePolicyDocument=%7B%7D", `<RoleName>(.*)</RoleName>`)
	if _, err := a.Desktops.RegisterWorkspaceDirectory(t.Context(), &workspaces.RegisterWorkspaceDirectoryInput{DirectoryId: d.DirectoryId}); err != nil {
		t.Fatal(err)
	}
	in := &workspaces.CreateWorkspacesInput{}
	for _, user := range []string{"fujita.kouhei", "nakamura.yuri", "yamada.taro"} {
		in.Workspaces = append(in.Workspaces, types.WorkspaceRequest{DirectoryId: d.DirectoryId, UserName: aws.String(user), BundleId: aws.String("wsb-bh8rsxt14")})
	}
	out, err := a.Desktops.CreateWorkspaces(t.Context(), in)
	if err != nil || len(out.PendingRequests) != 3 {
		t.Fatalf("want three desktops, got %+v, %v", out, err)
	}
}

// ask makes a call of a service for which the house has no client; moto_server
// checks no signature.
func ask(t *testing.T, endpoint, action, pattern string) []string {
	t.Helper()
	service := map[bool]string{true: "iam", false: "ec2"}[strings.HasPrefix(action, "CreateRole")]
	version := map[string]string{"iam": "2010-05-08", "ec2": "2016-11-15"}[service]
	form := "Action=" + action + "&" + url.Values{"Version": {version}}.Encode()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(body), -1) {
		found = append(found, m[1])
	}
	if len(found) == 0 {
		t.Fatalf("%s: no %s in %s", action, pattern, body)
	}
	return found
}
