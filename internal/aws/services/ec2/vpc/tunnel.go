package vpc

import (
	"crypto/sha256"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/arn"
)

// tunnels is how many tunnels a VPN connection has.
// Source: Site-to-Site VPN User Guide, "Tunnel options".
const tunnels = 2

// TunnelLog is where a tunnel's log is wanted.
type TunnelLog struct {
	Group  string `json:",omitempty"` // ARN of a log group; "" is no log
	Format string `json:",omitempty"` // json or text
}

// outside is the address of a tunnel's end on this side: of 198.18.0.0/15 as the
// public addresses are (RFC 2544), and told by the connection's id. Nobody listens
// there.
func (c *VPNConnection) outside(tunnel int) string {
	sum := sha256.Sum256([]byte(c.ID))
	last := 1 + sum[2]%126 + byte(128*tunnel)
	return netip.AddrFrom4([4]byte{198, 18 | sum[0]&1, sum[1], last}).String()
}

// tunnel is which of the tunnels has an outside address.
func (c *VPNConnection) tunnel(outside string) (int, error) {
	for n := range tunnels {
		if c.outside(n) == outside {
			return n, nil
		}
	}
	return 0, badValue(outside, "VpnTunnelOutsideIpAddress", "It is of no tunnel of "+c.ID+".")
}

// telemetry is what is true of the tunnels: nothing here speaks IPsec, so each is
// down since the connection was made, and what a route sends there is dropped.
func (c *VPNConnection) telemetry() []types.VgwTelemetry {
	out := []types.VgwTelemetry{}
	if !c.DeletedAt.IsZero() {
		return out
	}
	for n := range tunnels {
		out = append(out, types.VgwTelemetry{
			OutsideIpAddress: new(c.outside(n)), Status: types.TelemetryStatusDown, StatusMessage: new("IPSEC IS DOWN"),
			LastStatusChange: &c.CreatedAt, AcceptedRouteCount: new(int32(0)),
		})
	}
	return out
}

// tunnelOptions are those that the tunnels have.
func (c *VPNConnection) tunnelOptions() []types.TunnelOption {
	out := []types.TunnelOption{}
	for n := range tunnels {
		logs := types.CloudWatchLogOptions{LogEnabled: new(false), BgpLogEnabled: new(false)}
		if n < len(c.Logs) && c.Logs[n].Group != "" {
			logs.LogEnabled, logs.LogGroupArn, logs.LogOutputFormat = new(true), &c.Logs[n].Group, &c.Logs[n].Format
		}
		out = append(out, types.TunnelOption{OutsideIpAddress: new(c.outside(n)), LogOptions: &types.VpnTunnelLogOptions{CloudWatchLogOptions: &logs}})
	}
	return out
}

// tunnelLogs reads where a call wants the logs of its tunnels. The other options
// are of a tunnel that is there.
func tunnelLogs(given []types.VpnTunnelOptionsSpecification) ([]TunnelLog, error) {
	if len(given) > tunnels {
		return nil, fault("InvalidParameterValue", "A VPN connection has %d tunnels.", tunnels)
	}
	var out []TunnelLog
	for _, o := range given {
		rest := o
		rest.LogOptions = nil
		if !reflect.DeepEqual(rest, types.VpnTunnelOptionsSpecification{}) {
			return nil, onlyLogs()
		}
		one, err := tunnelLog(o.LogOptions)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// onlyLogs refuses options of a tunnel that is there.
func onlyLogs() error {
	return fault("UnsupportedOperation", "Connections have no tunnels of their own here: no tunnel options but those of the log.")
}

func tunnelLog(given *types.VpnTunnelLogOptionsSpecification) (TunnelLog, error) {
	if given == nil || given.CloudWatchLogOptions == nil {
		return TunnelLog{}, nil
	}
	o := given.CloudWatchLogOptions
	if yes(o.BgpLogEnabled) {
		return TunnelLog{}, fault("UnsupportedOperation", "Nothing speaks BGP here, so it has no log.")
	}
	format := text(o.LogOutputFormat)
	if format == "" {
		format = "json"
	}
	if !slices.Contains([]string{"json", "text"}, format) {
		return TunnelLog{}, badValue(format, "LogOutputFormat", "It is json or text.")
	}
	group := text(o.LogGroupArn)
	if group != "" {
		if a, err := arn.Parse(group); err != nil || a.Service != "logs" || !strings.HasPrefix(a.Resource, "log-group:") {
			return TunnelLog{}, badValue(group, "LogGroupArn", "It is the ARN of a log group.")
		}
	}
	switch {
	case !yes(o.LogEnabled):
		return TunnelLog{}, nil
	case group == "":
		return TunnelLog{}, fault("MissingParameter", "The request must contain the parameter LogGroupArn")
	}
	return TunnelLog{group, format}, nil
}
