package house

import (
	"context"
	"net"
	"net/url"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/services/s3"
	"tamachi/internal/aws/services/ssm/runcommand"
)

// callerAccess asks the gate what the caller of a call may, for rooms that
// refuse parts of it; the gate is made after the rooms.
type callerAccess struct{ h *House }

var (
	_ runcommand.Access = callerAccess{}
	_ s3.Access         = callerAccess{}
)

// Allowed tells of each check whether the caller passes it.
func (a callerAccess) Allowed(ctx context.Context, checks []api.Check) ([]bool, error) {
	return a.h.gate.Allowed(ctx, checks)
}

// commandOutput knows the buckets that take commands' output.
type commandOutput struct{ h *House }

var _ runcommand.Output = commandOutput{}

// Exists tells whether there is a bucket.
func (o commandOutput) Exists(ctx context.Context, bucket string) (bool, error) {
	return o.h.rooms.s3.Exists(ctx, bucket)
}

// URL is an object's address, in the form of Systems Manager: the service's
// host, and the bucket in the path.
func (o commandOutput) URL(region, bucket, key string) string {
	u := url.URL{Scheme: "https", Host: "s3." + region + "." + o.h.o.Config.Domain, Path: "/" + bucket + "/" + key}
	if at, err := url.Parse(o.h.HTTPS()); err == nil && at.Port() != "" && at.Port() != "443" {
		u.Host = net.JoinHostPort(u.Host, at.Port())
	}
	return u.String()
}
