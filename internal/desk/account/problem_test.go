package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/report"
)

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// at loads the configuration as a person's shell would have it.
func at(t *testing.T, endpoint string) *Account {
	t.Helper()
	home := t.TempDir()
	for k, v := range map[string]string{
		"HOME": home, "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "ap-northeast-1", "AWS_PROFILE": "",
		"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": home + "/config", "AWS_SHARED_CREDENTIALS_FILE": home + "/credentials",
	} {
		t.Setenv(k, v)
	}
	a, err := Load(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestExplain has a real SDK client meet an endpoint that misbehaves.
func TestExplain(t *testing.T) {
	for _, row := range []struct {
		name   string
		status int
		body   string
		kind   Kind
		calls  int32 // how often it was tried
		want   string
	}{
		{
			"a denial names the action and the caller", 400,
			`{"__type":"AccessDeniedException","message":"User: arn:aws:iam::111122223333:user/tanabe is not authorized to perform: workspaces:DescribeWorkspaces"}`,
			Denied, 1, "workspaces:DescribeWorkspaces is denied to arn:aws:iam::111122223333:user/tanabe",
		},
		{
			"an unknown operation is the endpoint's lack", 404, `{"__type":"UnknownOperationException"}`,
			Unknown, 1, "is not answered by this endpoint",
		},
		{"a page of a web server is the endpoint's lack", 500, `<!doctype html><title>500</title>`, Unknown, 1, "is not answered by this endpoint"},
		{"a wrong key is said as such", 400, `{"__type":"UnrecognizedClientException","message":"The security token is invalid"}`, BadCredentials, 1, "does not accept these credentials"},
		{"an error of its own is quoted", 400, `{"__type":"InvalidParameterValuesException","message":"no such directory"}`, Other, 1, "InvalidParameterValuesException: no such directory"},
		{"an escape sequence does not reach the terminal", 400, `{"__type":"X","message":"\u001b[31m"}`, Other, 1, "X: ?[31m"},
	} {
		t.Run(row.name, func(t *testing.T) {
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.WriteHeader(row.status)
				fmt.Fprint(w, row.body)
			}))
			defer server.Close()
			_, err := AllDesktops(t.Context(), at(t, server.URL).Desktops, nil)
			var p *Problem
			if !errors.As(err, &p) || p.Kind != row.kind {
				t.Fatalf("want a problem of kind %s, got %v", row.kind, err)
			}
			if got := p.In(report.English); !strings.Contains(got, row.want) {
				t.Errorf("want %q, got %q", row.want, got)
			}
			if got := p.In(report.Japanese); !strings.Contains(got, "workspaces:DescribeWorkspaces") {
				t.Errorf("want the action in Japanese too, got %q", got)
			}
			if calls.Load() != row.calls {
				t.Errorf("want %d calls, got %d", row.calls, calls.Load())
			}
		})
	}
}

