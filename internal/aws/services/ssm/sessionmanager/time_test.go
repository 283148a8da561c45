package sessionmanager_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
)

// Two sessions on a node that nobody ends: after a minute each ends by itself,
// the client is told why, and the node's agent has ended its shell.
func TestTimeEndsSessionsOnANode(t *testing.T) {
	began := time.Now()
	clk := clock.NewFrozen(began)
	// The node's clock stands still: it says nothing again, which would be use.
	p := openWith(t, apitest.Options{Clock: clk}, agent.Config{Clock: clock.NewFrozen(began)})
	said := map[string]<-chan string{}
	for limit, why := range map[string]string{
		"idleSessionTimeout": "Your session timed out due to inactivity.", "maxSessionDuration": "Your session has reached its maximum duration.",
	} {
		_, err := p.ssm.CreateDocument(t.Context(), &ssm.CreateDocumentInput{
			Name: &limit, DocumentType: types.DocumentTypeSession, DocumentFormat: types.DocumentFormatJson,
			Content: aws.String(`{"schemaVersion":"1.0","sessionType":"Standard_Stream","inputs":{"` + limit + `":"1"}}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		one, err := p.ssm.StartSession(t.Context(), &ssm.StartSessionInput{Target: &p.node, DocumentName: &limit})
		if err != nil {
			t.Fatal(err)
		}
		said[*one.SessionId] = p.attend(one, why)
		apitest.Eventually(t, "the session to be connected", func() bool {
			got := p.session(types.SessionStateActive, *one.SessionId)
			return got != nil && got.Status == types.SessionStatusConnected
		})
	}
	clk.Advance(59 * time.Second)
	p.commit()
	for id := range said {
		if p.session(types.SessionStateActive, id) == nil {
			t.Errorf("session %s ended before its time", id)
		}
	}
	clk.Advance(2 * time.Second)
	p.commit()
	for id, why := range said {
		if got := <-why; got != "" {
			t.Errorf("the client of %s: %s", id, got)
		}
		apitest.Eventually(t, "the agent to say how it ended", func() bool {
			got := p.session(types.SessionStateHistory, id)
			return got != nil && got.Status == types.SessionStatusTerminated
		})
	}
}

// commit changes something: what time brings is looked at after it.
func (p *office) commit() {
	p.t.Helper()
	_, err := p.ssm.PutParameter(p.t.Context(), &ssm.PutParameterInput{
		Name: aws.String("tick"), Value: aws.String("1"), Type: types.ParameterTypeString, Overwrite: aws.Bool(true),
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// attend is the client of a session. What it returns gives "" when the end of
// the session has come with a reason, else what went wrong.
func (p *office) attend(one *ssm.StartSessionOutput, why string) <-chan string {
	p.t.Helper()
	conn, early, _, err := ws.Dial(p.t.Context(), *one.StreamUrl)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	if early != nil {
		p.t.Fatal("the gateway spoke first")
	}
	hello, err := json.Marshal(map[string]string{"MessageSchemaVersion": "1.0", "RequestId": "1", "ClientId": "1", "TokenValue": *one.TokenValue})
	if err != nil {
		p.t.Fatal(err)
	}
	if err := wsutil.WriteClientText(conn, hello); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan string, 1)
	go func() {
		for {
			b, err := wsutil.ReadServerBinary(conn)
			if err != nil {
				ended <- "the channel ended without a reason: " + err.Error()
				return
			}
			if bytes.Contains(b, []byte("channel_closed")) {
				fault := ""
				if !bytes.Contains(b, []byte(why)) {
					fault = "the channel was closed with " + string(b)
				}
				ended <- fault
				return
			}
		}
	}()
	return ended
}
