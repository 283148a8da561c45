package sns_test

import (
	"crypto"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	tagging "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

type fixture struct {
	*sns.Client
	t     *testing.T
	plane *apitest.Plane
	topic *string
}

func start(t *testing.T, o apitest.Options) *fixture {
	t.Helper()
	p := apitest.Start(t, o)
	f := &fixture{sns.NewFromConfig(p.Config()), t, p, nil}
	f.topic = f.make("alerts", nil)
	return f
}

func (f *fixture) make(name string, attributes map[string]string) *string {
	f.t.Helper()
	out, err := f.CreateTopic(f.t.Context(), &sns.CreateTopicInput{Name: &name, Attributes: attributes})
	done(f.t, "create "+name, err)
	return out.TopicArn
}

func done(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// message is what an endpoint was sent.
type message struct {
	Type, MessageId, Token, TopicArn, Message, SubscribeURL, Timestamp, SignatureVersion, Signature, SigningCertURL, UnsubscribeURL string //nolint:revive // AWS's names
	Subject                                                                                                                         *string
	MessageAttributes                                                                                                               map[string]struct{ Type, Value string }

	header http.Header
	raw    string
}

// listener is an endpoint that keeps what it is sent, and answers with a status.
type listener struct {
	*httptest.Server
	mu     sync.Mutex
	got    []message // guarded by mu
	status int       // guarded by mu
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{status: http.StatusOK}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		m := message{header: r.Header, raw: string(body)}
		_ = json.Unmarshal(body, &m)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.got = append(l.got, m)
		w.Header().Set("Location", r.Header.Get("X-Test-Nowhere"))
		w.WriteHeader(l.status)
	}))
	t.Cleanup(l.Close)
	return l
}

func (l *listener) answers(status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status = status
}

func (l *listener) all() []message {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.got)
}

// sent waits until an endpoint was sent so many messages, and returns the last.
func (f *fixture) sent(l *listener, n int) message {
	f.t.Helper()
	apitest.Eventually(f.t, "a message", func() bool { return len(l.all()) >= n })
	return l.all()[n-1]
}

// follow opens a link of a message without a signature.
func (f *fixture) follow(link string) (status int, body string) {
	f.t.Helper()
	u, err := url.Parse(link)
	done(f.t, "link", err)
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.plane.HTTP()+"/?"+u.RawQuery, nil)
	done(f.t, "link", err)
	r.Host = u.Host
	if u.Path != "/" {
		r.URL.Path, r.URL.RawQuery = u.Path, ""
	}
	res, err := http.DefaultClient.Do(r)
	done(f.t, "follow "+link, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	done(f.t, "read", err)
	return res.StatusCode, string(text)
}

// subscribe adds an endpoint that confirms at once.
func (f *fixture) subscribe(l *listener, attributes map[string]string) string {
	f.t.Helper()
	out, err := f.Subscribe(f.t.Context(), &sns.SubscribeInput{
		TopicArn: f.topic, Protocol: aws.String("http"), Endpoint: aws.String(l.URL), Attributes: attributes, ReturnSubscriptionArn: true,
	})
	done(f.t, "subscribe", err)
	asked := f.sent(l, 1)
	_, err = f.ConfirmSubscription(f.t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: f.topic, Token: &asked.Token})
	done(f.t, "confirm", err)
	return *out.SubscriptionArn
}

// verify checks the signature of a message as AWS's page tells receivers to.
func (f *fixture) verify(m message, names ...string) {
	f.t.Helper()
	status, text := f.follow(m.SigningCertURL)
	block, _ := pem.Decode([]byte(text))
	if status != http.StatusOK || block == nil {
		f.t.Fatalf("the certificate: %d %s", status, text)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	done(f.t, "certificate", err)
	var members map[string]any
	done(f.t, "message", json.Unmarshal([]byte(m.raw), &members))
	text = ""
	for _, name := range names {
		text += name + "\n" + members[name].(string) + "\n"
	}
	hash := map[string]crypto.Hash{"1": crypto.SHA1, "2": crypto.SHA256}[m.SignatureVersion]
	h := hash.New()
	h.Write([]byte(text))
	signature, err := base64.StdEncoding.DecodeString(m.Signature)
	done(f.t, "signature", err)
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), hash, h.Sum(nil), signature); err != nil {
		f.t.Errorf("the signature of %s: %v", m.raw, err)
	}
}