func TestThrottledCallIsMadeAgain(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"__type":"ThrottlingException","message":"Rate exceeded"}`)
			return
		}
		fmt.Fprint(w, `{"Workspaces":[{"WorkspaceId":"ws-1"}]}`)
	}))
	defer server.Close()
	found, err := AllDesktops(t.Context(), at(t, server.URL).Desktops, nil)
	if err != nil || len(found) != 1 || calls.Load() != 2 {
		t.Errorf("want one desktop from the second call, got %d, %v from %d", len(found), err, calls.Load())
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	url := server.URL
	server.Close()
	a := at(t, url)
	_, err := a.Identity.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if p := Explain("sts:GetCallerIdentity", err); p.Kind != Unreachable || !strings.Contains(p.Error(), "connection refused") {
		t.Errorf("want an unreachable endpoint, got %s: %v", p.Kind, p)
	}
	_, err = a.People.DescribeUser(t.Context(), &dsdata.DescribeUserInput{DirectoryID: "d-1", SAMAccountName: "x"})
	if p := Explain("ds-data:DescribeUser", err); p.Kind != Unreachable {
		t.Errorf("want an unreachable endpoint for ds-data, got %s: %v", p.Kind, p)
	}
}

// TestStoppedByCtrlC is said as such, before a call and in it.
func TestStoppedByCtrlC(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else nobody is told that they went
		stop()
		<-r.Context().Done()
	}))
	defer server.Close()
	a := at(t, server.URL)
	for _, when := range []string{"in a call", "before a call"} {
		_, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if p := Explain("sts:GetCallerIdentity", err); p.Kind != Stopped || !p.Ends() || p.Error() != "stopped before sts:GetCallerIdentity was answered" {
			t.Errorf("%s: want it stopped, got %s: %v", when, p.Kind, p)
		}
	}
}

func TestAnEndpointThatIsNoAddressIsTriedOnce(t *testing.T) {
	for _, endpoint := range []string{"nonsense", "localhost:4566", "http://"} {
		_, err := at(t, endpoint).Identity.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if p := Explain("sts:GetCallerIdentity", err); p.Kind != Unreachable || strings.Contains(p.Error(), "maximum number of attempts") {
			t.Errorf("%q: want an unreachable endpoint after one attempt, got %s: %v", endpoint, p.Kind, p)
		}
	}
}

func TestLoadSaysWhatIsMissing(t *testing.T) {
	at(t, "http://127.0.0.1:1")
	t.Run("no Region", func(t *testing.T) {
		t.Setenv("AWS_REGION", "")
		t.Setenv("AWS_DEFAULT_REGION", "")
		_, err := Load(t.Context(), Options{})
		wantKind(t, err, NoRegion)
		if a, err := Load(t.Context(), Options{Region: "eu-west-1"}); err != nil || a.Region != "eu-west-1" {
			t.Errorf("want --region to do, got %v", err)
		}
	})
	t.Run("no such profile", func(t *testing.T) {
		_, err := Load(t.Context(), Options{Profile: "nobody"})
		wantKind(t, err, NoProfile)
	})
	t.Run("no credentials", func(t *testing.T) {
		t.Setenv("AWS_ACCESS_KEY_ID", "")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "")
		t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
		a, err := Load(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Desktops.DescribeWorkspaces(t.Context(), &workspaces.DescribeWorkspacesInput{})
		wantKind(t, Explain("", err), NoCredentials)
		_, err = a.People.ListUsers(t.Context(), &dsdata.ListUsersInput{DirectoryID: "d-1"})
		wantKind(t, Explain("", err), NoCredentials)
	})
}

func wantKind(t *testing.T, err error, kind Kind) {
	t.Helper()
	var p *Problem
	if !errors.As(err, &p) || p.Kind != kind {
		t.Errorf("want a problem of kind %s, got %v", kind, err)
	}
}

func TestPages(t *testing.T) {
	next := func(tokens ...string) func(context.Context, *string) (*string, error) {
		i := -1
		return func(context.Context, *string) (*string, error) {
			if i++; i < len(tokens) {
				return &tokens[i], nil
			}
			return nil, nil
		}
	}
	for _, row := range []struct {
		name string
		page func(context.Context, *string) (*string, error)
		want error
	}{
		{"one page", next(), nil},
		{"three pages", next("a", "b"), nil},
		{"an empty token is the end", next("a", ""), nil},
		{"a token that comes twice is a circle", next("a", "b", "a"), ErrBrokenPages},
		{"the same token again is a circle", next("a", "a"), ErrBrokenPages},
		{"pages without end are refused", func() func(context.Context, *string) (*string, error) {
			i := 0
			return func(context.Context, *string) (*string, error) {
				i++
				s := fmt.Sprint(i)
				return &s, nil
			}
		}(), ErrBrokenPages},
	} {
		t.Run(row.name, func(t *testing.T) {
			if err := Pages(t.Context(), row.page); !errors.Is(err, row.want) {
				t.Errorf("want %v, got %v", row.want, err)
			}
		})
	}
}

// A profile that assumes a role does so at the endpoint of all other calls, and
// says so when that fails.
func TestAProfilesRoleIsAssumedAtTheEndpoint(t *testing.T) {
	refuse := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch action := r.PostFormValue("Action"); {
		case action == "AssumeRole" && refuse:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/ann is not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`)
		case action == "AssumeRole":
			fmt.Fprint(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
		default:
			fmt.Fprintf(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>%s</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`, r.Header.Get("X-Amz-Security-Token"))
		}
	}))
	t.Cleanup(server.Close)
	at(t, server.URL)
	config := "[profile reader]\nrole_arn = arn:aws:iam::111122223333:role/Reader\nsource_profile = keys\n" +
		"[profile keys]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n"
	if err := os.WriteFile(os.Getenv("AWS_CONFIG_FILE"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ask := func() (string, error) {
		a, err := Load(t.Context(), Options{Profile: "reader"})
		if err != nil {
			t.Fatal(err)
		}
		out, err := a.Identity.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err != nil {
			return "", err
		}
		return *out.Arn, nil
	}
	if arn, err := ask(); err != nil || arn != "t" {
		t.Errorf("want a call with the role's session, got %q, %v", arn, err)
	}
	refuse = true
	_, err := ask()
	if p := Explain("sts:GetCallerIdentity", err); p.Kind != Denied || p.Action != "sts:AssumeRole" {
		t.Errorf("want a denied sts:AssumeRole, got %+v", p)
	}
	server.Close()
	_, err = ask()
	if p := Explain("sts:GetCallerIdentity", err); p.Kind != Unreachable || p.Action != "sts:AssumeRole" {
		t.Errorf("want nothing to answer at the endpoint, got %+v", p)
	}
}
