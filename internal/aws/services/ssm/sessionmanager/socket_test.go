package sessionmanager_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
)

// office is a plane with one node.
type office struct {
	*apitest.Plane
	t    *testing.T
	ssm  *ssm.Client
	node string
}

func open(t *testing.T, o apitest.Options) *office {
	t.Helper()
	return openWith(t, o, agent.Config{})
}

func openWith(t *testing.T, o apitest.Options, c agent.Config) *office {
	t.Helper()
	h := apitest.Start(t, o)
	p := &office{Plane: h, t: t, ssm: ssm.NewFromConfig(h.Config())}
	c.ActivationID, c.ActivationCode = h.Activation()
	h.Hire(c)
	p.node = h.Online(1)[0]
	return p
}

func (p *office) session(state types.SessionState, id string) *types.Session {
	p.t.Helper()
	out, err := p.ssm.DescribeSessions(p.t.Context(), &ssm.DescribeSessionsInput{
		State: state, Filters: []types.SessionFilter{{Key: types.SessionFilterKeySessionId, Value: &id}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	if len(out.Sessions) == 0 {
		return nil
	}
	return &out.Sessions[0]
}

// Every operation for people: once with success, once refused, by the SDK.
func TestSessionsByTheSDK(t *testing.T) {
	p := open(t, apitest.Options{})
	ctx := t.Context()
	start := func(in ssm.StartSessionInput) (*ssm.StartSessionOutput, error) {
		if in.Target == nil {
			in.Target = &p.node
		}
		return p.ssm.StartSession(ctx, &in)
	}
	for _, row := range []struct {
		name string
		in   ssm.StartSessionInput
		want string
	}{
		{"a node that is none", ssm.StartSessionInput{Target: aws.String("mi-00000000000000000")}, "TargetNotConnected"},
		{"a document that is none", ssm.StartSessionInput{DocumentName: aws.String("Nothing")}, "InvalidDocument"},
		{"a document of commands", ssm.StartSessionInput{DocumentName: aws.String("AWS-RunShellScript")}, "InvalidDocument"},
		{"a parameter that the document does not have", ssm.StartSessionInput{
			DocumentName: aws.String("AWS-StartPortForwardingSession"), Parameters: map[string][]string{"door": {"80"}},
		}, "ValidationException"},
		{"a port that is none", ssm.StartSessionInput{
			DocumentName: aws.String("AWS-StartPortForwardingSession"), Parameters: map[string][]string{"portNumber": {"70000"}},
		}, "ValidationException"},
		{"two values of one", ssm.StartSessionInput{
			DocumentName: aws.String("AWS-StartPortForwardingSession"), Parameters: map[string][]string{"portNumber": {"80", "81"}},
		}, "ValidationException"},
		{"a parameter that is missing", ssm.StartSessionInput{DocumentName: aws.String("AWS-StartInteractiveCommand")}, "ValidationException"},
	} {
		_, err := start(row.in)
		apitest.Refused(t, row.name, err, row.want, "")
	}
	status, err := p.ssm.GetConnectionStatus(ctx, &ssm.GetConnectionStatusInput{Target: &p.node})
	if err != nil || status.Status != types.ConnectionStatusConnected {
		t.Fatalf("got %+v, %v, want connected", status, err)
	}
	if status, err = p.ssm.GetConnectionStatus(ctx, &ssm.GetConnectionStatusInput{Target: aws.String("mi-00000000000000000")}); err != nil || status.Status != types.ConnectionStatusNotConnected {
		t.Errorf("got %+v, %v, want not connected", status, err)
	}
	_, err = p.ssm.GetConnectionStatus(ctx, &ssm.GetConnectionStatusInput{Target: aws.String("")})
	apitest.Refused(t, "no target", err, "ValidationException", "")

	got, err := start(ssm.StartSessionInput{Reason: aws.String("to look")})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(*got.SessionId, "administrator-") || !strings.HasPrefix(*got.StreamUrl, "ws://127.0.0.1:") || len(*got.TokenValue) < 40 {
		t.Errorf("got %s %s", *got.SessionId, *got.StreamUrl)
	}
	if one := p.session(types.SessionStateActive, *got.SessionId); one == nil || one.Status != types.SessionStatusConnecting ||
		*one.Reason != "to look" || *one.DocumentName != "SSM-SessionManagerRunShell" || *one.Target != p.node {
		t.Errorf("got %+v, want a session that is Connecting", one)
	}
	again, err := p.ssm.ResumeSession(ctx, &ssm.ResumeSessionInput{SessionId: got.SessionId})
	if err != nil || *again.TokenValue == *got.TokenValue {
		t.Errorf("got %+v, %v, want another token", again, err)
	}
	_, err = p.ssm.ResumeSession(ctx, &ssm.ResumeSessionInput{SessionId: aws.String("nobody-1")})
	apitest.Refused(t, "resume nothing", err, "DoesNotExistException", "")
	p.refusedAtTheDoor(*got.SessionId)
	if _, err := p.ssm.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: got.SessionId}); err != nil {
		t.Error(err)
	}
	apitest.Eventually(p.t, "the session to be over", func() bool { return p.session(types.SessionStateHistory, *got.SessionId) != nil })
	if one := p.session(types.SessionStateActive, *got.SessionId); one != nil {
		t.Errorf("it is still active: %+v", one)
	}
	_, err = p.ssm.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: aws.String("nobody-1")})
	apitest.Refused(t, "terminate nothing", err, "ValidationException", "")
	for _, row := range []struct {
		name, code string
		filter     types.SessionFilter
	}{
		{"a key that is none", "ValidationException", types.SessionFilter{Key: "Colour", Value: aws.String("red")}},
		{"a time that is none", "ValidationException", types.SessionFilter{Key: "InvokedAfter", Value: aws.String("soon")}},
	} {
		_, err := p.ssm.DescribeSessions(ctx, &ssm.DescribeSessionsInput{State: types.SessionStateHistory, Filters: []types.SessionFilter{row.filter}})
		apitest.Refused(t, row.name, err, row.code, "")
	}
	_, err = p.ssm.DescribeSessions(ctx, &ssm.DescribeSessionsInput{State: types.SessionStateHistory, NextToken: aws.String("x")})
	apitest.Refused(t, "a token that is none", err, "InvalidNextToken", "")
}