func TestAMessageReachesAnEndpointThatConfirmed(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx, l := t.Context(), listen(t)
	_, err := f.Subscribe(ctx, &sns.SubscribeInput{TopicArn: f.topic, Protocol: aws.String("http"), Endpoint: &l.URL})
	done(t, "subscribe", err)
	asked := f.sent(l, 1)
	if asked.Type != "SubscriptionConfirmation" || asked.header.Get("X-Amz-Sns-Message-Type") != asked.Type || asked.TopicArn != *f.topic {
		t.Errorf("asked by %+v", asked)
	}
	f.verify(asked, "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
	_, err = f.Publish(ctx, &sns.PublishInput{TopicArn: f.topic, Message: aws.String("too early")})
	done(t, "publish", err)
	if status, text := f.follow(strings.Replace(asked.SubscribeURL, "Token=", "Token=x", 1)); status != http.StatusBadRequest {
		t.Errorf("a wrong token: %d %s", status, text)
	}
	if status, text := f.follow(asked.SubscribeURL); status != http.StatusOK || !strings.Contains(text, "<SubscriptionArn>"+*f.topic+":") {
		t.Fatalf("confirm by the link: %d %s", status, text)
	}
	_, err = f.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: f.topic, AttributeName: aws.String("SignatureVersion"), AttributeValue: aws.String("2")})
	done(t, "set the version", err)
	out, err := f.Publish(ctx, &sns.PublishInput{
		TopicArn: f.topic, Subject: aws.String("Disk"), Message: aws.String("full <&> 満杯"),
		MessageAttributes: map[string]types.MessageAttributeValue{"level": {DataType: aws.String("Number"), StringValue: aws.String("3")}},
	})
	done(t, "publish", err)
	got := f.sent(l, 2)
	if got.MessageId != *out.MessageId || got.Message != "full <&> 満杯" || *got.Subject != "Disk" || got.MessageAttributes["level"].Value != "3" || got.SignatureVersion != "2" {
		t.Errorf("got %+v", got)
	}
	f.verify(got, "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
	if status, text := f.follow(got.UnsubscribeURL); status != http.StatusOK {
		t.Fatalf("unsubscribe by the link: %d %s", status, text)
	}
	farewell := f.sent(l, 3)
	if farewell.Type != "UnsubscribeConfirmation" {
		t.Errorf("got %+v", farewell)
	}
	if status, _ := f.follow(farewell.SubscribeURL); status != http.StatusOK {
		t.Errorf("restore: %d", status)
	}
	_, err = f.Publish(ctx, &sns.PublishInput{TargetArn: f.topic, Message: aws.String("again")})
	done(t, "publish", err)
	if got := f.sent(l, 4); got.Message != "again" {
		t.Errorf("got %+v", got)
	}
}

