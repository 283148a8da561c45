package e2e

import (
	"context"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// agentWords are about managed nodes that are no desktops: our own agent, in
// the test's process.
//
//	agent NAME ID CODE    register a node with an activation, and run it until the end
//	agent here            tell all agents where the plane is now
var agentWords = map[string]word{"agent": wordAgent}

// agentsKey is where a transcript keeps the plane's address for its agents.
const agentsKey = "agents"

func wordAgent(ts *testscript.TestScript, neg bool, args []string) {
	at := ts.Value(agentsKey).(*atomic.Pointer[string])
	endpoint, err := url.Parse(ts.Getenv("AWS_ENDPOINT_URL"))
	ts.Check(err)
	at.Store(&endpoint.Host)
	switch {
	case neg, len(args) != 3 && (len(args) != 1 || args[0] != "here"):
		ts.Fatalf("usage: agent NAME ID CODE, agent here")
	case len(args) == 1:
		return
	}
	ca, err := os.ReadFile(filepath.Join(planeOf(ts).data, "ca", "ca.crt"))
	ts.Check(err)
	folder := ts.MkAbs("agent-" + args[0])
	ts.Check(os.MkdirAll(folder, 0o700))
	region, log := ts.Getenv("AWS_DEFAULT_REGION"), ts.Logf
	ctx, fire := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- agent.Run(ctx, agent.Config{
			Region: region, Domain: "tamachi.internal", Port: 4566, CA: ca, Folder: folder,
			ActivationID: args[1], ActivationCode: args[2], Clock: clock.Real{}, IDs: id.Random(),
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, *at.Load())
			},
		})
	}()
	ts.Defer(func() {
		fire()
		if err := <-ended; err != nil {
			log("agent %s ended with %v", args[0], err)
		}
	})
}
