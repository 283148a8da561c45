package dsdata

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go"
)

var keys = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "token")

// server answers as f does and checks the signature of each call by signing it
// again.
func server(t *testing.T, f func(w http.ResponseWriter, path, directory string, body []byte)) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		checkSignature(t, r, body)
		f(w, r.URL.Path, r.URL.Query().Get("DirectoryId"), body)
	}))
	t.Cleanup(s.Close)
	return New(aws.Config{
		Region: "ap-northeast-1", BaseEndpoint: &s.URL, Credentials: keys,
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		},
	})
}

func checkSignature(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	got := r.Header.Get("Authorization")
	if !strings.Contains(got, "/ap-northeast-1/ds-data/aws4_request") {
		t.Errorf("want the scope of ds-data, got %q", got)
	}
	when, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := http.NewRequestWithContext(t.Context(), r.Method, "http://"+r.Host+r.URL.String(), bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("Content-Type", r.Header.Get("Content-Type"))
	again.Header.Set("User-Agent", r.Header.Get("User-Agent"))
	sum := sha256.Sum256(body)
	c, _ := keys.Retrieve(t.Context())
	if err := v4.NewSigner().SignHTTP(t.Context(), c, again, hex.EncodeToString(sum[:]), "ds-data", "ap-northeast-1", when); err != nil {
		t.Fatal(err)
	}
	if want := again.Header.Get("Authorization"); got != want {
		t.Errorf("want signature\n%s, got\n%s", want, got)
	}
}

func TestOperations(t *testing.T) {
	var path, directory, body string
	answer := ""
	c := server(t, func(w http.ResponseWriter, p, d string, b []byte) {
		path, directory, body = p, d, string(b)
		fmt.Fprint(w, answer)
	})
	check := func(wantPath, wantBody string, err error) {
		t.Helper()
		if err != nil || path != wantPath || directory != "d-9067012345" || body != wantBody {
			t.Errorf("want %s with %s, got %s?%s with %s, %v", wantPath, wantBody, path, directory, body, err)
		}
	}
	answer = `{"DirectoryId":"d-9067012345","SAMAccountName":"a","SID":"S-1"}`
	made, err := c.CreateUser(t.Context(), &CreateUserInput{DirectoryID: "d-9067012345", SAMAccountName: "a", Surname: "山田"})
	check("/Users/CreateUser", `{"SAMAccountName":"a","Surname":"山田"}`, err)
	if made.SID != "S-1" || made.DirectoryID != "d-9067012345" {
		t.Errorf("want the new user, got %+v", made)
	}
	answer = `{"SAMAccountName":"a","Enabled":false}`
	user, err := c.DescribeUser(t.Context(), &DescribeUserInput{DirectoryID: "d-9067012345", SAMAccountName: "a"})
	check("/Users/DescribeUser", `{"SAMAccountName":"a"}`, err)
	if user.Enabled == nil || *user.Enabled {
		t.Errorf("want a disabled user, got %+v", user)
	}
	answer = `{"Users":[{"SAMAccountName":"a","Enabled":true,"SID":"S-1"}],"NextToken":"n"}`
	list, err := c.ListUsers(t.Context(), &ListUsersInput{DirectoryID: "d-9067012345", MaxResults: 10})
	check("/Users/ListUsers", `{"MaxResults":10}`, err)
	if len(list.Users) != 1 || !list.Users[0].Enabled || list.NextToken != "n" {
		t.Errorf("want one user and a token, got %+v", list)
	}
	answer = ""
	check("/Users/DisableUser", `{"SAMAccountName":"a"}`,
		c.DisableUser(t.Context(), &DisableUserInput{DirectoryID: "d-9067012345", SAMAccountName: "a"}))
}

func TestRefusals(t *testing.T) {
	for _, row := range []struct {
		name, header, body string
		status             int
		code, message      string
	}{
		{"code in the header", "AccessDeniedException", `{"Message":"no"}`, 403, "AccessDeniedException", "no"},
		{"code with a namespace and a link", "a.b#ConflictException:http://x", `{"message":"there"}`, 409, "ConflictException", "there"},
		{"code in the body", "", `{"__type":"ns#ResourceNotFoundException","message":"gone"}`, 404, "ResourceNotFoundException", "gone"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := server(t, func(w http.ResponseWriter, _, _ string, _ []byte) {
				w.Header().Set("X-Amzn-Errortype", row.header)
				w.WriteHeader(row.status)
				fmt.Fprint(w, row.body)
			})
			err := c.DisableUser(t.Context(), &DisableUserInput{DirectoryID: "d-9067012345", SAMAccountName: "a"})
			var got smithy.APIError
			if !errors.As(err, &got) || got.ErrorCode() != row.code || got.ErrorMessage() != row.message {
				t.Errorf("want %s: %s, got %v", row.code, row.message, err)
			}
		})
	}
}

func TestRetriesThrottlingOnly(t *testing.T) {
	for _, row := range []struct {
		code  string
		calls int
	}{{"ThrottlingException", 3}, {"ValidationException", 1}} {
		t.Run(row.code, func(t *testing.T) {
			calls := 0
			c := server(t, func(w http.ResponseWriter, _, _ string, _ []byte) {
				calls++
				w.Header().Set("X-Amzn-Errortype", row.code)
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprint(w, `{}`)
			})
			if _, err := c.ListUsers(t.Context(), &ListUsersInput{DirectoryID: "d-9067012345"}); err == nil || calls != row.calls {
				t.Errorf("want %d calls and an error, got %d, %v", row.calls, calls, err)
			}
		})
	}
}

func TestHostileAnswers(t *testing.T) {
	for _, row := range []struct {
		name string
		do   func(w http.ResponseWriter)
	}{
		{"no JSON", func(w http.ResponseWriter) { fmt.Fprint(w, "<html>") }},
		{"JSON of another shape", func(w http.ResponseWriter) { fmt.Fprint(w, `{"Users":1}`) }},
		{"an answer without end", func(w http.ResponseWriter) {
			block := bytes.Repeat([]byte(" "), 1<<20)
			for range 10 {
				_, _ = w.Write(block)
			}
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := server(t, func(w http.ResponseWriter, _, _ string, _ []byte) { row.do(w) })
			if _, err := c.ListUsers(t.Context(), &ListUsersInput{DirectoryID: "d-9067012345"}); err == nil {
				t.Error("want an error")
			}
		})
	}
}

func TestEndpoint(t *testing.T) {
	for _, row := range []struct {
		name string
		cfg  aws.Config
		want string
	}{
		{"AWS itself", aws.Config{Region: "ap-northeast-1"}, "https://ds-data.ap-northeast-1.amazonaws.com"},
		{"AWS in China", aws.Config{Region: "cn-north-1"}, "https://ds-data.cn-north-1.amazonaws.com.cn"},
		{"a general endpoint", aws.Config{Region: "x", BaseEndpoint: aws.String("http://127.0.0.1:4566/")}, "http://127.0.0.1:4566"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := endpoint(row.cfg); got != row.want {
				t.Errorf("want %s, got %s", row.want, got)
			}
		})
	}
}
