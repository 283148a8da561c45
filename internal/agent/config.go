package agent

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strconv"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Config is all an agent needs. Region, Domain, Folder, Clock and IDs must be
// given; an activation only until the folder holds an identity.
type Config struct {
	Region string
	Domain string // the plane's hosts are <service>.<region>.<domain>
	Port   int    // 0 means 443
	CA     []byte // PEM of the certificate authority to trust; nil means the machine's own

	ActivationID   string
	ActivationCode string // secret: never logged

	// Folder holds identity, jobs and results; it is made with mode 0700 and
	// must outlive restarts.
	Folder string

	Version string // AgentVersion as reported, default Version
	// Program is this program's own file, which aws:updateSsmAgent replaces;
	// empty where it is not the agent's to replace.
	Program string
	// Try runs another program as this agent for a moment (see the function Try)
	// and returns its version; nil takes a new version untried.
	Try         func(ctx context.Context, program string) (version string, err error)
	ReportEvery time.Duration // between two UpdateInstanceInformation, default 5 minutes
	// AssociateEvery is the time between two looks at this node's associations,
	// default 10 minutes.
	AssociateEvery time.Duration
	// Environment is what scripts see, as "KEY=value"; nil means a small
	// default without anything of the agent's own environment.
	Environment []string
	// Reboot restarts the machine when a script asks for it (exit code 194).
	// With nil that is left to people: the job waits for the next start.
	Reboot func(ctx context.Context) error
	// Dial opens TCP connections; nil means the ordinary dialer.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)

	Clock clock.Clock
	IDs   *id.Source
	Log   *slog.Logger // nil means silence
}

var hostPart = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// complete checks the configuration and fills in the defaults.
func (c Config) complete() (Config, error) {
	switch {
	case !hostPart.MatchString(c.Region):
		return c, fmt.Errorf("agent: %q is no Region", c.Region)
	case !hostPart.MatchString(c.Domain):
		return c, fmt.Errorf("agent: %q is no domain", c.Domain)
	case c.Port < 0 || c.Port > 65535:
		return c, fmt.Errorf("agent: %d is no port", c.Port)
	case c.Folder == "":
		return c, errors.New("agent: no folder for the identity")
	case c.Clock == nil || c.IDs == nil:
		return c, errors.New("agent: clock and id source must be given")
	}
	if c.Version == "" {
		c.Version = Version
	}
	if c.ReportEvery <= 0 {
		c.ReportEvery = 5 * time.Minute
	}
	if c.AssociateEvery <= 0 {
		c.AssociateEvery = 10 * time.Minute
	}
	if c.Environment == nil {
		c.Environment = []string{
			"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
			"HOME=/root", "LANG=C.UTF-8", "TZ=UTC", "TERM=dumb",
		}
	}
	if c.Dial == nil {
		d := &net.Dialer{Timeout: 10 * time.Second}
		c.Dial = d.DialContext
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// host is the authority of a service's endpoint. The port is left out when it
// is the one of https, because the Host header that is signed leaves it out.
func (c Config) host(service string) string {
	h := service + "." + c.Region + "." + c.Domain
	if c.Port == 0 || c.Port == 443 {
		return h
	}
	return net.JoinHostPort(h, strconv.Itoa(c.Port))
}

// pause waits for d or the end of ctx, whichever is first.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
