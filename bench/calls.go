package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"tamachi/bench/load"
)

// callerIdentity counts signed GetCallerIdentity calls a second, and those of
// moto_server on the same machine in the same run where it is installed.
func callerIdentity(ctx context.Context, s settings) ([]figure, error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	ours, err := rate(ctx, s, "GetCallerIdentity calls a second, Tamachi", p.config)
	figures := []figure{ours}
	if err != nil {
		return nil, errors.Join(err, p.destroy())
	}
	ended := p.destroy()
	if _, err := exec.LookPath("moto_server"); err != nil {
		return figures, ended //nolint:nilerr // not installed: no peer to compare with
	}
	version, err := exec.CommandContext(ctx, "python3", "-c", "import moto; print(moto.__version__)").Output()
	if err != nil {
		version = []byte("of unknown version")
	}
	endpoint, stop, err := startMoto(ctx)
	if err != nil {
		return figures, errors.Join(ended, err)
	}
	defer stop()
	theirs, err := rate(ctx, s, "the same, moto_server "+strings.TrimSpace(string(version)), aws.Config{
		Region: "ap-northeast-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
	return append(figures, theirs), errors.Join(ended, err)
}

// rate signs one request and sends it for a while.
func rate(ctx context.Context, s settings, name string, cfg aws.Config) (figure, error) {
	body := []byte("Action=GetCallerIdentity&Version=2011-06-15")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, *cfg.BaseEndpoint+"/", nil)
	if err != nil {
		return figure{}, err
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	creds, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return figure{}, err
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), "sts", cfg.Region, time.Now()); err != nil {
		return figure{}, err
	}
	r := load.Request{URL: req.URL.String(), Header: req.Header, Body: body}
	if _, err := load.Run(ctx, r, s.workers, time.Second, "GetCallerIdentityResult"); err != nil { // warm up
		return figure{}, err
	}
	got, err := load.Run(ctx, r, s.workers, time.Duration(s.seconds)*time.Second, "GetCallerIdentityResult")
	if err != nil {
		return figure{}, err
	}
	return figure{
		name: name, values: []float64{got.PerSecond}, unit: "/s",
		note: fmt.Sprintf("%d connections, %d calls; latency p50 %s, p99 %s; client on the same cores",
			s.workers, got.Calls, got.P50.Round(10*time.Microsecond), got.P99.Round(10*time.Microsecond)),
	}, nil
}

// startMoto starts moto_server on a free port.
func startMoto(ctx context.Context) (endpoint string, stop func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	addr := l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	c := exec.CommandContext(ctx, "moto_server", "-H", "127.0.0.1", "-p", port)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it may be a wrapper
	if err := c.Start(); err != nil {
		return "", nil, err
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
		return "", nil, err
	}
	return "http://" + addr, stop, nil
}
