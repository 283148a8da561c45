package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tamachi/internal/house"
)

// boto3Tests is how many tests the suite has at least: fewer means that some
// were not found.
const boto3Tests = 42

// TestBoto3 runs testdata/boto3/suite.py against a plane that does nothing else.
func TestBoto3(t *testing.T) {
	t.Parallel()
	python := pythonWithBoto3(t)
	if python == "" {
		return
	}
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	v.start(t)
	access, err := house.ReadAccess(v.data)
	if err != nil {
		t.Fatal(err)
	}
	suite := exec.CommandContext(t.Context(), python, "-B", filepath.Join("testdata", "boto3", "suite.py"))
	none := filepath.Join(v.data, "none")
	suite.Env = append(slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "AWS_") }),
		"AWS_ENDPOINT_URL="+access.HTTP, "AWS_REGION="+access.Region, "AWS_DEFAULT_REGION="+access.Region,
		"AWS_ACCESS_KEY_ID="+access.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+access.SecretAccessKey,
		"AWS_CONFIG_FILE="+none, "AWS_SHARED_CREDENTIALS_FILE="+none,
		"TAMACHI_HTTPS="+access.HTTPS, "TAMACHI_CA="+access.CAFile, "LANG=C.UTF-8",
	)
	out, err := suite.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("\n%s", out)
	ran := regexp.MustCompile(`: (\d+) tests\n`).FindSubmatch(out)
	if ran == nil {
		t.Fatalf("the suite does not say how many tests ran:\n%s", out)
	}
	if n, err := strconv.Atoi(string(ran[1])); err != nil || n < boto3Tests {
		t.Errorf("%s tests of the suite ran, want %d or more", ran[1], boto3Tests)
	}
}

// pythonWithBoto3 finds a Python that can import boto3. Debian's AWS CLI brings
// none, so a machine without it is no failure; it is told what was not tried.
func pythonWithBoto3(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(t.Context(), path, "-c", "import boto3; print(boto3.__version__)").CombinedOutput()
		if err == nil {
			t.Logf("%s has boto3 %s", path, bytes.TrimSpace(out))
			return path
		}
		t.Logf("%s cannot import boto3: %s", path, bytes.TrimSpace(out))
	}
	t.Logf("ATTENTION: no Python with boto3 is here: none of the %d tests of testdata/boto3 ran, so that boto3's errors, waiters, "+
		"paginators, transfers, presigned URLs and sessions were not tried; pip install boto3, or apt-get install python3-boto3", boto3Tests)
	return ""
}
