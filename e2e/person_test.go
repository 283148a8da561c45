package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"time"

	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/webaccess"
)

// personWords are of somebody who works at a desktop:
//
//	person sign-in CODE USER PASSWORD  what the sign-in page sends; stdout is the
//	                          status and the page's word for what is wrong
//	person mine               the person's desktops, as the page lists them
//	person open ID            open one of them, and look that its screen answers
//	person sit ID             open one of them, and hold the stream of its screen
//	person leave              close that stream, as a page does that is closed
//	person sign-out           what the page's way out sends
var personWords = map[string]word{"person": wordPerson}

const (
	personKey = "person"
	// browserName is what the person's browser says of itself.
	browserName = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
)

// person is a browser, and what it shows.
type person struct {
	*http.Client
	line *websocket.Conn // nil where nobody sits
}

func wordPerson(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: person sign-in|mine|open|sit|leave|sign-out")
	}
	p := ts.Value(personKey).(*person)
	if p.Client == nil || args[0] == "sign-in" {
		jar, err := cookiejar.New(nil)
		ts.Check(err)
		p.Client = &http.Client{Jar: jar, Timeout: time.Minute}
	}
	v := visitor{ts, p.Client}
	switch {
	case args[0] == "sign-in" && len(args) == 4:
		v.ask(http.MethodPost, "sign-in", map[string]string{"code": args[1], "user": args[2], "password": args[3]})
	case args[0] == "mine":
		v.ask(http.MethodGet, "mine", nil)
	case args[0] == "open" && len(args) == 2:
		v.open(args[1])
	case args[0] == "sit" && len(args) == 2:
		v.open(args[1])
		p.line = screen(ts, &http.Client{Jar: p.Jar}, ts.Getenv("AWS_ENDPOINT_URL"), args[1]) // a stream outlasts any time limit
	case args[0] == "leave" && p.line != nil:
		ts.Check(p.line.Close(websocket.StatusGoingAway, ""))
		p.line = nil
	case args[0] == "sign-out":
		v.ask(http.MethodPost, "sign-out", nil)
	default:
		ts.Fatalf("unknown: person %v", args)
	}
}

// screen holds the stream of a desktop's screen in a browser that has opened it.
func screen(ts *testscript.TestScript, browser *http.Client, base, ws string) *websocket.Conn {
	line, res, err := websocket.Dial(context.Background(), base+webaccess.Prefix+"workspace/"+ws+"/stream", &websocket.DialOptions{
		HTTPClient: browser, HTTPHeader: http.Header{"Origin": {base}, "User-Agent": {browserName}},
	})
	if res != nil && res.Body != nil {
		defer res.Body.Close()
	}
	ts.Check(err)
	ts.Defer(func() { _ = line.CloseNow() })
	return line
}

// visitor is a browser at the sign-in page.
type visitor struct {
	ts *testscript.TestScript
	*http.Client
}

// ask sends what the page's script sends, and prints the answer.
func (v visitor) ask(method, path string, body any) {
	text, err := json.Marshal(body)
	v.ts.Check(err)
	base := v.ts.Getenv("AWS_ENDPOINT_URL")
	req, err := http.NewRequestWithContext(context.Background(), method, base+webaccess.Prefix+path, bytes.NewReader(text))
	v.ts.Check(err)
	req.Header.Set("Origin", base)
	req.Header.Set("User-Agent", browserName)
	res, err := v.Do(req)
	v.ts.Check(err)
	defer res.Body.Close()
	out := new(bytes.Buffer)
	_, err = out.ReadFrom(res.Body)
	v.ts.Check(err)
	fmt.Fprintln(v.ts.Stdout(), res.StatusCode, out.String())
}

// open opens a desktop, and looks that its screen answers.
func (v visitor) open(id string) {
	v.ask(http.MethodPost, "mine/"+id, nil)
	v.ask(http.MethodGet, "workspace/"+id+"/state", nil)
}
