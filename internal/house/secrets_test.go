package house_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
)

// TestANodeReadsSecretsByItsOwnRights: a SecureString that a document refers
// to reaches the server that it is for, and nothing that people or files see.
func TestANodeReadsSecretsByItsOwnRights(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	ctx, client, folder := t.Context(), p.SSM(), t.TempDir()
	activation, code := p.Activation()
	p.Hire(agent.Config{ActivationID: activation, ActivationCode: code, Folder: folder, Environment: append(os.Environ(), "GIT_SSL_NO_VERIFY=1")})
	node := p.Online(1)[0]
	const secret = "correct-horse-battery"
	_, err := client.PutParameter(ctx, &ssm.PutParameterInput{Name: aws.String("/web/password"), Value: aws.String(secret), Type: types.ParameterTypeSecureString})
	if err != nil {
		t.Fatal(err)
	}
	var seen atomic.Bool // the server has no repository; what matters is who asks for one
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		seen.Store(seen.Load() || user == "reader" && password == secret)
		w.WriteHeader(http.StatusNotFound)
	}))
	defer server.Close()
	run := func(password string) string {
		sent, err := client.SendCommand(ctx, &ssm.SendCommandInput{
			DocumentName: aws.String("AWS-RunRemoteScript"), InstanceIds: []string{node}, Parameters: map[string][]string{
				"sourceType": {"Git"}, "commandLine": {"true"},
				"sourceInfo": {`{"repository":"` + server.URL + `/x.git","username":"reader","password":"` + password + `"}`},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		var i types.CommandInvocation
		apitest.Eventually(t, "the command to end", func() bool {
			out, err := client.ListCommandInvocations(ctx, &ssm.ListCommandInvocationsInput{CommandId: sent.Command.CommandId, Details: true})
			if err != nil {
				t.Fatal(err)
			}
			i = out.CommandInvocations[0]
			return i.Status == types.CommandInvocationStatusFailed
		})
		said := ""
		for _, one := range i.CommandPlugins {
			said += aws.ToString(one.Output)
		}
		return said
	}
	if said := run("{{ssm-secure:/web/none}}"); !strings.Contains(said, "/web/none }} does not exist") {
		t.Errorf("a secret that is not there: got %s", said)
	}
	if said := run("{{ssm-secure:/web/password}}"); !seen.Load() || strings.Contains(said, secret) {
		t.Errorf("the server was given the secret: %v; the command says %s", seen.Load(), said)
	}
	for _, place := range []string{folder, p.Data} {
		err := filepath.WalkDir(place, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if strings.Contains(string(text), secret) {
				t.Errorf("%s holds the secret", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
