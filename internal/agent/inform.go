package agent

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// keepInformed reports what this node is at the start and then regularly.
func (a *agent) keepInformed(ctx context.Context) error {
	for try := 0; ; try++ {
		wait := a.delay(try)
		err := a.inform(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil {
			try, wait = 0, a.cfg.ReportEvery
			a.probation.arrived(false, true)
		} else {
			a.log.Warn("report of this node is tried again", slog.String("node", a.id.Node), slog.Any("err", err))
		}
		if err := pause(ctx, wait); err != nil {
			return err
		}
	}
}

func (a *agent) inform(ctx context.Context) error {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	platform := readPlatform()
	in := struct {
		InstanceId, AgentName, AgentVersion, AgentStatus string
		AvailabilityZone, AvailabilityZoneId             string
		ComputerName, IPAddress                          string
		PlatformName, PlatformType, PlatformVersion      string
		SSMConnectionChannel                             string
	}{
		InstanceId: a.id.Node, AgentName: "tamachi-agent", AgentVersion: a.cfg.Version, AgentStatus: "Active",
		ComputerName: name, IPAddress: address(),
		PlatformName: platform.name, PlatformType: "Linux", PlatformVersion: platform.version,
	}
	if a.outbox.open() {
		in.SSMConnectionChannel = "ssmmessages"
	}
	err = a.plane.call(ctx, "AmazonSSM.UpdateInstanceInformation", in, &struct{}{}, a.withRole(creds, "ssm"))
	a.noteRefusal(err, creds)
	return err
}

// noteRefusal asks for new credentials when a call was refused for its own.
func (a *agent) noteRefusal(err error, used credentials) {
	no := (*refusal)(nil)
	if errors.As(err, &no) && no.ofCredentials() {
		a.purse.refused(used)
	}
}

// ofCredentials tells whether a call was refused for who made it. The protocols
// of JSON say so with 400 and a code; a refused upgrade has no code to read.
func (r *refusal) ofCredentials() bool {
	switch r.Code {
	case "", "AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException",
		"InvalidSignatureException", "IncompleteSignatureException", "MissingAuthenticationTokenException":
		return r.Status == http.StatusBadRequest || r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden
	}
	return r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden
}

type platform struct{ name, version, id string }

// readPlatform reads os-release(5).
func readPlatform() platform {
	p := platform{name: "Linux"}
	f, err := os.Open("/etc/os-release")
	if err != nil {
		return p
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), "=")
		if plain, err := strconv.Unquote(value); err == nil {
			value = plain
		}
		switch key {
		case "NAME":
			p.name = value
		case "ID":
			p.id = value
		case "VERSION_ID":
			p.version = value
		}
	}
	return p
}

// address is the first address that others may know this node by.
func address() string {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, one := range all {
		if ip, ok := one.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP.String()
		}
	}
	return ""
}
