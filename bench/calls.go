package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"tamachi/bench/load"
)

// kind is a call that is sent again and again.
type kind struct {
	name, service, target string
	must                  string // how many times a peer's rate, as the issue asks
	want                  string // in every answer
	bodies                func() []string
}

// names is how many parameters the calls go round.
const names = 500

// kinds are in the order in which they run: what is put is got.
var kinds = []kind{
	{
		name: "GetCallerIdentity", service: "sts", want: "GetCallerIdentityResult",
		bodies: func() []string { return []string{"Action=GetCallerIdentity&Version=2011-06-15"} },
	},
	{
		name: "PutParameter", service: "ssm", target: "AmazonSSM.PutParameter", must: "12 x (25 x) moto", want: "Version",
		bodies: each(`{"Name":"/bench/p%04d","Value":"10.0.0.%[1]d","Type":"String","Overwrite":true}`),
	},
	{
		name: "GetParameter", service: "ssm", target: "AmazonSSM.GetParameter", must: "25 x (60 x) moto", want: "Parameter",
		bodies: each(`{"Name":"/bench/p%04d"}`),
	},
}

// each makes a body for every name.
func each(format string) func() []string {
	return func() []string {
		var out []string
		for i := range names {
			out = append(out, fmt.Sprintf(format, i))
		}
		return out
	}
}

// server is one of those that calls are sent to.
type server struct {
	name   string
	config aws.Config
	pid    int
}

// turns is how often each server has its turn: on a machine that others use,
// the rates of one run and the next differ more than two servers do.
const turns = 3

// calls counts signed calls a second, and those of moto_server where it is
// installed, turn by turn on the same machine.
func calls(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	servers := []server{{"Tamachi (" + p.durability() + ")", p.config, p.serve.Process.Pid}}
	if _, err := exec.LookPath("moto_server"); err == nil { // else there is no peer to compare with
		version, err := exec.CommandContext(ctx, "python3", "-c", "import moto; print(moto.__version__)").Output()
		if err != nil {
			version = []byte("of unknown version")
		}
		endpoint, pid, stop, err := startMoto(ctx)
		if err != nil {
			return nil, err
		}
		defer stop()
		servers = append(servers, server{"moto_server " + strings.TrimSpace(string(version)), aws.Config{
			Region: "ap-northeast-1", BaseEndpoint: &endpoint,
			Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
		}, pid})
	}
	for _, k := range kinds {
		got, err := inTurns(ctx, s, k, servers)
		if err != nil {
			return figures, fmt.Errorf("%s: %w", k.name, err)
		}
		figures = append(figures, got...)
	}
	return figures, nil
}

// inTurns are the rates of each server and, where there are two, how many times
// the rate of the second the first one has, turn by turn.
func inTurns(ctx context.Context, s settings, k kind, servers []server) ([]figure, error) {
	out := make([]figure, len(servers))
	for range turns {
		for i, to := range servers {
			f, err := rate(ctx, s, k, to.name, to.config, to.pid)
			if err != nil {
				return out, fmt.Errorf("%s: %w", to.name, err)
			}
			f.values = append(out[i].values, f.values...)
			out[i] = f
		}
	}
	if len(servers) < 2 {
		return out, nil
	}
	times := figure{name: k.name + ", Tamachi to its peer", must: k.must, unit: "x", note: "turn by turn"}
	for i := range turns {
		times.values = append(times.values, out[0].values[i]/out[1].values[i])
	}
	return append(out, times), nil
}

// rate signs a call's requests and sends them for a while to the process pid,
// whose CPU time it reads: on a busy machine that tells more than the rate.
func rate(ctx context.Context, s settings, k kind, who string, cfg aws.Config, pid int) (figure, error) {
	requests, err := signed(ctx, k, cfg)
	if err != nil {
		return figure{}, err
	}
	job := load.Job{
		Address: strings.TrimPrefix(*cfg.BaseEndpoint, "http://"), Connections: s.workers, Want: k.want,
		Long: 2 * time.Second, Requests: requests, // moto's first call reads its models, for seconds
	}
	for tries := 0; ; tries++ { // warm up: on a busy machine moto may not answer in time at first
		if _, err := load.Spawn(ctx, job); err == nil {
			break
		} else if tries == 3 {
			return figure{}, err
		}
	}
	job.Long = time.Duration(s.seconds) * time.Second
	before, err := cpuTime(pid)
	if err != nil {
		return figure{}, err
	}
	got, err := load.Spawn(ctx, job)
	if err != nil {
		return figure{}, err
	}
	after, err := cpuTime(pid)
	if err != nil {
		return figure{}, err
	}
	return figure{
		name: k.name + " calls a second, " + who, values: []float64{got.PerSecond}, unit: "/s",
		note: fmt.Sprintf("%d connections, %d calls over %d requests signed beforehand; %.0f µs CPU of the server a call; latency p50 %s, p99 %s; client on the same cores",
			s.workers, got.Calls, len(requests), float64((after-before).Microseconds())/float64(got.Calls), got.P50.Round(10*time.Microsecond), got.P99.Round(10*time.Microsecond)),
	}, nil
}

// cpuTime is what a process has used so far, in ticks of 10 ms (proc_pid_stat(5),
// utime and stime).
func cpuTime(pid int) (time.Duration, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:])) // the name before may hold blanks
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	user, uerr := strconv.Atoi(fields[11])
	system, serr := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond, errors.Join(uerr, serr)
}

// signed renders a call's requests. Their signatures are good for 5 minutes.
func signed(ctx context.Context, k kind, cfg aws.Config) ([][]byte, error) {
	creds, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, body := range k.bodies() {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, *cfg.BaseEndpoint+"/", nil)
		if err != nil {
			return nil, err
		}
		req.ContentLength = int64(len(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		if k.target != "" {
			req.Header.Set("Content-Type", "application/x-amz-json-1.1")
			req.Header.Set("X-Amz-Target", k.target)
		}
		sum := sha256.Sum256([]byte(body))
		if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), k.service, cfg.Region, time.Now()); err != nil {
			return nil, err
		}
		out = append(out, load.Raw(req, []byte(body)))
	}
	return out, nil
}

// startMoto starts moto_server on a free port.
func startMoto(ctx context.Context) (endpoint string, pid int, stop func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", 0, nil, err
	}
	addr := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	c := exec.CommandContext(ctx, "moto_server", "-H", "127.0.0.1", "-p", port)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it may be a wrapper
	if err := c.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
		_ = c.Wait() // ended by our signal
	}
	err = until(ctx, 50*time.Millisecond, func() (bool, error) {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err != nil {
			return false, nil //nolint:nilerr // not up yet
		}
		return true, conn.Close()
	})
	if err != nil {
		stop()
		return "", 0, nil, err
	}
	return "http://" + addr, c.Process.Pid, stop, nil
}
