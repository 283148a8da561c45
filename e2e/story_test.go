package e2e

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/coder/websocket"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/config"
	provider "tamachi/internal/desktops"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/house"
	"tamachi/internal/notify/notifytest"
)

// TestTheTwoDays plays the story of the seeds: one plane with real desktops, each
// incident made for real, found, agreed to, put right and recorded by the
// commands that an operator types. Its words, beside those of all transcripts:
//
//	story               run a plane in this process whose clock is some minutes behind, and
//	                    stands from the first of the minutes that pass on
//	colleague NAME [ACTIONS]   a user of IAM with a key, who may do these
//	as NAME             go on with that person's key; administrator is there from the start
//	hog WS NAME...      programs of the desktop's user, each of which wants a whole processor
//	past MINUTES        let minutes pass, in each of which the hogs used all they could
//	now                 let the plane's clock be the machine's from here on
//	hogs run|rest|end   let the hogs run freely, hold them, end them
//	fileserver ADDRESS  a network of its own with a file server, peered with that of the
//	                    desktops; $TABLE has the route to it, by $PEERING
//	update WS           an update of a program "viewer" for the desktop, which takes until it
//	                    is restarted
//	break WS            take the profile away from the desktop's user
//	sit WS...           people sit down at desktops, in browsers
//	cut                 cut all their lines off
//	posted TO REGEXP    want a message like this in a channel of Slack, or to a member
func TestTheTwoDays(t *testing.T) {
	t.Parallel()
	c := awsCLI(t)
	words := allWords()
	maps.Copy(words, map[string]word{"story": wordStory, "colleague": wordColleague, "as": wordAs, "hog": wordHog, "past": wordPast, "now": wordNow, "hogs": wordHogs, "fileserver": wordFileServer, "update": wordUpdate, "break": wordBreak, "sit": wordSit, "cut": wordCut, "posted": wordPosted})
	testscript.Run(t, testscript.Params{
		Dir: "testdata/story", RequireExplicitExec: true, Cmds: words,
		Setup: func(env *testscript.Env) error {
			env.Values[storyKey] = &story{more: map[string]time.Duration{}}
			return setup(env, c)
		},
	})
}

const storyKey = "story"

// behind is how far the clock is behind at first. Signatures may be 15 minutes too
// early (Signature Version 4): the clock goes while the office is made, however
// long a busy machine takes, and stands three minutes behind when the first eight
// have passed.
const behind = 11 * time.Minute

// share is what a hog really uses of a processor in a minute of the story. A
// minute so short is not felt by whoever else is on the machine.
const share = 100 * time.Millisecond

// story is a plane and the world in which its minutes pass.
type story struct {
	house *house.House
	real  provider.Provider
	slack *notifytest.Slack
	keys  map[string][2]string // of people
	hogs  []int                // processes
	of    string               // the desktop of the hogs
	lines []*websocket.Conn    // of people who sit at desktops

	mu   sync.Mutex
	late time.Duration            // guarded by mu; how far the clock is behind while it goes
	then time.Time                // guarded by mu; where the clock stands; zero when it goes
	more map[string]time.Duration // guarded by mu; what short minutes left out, by desktop
}

var (
	_ clock.Clock   = (*story)(nil)
	_ metrics.Meter = (*story)(nil)
)

// Now is the time in the story.
func (s *story) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.then.IsZero() {
		return time.Now().UTC().Add(-s.late)
	}
	return s.then
}

// Usage is what a desktop would have used.
func (s *story) Usage(ctx context.Context, id string) (provider.Usage, error) {
	u, err := s.real.Usage(ctx, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	u.CPU += s.more[id]
	return u, err
}

func (s *story) meter(p provider.Provider) metrics.Meter {
	s.real = p
	return s
}

func storyOf(ts *testscript.TestScript) *story { return ts.Value(storyKey).(*story) }

func wordStory(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: story")
	}
	s, p := storyOf(ts), planeOf(ts)
	s.late = behind
	cfg := config.Default(ts.Getenv)
	cfg.Data, cfg.Listen = p.data, "127.0.0.1:0"
	log, err := os.OpenFile(ts.MkAbs("plane.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	s.house, err = house.Open(ctx, house.Options{
		Config: cfg, Log: slog.New(slog.NewTextHandler(log, nil)), Clock: s, Exe: binary, Meter: s.meter, Rehearse: true,
	})
	if err != nil {
		cancel()
		ts.Fatalf("open the plane: %v", err)
	}
	ready, done := make(chan struct{}), make(chan error, 1)
	go func() { done <- s.house.Run(ctx, func() { close(ready) }) }()
	ts.Defer(func() {
		s.hangUp()
		cancel()
		if err := errors.Join(<-done, log.Close()); err != nil {
			panic(fmt.Sprint("the plane ended with ", err))
		}
	})
	<-ready
	ts.Check(loadEnv(ts))
	s.slack, err = notifytest.OpenSlack()
	ts.Check(err)
	ts.Defer(s.slack.Close)
	conf := ts.MkAbs("desk.yaml")
	text := strings.ReplaceAll(ts.ReadFile(conf), "SLACK", s.slack.Address)
	ts.Check(os.WriteFile(conf, []byte(text), 0o600))
	s.keys = map[string][2]string{"administrator": {ts.Getenv("AWS_ACCESS_KEY_ID"), ts.Getenv("AWS_SECRET_ACCESS_KEY")}}
}

