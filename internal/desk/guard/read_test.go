package guard

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// trailFolder is a folder as a trail leaves it: files of records, some packed,
// and a digest.
func trailFolder(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "AWSLogs", "111122223333", "CloudTrail", "ap-northeast-1")
	digest := filepath.Join(filepath.Dir(filepath.Dir(dir)), "CloudTrail-Digest")
	for _, d := range []string{dir, digest} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write := func(path, body string) {
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprintf(z, `{"Records":[%s,%s]}`, event("ssm:GetParameter", "198.51.100.7", ann), event("ssm:GetParameter", "192.0.2.7", ann))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(dir, "a.json.gz"), packed.String())
	old := strings.Replace(event("kms:Decrypt", "198.51.100.7", ann), "2026-11-20", "2025-01-01", 1)
	write(filepath.Join(dir, "b.json"), `{"Records":[`+event("kms:Decrypt", "198.51.100.8", deploy)+`,`+old+`]}`)
	write(filepath.Join(digest, "d.json.gz"), "no gzip at all")
	return filepath.Dir(filepath.Dir(dir))
}

func runGuard(t *testing.T, args ...string) (out string, err error) {
	t.Helper()
	world := account.World{
		Getenv: func(string) string { return "" }, Clock: clock.NewFrozen(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), Location: time.UTC,
	}
	root := &cobra.Command{Use: "tamachi", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(Command(world))
	var said bytes.Buffer
	root.SetOut(&said)
	root.SetErr(&said)
	root.SetArgs(append([]string{"guard", "try"}, args...))
	err = root.ExecuteContext(t.Context())
	return said.String(), err
}

func code(err error) int {
	if exit, ok := errors.AsType[*report.Exit](err); ok {
		return exit.Code
	}
	return 0
}

func TestTryOnAFolder(t *testing.T) {
	folder := trailFolder(t)
	file := filepath.Join(t.TempDir(), "office.json")
	if err := os.WriteFile(file, []byte(office), 0o600); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{
		"en": `office.json (scp), tried on the calls since 2026-10-23 09:00
3 events read: 3 decided, 0 not held by it, 0 denied already

2 kinds of calls would be cut off:
  PRINCIPAL                              ACTION            CALLS  LAST              DECIDED BY
  arn:aws:iam::111122223333:role/deploy  kms:Decrypt       1      2026-11-20 09:00  OfficeOnly, line 3
  arn:aws:iam::111122223333:user/ann     ssm:GetParameter  1      2026-11-20 09:00  OfficeOnly, line 3
`,
		"ja": `office.json (scp) を 2026-10-23 09:00 以降の呼び出しで試した結果
イベント 3 件: 判定 3 件、対象外 0 件、もともと拒否 0 件

拒否されるようになる呼び出し 2 種類:
  プリンシパル                           アクション        回数  最後              決め手
  arn:aws:iam::111122223333:role/deploy  kms:Decrypt       1     2026-11-20 09:00  OfficeOnly (3 行目)
  arn:aws:iam::111122223333:user/ann     ssm:GetParameter  1     2026-11-20 09:00  OfficeOnly (3 行目)
`,
	} {
		out, err := runGuard(t, file, "--from", folder, "--lang", lang)
		if out != want || code(err) != report.Found {
			t.Errorf("%s: exit %d, got:\n%swant:\n%s", lang, code(err), out, want)
		}
	}
	out, err := runGuard(t, file, "--from", folder, "--target", "444455556666")
	if code(err) != 0 || !strings.Contains(out, "Nobody would be cut off.") {
		t.Errorf("another account: exit %d, got:\n%s", code(err), out)
	}
}

func TestWrongUse(t *testing.T) {
	folder, file := trailFolder(t), filepath.Join(t.TempDir(), "p.json")
	if err := os.WriteFile(file, []byte(`{"Version":"2012-10-17"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no file":              {},
		"a file that is none":  {"nowhere.json", "--from", folder},
		"a policy without any": {file, "--from", folder},
		"a language":           {file, "--lang", "fr"},
		"a time":               {file, "--since", "soon"},
		"an unknown flag":      {file, "--apply"},
	} {
		if out, err := runGuard(t, args...); code(err) != report.Misuse {
			t.Errorf("%s: want exit 2, got %d: %s %v", name, code(err), out, err)
		}
	}
}

func TestAFolderWithoutRecordsSaysSo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "office.json")
	if err := os.WriteFile(file, []byte(office), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := runGuard(t, file, "--from", t.TempDir())
	if code(err) != report.Found || !strings.Contains(err.Error(), "no file of CloudTrail") {
		t.Errorf("got %v", err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "x.json"), []byte(`{"Records":[{"eventTime":7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := runGuard(t, file, "--from", broken); code(err) != report.Found {
		t.Errorf("a broken file: got %v", err)
	}
}

func BenchmarkTryOnRecords(b *testing.B) {
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(event("ssm:GetParameter", "198.51.100.7", deploy))
	tr := newTrial(p, Target{})
	for b.Loop() {
		r, err := readRecord(text)
		if err != nil {
			b.Fatal(err)
		}
		tr.Add(r)
	}
}
