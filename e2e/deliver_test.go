package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	events "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"tamachi/internal/ca"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// TestWhatWasTakenIsDelivered kills the plane while deliveries are under way:
// every message of a topic and every event whose call was answered reaches its
// webhook, its mail box and its log group after the next starts, some twice.
func TestWhatWasTakenIsDelivered(t *testing.T) {
	t.Parallel()
	v := &victim{data: filepath.Join(t.TempDir(), "data")}
	t.Cleanup(func() { v.remove(t) })
	v.start(t)
	hear := listen(t, v)
	o := furnish(t, v, hear)
	var taken taken
	for round := range 2 {
		if round > 0 {
			v.start(t)
		}
		held := hear.hold()
		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		for i, say := range []func(context.Context, string) error{o.publish(v), o.put(v)} {
			work.Go(func() { taken.write(ctx, say, fmt.Sprintf("%d-%d", i, round)) })
		}
		for taken.count() < 10*(round+1) || !held() {
			pause(t)
		}
		v.kill(t)
		stop()
		work.Wait()
	}
	hear.release()
	v.start(t)
	logs := cloudwatchlogs.NewFromConfig(v.config)
	late := time.After(3 * time.Minute)
	for {
		web, box, group := hear.heard(), mails(t, v), logged(t, logs)
		missing := taken.missing(web, box, group)
		if len(missing) == 0 {
			break
		}
		select {
		case <-late:
			t.Fatalf("answered, and not delivered: %v", missing)
		default:
			pause(t)
		}
	}
	t.Logf("%d answered calls", taken.count())
}

// pause is between two looks.
func pause(t *testing.T) {
	select {
	case <-time.After(20 * time.Millisecond):
	case <-t.Context().Done():
	}
}

// taken are the words that calls were answered for, by what carries them.
type taken struct {
	mu    sync.Mutex
	words []string // guarded by mu
}

// write says words until the plane is gone; the most, for a test has an end.
func (a *taken) write(ctx context.Context, say func(context.Context, string) error, name string) {
	for n := range 60 {
		word := fmt.Sprintf("word-%s-%d.", name, n)
		if say(ctx, word) != nil {
			return
		}
		a.mu.Lock()
		a.words = append(a.words, word)
		a.mu.Unlock()
	}
}

func (a *taken) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.words)
}

// missing are the words that did not come everywhere: a message comes to the
// webhook and the mail box, an event to the webhook and the log group.
func (a *taken) missing(web, box, group string) (out []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, w := range a.words {
		if !strings.Contains(web, w) || !strings.Contains(box, w) && !strings.Contains(group, w) {
			out = append(out, w)
		}
	}
	return out
}

// hearer is an endpoint outside.
type hearer struct {
	*httptest.Server
	tokens chan string // of subscriptions

	mu    sync.Mutex
	said  bytes.Buffer    // guarded by mu; what was answered with 200
	gate  chan struct{}   // guarded by mu; open when closed
	kinds map[string]bool // guarded by mu; paths that wait at the gate
}

// listen starts one with a certificate of the plane's own authority.
func listen(t *testing.T, v *victim) *hearer {
	authority, err := ca.Open(ca.Options{Folder: filepath.Join(v.data, "ca"), Domain: "tamachi.internal", Clock: clock.Real{}, IDs: id.Random()})
	if err != nil {
		t.Fatal(err)
	}
	h := &hearer{tokens: make(chan string, 8), gate: make(chan struct{}), kinds: map[string]bool{}}
	close(h.gate)
	h.Server = httptest.NewUnstartedServer(h)
	h.TLS = &tls.Config{GetCertificate: authority.Certificate}
	h.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // of who was killed in the middle
	h.StartTLS()
	t.Cleanup(h.Close)
	return h
}

// ServeHTTP hears a message once the gate is open. One whose sender went before
// has not been heard.
func (h *hearer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	var message struct{ Type, Token string }
	if json.Unmarshal(body, &message) == nil && message.Type == "SubscriptionConfirmation" {
		h.tokens <- message.Token
		return
	}
	h.mu.Lock()
	gate := h.gate
	select {
	case <-gate:
	default:
		h.kinds[r.URL.Path] = true
	}
	h.mu.Unlock()
	select {
	case <-gate:
	case <-r.Context().Done():
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.said.Write(body)
}

// hold closes the gate; held tells whether a message and an event wait at it.
func (h *hearer) hold() (held func() bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gate = make(chan struct{})
	clear(h.kinds)
	return func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.kinds["/message"] && h.kinds["/event"]
	}
}