func wordColleague(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: colleague NAME [ACTIONS]")
	}
	ctx, s := context.Background(), storyOf(ts)
	a := s.house.Access()
	c := iam.New(iam.Options{Region: a.Region, BaseEndpoint: &a.HTTP, Credentials: s.administrator()})
	_, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: &args[0]})
	ts.Check(err)
	if len(args) == 2 {
		_, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{
			UserName: &args[0], PolicyName: aws.String("work"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"` + args[1] + `","Resource":"*"}]}`),
		})
		ts.Check(err)
	}
	made, err := c.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: &args[0]})
	ts.Check(err)
	s.keys[args[0]] = [2]string{*made.AccessKey.AccessKeyId, *made.AccessKey.SecretAccessKey}
}

func (s *story) administrator() aws.CredentialsProvider {
	a := s.house.Access()
	return credentials.NewStaticCredentialsProvider(a.AccessKeyID, a.SecretAccessKey, "")
}

func wordAs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 || storyOf(ts).keys[args[0]][0] == "" {
		ts.Fatalf("usage: as NAME, of a person that was made")
	}
	key := storyOf(ts).keys[args[0]]
	ts.Setenv("AWS_ACCESS_KEY_ID", key[0])
	ts.Setenv("AWS_SECRET_ACCESS_KEY", key[1])
}

// wordHog starts what belongs to the desktop and is counted as its own; the
// desktop's own namespaces and cgroup hold it. It waits until minutes pass.
func wordHog(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: hog WS NAME...")
	}
	s := storyOf(ts)
	s.of = args[0]
	now, err := s.real.Inspect(context.Background(), s.of)
	ts.Check(err)
	for _, name := range args[1:] {
		// A child of the desktop's, so that its own ps sees it.
		c := counted(context.Background(), now, "cp /bin/dash /tmp/"+name+"; /tmp/"+name+" -c 'echo on; while :; do :; done' & wait")
		out, err := c.StdoutPipe()
		ts.Check(err)
		ts.Check(c.Start())
		if _, err := out.Read(make([]byte, 3)); err != nil {
			ts.Fatalf("%s does not run in the desktop: %v", name, err)
		}
		pid := search(ts, s.of, []string{"/tmp/" + name})
		ts.Check(inGroup(ts, pid, s.of))
		s.hogs = append(s.hogs, pid)
		ts.Defer(func() {
			s.hangUp()
			_ = c.Wait()
		})
	}
	s.tell(ts, unix.SIGSTOP)
}

// tell sends a signal to all hogs.
func (s *story) tell(ts *testscript.TestScript, sig unix.Signal) {
	for _, h := range s.hogs {
		ts.Check(unix.Kill(h, sig))
	}
}

func wordPast(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: past MINUTES")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := storyOf(ts)
	for range n {
		ts.Check(s.minute(ts))
	}
}

// minute lets a minute pass in which each hog used a whole processor.
func (s *story) minute(ts *testscript.TestScript) error {
	used := func() time.Duration {
		u, err := s.real.Usage(context.Background(), s.of)
		ts.Check(err)
		return u.CPU
	}
	if len(s.hogs) > 0 {
		before, enough := used(), share*time.Duration(len(s.hogs))
		s.tell(ts, unix.SIGCONT)
		within(ts, 5*time.Minute, func() bool { return used()-before >= enough }, func() { ts.Fatalf("the hogs get no processor") })
		s.tell(ts, unix.SIGSTOP)
		spent := used() - before
		s.mu.Lock()
		s.more[s.of] += spent * (time.Minute/share - 1)
		s.mu.Unlock()
	}
	return s.turn(s.Now().Add(time.Minute))
}

// turn moves the plane's clock, which stands then or goes without being late, and
// does what is due.
func (s *story) turn(to time.Time) error {
	s.mu.Lock()
	s.then, s.late = to, 0
	s.mu.Unlock()
	return s.house.Upkeep(context.Background())
}

func wordNow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: now")
	}
	s := storyOf(ts)
	ts.Check(s.turn(time.Time{}))
}

func wordHogs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hogs run|rest|end")
	}
	s := storyOf(ts)
	switch args[0] {
	case "run":
		s.tell(ts, unix.SIGCONT)
	case "rest":
		s.tell(ts, unix.SIGSTOP)
	case "end":
		s.hangUp()
	default:
		ts.Fatalf("unknown: hogs %s", args[0])
	}
}

// hangUp ends the hogs.
func (s *story) hangUp() {
	for _, h := range s.hogs {
		_ = unix.Kill(h, unix.SIGKILL)
	}
	s.hogs = nil
}

// wordPosted waits until Slack has such a message in a channel, or to a member.
func wordPosted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: posted CHANNEL REGEXP")
	}
	want := regexp.MustCompile(args[1])
	slack := storyOf(ts).slack
	within(ts, time.Minute, func() bool {
		for _, m := range slack.Posted() {
			if m.Get("channel") == args[0] && want.MatchString(m.Get("text")) {
				ts.Logf("%s: %s", args[0], m.Get("text"))
				return true
			}
		}
		return false
	}, func() { ts.Fatalf("nothing in %s is like %s: %+v", args[0], want, slack.Posted()) })
}

// wordSit opens desktops as their people do, and holds the streams of their screens.
func wordSit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: sit WS...")
	}
	s := storyOf(ts)
	base := s.house.Access().HTTP
	for _, ws := range args {
		ts.Check(ts.Exec("tamachi", "desktop", "open", ws))
		jar, err := cookiejar.New(nil)
		ts.Check(err)
		browser := &http.Client{Jar: jar}
		res, err := browser.Get(strings.TrimSpace(ts.ReadFile("stdout")))
		ts.Check(err)
		ts.Check(res.Body.Close())
		s.lines = append(s.lines, screen(ts, browser, base, ws))
	}
}

func wordCut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: cut")
	}
	s := storyOf(ts)
	for _, line := range s.lines {
		_ = line.CloseNow() // no word of goodbye, as of a line that broke
	}
	s.lines = nil
}

func wordFileServer(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fileserver ADDRESS")
	}
	ctx, a := context.Background(), storyOf(ts).house.Access()
	c := ec2.New(ec2.Options{Region: a.Region, BaseEndpoint: &a.HTTP, Credentials: storyOf(ts).administrator()})
	tables, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{})
	ts.Check(err)
	office := tables.RouteTables[0] // of the account's own network, where its desktops are
	const around = "10.3.0.0/16"
	made, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{CidrBlock: aws.String(around)})
	ts.Check(err)
	_, err = c.CreateSubnet(ctx, &ec2.CreateSubnetInput{VpcId: made.Vpc.VpcId, CidrBlock: aws.String("10.3.0.0/24")})
	ts.Check(err)
	peer, err := c.CreateVpcPeeringConnection(ctx, &ec2.CreateVpcPeeringConnectionInput{VpcId: office.VpcId, PeerVpcId: made.Vpc.VpcId})
	ts.Check(err)
	peering := peer.VpcPeeringConnection.VpcPeeringConnectionId
	_, err = c.AcceptVpcPeeringConnection(ctx, &ec2.AcceptVpcPeeringConnectionInput{VpcPeeringConnectionId: peering})
	ts.Check(err)
	back, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: []ec2types.Filter{{Name: aws.String("vpc-id"), Values: []string{*made.Vpc.VpcId}}}})
	ts.Check(err)
	for table, to := range map[*string]string{office.RouteTableId: around, back.RouteTables[0].RouteTableId: "172.31.0.0/16"} {
		_, err := c.CreateRoute(ctx, &ec2.CreateRouteInput{RouteTableId: table, DestinationCidrBlock: &to, VpcPeeringConnectionId: peering})
		ts.Check(err)
	}
	ts.Setenv("TABLE", *office.RouteTableId)
	ts.Setenv("PEERING", *peering)
	wordMachine(ts, false, []string{*made.Vpc.VpcId, args[0]})
}

// publish makes an archive of Debian packages in the desktop, with a program that
// is there and its next version, and no other archive. Who installs that while
// /run/slow is there waits for it.
const publish = `set -e
mkdir -p /srv/new/DEBIAN; cd /srv
write() { printf 'Package: viewer\nVersion: %s\nArchitecture: all\nMaintainer: office\nDescription: viewer\n' "$1"; }
write 1.0 > new/DEBIAN/control; dpkg-deb --build new old.deb; dpkg -i old.deb
write 2.0 > new/DEBIAN/control
printf '#!/bin/sh\n[ ! -p /run/slow ] || cat /run/slow\n' > new/DEBIAN/postinst; chmod 755 new/DEBIAN/postinst
dpkg-deb --build new viewer.deb
{ write 2.0; printf 'Filename: ./viewer.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s viewer.deb)" "$(sha256sum viewer.deb | cut -d' ' -f1)"; } > Packages
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv ./' > /etc/apt/sources.list
mkfifo /run/slow`

func wordUpdate(ts *testscript.TestScript, neg bool, args []string) { inDesktop(ts, args, publish) }

func wordBreak(ts *testscript.TestScript, neg bool, args []string) {
	inDesktop(ts, args, "chown -R root /home/*/.profile")
}

// inDesktop runs a script as root of a desktop.
func inDesktop(ts *testscript.TestScript, args []string, script string) {
	if len(args) != 1 {
		ts.Fatalf("want one desktop")
	}
	now, err := storyOf(ts).real.Inspect(context.Background(), args[0])
	ts.Check(err)
	if out, err := counted(context.Background(), now, script).CombinedOutput(); err != nil {
		ts.Fatalf("in %s: %v: %s", args[0], err, out)
	}
}
