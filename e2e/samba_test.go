package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/directory/sambatest"
)

// sambaWords are about a directory of somebody else:
//
//	samba start|stop|resume   a real Samba domain controller of corp.example.com
//	samba tool ARGS           samba-tool in it
//	samba authority           the certificate that vouches for it, to stdout
//	mail ADDRESS              wait for a mail to that address in the outbox; stdout is its text
var sambaWords = map[string]word{"samba": wordSamba, "mail": wordMail}

const controllerKey = "samba controller"

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
