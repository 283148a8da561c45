package distributor_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"tamachi/internal/aws/apitest"
)

// TestAnAgentIsSentToTheDocument asks as the SSM Agent does before it installs
// a package.
func TestAnAgentIsSentToTheDocument(t *testing.T) {
	p := apitest.Start(t, apitest.Options{})
	cfg := p.Config()
	ask := func(body string, sign bool) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.HTTP(), bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		r.Header.Set("X-Amz-Target", "AmazonSSM.GetManifest")
		if sign {
			keys, err := cfg.Credentials.Retrieve(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256([]byte(body))
			if err := v4.NewSigner().SignHTTP(t.Context(), keys, r, hex.EncodeToString(sum[:]), "ssm", cfg.Region, time.Now()); err != nil {
				t.Fatal(err)
			}
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var fault struct {
			Type string `json:"__type"`
		}
		if err := json.NewDecoder(res.Body).Decode(&fault); err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, fault.Type
	}
	for _, row := range []struct {
		name, body string
		sign       bool
		status     int
		code       string
	}{
		{"a package", `{"PackageName":"app","PackageVersion":"latest"}`, true, http.StatusBadRequest, "ResourceNotFoundException"},
		{"nothing", `{}`, true, http.StatusBadRequest, "ValidationException"},
		{"a stranger", `{"PackageName":"app"}`, false, http.StatusBadRequest, "MissingAuthenticationTokenException"},
	} {
		if status, code := ask(row.body, row.sign); status != row.status || code != row.code {
			t.Errorf("%s: got %d %s, want %d %s", row.name, status, code, row.status, row.code)
		}
	}
}