func TestWhatWasAcceptedSurvivesAndIsTriedAgain(t *testing.T) {
	clk := clock.NewFrozen(time.Now())
	f := start(t, apitest.Options{Clock: clk})
	l := listen(t)
	f.subscribe(l, nil)
	l.answers(http.StatusServiceUnavailable)
	_, err := f.Publish(t.Context(), &sns.PublishInput{TopicArn: f.topic, Message: aws.String("kept")})
	done(t, "publish", err)
	f.sent(l, 2)
	f.plane.Restart()
	l.answers(http.StatusOK)
	clk.Advance(21 * time.Second)
	done(t, "upkeep", f.plane.Upkeep(t.Context()))
	apitest.Eventually(t, "the message again", func() bool { return len(l.all()) >= 3 })
	if got := l.all()[2]; got.Message != "kept" || got.MessageId != l.all()[1].MessageId {
		t.Errorf("got %+v", got)
	}
	f.Client = sns.NewFromConfig(f.plane.Config())
	l.answers(http.StatusFound) // a redirect is followed nowhere, and not tried again
	_, err = f.Publish(t.Context(), &sns.PublishInput{TopicArn: f.topic, Message: aws.String("elsewhere")})
	done(t, "publish", err)
	elsewhere := func() (n int) {
		for _, m := range l.all() {
			if m.Message == "elsewhere" {
				n++
			}
		}
		return n
	}
	apitest.Eventually(t, "the message", func() bool { return elsewhere() > 0 })
	clk.Advance(time.Hour)
	done(t, "upkeep", f.plane.Upkeep(t.Context()))
	if n := elsewhere(); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
}

func TestWhoGetsWhich(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx := t.Context()
	all, some, body := listen(t), listen(t), listen(t)
	f.subscribe(all, map[string]string{"RawMessageDelivery": "true"})
	chosen := f.subscribe(some, map[string]string{"FilterPolicy": `{"floor":["3",{"prefix":"4"}]}`})
	f.subscribe(body, map[string]string{"FilterPolicy": `{"state":[{"anything-but":"ok"}]}`, "FilterPolicyScope": "MessageBody"})
	out, err := f.PublishBatch(ctx, &sns.PublishBatchInput{TopicArn: f.topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("a"), Message: aws.String(`{"state":"ok"}`), MessageAttributes: map[string]types.MessageAttributeValue{
			"floor": {DataType: aws.String("String.Array"), StringValue: aws.String(`["9","41"]`)},
		}},
		{Id: aws.String("b"), Message: aws.String("")},
		{Id: aws.String("c"), Message: aws.String(`{"default":"{\"state\":\"bad\"}","http":"{\"state\":\"worse\"}"}`), MessageStructure: aws.String("json")},
	}})
	done(t, "publish", err)
	if len(out.Successful) != 2 || len(out.Failed) != 1 || *out.Failed[0].Id != "b" {
		t.Errorf("got %v, failed %v", out.Successful, out.Failed)
	}
	f.sent(all, 3)
	for _, m := range all.all()[1:] {
		if m.header.Get("X-Amz-Sns-Rawdelivery") != "true" || m.raw != `{"state":"ok"}` && m.raw != `{"state":"worse"}` {
			t.Errorf("raw: %s", m.raw)
		}
	}
	if got := f.sent(some, 2); got.Message != `{"state":"ok"}` {
		t.Errorf("by attributes: %s", got.Message)
	}
	_, err = f.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{SubscriptionArn: &chosen, AttributeName: aws.String("FilterPolicy"), AttributeValue: aws.String(`{"floor":["1"]}`)})
	done(t, "set the filter", err)
	shown, err := f.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &chosen})
	done(t, "get", err)
	if a := shown.Attributes; a["FilterPolicy"] != `{"floor":["1"]}` || a["PendingConfirmation"] != "false" || a["FilterPolicyScope"] != "MessageAttributes" || a["ConfirmationWasAuthenticated"] != "true" {
		t.Errorf("got %v", a)
	}
	_, err = f.PublishBatch(ctx, &sns.PublishBatchInput{TopicArn: f.topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("a"), Message: aws.String("x")}, {Id: aws.String("a"), Message: aws.String("y")},
	}})
	apitest.Refused(t, "an id twice", err, "BatchEntryIdsNotDistinct", "same Id")
	if len(body.all()) != 1 {
		t.Errorf("the body's filter let pass %+v", body.all()[1:])
	}
}

