package agent

import (
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// committed is a repository of one script; more are lines for git beside.
func committed(t *testing.T, more ...string) string {
	t.Helper()
	repository := t.TempDir()
	if err := os.WriteFile(filepath.Join(repository, "script.sh"), []byte("echo cloned\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, line := range append([]string{"init -q -b main .", "add script.sh", "-c user.name=n -c user.email=e commit -q -m one"}, more...) {
		cmd := exec.CommandContext(t.Context(), "git", strings.Fields(line)...)
		cmd.Dir = repository
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", line, err, out)
		}
	}
	return repository
}

func TestDownloadFromARepository(t *testing.T) {
	a, _ := worldly(t)
	repository := committed(t)
	folder := t.TempDir()
	inputs := map[string]any{"sourceType": "Git", "sourceInfo": map[string]any{"repository": "file://" + repository, "getOptions": "branch:main"}}
	if got := plug(t, a, folder, "aws:downloadContent", inputs); got.Status != statusSuccess {
		t.Fatalf("got %+v", got)
	}
	if got := plug(t, a, folder, "aws:runShellScript", map[string]any{"runCommand": "sh script.sh"}); got.Stdout != "cloned\n" {
		t.Errorf("the script does not run where it was downloaded: %+v", got)
	}
	a.cfg.Environment = []string{"PATH=/nowhere"}
	if got := plug(t, a, folder, "aws:downloadContent", inputs); got.Status != statusFailed || !strings.Contains(got.Stderr, "needs git, which is not on this node") {
		t.Errorf("without git: got %+v", got)
	}
}

// TestDownloadWithAnSSHKey clones by an ssh of the test, which opens the
// repository to who has the key, and tells what it was asked for.
func TestDownloadWithAnSSHKey(t *testing.T) {
	a, w := worldly(t)
	const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nk3y\n-----END OPENSSH PRIVATE KEY-----"
	w.secrets = map[string]string{"/git/key": key}
	repository, programs := committed(t), t.TempDir()
	script := "#!/bin/sh\necho \"$@\" >>" + programs + "/asked\n[ \"$(stat -c %a \"$2\")\" = 600 ] && grep -q k3y \"$2\" || { echo 'Permission denied (publickey).' >&2; exit 255; }\n" +
		"for last; do :; done\nexec sh -c \"$last\"\n"
	if err := os.WriteFile(filepath.Join(programs, "ssh"), []byte(script), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	a.cfg.Environment = []string{"PATH=" + programs + ":" + os.Getenv("PATH")}
	for _, row := range []struct {
		name, repository, key string
		unchecked             any
		fails, asked          string
	}{
		{"with the key", "git@example.com:" + repository, "{{ssm-secure:/git/key}}", false, "", "StrictHostKeyChecking=yes"},
		{"of a host that is not checked", "ssh://git@example.com" + repository, "{{ssm-secure:/git/key}}", "true", "", "StrictHostKeyChecking=no"},
		{"with a wrong one", "git@example.com:" + repository, "wr0ng", false, "git clone", ""},
		{"over https", "https://example.com/x.git", "{{ssm-secure:/git/key}}", false, "ssh://host/path", ""},
	} {
		if err := os.WriteFile(filepath.Join(programs, "asked"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		folder := t.TempDir()
		got := plug(t, a, folder, "aws:downloadContent", map[string]any{"sourceType": "Git", "sourceInfo": map[string]any{
			"repository": row.repository, "privateSSHKey": row.key, "skipHostKeyChecking": row.unchecked, "getOptions": "branch:main",
		}})
		_, err := os.Stat(filepath.Join(folder, "downloads", "script.sh"))
		if (row.fails == "") != (got.Status == statusSuccess && err == nil) || !strings.Contains(got.Stderr, row.fails) {
			t.Errorf("%s: got %+v, %v", row.name, got, err)
		}
		if asked, err := os.ReadFile(filepath.Join(programs, "asked")); err != nil || !strings.Contains(string(asked), row.asked) {
			t.Errorf("%s: ssh was asked for %q, %v; want %s", row.name, asked, err, row.asked)
		}
		if left, err := filepath.Glob(filepath.Join(folder, "*.key")); err != nil || len(left) > 0 {
			t.Errorf("%s: the key is left behind: %v, %v", row.name, left, err)
		}
		if text := fmt.Sprint(got); strings.Contains(text, "k3y") {
			t.Errorf("%s: the secret is told: %s", row.name, text)
		}
	}
}

// TestDownloadFromAPrivateRepository clones by HTTPS, whole as files of a plain
// web server can be cloned only, from one that wants a
// password, which is a secret of Parameter Store.
func TestDownloadFromAPrivateRepository(t *testing.T) {
	a, w := worldly(t)
	w.secrets = map[string]string{"/git/token": "t0ken"}
	repository := committed(t, "update-server-info")
	files := http.FileServer(http.Dir(repository))
	server := httptest.NewTLSServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "x-access-token" || password != "t0ken" {
			out.WriteHeader(http.StatusUnauthorized)
			return
		}
		files.ServeHTTP(out, r)
	}))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	a.cfg.Environment = append(a.cfg.Environment, "GIT_SSL_CAINFO="+ca)
	for _, row := range []struct{ name, repository, token, fails string }{
		{"with the token", server.URL + "/.git", "{{ssm-secure:/git/token}}", ""},
		{"without one", server.URL + "/.git", "", "git clone"},
		{"with a wrong one", server.URL + "/.git", "wr0ng", "git clone"},
		{"over http", "http://127.0.0.1:1/.git", "{{ssm-secure:/git/token}}", "https:// only"},
	} {
		folder := t.TempDir()
		got := plug(t, a, folder, "aws:downloadContent", map[string]any{"sourceType": "Git", "sourceInfo": map[string]any{"repository": row.repository, "tokenInfo": row.token, "getOptions": "commitID:main"}})
		_, err := os.Stat(filepath.Join(folder, "downloads", "script.sh"))
		if (row.fails == "") != (got.Status == statusSuccess && err == nil) || !strings.Contains(got.Stderr, row.fails) {
			t.Errorf("%s: got %+v, %v", row.name, got, err)
		}
		if text := fmt.Sprint(got); strings.Contains(text, "t0ken") {
			t.Errorf("%s: the secret is told: %s", row.name, text)
		}
	}
}
