package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"tamachi/internal/nodes"
)

func TestMailWaitsForANodeThatPolls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &diary{}
		g := open(d)
		job := nodes.Job{ID: "aws.ssm.c." + node, Topic: nodes.SendCommand, Content: json.RawMessage(`{}`)}
		began := time.Now()
		if jobs, err := g.Poll(t.Context(), node); err != nil || len(jobs) != 0 || time.Since(began) != pollFor {
			t.Errorf("nothing to do: got %v (%v) after %v", jobs, err, time.Since(began))
		}
		if !g.Connected(node) {
			t.Error("a node that polls is not there")
		}
		for range 2 { // the engine sends it again; it waits once
			if err := g.Send(t.Context(), node, job); err != nil {
				t.Errorf("between two polls: %v", err)
			}
		}
		began = time.Now()
		if jobs, err := g.Poll(t.Context(), node); err != nil || len(jobs) != 1 || jobs[0].ID != job.ID || time.Since(began) != 0 {
			t.Errorf("got %v (%v) after %v, want the job at once", jobs, err, time.Since(began))
		}
		for i := range mailed + 1 {
			err := g.Send(t.Context(), node, nodes.Job{ID: fmt.Sprint(i)})
			if full := i == mailed; full != errors.Is(err, nodes.ErrOffline) {
				t.Errorf("job %d: got %v", i, err)
			}
		}
		g.Disconnect(node)
		if g.Connected(node) {
			t.Error("a deregistered node is still there")
		}
		if _, err := g.Poll(t.Context(), node); err != nil {
			t.Fatal(err)
		}
		time.Sleep(pollsEvery)
		if err := g.Send(t.Context(), node, job); g.Connected(node) || !errors.Is(err, nodes.ErrOffline) {
			t.Errorf("a node that polls no more: got %v", err)
		}
	})
}

func TestPollsEndWithThePlane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := open(&diary{})
		ended := make(chan error, 1)
		go func() { _, err := g.Poll(t.Context(), node); ended <- err }()
		synctest.Wait()
		g.Close()
		g.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		other := open(&diary{})
		if _, err := other.Poll(ctx, node); !errors.Is(err, context.Canceled) {
			t.Errorf("a client that went away: got %v", err)
		}
	})
}

func FuzzReplyContent(f *testing.F) {
	f.Add([]byte(`{"documentStatus":"Success","runtimeStatus":{"a":{"status":"Success","code":0,"output":"x"}}}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		g := open(&diary{})
		err := g.Reply(t.Context(), node, "aws.ssm.c."+node, content)
		if err != nil && !errors.Is(err, nodes.ErrMalformed) {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzHello(f *testing.F) {
	f.Add([]byte(`{"TokenValue":"x"}`))
	f.Fuzz(func(t *testing.T, hello []byte) {
		synctest.Test(t, func(t *testing.T) {
			d := &diary{}
			p := attach(t, open(d), node)
			p.say(ws.OpText, hello)
			p.hearClose()
			if got := d.read(); len(got) != 0 {
				t.Errorf("%q opened a channel: %v", hello, got)
			}
		})
	})
}
