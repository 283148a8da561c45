package delivery_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trail "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// The whole house: registration, a command that outlives a restart of the
// plane, and a trail that tells who did it and no secret.
func TestCommandThroughTheHouse(t *testing.T) {
	h := apitest.Start(t, apitest.Options{})
	client := ssm.NewFromConfig(h.Config())
	made, err := client.CreateActivation(t.Context(), &ssm.CreateActivationInput{IamRole: aws.String("service-role/Hybrid")})
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(h.Access().CAFile)
	if err != nil {
		t.Fatal(err)
	}
	var addr atomic.Pointer[string]
	here := func() { a := strings.TrimPrefix(h.HTTP(), "http://"); addr.Store(&a) }
	here()
	ctx, fire := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- agent.Run(ctx, agent.Config{
			Region: h.Access().Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Folder: t.TempDir(),
			ActivationID: *made.ActivationId, ActivationCode: *made.ActivationCode, Clock: clock.Real{}, IDs: id.Random(),
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, *addr.Load())
			},
		})
	}()
	defer func() {
		fire()
		if err := <-ended; err != nil {
			t.Errorf("the agent ended with %v", err)
		}
	}()
	p := &plane{t: t, client: client} // its waits only
	node := ""
	p.eventually("the node to be online", func() bool {
		out, err := client.DescribeInstanceInformation(t.Context(), &ssm.DescribeInstanceInformationInput{
			Filters: []types.InstanceInformationStringFilter{{Key: aws.String("PingStatus"), Values: []string{"Online"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range out.InstanceInformationList {
			node = *i.InstanceId
		}
		return node != ""
	})
	mark := filepath.Join(t.TempDir(), "go")
	command := p.send(&ssm.SendCommandInput{InstanceIds: []string{node}}, "while [ ! -e "+mark+" ]; do sleep 0.02; done; echo a-secret-word")
	p.await(command, node, "InProgress")
	h.Restart()
	here()
	p.client = ssm.NewFromConfig(h.Config())
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.await(command, node, "Success"); *got.StandardOutputContent != "a-secret-word\n" {
		t.Errorf("got %q", *got.StandardOutputContent)
	}
	events, err := cloudtrail.NewFromConfig(h.Config()).LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{
		StartTime: aws.Time(time.Now().Add(-time.Hour)), LookupAttributes: []trail.LookupAttribute{{AttributeKey: "EventSource", AttributeValue: aws.String("ssm.amazonaws.com")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range events.Events {
		seen[*e.EventName] = true
		for what, secret := range map[string]string{"a command's text": "a-secret-word", "an activation code": *made.ActivationCode} {
			if strings.Contains(*e.CloudTrailEvent, secret) {
				t.Errorf("%s stands in the trail: %s", what, *e.CloudTrailEvent)
			}
		}
	}
	for name, want := range map[string]bool{
		"CreateActivation": true, "SendCommand": true,
		"RegisterManagedInstance": false, "UpdateInstanceInformation": false, "RequestManagedInstanceRoleToken": false,
	} {
		if seen[name] != want {
			t.Errorf("%s in the trail: %v, want %v", name, seen[name], want)
		}
	}
}
