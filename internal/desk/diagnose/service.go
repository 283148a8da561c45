package diagnose

import (
	"context"
	"errors"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"

	"tamachi/internal/desk/report"
)

// mute is the verdict of a way by UDP on which nothing came back: it is blocked,
// or nobody answers words that are not understood.
const mute Verdict = "mute"

// healthHosts answer the clients of WorkSpaces on the ports of both protocols.
// Source: WorkSpaces Administration Guide, "IP address and port requirements for
// WorkSpaces Personal", health check servers.
var healthHosts = map[string]string{
	"us-east-1": "drp-iad.amazonworkspaces.com", "us-west-2": "drp-pdx.amazonworkspaces.com", "ap-south-1": "drp-bom.amazonworkspaces.com",
	"ap-northeast-1": "drp-nrt.amazonworkspaces.com", "ap-northeast-2": "drp-icn.amazonworkspaces.com",
	"ap-southeast-1": "drp-sin.amazonworkspaces.com", "ap-southeast-2": "drp-syd.amazonworkspaces.com", "ca-central-1": "drp-yul.amazonworkspaces.com",
	"eu-central-1": "drp-fra.amazonworkspaces.com", "eu-west-1": "drp-dub.amazonworkspaces.com", "eu-west-2": "drp-lhr.amazonworkspaces.com",
	"eu-west-3": "drp-cdg.amazonworkspaces.com", "sa-east-1": "drp-gru.amazonworkspaces.com", "af-south-1": "drp-cpt.amazonworkspaces.com",
	"il-central-1": "drp-tlv.amazonworkspaces.com", "us-gov-west-1": "drp-pdt.amazonworkspaces.com", "us-gov-east-1": "drp-osu.amazonworkspaces.com",
}

// streams are the ports of the streaming protocols, by TCP and by UDP (same
// source).
var streams = map[string]int{"PCOIP": 4172, "DCV": 4195}

// elsewhere is a host that is no part of AWS, for what the internet is like in
// general.
const elsewhere = "www.iana.org"

// Service is what was found of the ways in to WorkSpaces on AWS.
type Service struct {
	Region   string       `json:"region"`
	Health   string       `json:"health"` // the host that is asked on the streaming ports
	Ways     []Way        `json:"ways"`   // internet, login, and two a protocol
	Meaning  *report.Line `json:"meaning,omitempty"`
	Openings []Opening    `json:"openings,omitempty"`
	Since    *Difference  `json:"since,omitempty"` // what changed in the ranges since the sheet was last written
	NoRanges string       `json:"noRanges,omitempty"`

	made string // when the file of ranges was made
}

// Good tells whether nothing is blocked; a way by UDP that stays mute does not
// count.
func (s *Service) Good() bool {
	return !slices.ContainsFunc(s.Ways, func(w Way) bool { return w.Verdict == Blocked })
}

// serviceAsk is which ways are gone.
type serviceAsk struct {
	region, health string
	protocols      []string
}

// knock is one way to somebody.
type knock struct{ name, network, host, port string }

func (a serviceAsk) knocks() []knock {
	out := []knock{
		{"internet", "tcp", elsewhere, "443"},
		{"login", "tcp", "ws-broker-service." + a.region + ".amazonaws.com", "443"},
	}
	for _, p := range a.protocols {
		port := strconv.Itoa(streams[p])
		out = append(out, knock{p + " TCP", "tcp", a.health, port}, knock{p + " UDP", "udp", a.health, port})
	}
	return out
}

// read checks what was asked for; no protocol is all of them.
func (a *serviceAsk) read() error {
	if a.health == "" {
		a.health = healthHosts[a.region]
	}
	if a.health == "" {
		return errors.New("no health check server of WorkSpaces is known in " + a.region + "; --health HOST names one")
	}
	if len(a.protocols) == 0 {
		a.protocols = slices.Sorted(maps.Keys(streams))
	}
	for _, p := range a.protocols {
		if streams[p] == 0 {
			return errors.New("a protocol is PCOIP or DCV, not " + p)
		}
	}
	return nil
}

// tryService goes all ways at once, as none needs another.
func tryService(ctx context.Context, t Tools, a serviceAsk) *Service {
	knocks := a.knocks()
	s := &Service{Region: a.region, Health: a.health, Ways: make([]Way, len(knocks))}
	var all sync.WaitGroup
	for i, k := range knocks {
		all.Go(func() { s.Ways[i] = t.knock(ctx, k) })
	}
	all.Wait()
	s.Meaning = s.meaning()
	return s
}

// meaning tells the internet in general from what desktops need.
func (s *Service) meaning() *report.Line {
	if s.Good() {
		return nil
	}
	m := serviceText.OnlyDesktops
	if s.Ways[0].Verdict == Blocked {
		m = serviceText.NoInternet
	}
	return new(report.Say(m))
}

func (t Tools) knock(ctx context.Context, k knock) Way {
	w := Way{Name: k.name, Verdict: Open, Found: []string{net.JoinHostPort(k.host, k.port)}}
	ctx, cancel := context.WithTimeout(ctx, t.Patient)
	defer cancel()
	begin := t.Now()
	conn, err := t.Dial(ctx, k.network, net.JoinHostPort(k.host, k.port))
	if err == nil {
		defer conn.Close()
		if k.network == "udp" {
			err = t.echo(conn)
		}
	}
	w.Millis = t.Now().Sub(begin).Milliseconds()
	if err != nil {
		w.Verdict, w.Detail, w.Cause = Blocked, err.Error(), causeOf(err)
		if k.network == "udp" && w.Cause == "silent" {
			w.Verdict, w.Cause = mute, "mute"
		}
	}
	return w
}

// causeOf is the sentence of an error.
func causeOf(err error) string {
	if _, unknown := errors.AsType[*net.DNSError](err); unknown {
		return "name"
	}
	if late, ok := errors.AsType[net.Error](err); ok && late.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return "silent"
	}
	return "port"
}

// echo sends a word by UDP and wants anything back. Of two that are lost on a
// busy line the second may pass.
func (t Tools) echo(conn net.Conn) (err error) {
	var back [64]byte
	for range 2 {
		if _, err = conn.Write([]byte("tamachi")); err != nil {
			return err
		}
		if err = conn.SetReadDeadline(t.Now().Add(t.Patient / 2)); err != nil {
			return err
		}
		if _, err = conn.Read(back[:]); err == nil || causeOf(err) != "silent" {
			return err
		}
	}
	return err
}
