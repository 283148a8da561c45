package gate

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

const account = "111122223333"

// room is a room of two real services whose operations the test decides.
type room struct {
	name string
	rows []api.Operation
}

func (r room) Name() string                { return r.name }
func (r room) Operations() []api.Operation { return r.rows }

// trail is a recorder that keeps everything, and tells how it came.
type trail struct {
	attached, durable, later []*api.Event
	commits                  bool // what is attached is written
}

func (t *trail) Attach(ctx context.Context, e *api.Event) context.Context {
	t.attached = append(t.attached, e)
	if t.commits {
		e.Places = []int64{1}
	}
	return ctx
}

func (t *trail) Record(_ context.Context, e *api.Event) error {
	t.durable = append(t.durable, e)
	return nil
}

func (t *trail) Later(_ context.Context, e *api.Event) { t.later = append(t.later, e) }

// attached are the bindings of a test, by the ARN of the user or role.
type attached map[string]Bindings

func (a attached) Bindings(_ context.Context, c *api.Caller) (Bindings, error) {
	if c.Session != nil && c.Session.IssuerARN != "" {
		return a[c.Session.IssuerARN], nil
	}
	return a[c.ARN], nil
}

type fixture struct {
	*Gate
	attached attached
	trail    *trail
	result   error // what the operations answer
	ran      int
	early    bool // the write says its answer before its commit
}

