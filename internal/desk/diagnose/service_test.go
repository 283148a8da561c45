package diagnose

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

func TestServiceMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(serviceText) {
		t.Error(gap)
	}
}

// far is somebody on the internet who takes connections, and says back by UDP
// what they are told; quiet does not.
func far(t *testing.T, quiet bool) (tcp, udp string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p, err := new(net.ListenConfig).ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	go func() {
		var b [64]byte
		for {
			n, from, err := p.ReadFrom(b[:])
			if err != nil {
				return
			}
			if !quiet {
				_, _ = p.WriteTo(b[:n], from) // the test says what is missing
			}
		}
	}()
	return l.Addr().String(), p.LocalAddr().String()
}

// Which ways to WorkSpaces on AWS are blocked is told from the internet in
// general, by protocol, with UDP by an echo.
func TestWaysToWorkSpacesOnAWS(t *testing.T) {
	tcp, udp := far(t, false)
	_, deaf := far(t, true)
	const health = "drp-nrt.amazonworkspaces.com"
	for _, row := range []struct {
		name      string
		protocols []string
		refuse    func(network, addr string) error
		udp, want string
		says      string
	}{
		{"all is open", nil, nil, udp, "internet=open login=open DCV TCP=open DCV UDP=open PCOIP TCP=open PCOIP UDP=open", "Nothing is blocked."},
		{"one protocol", []string{"DCV"}, nil, udp, "internet=open login=open DCV TCP=open DCV UDP=open", health + ":4195"},
		{"the streaming port is dropped", []string{"PCOIP"}, func(_, addr string) error {
			if strings.HasSuffix(addr, ":4172") {
				return context.DeadlineExceeded
			}
			return nil
		}, udp, "internet=open login=open PCOIP TCP=blocked PCOIP UDP=mute", "The internet works, and what desktops need does not"},
		{"nothing is reached", []string{"DCV"}, func(_, addr string) error {
			return &net.OpError{Op: "dial", Err: fmt.Errorf("connect to %s: refused", addr)}
		}, udp, "internet=blocked login=blocked DCV TCP=blocked DCV UDP=blocked", "look at line, proxy and DNS first"},
		{"the name is unknown", []string{"DCV"}, func(_, addr string) error {
			if strings.HasPrefix(addr, health) {
				return &net.DNSError{Err: "no such host", Name: health}
			}
			return nil
		}, udp, "internet=open login=open DCV TCP=blocked DCV UDP=blocked", "The name is not known here"},
		{"UDP is swallowed", []string{"DCV"}, nil, deaf, "internet=open login=open DCV TCP=open DCV UDP=mute", "UDP is blocked, or the server does not answer"},
	} {
		t.Run(row.name, func(t *testing.T) {
			x := Tools{Now: time.Now, Patient: 200 * time.Millisecond, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
				if row.refuse != nil {
					if err := row.refuse(network, addr); err != nil {
						return nil, err
					}
				}
				return new(net.Dialer).DialContext(ctx, network, map[string]string{"tcp": tcp, "udp": row.udp}[network])
			}}
			a := serviceAsk{region: "ap-northeast-1", protocols: row.protocols}
			if err := a.read(); err != nil || a.health != health {
				t.Fatal(a, err)
			}
			s := tryService(t.Context(), x, a)
			var got []string
			for _, w := range s.Ways {
				got = append(got, w.Name+"="+string(w.Verdict))
			}
			if g := strings.Join(got, " "); g != row.want || s.Good() == strings.Contains(row.want, "blocked") {
				t.Errorf("want %s, got %s", row.want, g)
			}
			var b strings.Builder
			s.Write(&b, report.English, time.Now())
			if !strings.Contains(b.String(), row.says) {
				t.Errorf("want %q in\n%s", row.says, b.String())
			}
		})
	}
	for _, bad := range []serviceAsk{{region: "mars-1"}, {region: "eu-west-1", protocols: []string{"RDP"}}} {
		if bad.read() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}

// The ranges of AWS as published, cut down, and as they are a day later.
const (
	published = `{"syncToken":"1","createDate":"2026-11-22-01-02-03","prefixes":[
{"ip_prefix":"54.248.0.0/15","region":"ap-northeast-1","service":"AMAZON","network_border_group":"ap-northeast-1"},
{"ip_prefix":"54.250.251.0/24","region":"ap-northeast-1","service":"WORKSPACES_GATEWAYS","network_border_group":"ap-northeast-1"},
{"ip_prefix":"3.3.3.0/24","region":"us-east-1","service":"WORKSPACES_GATEWAYS","network_border_group":"us-east-1"},
{"ip_prefix":"120.52.22.96/27","region":"GLOBAL","service":"CLOUDFRONT","network_border_group":"GLOBAL"}],
"ipv6_prefixes":[{"ipv6_prefix":"2406:da32:4000::/40","region":"ap-northeast-1","service":"WORKSPACES_GATEWAYS","network_border_group":"ap-northeast-1"}]}`
	gone, come = `"54.250.251.0/24"`, `"18.180.178.0/24"`
)

// The sheet for the firewall has the addresses of the Region, and says what
// changed since the last one.
func TestTheSheetHasTheRangesAndWhatChanged(t *testing.T) {
	home := t.TempDir()
	w := account.World{Clock: clock.NewFrozen(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)), Location: time.UTC, Getenv: func(k string) string {
		return map[string]string{"HOME": home, "LANG": "en_US.UTF-8"}[k]
	}}
	tcp, _ := far(t, true)
	sheet := func(text string) string {
		t.Helper()
		file := filepath.Join(home, "ip-ranges.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s := &Service{Region: "ap-northeast-1", Health: tcp}
		if err := s.request(t.Context(), w.Getenv, file, time.Second, []string{"DCV"}); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		s.Write(&b, report.English, w.Clock.Now())
		return b.String()
	}
	for _, row := range []struct {
		text       string
		want, none []string
	}{
		{published, []string{"TCP, UDP 443", "54.248.0.0/15", "TCP, UDP 4195", "54.250.251.0/24", "2406:da32:4000::/40", "120.52.22.96/27", "the first sheet here", "2026-11-23"}, []string{"3.3.3.0/24", "4172"}},
		{published, []string{"the ranges are those of 2026-11-22-01-02-03"}, []string{"new since"}},
		{strings.Replace(published, gone, come, 1), []string{
			"new since 2026-11-22-01-02-03: WORKSPACES_GATEWAYS 18.180.178.0/24", "gone since 2026-11-22-01-02-03: WORKSPACES_GATEWAYS 54.250.251.0/24",
		}, nil},
		{"<html>", []string{"the addresses are not known: the ranges cannot be read"}, []string{"the first sheet"}},
		{`{"prefixes":[]}`, []string{"the ranges have none of ap-northeast-1"}, nil},
	} {
		got := sheet(row.text)
		for _, want := range row.want {
			if !strings.Contains(got, want) {
				t.Errorf("want %q in\n%s", want, got)
			}
		}
		for _, none := range row.none {
			if strings.Contains(got, none) {
				t.Errorf("%q is in\n%s", none, got)
			}
		}
	}
}

// Whatever the file of ranges holds is read or refused.
func FuzzRanges(f *testing.F) {
	for _, seed := range []string{published, "", "{}", `{"prefixes":[{"ip_prefix":"x","region":"GLOBAL","service":"CLOUDFRONT"}]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := readRanges([]byte(text), "ap-northeast-1")
		if err == nil && len(r.Services[amazon]) == 0 {
			t.Errorf("%q is read, and has nothing", text)
		}
	})
}