// refusedAtTheDoor tries the data channel of a session as others: by signed
// requests of the administrator, who is no node, and of a stranger.
func (p *office) refusedAtTheDoor(session string) {
	p.t.Helper()
	for _, row := range []struct {
		name, method, session string
		signed                bool
		want                  int
	}{
		{"a person asks for the node's token", http.MethodPost, session, true, http.StatusForbidden},
		{"a person asks for a token of no session", http.MethodPost, "nobody-1", true, http.StatusForbidden},
		{"a stranger asks for the node's token", http.MethodPost, session, false, http.StatusForbidden},
		{"a person opens no session", http.MethodGet, "nobody-1", true, http.StatusForbidden},
	} {
		r, err := http.NewRequestWithContext(p.t.Context(), row.method, p.HTTP()+"/v1/data-channel/"+row.session, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		body := ""
		if row.method == http.MethodPost {
			body = `{"MessageSchemaVersion":"1.0","RequestId":"1"}`
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		} else {
			for k, v := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="} {
				r.Header.Set(k, v)
			}
		}
		if row.signed {
			a, sum := p.Access(), sha256.Sum256([]byte(body))
			keys, err := credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, "").Retrieve(p.t.Context())
			if err != nil {
				p.t.Fatal(err)
			}
			if err := v4.NewSigner().SignHTTP(p.t.Context(), keys, r, hex.EncodeToString(sum[:]), "ssmmessages", a.Region, time.Now()); err != nil {
				p.t.Fatal(err)
			}
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			p.t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != row.want && !(res.StatusCode == http.StatusBadRequest && !row.signed) {
			p.t.Errorf("%s: got %d %s, want %d", row.name, res.StatusCode, text, row.want)
		}
	}
}

