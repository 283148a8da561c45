package wire_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// run runs the real AWS CLI against the plane.
func (p *plane) run(t *testing.T, scheme string, who aws.Credentials, args ...string) (out string, err error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "aws", args...)
	cmd.Env = append(os.Environ(),
		"AWS_ENDPOINT_URL="+scheme+"://"+p.addr, "AWS_CA_BUNDLE="+p.caFile, "AWS_DEFAULT_REGION="+region, "AWS_PAGER=",
		"AWS_ACCESS_KEY_ID="+who.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+who.SecretAccessKey, "AWS_SESSION_TOKEN="+who.SessionToken,
		"AWS_CONFIG_FILE=/dev/null", "AWS_SHARED_CREDENTIALS_FILE=/dev/null",
	)
	text, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(text)), err
}
