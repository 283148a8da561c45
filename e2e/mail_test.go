package e2e

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"tamachi/internal/notify/eximtest"
)

// mailWords are about a mail server of somebody else, Debian's Exim:
//
//	mailserver start          run it; a plane that starts after it sends its mails there
//	mailserver settings FILE  append the desk's settings for it to FILE
//	mailserver stop|resume    what it has taken it keeps
//	letter ADDRESS N          wait for the Nth mail in that mailbox; stdout is it, as a
//	                          person reads it: From, Subject, a blank line, the text
//	letters ADDRESS N         want so many mails in that mailbox
//	bounced ADDRESS           wait until the plane knows that its invitation came back from
//	                          there; stdout is the list of invitations
var mailWords = map[string]word{"mailserver": wordMailserver, "letter": wordLetter, "letters": wordLetters, "bounced": wordBounced}

const mailserverKey = "mail server"

func wordMailserver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: mailserver start|settings|stop|resume")
	}
	of := ts.Value(mailserverKey).(**eximtest.Server)
	switch {
	case args[0] == "start" && len(args) == 1:
		s := eximtest.Start(aTest{ts})
		*of = s
		ts.Check(os.WriteFile(ts.MkAbs("mail.password"), []byte(eximtest.Password+"\n"), 0o600))
		planeOf(ts).env = []string{
			"TAMACHI_MAIL=" + relayOf(s), "TAMACHI_MAIL_PASSWORD_FILE=" + ts.MkAbs("mail.password"),
			"TAMACHI_MAIL_CA_FILE=" + s.CA(), "TAMACHI_MAIL_DOMAIN=example.com",
			"TAMACHI_MAIL_BOUNCES=" + eximtest.Bounces + "@example.com=" + s.Bounces(),
		}
	case args[0] == "settings" && len(args) == 2:
		f, err := os.OpenFile(ts.MkAbs(args[1]), os.O_APPEND|os.O_WRONLY, 0o600)
		ts.Check(err)
		_, err = fmt.Fprintf(f, "mail: {relay: %q, from: Tamachi <desk@example.com>, password-file: mail.password, ca-file: %q}\n", relayOf(*of), (*of).CA())
		ts.Check(err)
		ts.Check(f.Close())
	case args[0] == "stop" && len(args) == 1:
		(*of).Stop()
	case args[0] == "resume" && len(args) == 1:
		(*of).Resume()
	default:
		ts.Fatalf("unknown: mailserver %v", args)
	}
}

func relayOf(s *eximtest.Server) string {
	return "smtp://" + eximtest.User + "@127.0.0.1:" + strconv.Itoa(s.Port())
}

func wordLetter(ts *testscript.TestScript, neg bool, args []string) {
	n := count(ts, neg, args)
	l := (*ts.Value(mailserverKey).(**eximtest.Server)).Await(args[0], n)[n-1]
	fmt.Fprintf(ts.Stdout(), "From: %s\nSubject: %s\n\n%s", l.From, l.Subject, l.Text)
}

func wordLetters(ts *testscript.TestScript, neg bool, args []string) {
	n := count(ts, neg, args)
	if all := (*ts.Value(mailserverKey).(**eximtest.Server)).Letters(args[0]); len(all) != n {
		ts.Fatalf("%d mails to %s, want %d: %+v", len(all), args[0], n, all)
	}
}

func wordBounced(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: bounced ADDRESS")
	}
	came := regexp.MustCompile(regexp.QuoteMeta(args[0]) + ` .*\bBOUNCED\b`)
	within(ts, 2*time.Minute, func() bool {
		ts.Check(ts.Exec("tamachi", "invitation", "list"))
		return came.MatchString(ts.ReadFile("stdout"))
	}, func() {
		ts.Fatalf("no bounce from %s:\n%s%s", args[0], ts.ReadFile("stdout"), (*ts.Value(mailserverKey).(**eximtest.Server)).Log())
	})
}

func count(ts *testscript.TestScript, neg bool, args []string) int {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: letter|letters ADDRESS N")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	return n
}
