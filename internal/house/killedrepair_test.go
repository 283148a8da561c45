package house_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/engine/provision"
)

// killer is a line to the plane which kills who calls an operation, before the
// plane has the call or before the caller has the answer.
type killer struct {
	mu        sync.Mutex
	operation string           // guarded by mu; "" kills nobody
	after     bool             // guarded by mu
	victim    chan *os.Process // holds whom to kill, once it has started
}

func (k *killer) arm(operation string, after bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.operation, k.after = operation, after
}

// strikes tells whether a call meets the killer, once.
func (k *killer) strikes(r *http.Request) (yes, after bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if k.operation == "" || operation != k.operation {
		return false, false
	}
	k.operation = ""
	return true, k.after
}

func (k *killer) line(t *testing.T, endpoint string) string {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		yes, after := k.strikes(r)
		if !yes {
			proxy.ServeHTTP(w, r)
			return
		}
		if after {
			proxy.ServeHTTP(httptest.NewRecorder(), r)
		}
		_ = (<-k.victim).Kill()
		panic(http.ErrAbortHandler) // no answer
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// broken gives two new people a desktop each, which fails.
func (o *office) broken(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, err := dsdata.New(o.Config()).CreateUser(t.Context(), &dsdata.CreateUserInput{DirectoryID: o.directory, SAMAccountName: name}); err != nil {
			t.Fatal(err)
		}
		for n := range provision.Tries {
			o.World.Fail(fake.Create, n+1, errors.New("the machine is tired"))
		}
		out, err := o.workspaces().CreateWorkspaces(t.Context(), &workspaces.CreateWorkspacesInput{Workspaces: []types.WorkspaceRequest{{
			DirectoryId: &o.directory, BundleId: new("wsb-d12value0"), UserName: &name,
		}}})
		if err != nil || len(out.PendingRequests) != 1 {
			t.Fatalf("create a desktop: %v, %+v", err, out)
		}
		o.Becomes(*out.PendingRequests[0].WorkspaceId, types.WorkspaceStateError)
	}
}

// TestAKilledRepairGoesOn kills `morning --fix` at each call that changes
// something, before and after its effect. Run again, it ends right, and each
// desktop was terminated and created once.
func TestAKilledRepairGoesOn(t *testing.T) {
	o, k := open(t), &killer{victim: make(chan *os.Process, 1)}
	at := k.line(t, o.HTTP())
	keys, err := o.Config().Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, operation := range []string{"TerminateWorkspaces", "CreateWorkspaces"} {
		for j, when := range []string{"before", "after"} {
			t.Run(when+" "+operation, func(t *testing.T) {
				home := t.TempDir()
				fix := func() *exec.Cmd {
					c := exec.CommandContext(t.Context(), os.Args[0], "--fix", "--yes", "--anyway")
					c.Env = append(os.Environ(), asMorning+"=1", "AWS_ENDPOINT_URL="+at, "AWS_ACCESS_KEY_ID="+keys.AccessKeyID,
						"AWS_SECRET_ACCESS_KEY="+keys.SecretAccessKey, "AWS_SESSION_TOKEN=", "AWS_PROFILE=", "AWS_REGION="+o.Config().Region,
						"AWS_CONFIG_FILE="+home+"/none", "AWS_SHARED_CREDENTIALS_FILE="+home+"/none", "XDG_STATE_HOME="+home, "LC_ALL=C")
					return c
				}
				users := []string{fmt.Sprintf("person.%d%da", i, j), fmt.Sprintf("person.%d%db", i, j)}
				o.broken(t, users...)
				first := fix()
				var out bytes.Buffer
				first.Stdout, first.Stderr = &out, &out
				k.arm(operation, when == "after")
				if err := first.Start(); err != nil {
					t.Fatal(err)
				}
				k.victim <- first.Process
				if err := first.Wait(); first.ProcessState.ExitCode() != -1 {
					t.Fatalf("want it killed, got %v:\n%s", err, out.String())
				}
				if out, err := fix().CombinedOutput(); err != nil {
					t.Fatalf("run again: %v\n%s", err, out)
				}
				o.madeAgain(t, home, users...)
			})
		}
	}
}

// madeAgain wants one new desktop for each of the users, and one plan, done.
func (o *office) madeAgain(t *testing.T, home string, users ...string) {
	t.Helper()
	for _, u := range users {
		out, err := o.workspaces().DescribeWorkspaces(t.Context(), &workspaces.DescribeWorkspacesInput{DirectoryId: &o.directory, UserName: &u})
		if err != nil || len(out.Workspaces) != 1 || out.Workspaces[0].State != types.WorkspaceStateAvailable {
			t.Fatalf("want one desktop of %s that is AVAILABLE, got %v, %+v", u, err, out)
		}
		made := 0
		events, err := cloudtrail.NewFromConfig(o.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{LookupAttributes: []trailtypes.LookupAttribute{{
			AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("CreateWorkspaces"),
		}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events.Events {
			if strings.Contains(*e.CloudTrailEvent, `"userName":"`+u+`"`) {
				made++
			}
		}
		if made != 2 { // the one that failed, and its replacement
			t.Errorf("want two calls that made a desktop for %s, got %d", u, made)
		}
	}
	memory, err := shelf.In(func(name string) string { return map[string]string{"XDG_STATE_HOME": home}[name] })
	if err != nil {
		t.Fatal(err)
	}
	all, err := plan.In(memory).List()
	if err != nil || len(all) != 1 || all[0].Count(plan.Applied) != 2*len(users) {
		t.Errorf("want one plan with all its steps done, got %v, %+v", err, all)
	}
}