// Who may start, resume and end which session. Source: Systems Manager User
// Guide, "Sample IAM policies for Session Manager".
func TestWhoMayHoldSessions(t *testing.T) {
	p := open(t, apitest.Options{})
	ctx := t.Context()
	people := iam.NewFromConfig(p.Config())
	made := 0
	as := func(policy string) *ssm.Client {
		made++
		name := "alice" + string(rune('a'+made))
		if _, err := people.CreateUser(ctx, &iam.CreateUserInput{UserName: &name}); err != nil {
			t.Fatal(err)
		}
		policy = `{"Version":"2012-10-17","Statement":[` + policy + `]}`
		if _, err := people.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: &name, PolicyName: aws.String("p"), PolicyDocument: &policy}); err != nil {
			t.Fatal(err)
		}
		key, err := people.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &name})
		if err != nil {
			t.Fatal(err)
		}
		cfg := p.Config()
		cfg.Credentials = credentials.NewStaticCredentialsProvider(*key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey, "")
		return ssm.NewFromConfig(cfg)
	}
	const anyNode, ports = `"arn:aws:ssm:*:*:managed-instance/*"`, `"arn:aws:ssm:*::document/AWS-StartPortForwardingSession"`
	const shell = `"arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell"`
	const wanted = `,"Condition":{"BoolIfExists":{"ssm:SessionDocumentAccessCheck":"true"}}`
	allow := func(resources, condition string) string {
		return `{"Effect":"Allow","Action":"ssm:StartSession","Resource":[` + resources + `]` + condition + `}`
	}
	for _, row := range []struct {
		name, policy  string
		shell, onPort bool
	}{
		{"nothing is allowed", `{"Effect":"Allow","Action":"ssm:DescribeSessions","Resource":"*"}`, false, false},
		{"the node is allowed", allow(anyNode, ""), true, false},
		{"node and document of ports", allow(anyNode+","+ports, ""), true, true},
		{"the document is to be checked, and is that of ports", allow(anyNode+","+ports, wanted), false, true},
		{"the document is to be checked, and is the shell's", allow(anyNode+","+shell, wanted), true, false},
		{"nodes with a tag", allow(anyNode, `,"Condition":{"StringEquals":{"ssm:resourceTag/Team":"red"}}`), false, false},
	} {
		c := as(row.policy)
		_, plain := c.StartSession(ctx, &ssm.StartSessionInput{Target: &p.node})
		_, named := c.StartSession(ctx, &ssm.StartSessionInput{Target: &p.node, DocumentName: aws.String("AWS-StartPortForwardingSession")})
		if plain == nil != row.shell || named == nil != row.onPort {
			t.Errorf("%s: a shell got %v, a port %v; want %v, %v", row.name, plain, named, row.shell, row.onPort)
		}
	}
	own := as(allow(anyNode, "") + `,{"Effect":"Allow","Action":["ssm:TerminateSession","ssm:ResumeSession"],"Resource":"arn:aws:ssm:*:*:session/${aws:username}-*"}`)
	mine, err := own.StartSession(ctx, &ssm.StartSessionInput{Target: &p.node})
	if err != nil {
		t.Fatal(err)
	}
	others, err := p.ssm.StartSession(ctx, &ssm.StartSessionInput{Target: &p.node})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name string
		call func(session *string) error
	}{
		{"resume", func(id *string) error {
			_, err := own.ResumeSession(ctx, &ssm.ResumeSessionInput{SessionId: id})
			return err
		}},
		{"terminate", func(id *string) error {
			_, err := own.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: id})
			return err
		}},
	} {
		if err := row.call(mine.SessionId); err != nil {
			t.Errorf("%s one's own: %v", row.name, err)
		}
		apitest.Refused(t, row.name+" another's", row.call(others.SessionId), "AccessDeniedException", "")
	}
	operator := as(`{"Effect":"Allow","Action":"ssm:TerminateSession","Resource":"*"}`)
	theirs, err := own.StartSession(ctx, &ssm.StartSessionInput{Target: &p.node})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := operator.TerminateSession(ctx, &ssm.TerminateSessionInput{SessionId: theirs.SessionId}); err != nil {
		t.Errorf("another user who may end it: got %v", err)
	}
	apitest.Eventually(t, "the session that another user ended to be over", func() bool {
		return p.session(types.SessionStateHistory, *theirs.SessionId) != nil
	})
	trail, err := cloudtrail.NewFromConfig(p.Config()).LookupEvents(ctx, &cloudtrail.LookupEventsInput{LookupAttributes: []trailtypes.LookupAttribute{
		{AttributeKey: trailtypes.LookupAttributeKeyEventName, AttributeValue: aws.String("TerminateSession")},
	}})
	if err != nil || len(trail.Events) == 0 || *trail.Events[0].Username != "alice"+string(rune('a'+made)) || !strings.Contains(*trail.Events[0].CloudTrailEvent, *theirs.SessionId) {
		t.Errorf("who ended it is not in the trail: got %+v, %v", trail, err)
	}
	// The node goes, and what is held on it ends.
	if _, err := p.ssm.DeregisterManagedInstance(ctx, &ssm.DeregisterManagedInstanceInput{InstanceId: &p.node}); err != nil {
		t.Fatal(err)
	}
	apitest.Eventually(p.t, "the sessions of a node that was deregistered to end", func() bool {
		return p.session(types.SessionStateHistory, *others.SessionId) != nil
	})
}
