package eventbridge_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// partner is an endpoint outside, which trusts who shows what it wants.
type partner struct {
	*httptest.Server

	mu    sync.Mutex
	calls []call // guarded by mu
	says  []int  // guarded by mu; statuses of the next answers, 200 after them
}

type call struct {
	method, path, body string
	header             http.Header
}

// partner starts one with a certificate of the plane's own authority.
func (f *fixture) partner(says ...int) *partner {
	f.t.Helper()
	authority, err := ca.Open(ca.Options{Folder: filepath.Join(f.plane.Data, "ca"), Domain: "tamachi.internal", Clock: clock.Real{}, IDs: id.Random()})
	done(f.t, "open the authority", err)
	p := &partner{says: says}
	p.Server = httptest.NewUnstartedServer(http.HandlerFunc(p.answer))
	p.TLS = &tls.Config{GetCertificate: authority.Certificate}
	p.StartTLS()
	f.t.Cleanup(p.Close)
	return p
}

func (p *partner) answer(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if r.URL.Path == "/token" {
		if err := r.ParseForm(); err == nil && strings.Contains(string(body), "client_secret=Client-Secret-1") && strings.Contains(string(body), "scope=write") {
			_, _ = io.WriteString(w, `{"access_token":"token-1","expires_in":3600}`)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calls = append(p.calls, call{r.Method, r.URL.String(), string(body), r.Header})
	if len(p.says) > 0 {
		w.WriteHeader(p.says[0])
		p.says = p.says[1:]
	}
}

func (p *partner) got() []call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls
}

// at is the endpoint by a name that the authority signs.
func (p *partner) at(path string) string {
	_, port, _ := net.SplitHostPort(p.Listener.Addr().String())
	return "https://localhost:" + port + path
}

func (f *fixture) connect(name string, kind types.ConnectionAuthorizationType, auth types.CreateConnectionAuthRequestParameters) string {
	f.t.Helper()
	out, err := f.CreateConnection(f.t.Context(), &eventbridge.CreateConnectionInput{Name: &name, AuthorizationType: kind, AuthParameters: &auth})
	done(f.t, "connection "+name, err)
	return *out.ConnectionArn
}

func (f *fixture) destination(name, connection, endpoint string, rate int32) string {
	f.t.Helper()
	in := &eventbridge.CreateApiDestinationInput{Name: &name, ConnectionArn: &connection, InvocationEndpoint: &endpoint, HttpMethod: types.ApiDestinationHttpMethodPost}
	if rate > 0 {
		in.InvocationRateLimitPerSecond = &rate
	}
	out, err := f.CreateApiDestination(f.t.Context(), in)
	done(f.t, "destination "+name, err)
	return *out.ApiDestinationArn
}

// sender is a role that events may use for some API destinations.
func (f *fixture) sender(name, resource string) string {
	f.t.Helper()
	return f.role(name, "events:InvokeApiDestination", resource)
}

// role is a role that events may use for an action.
func (f *fixture) role(name, action, resource string) string {
	f.t.Helper()
	roles := iam.NewFromConfig(f.plane.Config())
	made, err := roles.CreateRole(f.t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	done(f.t, "role", err)
	_, err = roles.PutRolePolicy(f.t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: &name, PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}]}`)})
	done(f.t, "role policy", err)
	return *made.Role.Arn
}

// TestEventsGoToEndpointsOutside sends by each kind of authorization.
func TestEventsGoToEndpointsOutside(t *testing.T) {
	f := start(t, apitest.Options{})
	p := f.partner(503)
	role := f.sender("sender", "arn:aws:events:*:*:api-destination/*")
	basic := f.connect("basic", types.ConnectionAuthorizationTypeBasic, types.CreateConnectionAuthRequestParameters{
		BasicAuthParameters: &types.CreateConnectionBasicAuthRequestParameters{Username: aws.String("hanako"), Password: aws.String("Secret-Word-1")},
		InvocationHttpParameters: &types.ConnectionHttpParameters{
			HeaderParameters:      []types.ConnectionHeaderParameter{{Key: aws.String("X-Team"), Value: aws.String("Secret-Team-1"), IsValueSecret: true}},
			QueryStringParameters: []types.ConnectionQueryStringParameter{{Key: aws.String("v"), Value: aws.String("2")}},
			BodyParameters:        []types.ConnectionBodyParameter{{Key: aws.String("tenant"), Value: aws.String("a")}},
		},
	})
	f.rule("basic", `{"source":["basic"]}`, "", types.Target{
		Arn: aws.String(f.destination("basic", basic, p.at("/in/*"), 0)), RoleArn: &role, InputPath: aws.String("$.detail"),
		HttpParameters: &types.HttpParameters{PathParameterValues: []string{"a b"}, HeaderParameters: map[string]string{"X-Team": "other", "X-More": "1"}},
	})
	f.put(entry("basic", `{"n":1}`))
	apitest.Eventually(t, "the second try", func() bool { return len(p.got()) == 2 })
	c := p.got()[1]
	if c.method != "POST" || c.path != "/in/a%20b?v=2" || c.body != `{"n":1,"tenant":"a"}` || c.header.Get("X-Team") != "Secret-Team-1" || c.header.Get("X-More") != "1" ||
		c.header.Get("Authorization") != "Basic aGFuYWtvOlNlY3JldC1Xb3JkLTE=" || c.header.Get("User-Agent") != "Amazon/EventBridge/ApiDestinations" {
		t.Errorf("got %+v", c)
	}

	key := f.connect("key", types.ConnectionAuthorizationTypeApiKey, types.CreateConnectionAuthRequestParameters{
		ApiKeyAuthParameters: &types.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("X-Key"), ApiKeyValue: aws.String("Secret-Key-1")},
	})
	f.rule("key", `{"source":["key"]}`, "", types.Target{Arn: aws.String(f.destination("key", key, p.at("/key"), 0)), RoleArn: &role})
	f.put(entry("key", `{"n":2}`))
	apitest.Eventually(t, "the event with a key", func() bool { return len(p.got()) == 3 })
	if c := p.got()[2]; c.header.Get("X-Key") != "Secret-Key-1" || !strings.Contains(c.body, `"source":"key"`) {
		t.Errorf("got %+v", c)
	}

	token := f.connect("token", types.ConnectionAuthorizationTypeOauthClientCredentials, types.CreateConnectionAuthRequestParameters{
		OAuthParameters: &types.CreateConnectionOAuthRequestParameters{
			ClientParameters:      &types.CreateConnectionOAuthClientRequestParameters{ClientID: aws.String("us"), ClientSecret: aws.String("Client-Secret-1")},
			AuthorizationEndpoint: aws.String(p.at("/token")), HttpMethod: types.ConnectionOAuthHttpMethodPost,
			OAuthHttpParameters: &types.ConnectionHttpParameters{BodyParameters: []types.ConnectionBodyParameter{{Key: aws.String("scope"), Value: aws.String("write")}}},
		},
	})
	apitest.Eventually(t, "the connection to be authorized", func() bool { return f.described("token").ConnectionState == types.ConnectionStateAuthorized })
	f.rule("token", `{"source":["token"]}`, "", types.Target{Arn: aws.String(f.destination("token", token, p.at("/token/use"), 0)), RoleArn: &role})
	f.put(entry("token", `{"n":3}`))
	apitest.Eventually(t, "the event with a token", func() bool { return len(p.got()) == 4 })
	if c := p.got()[3]; c.header.Get("Authorization") != "Bearer token-1" {
		t.Errorf("got %+v", c)
	}
	f.secretsAreNotTold("basic", "key", "token")
}

func (f *fixture) described(name string) *eventbridge.DescribeConnectionOutput {
	f.t.Helper()
	out, err := f.DescribeConnection(f.t.Context(), &eventbridge.DescribeConnectionInput{Name: &name})
	done(f.t, "describe "+name, err)
	return out
}

// secretsAreNotTold looks for them in answers and in the data folder.
func (f *fixture) secretsAreNotTold(names ...string) {
	f.t.Helper()
	for _, name := range names {
		a := f.described(name).AuthParameters
		if p := a.InvocationHttpParameters; p != nil && (p.HeaderParameters[0].Value != nil || *p.QueryStringParameters[0].Value != "2") {
			f.t.Errorf("%s: parameters %+v", name, p)
		}
		if p := a.BasicAuthParameters; p != nil && *p.Username != "hanako" {
			f.t.Errorf("%s: %+v", name, p)
		}
	}
	for _, word := range []string{"Secret-Word-1", "Secret-Team-1", "Secret-Key-1", "Client-Secret-1"} {
		if held := holding(f.t, f.plane.Data, word); len(held) > 0 {
			f.t.Errorf("%s is in %v", word, held)
		}
	}
}

// TestARateOfRequestsIsKept sends five events at two a second, on a clock of
// ours.
func TestARateOfRequestsIsKept(t *testing.T) {
	clk := clock.NewFrozen(time.Now().Truncate(time.Second))
	f := start(t, apitest.Options{Clock: clk})
	p := f.partner()
	c := f.connect("c", types.ConnectionAuthorizationTypeApiKey, types.CreateConnectionAuthRequestParameters{
		ApiKeyAuthParameters: &types.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("X-Key"), ApiKeyValue: aws.String("k")},
	})
	role := f.sender("sender", "*")
	f.rule("r", `{"source":["x"]}`, "", types.Target{Arn: aws.String(f.destination("d", c, p.at("/"), 2)), RoleArn: &role})
	for range 5 {
		f.put(entry("x", "{}"))
	}
	for after, want := range []int{1, 2, 3, 4, 5} {
		if after > 0 {
			clk.Advance(500 * time.Millisecond)
		}
		done(t, "upkeep", f.plane.Upkeep(t.Context()))
		apitest.Eventually(t, "the next event", func() bool { return len(p.got()) >= want })
		done(t, "upkeep", f.plane.Upkeep(t.Context()))
		if got := len(p.got()); got != want {
			t.Errorf("after %d half seconds: %d requests, want %d", after, got, want)
		}
	}
}

// TestWhatCannotBeSentIsNotSentAgain denies the role, points at the plane itself,
// and answers that the event is wrong.
func TestWhatCannotBeSentIsNotSentAgain(t *testing.T) {
	f := start(t, apitest.Options{})
	p := f.partner(400)
	c := f.connect("c", types.ConnectionAuthorizationTypeApiKey, types.CreateConnectionAuthRequestParameters{
		ApiKeyAuthParameters: &types.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("X-Key"), ApiKeyValue: aws.String("k")},
	})
	other, role := f.sender("other", "arn:aws:events:*:*:api-destination/elsewhere"), f.sender("sender", "*")
	d := f.destination("d", c, p.at("/"), 0)
	f.rule("denied", `{"source":["x"]}`, "", types.Target{Arn: &d, RoleArn: &other})
	own := f.destination("own", c, strings.Replace(f.plane.Access().HTTP, "http://", "https://", 1)+"/", 0)
	f.rule("own", `{"source":["x"]}`, "", types.Target{Arn: &own, RoleArn: &role})
	f.rule("wrong", `{"source":["x"]}`, "", types.Target{Arn: &d, RoleArn: &role})
	f.put(entry("x", "{}"))
	apitest.Eventually(t, "the only request", func() bool { return len(p.got()) == 1 })
	f.put(entry("x", `{"second":1}`))
	apitest.Eventually(t, "the second event", func() bool { return len(p.got()) == 2 })
	if !strings.Contains(p.got()[1].body, "second") {
		t.Errorf("the event that was refused came again: %+v", p.got()[1])
	}
}

// TestConnectionsAndDestinations makes, changes, lists and deletes them.
func TestConnectionsAndDestinations(t *testing.T) {
	f, ctx := start(t, apitest.Options{}), t.Context()
	basic := types.CreateConnectionAuthRequestParameters{BasicAuthParameters: &types.CreateConnectionBasicAuthRequestParameters{Username: aws.String("u"), Password: aws.String("p")}}
	first := f.connect("a", types.ConnectionAuthorizationTypeBasic, basic)
	second := f.connect("b", types.ConnectionAuthorizationTypeBasic, basic)
	a, none := aws.String("a"), aws.String("none")
	_, err := f.CreateConnection(ctx, &eventbridge.CreateConnectionInput{Name: a, AuthorizationType: types.ConnectionAuthorizationTypeBasic, AuthParameters: &basic})
	apitest.Refused(t, "make it twice", err, "ResourceAlreadyExistsException", "already exists")
	_, err = f.CreateConnection(ctx, &eventbridge.CreateConnectionInput{Name: none, AuthorizationType: types.ConnectionAuthorizationTypeApiKey, AuthParameters: &basic})
	apitest.Refused(t, "another kind", err, "ValidationException", "AuthParameters")
	_, err = f.UpdateConnection(ctx, &eventbridge.UpdateConnectionInput{Name: a, AuthorizationType: types.ConnectionAuthorizationTypeApiKey, Description: aws.String("ours"), AuthParameters: &types.UpdateConnectionAuthRequestParameters{
		ApiKeyAuthParameters: &types.UpdateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("K"), ApiKeyValue: aws.String("v")},
	}})
	done(t, "update", err)
	if c := f.described("a"); c.AuthorizationType != types.ConnectionAuthorizationTypeApiKey || *c.Description != "ours" || *c.AuthParameters.ApiKeyAuthParameters.ApiKeyName != "K" || c.LastAuthorizedTime == nil {
		t.Errorf("got %+v", c)
	}
	d := f.destination("orders", first, "https://example.com/*", 0)
	_, err = f.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{Name: aws.String("orders"), ConnectionArn: &first, InvocationEndpoint: aws.String("https://example.com/"), HttpMethod: types.ApiDestinationHttpMethodGet})
	apitest.Refused(t, "make it twice", err, "ResourceAlreadyExistsException", "already exists")
	_, err = f.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{Name: none, ConnectionArn: &first, InvocationEndpoint: aws.String("http://example.com/"), HttpMethod: types.ApiDestinationHttpMethodGet})
	apitest.Refused(t, "no TLS", err, "ValidationException", "https")
	_, err = f.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{Name: none, ConnectionArn: aws.String(first[:len(first)-1] + "0f"), InvocationEndpoint: aws.String("https://example.com/"), HttpMethod: types.ApiDestinationHttpMethodGet})
	apitest.Refused(t, "no connection", err, "ResourceNotFoundException", "does not exist")
	_, err = f.UpdateApiDestination(ctx, &eventbridge.UpdateApiDestinationInput{Name: aws.String("orders"), ConnectionArn: &second, InvocationRateLimitPerSecond: aws.Int32(7), HttpMethod: types.ApiDestinationHttpMethodPut})
	done(t, "update", err)
	shown := func() *eventbridge.DescribeApiDestinationOutput {
		t.Helper()
		out, err := f.DescribeApiDestination(ctx, &eventbridge.DescribeApiDestinationInput{Name: aws.String("orders")})
		done(t, "describe", err)
		return out
	}
	if s := shown(); *s.ConnectionArn != second || *s.InvocationRateLimitPerSecond != 7 || s.HttpMethod != types.ApiDestinationHttpMethodPut || *s.ApiDestinationArn != d || s.ApiDestinationState != types.ApiDestinationStateActive {
		t.Errorf("got %+v", s)
	}
	_, err = f.DeauthorizeConnection(ctx, &eventbridge.DeauthorizeConnectionInput{Name: aws.String("b")})
	done(t, "deauthorize", err)
	if s := shown(); s.ApiDestinationState != types.ApiDestinationStateInactive {
		t.Errorf("without authorization: %+v", s)
	}
	if c := f.described("b"); c.ConnectionState != types.ConnectionStateDeauthorized || c.AuthParameters != nil {
		t.Errorf("without authorization: %+v", c)
	}
	list, err := f.ListConnections(ctx, &eventbridge.ListConnectionsInput{Limit: aws.Int32(1)})
	if done(t, "list", err); len(list.Connections) != 1 || list.NextToken == nil {
		t.Fatalf("a page of %+v", list)
	}
	list, err = f.ListConnections(ctx, &eventbridge.ListConnectionsInput{NextToken: list.NextToken, ConnectionState: types.ConnectionStateDeauthorized})
	if done(t, "list", err); len(list.Connections) != 1 || *list.Connections[0].Name != "b" || list.NextToken != nil {
		t.Errorf("the rest: %+v", list)
	}
	_, err = f.ListConnections(ctx, &eventbridge.ListConnectionsInput{NextToken: none})
	apitest.Refused(t, "list by no token", err, "ValidationException", "Token")
	ends, err := f.ListApiDestinations(ctx, &eventbridge.ListApiDestinationsInput{ConnectionArn: &second})
	if done(t, "list", err); len(ends.ApiDestinations) != 1 || *ends.ApiDestinations[0].Name != "orders" {
		t.Errorf("destinations %+v", ends)
	}
	_, err = f.ListApiDestinations(ctx, &eventbridge.ListApiDestinationsInput{NextToken: none})
	apitest.Refused(t, "list by no token", err, "ValidationException", "Token")
	_, err = f.DeleteApiDestination(ctx, &eventbridge.DeleteApiDestinationInput{Name: aws.String("orders")})
	done(t, "delete", err)
	_, err = f.DeleteConnection(ctx, &eventbridge.DeleteConnectionInput{Name: a})
	done(t, "delete", err)
	list, err = f.ListConnections(ctx, &eventbridge.ListConnectionsInput{})
	if done(t, "list", err); len(list.Connections) != 1 {
		t.Errorf("what is left: %+v", list.Connections)
	}
	ends, err = f.ListApiDestinations(ctx, &eventbridge.ListApiDestinationsInput{})
	if done(t, "list", err); len(ends.ApiDestinations) != 0 {
		t.Errorf("what is left: %+v", ends.ApiDestinations)
	}
	f.gone(a, aws.String("orders"))
}

// gone asks for what is not there any more.
func (f *fixture) gone(c, d *string) {
	f.t.Helper()
	ctx := f.t.Context()
	for what, try := range map[string]func() error{
		"describe": func() error {
			_, err := f.DescribeConnection(ctx, &eventbridge.DescribeConnectionInput{Name: c})
			return err
		},
		"update": func() error {
			_, err := f.UpdateConnection(ctx, &eventbridge.UpdateConnectionInput{Name: c})
			return err
		},
		"deauthorize": func() error {
			_, err := f.DeauthorizeConnection(ctx, &eventbridge.DeauthorizeConnectionInput{Name: c})
			return err
		},
		"delete": func() error {
			_, err := f.DeleteConnection(ctx, &eventbridge.DeleteConnectionInput{Name: c})
			return err
		},
		"describe the destination": func() error {
			_, err := f.DescribeApiDestination(ctx, &eventbridge.DescribeApiDestinationInput{Name: d})
			return err
		},
		"update the destination": func() error {
			_, err := f.UpdateApiDestination(ctx, &eventbridge.UpdateApiDestinationInput{Name: d})
			return err
		},
		"delete the destination": func() error {
			_, err := f.DeleteApiDestination(ctx, &eventbridge.DeleteApiDestinationInput{Name: d})
			return err
		},
		"update a bus": func() error {
			_, err := f.UpdateEventBus(ctx, &eventbridge.UpdateEventBusInput{Name: aws.String("gone")})
			return err
		},
	} {
		apitest.Refused(f.t, what, try(), "ResourceNotFoundException", "does not exist")
	}
	_, err := f.UpdateEventBus(ctx, &eventbridge.UpdateEventBusInput{Description: aws.String("for all")})
	done(f.t, "update the default bus", err)
	b, err := f.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{})
	if done(f.t, "describe the default bus", err); aws.ToString(b.Description) != "for all" {
		f.t.Errorf("got %+v", b)
	}
}

// holding are the files below a folder that hold a word.
func holding(t *testing.T, folder, word string) (found []string) {
	t.Helper()
	done(t, "look", filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(word)) {
			found = append(found, path)
		}
		return err
	}))
	return found
}
