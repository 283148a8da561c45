package account

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestPagesOfAWS(t *testing.T) {
	for _, row := range []struct{ region, id, want string }{
		{"ap-northeast-1", "ws-1", "https://ap-northeast-1.console.aws.amazon.com/workspaces/v2/workspaces?region=ap-northeast-1#/workspaces/ws-1"},
		{"cn-north-1", "ws-1", "https://cn-north-1.console.amazonaws.cn/workspaces/v2/workspaces?region=cn-north-1#/workspaces/ws-1"},
		{"us-gov-west-1", "ws-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/workspaces/v2/workspaces?region=us-gov-west-1#/workspaces/ws-1"},
		{"us-iso-east-1", "ws-1", ""},
		{"ap-northeast-1", "", ""},
	} {
		if got := (&Account{Region: row.region}).Console(t.Context()).Desktop(row.id); got != row.want {
			t.Errorf("%s: want %q, got %q", row.region, row.want, got)
		}
	}
	c := (&Account{Region: "ap-northeast-1"}).Console(t.Context())
	for got, want := range map[string]string{
		c.Directory("d-1"):      "https://ap-northeast-1.console.aws.amazon.com/directoryservicev2/home?region=ap-northeast-1#!/directories/d-1",
		c.Node("mi-1"):          "https://ap-northeast-1.console.aws.amazon.com/systems-manager/fleet-manager/managed-nodes/mi-1/general?region=ap-northeast-1",
		c.Alarm("CPU/high 高い"):  "https://ap-northeast-1.console.aws.amazon.com/cloudwatch/home?region=ap-northeast-1#alarmsV2:alarm/CPU%2Fhigh%20%E9%AB%98%E3%81%84",
		c.Plan("p-0123456789"):  "",
		c.Request("a-12345678"): "",
	} {
		if got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

func TestPagesOfAPlane(t *testing.T) {
	plane := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_tamachi/console/" || r.Header.Get("Authorization") != "" {
			t.Errorf("want the console's page unsigned, got %s %v", r.URL, r.Header)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}))
	defer plane.Close()
	at := &Account{Region: "ap-northeast-1", Endpoint: plane.URL + "/", cfg: aws.Config{HTTPClient: plane.Client()}}
	c := at.Console(t.Context())
	for got, want := range map[string]string{
		c.Desktop("ws-1"):         "desktops/ws-1",
		c.Directory("d-1"):        "desktops?q=d-1",
		c.Node("mi-1"):            "nodes/mi-1",
		c.Alarm("CPU high 高い"):    "alarms?alarm=CPU+high+%E9%AB%98%E3%81%84",
		c.Plan("p-0123456789"):    "plans/p-0123456789",
		c.Request("a-0123456789"): "approvals?request=a-0123456789",
	} {
		if want = plane.URL + "/_tamachi/console/" + want; got != want {
			t.Errorf("want %q, got %q", want, got)
		}
	}
}

// TestAStrangerHasNoPages is an endpoint that is no plane, and one that is away.
func TestAStrangerHasNoPages(t *testing.T) {
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(strings.Repeat("{}", 10))) // what it says is not read
	}))
	at := &Account{Region: "ap-northeast-1", Endpoint: stranger.URL, cfg: aws.Config{HTTPClient: stranger.Client()}}
	if c := at.Console(t.Context()); c != (Console{}) || c.Desktop("ws-1") != "" || c.Plan("p-1") != "" {
		t.Errorf("want no pages, got %+v", c)
	}
	stranger.Close()
	if c := at.Console(t.Context()); c != (Console{}) {
		t.Errorf("want no pages of one that is away, got %+v", c)
	}
}
