package e2e

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// words are what transcripts may use beside those of testscript:
//
//	plane start [FLAGS]   run `tamachi serve` over $WORK/data, wait for "ready", load `tamachi env`
//	plane kill            kill -9
//	plane version VERSION build a tamachi whose agent is of this version, which later starts run
//	plane stop            SIGTERM, wait for exit 0
//	aws ARGS              the AWS CLI against the plane
//	exits CODE PROGRAM    run it and want this exit code
//	until TEXT aws ARGS   repeat until stdout, trimmed, is TEXT (five minutes at most:
//	                      the first desktop may have to wait for its image)
//	save NAME [REGEXP]    put the last stdout, or what the expression's group matched in it, into $NAME
//	like FILE             the last stdout is FILE, where HH:MM is a time, MM-DD a day,
//	                      ... any word, ${NAME} a variable, a blank one or more of
//	                      them; the rest is literal
//	token NAME            put a new random word into $NAME
//	commands N            want N different commands of the CLI that succeeded so far
//	recorded FILE [BUT]   want each of them in FILE, which has names of events, as often as it
//	                      was called; those that begin with one of BUT are no management calls
//
// Those that look at the host are in host_test.go, those that speak the
// wire by themselves in wire_test.go, those that run agents in agent_test.go,
// those about packages in package_test.go, those that hold
// sessions in session_test.go, those about hosts that join in join_test.go,
// those that break connections in bridge_test.go, those about a directory of
// somebody else in samba_test.go, those of a person at a desktop in
// person_test.go, those about a mail server in mail_test.go, those about networks in
// lan_test.go, those about pages that people follow in page_test.go.
var words = map[string]word{
	"plane": wordPlane,
	"aws":   wordAWS,
	"exits": wordExits,
	"until": wordUntil,
	"save":  wordSave,
	"like":  wordLike,
	"token": wordToken,

	"commands": wordCommands,
	"recorded": wordRecorded,
}

// word is a command of transcripts.
type word = func(ts *testscript.TestScript, neg bool, args []string)

func allWords() map[string]word {
	all := map[string]word{}
	for _, some := range []map[string]word{words, hostWords, wireWords, agentWords, packageWords, sessionWords, bridgeWords, joinWords, lanWords, sambaWords, personWords, pageWords, mailWords} {
		maps.Copy(all, some)
	}
	return all
}

func wordAWS(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: aws ARGS")
	}
	var err error
	if planeOf(ts).cli.flag && args[0] == "ds-data" {
		err = peopleByHand(ts, args[1:])
	} else {
		full := awsArgs(ts, args)
		err = ts.Exec(full[0], full[1:]...)
	}
	if err != nil && !neg {
		ts.Fatalf("aws %s: %v", strings.Join(args, " "), err)
	}
	if err == nil {
		planeOf(ts).called(args)
	}
	if err == nil && neg {
		ts.Fatalf("aws %s succeeded, a failure was wanted", strings.Join(args, " "))
	}
}

func awsArgs(ts *testscript.TestScript, args []string) []string {
	c := planeOf(ts).cli
	if c.flag {
		args = append([]string{"--endpoint-url", ts.Getenv("AWS_ENDPOINT_URL")}, args...)
	}
	return append([]string{c.path}, args...)
}

func wordExits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s: exit code %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

func wordUntil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || args[1] != "aws" {
		ts.Fatalf("usage: until TEXT aws ARGS")
	}
	full := awsArgs(ts, args[2:])
	var got string
	var err error
	within(ts, 5*time.Minute, func() bool {
		err = ts.Exec(full[0], full[1:]...)
		got = strings.TrimSpace(ts.ReadFile("stdout"))
		return err == nil && got == args[0]
	}, func() {
		ts.Fatalf("wanted %q, the last answer was %q (%v); the plane complains:\n%s", args[0], got, err, complaints(ts))
	})
}

// complaints are the last warnings and errors of the transcript's plane.
func complaints(ts *testscript.TestScript) string {
	log, err := os.ReadFile(ts.MkAbs("plane.log"))
	if err != nil {
		return err.Error()
	}
	all := regexp.MustCompile(`(?m)^.*level=(?:WARN|ERROR).*\n`).FindAllString(string(log), -1)
	return strings.Join(all[max(0, len(all)-10):], "")
}

// within asks again and again until it is so, and calls late when it does not
// become so in time.
func within(ts *testscript.TestScript, limit time.Duration, so func() bool, late func()) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			late()
			return
		case <-tick.C:
		}
	}
}

func wordSave(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: save NAME [REGEXP]")
	}
	text := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) == 2 {
		m := regexp.MustCompile(args[1]).FindStringSubmatch(text)
		if len(m) != 2 {
			ts.Fatalf("save %s: no match of %s in\n%s", args[0], args[1], text)
		}
		text = m[1]
	}
	if text == "" || text == "None" {
		ts.Fatalf("save %s: the last command printed nothing", args[0])
	}
	ts.Setenv(args[0], text)
}

// open are the words of a pattern that stand for what differs between runs.
var open = strings.NewReplacer(
	`HH:MM`, `\d{2}:\d{2}`, `MM-DD`, `\d{2}-\d{2}`, `\.\.\.`, `\S+`, " ", `[ \t]+`,
)

var blanks = regexp.MustCompile(" +")

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

func wordLike(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: like FILE")
	}
	got := strings.Split(strings.TrimRight(ts.ReadFile("stdout"), "\n"), "\n")
	want := strings.Split(strings.TrimRight(ts.ReadFile(args[0]), "\n"), "\n")
	for i, line := range want {
		line = variable.ReplaceAllStringFunc(line, func(name string) string { return ts.Getenv(name[2 : len(name)-1]) })
		if i >= len(got) {
			ts.Fatalf("line %d is missing:\n%s", i+1, line)
		}
		if !regexp.MustCompile("^" + open.Replace(regexp.QuoteMeta(blanks.ReplaceAllString(line, " "))) + "$").MatchString(strings.TrimRight(got[i], " \t")) {
			ts.Fatalf("line %d\nwant %s\ngot  %s", i+1, line, got[i])
		}
	}
	if len(got) > len(want) {
		ts.Fatalf("more than was wanted, from line %d on:\n%s", len(want)+1, strings.Join(got[len(want):], "\n"))
	}
}

func wordToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: token NAME")
	}
	ts.Setenv(args[0], rand.Text())
}
