package protocol_test

import (
	"net/http"
	"strings"
	"testing"

	"tamachi/internal/aws/model"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
)

// The structs of ssmmessages as its room would write them.
type (
	createControlChannelInput struct {
		InstanceId, MessageSchemaVersion, RequestId *string
	}
	createControlChannelOutput struct {
		MessageSchemaVersion, TokenValue *string
	}
	openControlChannelInput struct{ InstanceId, Role, Stream *string }
)

const node = "mi-0123456789abcdef0"

func gateway(t *testing.T) (*model.Service, codec.Codec) {
	t.Helper()
	svc, err := model.Load("ssmmessages")
	if err != nil {
		t.Fatal(err)
	}
	c, ok := protocol.For(svc)
	if !ok {
		t.Fatal("ssmmessages has no codec")
	}
	return svc, c
}

func TestGatewaySpeaksAsTheAgentExpects(t *testing.T) {
	svc, c := gateway(t)
	r := &codec.Request{
		Method: http.MethodPost, Path: "/v1/control-channel/" + node, Header: http.Header{},
		Body: []byte(`{"MessageSchemaVersion":"1.0","RequestId":"5f9e1c0e-54d2-4f0a-8a2f-0d8d2b6f4e3a"}`),
	}
	name, ok := c.Operation(svc, r)
	if !ok || name != "CreateControlChannel" {
		t.Fatalf("operation: want CreateControlChannel, got %q %v", name, ok)
	}
	var in createControlChannelInput
	op := svc.Operations[name]
	p, err := c.Decode(svc, op, r, &in)
	if err != nil || *in.InstanceId != node || *in.MessageSchemaVersion != "1.0" {
		t.Fatalf("decoded %+v, %v", in, err)
	}
	if err := op.Validate(&in, p); err != nil {
		t.Error(err)
	}
	version, token := "1.0", "t<1>"
	got, err := c.Encode(svc, op, &createControlChannelOutput{&version, &token}, "req-1")
	want := `<CreateControlChannelResponse><MessageSchemaVersion>1.0</MessageSchemaVersion><TokenValue>t&lt;1&gt;</TokenValue></CreateControlChannelResponse>`
	if err != nil || got.Status != http.StatusCreated || string(got.Body) != want {
		t.Errorf("answer: want 201\n%s\ngot %d %v\n%s", want, got.Status, err, got.Body)
	}
	refusal := c.Fault(svc, &codec.Fault{Code: "AccessDeniedException", Message: "no & no"}, "req-1")
	if refusal.Status != http.StatusForbidden || !strings.Contains(string(refusal.Body), "<AccessDeniedException><Message>no &amp; no</Message>") {
		t.Errorf("refusal: want 403 with <AccessDeniedException>, got %d %s", refusal.Status, refusal.Body)
	}
}

func TestGatewayOpensAChannel(t *testing.T) {
	svc, c := gateway(t)
	r := &codec.Request{
		Method: http.MethodGet, Path: "/v1/control-channel/" + node, Header: http.Header{},
		Query: map[string][]string{"role": {"subscribe"}, "stream": {"input"}},
	}
	name, ok := c.Operation(svc, r)
	if !ok || name != "OpenControlChannel" {
		t.Fatalf("operation: want OpenControlChannel, got %q %v", name, ok)
	}
	var in openControlChannelInput
	if _, err := c.Decode(svc, svc.Operations[name], r, &in); err != nil || *in.InstanceId != node || *in.Role != "subscribe" || *in.Stream != "input" {
		t.Errorf("decoded %+v, %v", in, err)
	}
}

func TestEveryServiceHasACodec(t *testing.T) {
	for _, name := range model.Services() {
		svc, err := model.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := protocol.For(svc); !ok {
			t.Errorf("%s speaks %s, which has no codec", name, svc.Protocol)
		}
	}
	if c, ok := protocol.For(&model.Service{Protocol: "smoke-signals"}); ok {
		t.Errorf("a protocol that nobody speaks: got %T", c)
	}
}
