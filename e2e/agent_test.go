package e2e

import (
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
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
	quit, log := apitest.Employ(at, agent.Config{
		Region: ts.Getenv("AWS_DEFAULT_REGION"), Domain: "tamachi.internal", Port: 4566, CA: ca, Folder: folder, ActivationID: args[1], ActivationCode: args[2],
	}), ts.Logf
	ts.Defer(func() {
		if err := quit(); err != nil {
			log("agent %s ended with %v", args[0], err)
		}
	})
}