func (h *hearer) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	close(h.gate)
}

func (h *hearer) heard() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.String()
}

func (h *hearer) at(path string) *string {
	return aws.String(strings.Replace(h.URL, "127.0.0.1", "localhost", 1) + path)
}

// office is a topic and a bus with their listeners.
type office struct{ topic string }

func furnish(t *testing.T, v *victim, h *hearer) office {
	t.Helper()
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	topics, rules, roles := sns.NewFromConfig(v.config), eventbridge.NewFromConfig(v.config), iam.NewFromConfig(v.config)
	topic, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("kill")})
	must(topic, err)
	must(topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: topic.TopicArn, Protocol: aws.String("https"), Endpoint: h.at("/message"),
		Attributes: map[string]string{"DeliveryPolicy": `{"healthyRetryPolicy":{"numRetries":100,"minDelayTarget":1,"maxDelayTarget":1}}`},
	}))
	must(topics.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{TopicArn: topic.TopicArn, Token: aws.String(<-h.tokens)}))
	must(topics.Subscribe(ctx, &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("email"), Endpoint: aws.String("kill@example.com")}))
	token := regexp.MustCompile(`Token=([0-9A-Za-z%-]+)`)
	for !token.MatchString(mails(t, v)) {
		pause(t)
	}
	must(topics.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{TopicArn: topic.TopicArn, Token: aws.String(token.FindStringSubmatch(mails(t, v))[1])}))

	must(cloudwatchlogs.NewFromConfig(v.config).CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("kill")}))
	role, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("sender"), AssumeRolePolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)})
	must(role, err)
	must(roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: aws.String("sender"), PolicyName: aws.String("sender"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"events:InvokeApiDestination","Resource":"*"}]}`)}))
	key, err := rules.CreateConnection(ctx, &eventbridge.CreateConnectionInput{
		Name: aws.String("key"), AuthorizationType: events.ConnectionAuthorizationTypeApiKey, AuthParameters: &events.CreateConnectionAuthRequestParameters{
			ApiKeyAuthParameters: &events.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: aws.String("X-Key"), ApiKeyValue: aws.String("Secret-Key-1")},
		},
	})
	must(key, err)
	to, err := rules.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{
		Name: aws.String("hearer"), ConnectionArn: key.ConnectionArn, InvocationEndpoint: h.at("/event"), HttpMethod: events.ApiDestinationHttpMethodPost,
	})
	must(to, err)
	must(rules.PutRule(ctx, &eventbridge.PutRuleInput{Name: aws.String("kill"), EventPattern: aws.String(`{"source":["kill"]}`)}))
	account := strings.Split(*topic.TopicArn, ":")[4]
	must(rules.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: aws.String("kill"), Targets: []events.Target{
		{Id: aws.String("web"), Arn: to.ApiDestinationArn, RoleArn: role.Role.Arn},
		{Id: aws.String("log"), Arn: aws.String("arn:aws:logs:" + v.config.Region + ":" + account + ":log-group:kill")},
	}}))
	return office{*topic.TopicArn}
}

// publish sends a message to the topic.
func (o office) publish(v *victim) func(context.Context, string) error {
	client := sns.NewFromConfig(v.config)
	return func(ctx context.Context, word string) error {
		_, err := client.Publish(ctx, &sns.PublishInput{TopicArn: &o.topic, Message: &word})
		return err
	}
}

// put sends an event to the bus.
func (o office) put(v *victim) func(context.Context, string) error {
	client := eventbridge.NewFromConfig(v.config)
	return func(ctx context.Context, word string) error {
		out, err := client.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []events.PutEventsRequestEntry{
			{Source: aws.String("kill"), DetailType: aws.String("said"), Detail: aws.String(`{"word":"` + word + `"}`)},
		}})
		if err == nil && out.FailedEntryCount > 0 {
			return fmt.Errorf("refused: %s", *out.Entries[0].ErrorMessage)
		}
		return err
	}
}

// mails are the texts of all mails that the plane has sent.
func mails(t *testing.T, v *victim) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(v.data, "outbox", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(bytes.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if _, err := io.Copy(&out, base64.NewDecoder(base64.StdEncoding, m.Body)); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	return out.String()
}

// logged are the events of the log group.
func logged(t *testing.T, logs *cloudwatchlogs.Client) string {
	t.Helper()
	found := map[string]bool{}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(logs, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("kill")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Events {
			found[*e.Message] = true
		}
	}
	var out strings.Builder
	for m := range maps.Keys(found) {
		out.WriteString(m)
	}
	return out.String()
}