func open(t testing.TB) *fixture {
	t.Helper()
	all := Bindings{Identity: identity(t, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)}
	f := &fixture{trail: &trail{}, attached: attached{administrator.ARN: all, stranger.ARN: all}}
	user := func(ctx context.Context, in *sts.GetFederationTokenInput) ([]api.Check, error) {
		return []api.Check{{Action: "sts:GetFederationToken", Resource: "arn:aws:sts::" + account + ":federated-user/" + *in.Name}}, nil
	}
	rows := []api.Operation{
		api.Write("GetFederationToken", func(ctx context.Context, _ *sts.GetFederationTokenInput) (*sts.GetFederationTokenOutput, error) {
			f.ran++
			out := &sts.GetFederationTokenOutput{Credentials: &types.Credentials{AccessKeyId: aws.String("ASIA1"), SecretAccessKey: aws.String("hush")}}
			if f.early {
				api.WillAnswer(ctx, out)
			}
			return out, f.result
		}, user),
		api.Authenticated("GetCallerIdentity", func(context.Context, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
			f.ran++
			return &sts.GetCallerIdentityOutput{}, f.result
		}),
	}
	lookup := api.Read("LookupEvents", func(context.Context, *cloudtrail.LookupEventsInput) (*cloudtrail.LookupEventsOutput, error) {
		f.ran++
		return &cloudtrail.LookupEventsOutput{}, f.result
	}, func(context.Context, *cloudtrail.LookupEventsInput) ([]api.Check, error) {
		return api.OnAny("cloudtrail:LookupEvents"), nil
	})
	g, err := New(Options{
		Services: []api.Service{room{"sts", rows}, room{"cloudtrail", []api.Operation{lookup}}},
		Models:   model.Load, Recorder: f.trail, Clock: clock.NewFrozen(time.Unix(1e9, 0)), IDs: id.Seeded(1),
		Log: slog.New(slog.DiscardHandler), Principals: f.attached,
		ServicePrincipals: map[string][]string{"workspaces.amazonaws.com": {"cloudtrail:LookupEvents"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.Gate = g
	return f
}

var (
	administrator = api.Caller{Type: api.IAMUser, Account: account, Name: "administrator", ARN: "arn:aws:iam::" + account + ":user/administrator"}
	stranger      = api.Caller{Type: api.IAMUser, Account: "999988887777", ARN: "arn:aws:iam::999988887777:user/other"}
)

func federated(policy string) api.Caller {
	return api.Caller{Type: api.FederatedUser, Account: account, Name: "office-night", Session: &api.Session{Policies: []string{policy}, IssuerType: api.IAMUser, IssuerARN: administrator.ARN}, ARN: "arn:aws:sts::" + account + ":federated-user/office-night"}
}

func (f *fixture) token(t *testing.T, caller api.Caller, name string) error {
	t.Helper()
	in := &sts.GetFederationTokenInput{}
	if name != "" {
		in.Name = aws.String(name)
	}
	_, err := f.Do(t.Context(), &api.Call{Caller: caller, Account: caller.Account, Service: "sts", Operation: "GetFederationToken", RequestID: "r"}, in)
	return err
}

func (f *fixture) lookup(t *testing.T, caller api.Caller) error {
	t.Helper()
	_, err := f.Do(t.Context(), &api.Call{Caller: caller, Account: caller.Account, Service: "cloudtrail", Operation: "LookupEvents"}, &cloudtrail.LookupEventsInput{})
	return err
}

func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func TestWhoMay(t *testing.T) {
	const allow = `{"Statement":[{"Effect":"Allow","Action":"cloudtrail:*","Resource":"*"}]}`
	tests := []struct {
		name   string
		caller api.Caller
		want   string
	}{
		{"the administrator may", administrator, ""},
		{"nobody may not", api.Caller{}, "AccessDeniedException"},
		{"a session may what its policy allows", federated(allow), ""},
		{"a session without policy may nothing", federated(""), "AccessDeniedException"},
		{"an explicit deny wins", federated(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"cloudtrail:LookupEvents","Resource":"*"}]}`), "AccessDeniedException"},
		{"a service may what the house lists", api.Caller{Type: api.AWSService, Account: account, Service: "workspaces.amazonaws.com"}, ""},
		{"another service may not", api.Caller{Type: api.AWSService, Account: account, Service: "ec2.amazonaws.com"}, "AccessDeniedException"},
		{"a node may not", api.Caller{Type: api.ManagedInstance, Account: account, Node: "mi-0"}, "AccessDeniedException"},
		{"root may", api.Caller{Type: api.Root, Account: account}, ""},
		{"an unknown kind of principal may not", api.Caller{Type: "Ghost", Account: account, ARN: administrator.ARN}, "AccessDeniedException"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			f := open(t)
			err := f.lookup(t, tc.caller)
			if got := code(err); got != tc.want {
				t.Fatalf("want %q, got %q (%v)", tc.want, got, err)
			}
			if (f.ran == 1) != (tc.want == "") {
				t.Errorf("the operation ran %d times", f.ran)
			}
		})
	}
}

func TestAnotherAccountsResourceIsDenied(t *testing.T) {
	f := open(t)
	in := &sts.GetFederationTokenInput{Name: aws.String("x-1")}
	_, err := f.Do(t.Context(), &api.Call{Caller: stranger, Account: account, Service: "sts", Operation: "GetFederationToken"}, in)
	if code(err) != "AccessDenied" || f.ran != 0 {
		t.Errorf("want AccessDenied and nothing run, got %v", err)
	}
	if !strings.Contains(err.Error(), "is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::"+account+":federated-user/x-1") {
		t.Errorf("the denial does not name action and resource: %v", err)
	}
}

func TestDenialIsDurableBeforeTheAnswer(t *testing.T) {
	f := open(t)
	_ = f.lookup(t, federated(""))
	if len(f.trail.durable) != 1 || f.trail.durable[0].ErrorCode != "AccessDeniedException" || len(f.trail.later) != 0 {
		t.Errorf("want one durable record of the denial, got %+v", f.trail)
	}
}

func TestInvalidInputIsRefusedBeforeItRuns(t *testing.T) {
	f := open(t)
	err := f.token(t, administrator, "")
	if code(err) != "ValidationError" || f.ran != 0 || len(f.trail.durable) != 1 {
		t.Errorf("want a recorded ValidationError, got %v, %d durable", err, len(f.trail.durable))
	}
}

func TestWriteRecordsWithItsEffectAndAnswersLater(t *testing.T) {
	f := open(t)
	if err := f.token(t, administrator, "office-night"); err != nil {
		t.Fatal(err)
	}
	if len(f.trail.attached) != 1 || len(f.trail.later) != 1 || f.trail.attached[0].ID != f.trail.later[0].ID {
		t.Fatalf("want one event, attached and completed, got %+v", f.trail)
	}
	if got := string(f.trail.later[0].Response); strings.Contains(got, "hush") {
		t.Errorf("the record holds a secret: %s", got)
	}
	var request map[string]any
	if err := json.Unmarshal(f.trail.attached[0].Request, &request); err != nil || request["name"] != "office-night" {
		t.Errorf("want the request parameters, got %s, %v", f.trail.attached[0].Request, err)
	}
}

func TestAnAnswerKnownBeforeTheCommitIsNotWrittenAgain(t *testing.T) {
	for _, row := range []struct {
		name      string
		committed bool
		later     int
	}{{"in the record", true, 0}, {"said, but nothing committed", false, 1}} {
		f := open(t)
		f.early, f.trail.commits = true, row.committed
		if err := f.token(t, administrator, "office-night"); err != nil {
			t.Fatal(err)
		}
		if len(f.trail.attached) != 1 || len(f.trail.later) != row.later {
			t.Errorf("%s: want %d later records, got %+v", row.name, row.later, f.trail)
		}
		response := string(f.trail.attached[0].Answer())
		if !strings.Contains(response, "ASIA1") || strings.Contains(response, "hush") {
			t.Errorf("%s: want the answer without its secret, got %s", row.name, response)
		}
	}
}

func TestErrorsNotMeantForTheCallerAreHidden(t *testing.T) {
	f := open(t)
	f.result = errors.New("disk on fire at /secret/path")
	err := f.lookup(t, administrator)
	if code(err) != "InternalFailure" || strings.Contains(err.Error(), "secret") {
		t.Errorf("want InternalFailure without the cause, got %v", err)
	}
	f.result = &types.MalformedPolicyDocumentException{Message: aws.String("m")}
	if err := f.token(t, administrator, "x-1"); code(err) != "MalformedPolicyDocumentException" && code(err) != "MalformedPolicyDocument" {
		t.Errorf("want the modelled error, got %v", err)
	}
}

func TestRowsThatNoModelKnowsAreRefusedAtStart(t *testing.T) {
	row := api.Authenticated("InventedOperation", func(context.Context, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
		return nil, nil
	})
	if _, err := New(Options{Services: []api.Service{room{"sts", []api.Operation{row}}}, Models: model.Load}); err == nil {
		t.Error("want an error, got a gate")
	}
}
