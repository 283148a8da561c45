package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/directory/sambatest"
	"tamachi/internal/webaccess"
)

// sambaWords are about a directory of somebody else and the people in it:
//
//	samba start|stop|resume   a real Samba domain controller of corp.example.com
//	samba tool ARGS           samba-tool in it
//	samba authority           the certificate that vouches for it, to stdout
//	person sign-in CODE USER PASSWORD  what the sign-in page sends; stdout is the
//	                          status and the page's word for what is wrong
//	person mine               the person's desktops, as the page lists them
//	person open ID            open one of them, and look that its screen answers
//	mail ADDRESS              wait for a mail to that address in the outbox; stdout is its text
var sambaWords = map[string]word{"samba": wordSamba, "person": wordPerson, "mail": wordMail}

const (
	controllerKey = "samba controller"
	personKey     = "person"
)

// aTest makes a transcript what sambatest wants.
type aTest struct{ *testscript.TestScript }

// Helper does nothing: a transcript tells its own lines.
func (aTest) Helper() {}

// Context has no end: the transcript's deadline ends all.
func (aTest) Context() context.Context { return context.Background() }

// Cleanup runs at the end of the transcript.
func (t aTest) Cleanup(end func()) { t.Defer(end) }

func wordSamba(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: samba start|stop|resume|tool|authority")
	}
	of := ts.Value(controllerKey).(**sambatest.Controller)
	switch args[0] {
	case "start":
		*of = sambatest.Start(aTest{ts})
	case "stop":
		(*of).Stop()
	case "resume":
		(*of).Resume()
	case "authority":
		fmt.Fprint(ts.Stdout(), (*of).Authority())
	case "tool":
		fmt.Fprint(ts.Stdout(), (*of).Tool(args[1:]...))
	default:
		ts.Fatalf("unknown: samba %s", args[0])
	}
}

func wordPerson(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: person sign-in|mine|open")
	}
	of := ts.Value(personKey).(**http.Client)
	if *of == nil || args[0] == "sign-in" {
		jar, err := cookiejar.New(nil)
		ts.Check(err)
		*of = &http.Client{Jar: jar, Timeout: time.Minute}
	}
	v := visitor{ts, *of}
	switch {
	case args[0] == "sign-in" && len(args) == 4:
		v.ask(http.MethodPost, "sign-in", map[string]string{"code": args[1], "user": args[2], "password": args[3]})
	case args[0] == "mine":
		v.ask(http.MethodGet, "mine", nil)
	case args[0] == "open" && len(args) == 2:
		v.ask(http.MethodPost, "mine/"+args[1], nil)
		v.ask(http.MethodGet, "workspace/"+args[1]+"/state", nil)
	default:
		ts.Fatalf("unknown: person %v", args)
	}
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
	res, err := v.Do(req)
	v.ts.Check(err)
	defer res.Body.Close()
	out := new(bytes.Buffer)
	_, err = out.ReadFrom(res.Body)
	v.ts.Check(err)
	fmt.Fprintln(v.ts.Stdout(), res.StatusCode, out.String())
}

func wordMail(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: mail ADDRESS")
	}
	within(ts, time.Minute, func() bool {
		files, err := filepath.Glob(filepath.Join(ts.Getenv("TAMACHI_DATA"), "outbox", "*.eml"))
		ts.Check(err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			ts.Check(err)
			m, err := mail.ReadMessage(bytes.NewReader(text))
			ts.Check(err)
			if !strings.Contains(m.Header.Get("To"), args[0]) {
				continue
			}
			_, err = io.Copy(ts.Stdout(), base64.NewDecoder(base64.StdEncoding, m.Body))
			ts.Check(err)
			return true
		}
		return false
	}, func() { ts.Fatalf("no mail to %s within a minute", args[0]) })
}
