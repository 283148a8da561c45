package apitest

import (
	"net/http"
	"net/http/cookiejar"

	"github.com/coder/websocket"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/webaccess"
)

// Browser redeems a ticket for a desktop and keeps the cookie.
func (p *Plane) Browser(region, desktop string) *http.Client {
	p.t.Helper()
	out, err := p.Gate().Do(p.t.Context(), &api.Call{
		Caller:  p.Administrator(),
		Account: p.Access().Account, Region: region, RequestID: "11111111-1111-4111-8111-111111111111", Time: p.time(),
		Service: "tamachi", Operation: "OpenDesktop",
	}, &tamachi.OpenDesktopInput{WorkspaceId: &desktop})
	if err != nil {
		p.t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	res, err := c.Get(*out.(*tamachi.OpenDesktopOutput).Url)
	if err != nil {
		p.t.Fatal(err)
	}
	res.Body.Close()
	return c
}

// Screen opens a stream of a desktop's screen.
func (p *Plane) Screen(browser *http.Client, desktop string) *websocket.Conn {
	p.t.Helper()
	base := p.HTTP()
	c, _, err := websocket.Dial(p.t.Context(), base+webaccess.Prefix+"workspace/"+desktop+"/stream", &websocket.DialOptions{
		HTTPClient: browser, HTTPHeader: http.Header{"Origin": {base}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = c.CloseNow() })
	return c
}