func TestTopicsAreMadeChangedAndDeleted(t *testing.T) {
	f := start(t, apitest.Options{})
	ctx := t.Context()
	if again := f.make("alerts", nil); *again != *f.topic {
		t.Errorf("made again as %s", *again)
	}
	_, err := f.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("alerts"), Attributes: map[string]string{"DisplayName": "x"}})
	apitest.Refused(t, "made again otherwise", err, "InvalidParameter", "different attributes")
	_, err = f.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("a b")})
	apitest.Refused(t, "a bad name", err, "InvalidParameter", "Topic Name")
	_, err = f.AddPermission(ctx, &sns.AddPermissionInput{TopicArn: f.topic, Label: aws.String("others"), AWSAccountId: []string{"444455556666"}, ActionName: []string{"Publish"}})
	done(t, "permit", err)
	policy := func() string {
		out, err := f.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: f.topic})
		done(t, "get", err)
		return out.Attributes["Policy"]
	}
	if !strings.Contains(policy(), "arn:aws:iam::444455556666:root") {
		t.Errorf("the policy is %s", policy())
	}
	_, err = f.RemovePermission(ctx, &sns.RemovePermissionInput{TopicArn: f.topic, Label: aws.String("others")})
	done(t, "forbid", err)
	if strings.Contains(policy(), "others") {
		t.Errorf("the policy is %s", policy())
	}
	f.tags()
	list, err := f.ListTopics(ctx, &sns.ListTopicsInput{})
	done(t, "list", err)
	if len(list.Topics) != 1 {
		t.Errorf("topics %v", list.Topics)
	}
	l := listen(t)
	own := f.subscribe(l, nil)
	mine, err := f.ListSubscriptions(ctx, &sns.ListSubscriptionsInput{})
	done(t, "list", err)
	its, err := f.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: f.topic})
	done(t, "list", err)
	if len(mine.Subscriptions) != 1 || len(its.Subscriptions) != 1 || *its.Subscriptions[0].SubscriptionArn != own {
		t.Errorf("subscriptions %v, %v", mine.Subscriptions, its.Subscriptions)
	}
	_, err = f.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: &own})
	done(t, "unsubscribe", err)
	_, err = f.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &own})
	apitest.Refused(t, "get after the end", err, "NotFound", "Subscription does not exist")
	_, err = f.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: f.topic})
	done(t, "delete", err)
	f.gone()
}

func (f *fixture) tags() {
	f.t.Helper()
	ctx := f.t.Context()
	_, err := f.TagResource(ctx, &sns.TagResourceInput{ResourceArn: f.topic, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	done(f.t, "tag", err)
	_, err = f.UntagResource(ctx, &sns.UntagResourceInput{ResourceArn: f.topic, TagKeys: []string{"a"}})
	done(f.t, "untag", err)
	out, err := tagging.NewFromConfig(f.plane.Config()).TagResources(ctx, &tagging.TagResourcesInput{ResourceARNList: []string{*f.topic}, Tags: map[string]string{"c": "3"}})
	if done(f.t, "tag by the Tag Editor", err); len(out.FailedResourcesMap) > 0 {
		f.t.Errorf("the Tag Editor could not: %v", out.FailedResourcesMap)
	}
	got, err := f.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: f.topic})
	done(f.t, "list tags", err)
	if len(got.Tags) != 2 || *got.Tags[0].Key != "b" || *got.Tags[1].Key != "c" {
		f.t.Errorf("tags %v", got.Tags)
	}
}

