package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/agent"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// hostArgument makes the bench's own binary a managed host, so that what our
// agent costs can be told from what the bench does.
const hostArgument = "host"

// hosting is what a host is told over its standard input.
type hosting struct {
	Listen, Region, CA, Folder, ID, Code string
}

// host is our own agent in a process of its own.
type host struct {
	cmd  *exec.Cmd
	in   io.Closer
	node string
}

// serveHost runs the agent until standard input ends.
func serveHost(ctx context.Context, in io.Reader) error {
	var h hosting
	lines := json.NewDecoder(in)
	if err := lines.Decode(&h); err != nil {
		return err
	}
	ca, err := os.ReadFile(h.CA)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // ends with the process
		var more any
		_ = lines.Decode(&more) // nothing comes but the end
		cancel()
	}()
	return agent.Run(ctx, agent.Config{
		Region: h.Region, Domain: "tamachi.internal", Port: 4566, CA: ca, Folder: h.Folder,
		ActivationID: h.ID, ActivationCode: h.Code, Clock: clock.Real{}, IDs: id.Random(), Log: slog.New(slog.DiscardHandler),
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, h.Listen)
		},
	})
}

// startHost registers a host and waits until it is online.
func (p *plane) startHost(ctx context.Context) (*host, error) {
	if err := p.nodeRole(ctx); err != nil {
		return nil, err
	}
	a, err := p.ssm.CreateActivation(ctx, &ssm.CreateActivationInput{IamRole: aws.String("Nodes")})
	if err != nil {
		return nil, err
	}
	told, err := json.Marshal(hosting{
		Listen: p.listen, Region: p.config.Region, CA: p.ca(), Folder: filepath.Join(p.dir, "agent"),
		ID: *a.ActivationId, Code: *a.ActivationCode,
	})
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	h := &host{cmd: exec.CommandContext(ctx, self, hostArgument)}
	h.cmd.Stderr = os.Stderr
	in, err := h.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	h.in = in
	if err := h.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := in.Write(append(told, '\n')); err != nil {
		return nil, errors.Join(err, h.stop())
	}
	if h.node, err = p.online(ctx, *a.ActivationId); err != nil {
		return nil, errors.Join(err, h.stop())
	}
	return h, nil
}

func (h *host) stop() error {
	h.in.Close()
	return h.cmd.Wait()
}

// online waits for the one node of an activation.
func (p *plane) online(ctx context.Context, activation string) (node string, err error) {
	return p.onlineBy(ctx, "ActivationIds", activation)
}

// onlineBy waits until the one node that a filter names is online.
func (p *plane) onlineBy(ctx context.Context, filter, value string) (node string, err error) {
	err = until(ctx, 50*time.Millisecond, func() (bool, error) {
		out, err := p.ssm.DescribeInstanceInformation(ctx, &ssm.DescribeInstanceInformationInput{Filters: []types.InstanceInformationStringFilter{
			{Key: aws.String(filter), Values: []string{value}}, {Key: aws.String("PingStatus"), Values: []string{"Online"}},
		}})
		if err == nil && len(out.InstanceInformationList) == 1 {
			node = *out.InstanceInformationList[0].InstanceId
		}
		return node != "", err
	})
	return node, err
}

// cpu is the processor time that a process has taken. Source: proc(5).
func cpu(pid int) (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0, fmt.Errorf("stat of %d cannot be read", pid)
	}
	var ticks int
	for _, f := range fields[11:13] { // user and system
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}