// gone wants that nothing can be done with the topic.
func (f *fixture) gone() {
	f.t.Helper()
	ctx, x := f.t.Context(), aws.String("x")
	for what, try := range map[string]func() error{
		"get": func() error {
			_, err := f.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: f.topic})
			return err
		},
		"publish": func() error { _, err := f.Publish(ctx, &sns.PublishInput{TopicArn: f.topic, Message: x}); return err },
		"confirm": func() error {
			_, err := f.ConfirmSubscription(ctx, &sns.ConfirmSubscriptionInput{TopicArn: f.topic, Token: x})
			return err
		},
		"subscriptions": func() error {
			_, err := f.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: f.topic})
			return err
		},
		"permit": func() error {
			_, err := f.AddPermission(ctx, &sns.AddPermissionInput{TopicArn: f.topic, Label: x, AWSAccountId: []string{"444455556666"}, ActionName: []string{"Publish"}})
			return err
		},
		"forbid": func() error {
			_, err := f.RemovePermission(ctx, &sns.RemovePermissionInput{TopicArn: f.topic, Label: x})
			return err
		},
		"set": func() error {
			_, err := f.SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{TopicArn: f.topic, AttributeName: aws.String("DisplayName"), AttributeValue: x})
			return err
		},
		"set, subscribed": func() error {
			_, err := f.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{SubscriptionArn: aws.String(*f.topic + ":x"), AttributeName: aws.String("FilterPolicy")})
			return err
		},
	} {
		apitest.Refused(f.t, what, try(), "NotFound", "does not exist")
	}
	_, err := f.TagResource(ctx, &sns.TagResourceInput{ResourceArn: f.topic, Tags: []types.Tag{{Key: x, Value: x}}})
	apitest.Refused(f.t, "tag", err, "ResourceNotFound", "does not exist")
	_, err = f.UntagResource(ctx, &sns.UntagResourceInput{ResourceArn: f.topic, TagKeys: []string{"x"}})
	apitest.Refused(f.t, "untag", err, "ResourceNotFound", "does not exist")
	_, err = f.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: f.topic})
	apitest.Refused(f.t, "list tags", err, "ResourceNotFound", "does not exist")
	_, err = f.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: x})
	apitest.Refused(f.t, "delete no topic", err, "InvalidParameter", "TopicArn")
	_, err = f.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: x})
	apitest.Refused(f.t, "unsubscribe nothing", err, "InvalidParameter", "SubscriptionArn")
	_, err = f.ListTopics(ctx, &sns.ListTopicsInput{NextToken: x})
	apitest.Refused(f.t, "list by no token", err, "InvalidParameter", "NextToken")
	_, err = f.ListSubscriptions(ctx, &sns.ListSubscriptionsInput{NextToken: x})
	apitest.Refused(f.t, "list by no token", err, "InvalidParameter", "NextToken")
}

func TestWhoCannotListen(t *testing.T) {
	f := start(t, apitest.Options{})
	for _, c := range []struct{ name, protocol, endpoint, filter, part string }{
		{"a queue", "sqs", "arn:aws:sqs:us-east-1:111122223333:q", "", "does not support this protocol string: sqs"},
		{"a phone", "sms", "+81312345678", "", "does not support this protocol string: sms"},
		{"another scheme", "https", "http://example.com", "", "Endpoint must match the specified protocol"},
		{"no host", "http", "http:///x", "", "no URL"},
		{"no address", "email", "kato", "", "Email address"},
		{"no filter", "http", "http://example.com", `{"a":"b"}`, "FilterPolicy"},
	} {
		in := &sns.SubscribeInput{TopicArn: f.topic, Protocol: &c.protocol, Endpoint: &c.endpoint}
		if c.filter != "" {
			in.Attributes = map[string]string{"FilterPolicy": c.filter}
		}
		_, err := f.Subscribe(t.Context(), in)
		apitest.Refused(t, c.name, err, "InvalidParameter", c.part)
	}
	l := listen(t)
	_, err := f.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: f.topic, Protocol: aws.String("http"), Endpoint: aws.String(f.plane.HTTP() + "/_tamachi/ready")})
	done(t, "subscribe the plane itself", err)
	_, err = f.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: f.topic, Protocol: aws.String("email"), Endpoint: aws.String("kato@example.com")})
	done(t, "subscribe a mail address", err)
	f.subscribe(l, nil)
	out, err := f.ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: f.topic})
	done(t, "list", err)
	pending := 0
	for _, s := range out.Subscriptions {
		if *s.SubscriptionArn == "PendingConfirmation" {
			pending++
		}
	}
	if pending != 2 {
		t.Errorf("want the plane and the mail address pending, got %d", pending)
	}
}
