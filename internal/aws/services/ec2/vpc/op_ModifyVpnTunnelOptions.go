package vpc

import (
	"context"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"tamachi/internal/aws/api"
)

// ModifyVpnTunnelOptions says where the log of a tunnel is wanted. The tunnel is
// not made anew by that.
func (s *Service) ModifyVpnTunnelOptions(ctx context.Context, in *ec2.ModifyVpnTunnelOptionsInput) (*ec2.ModifyVpnTunnelOptionsOutput, error) {
	rest := *in.TunnelOptions
	rest.LogOptions = nil
	switch {
	case !reflect.DeepEqual(rest, types.ModifyVpnTunnelOptionsSpecification{}), in.PreSharedKeyStorage != nil, in.SkipTunnelReplacement != nil:
		return nil, onlyLogs()
	case in.TunnelOptions.LogOptions == nil || in.TunnelOptions.LogOptions.CloudWatchLogOptions == nil:
		return nil, fault("MissingParameter", "The request must contain the parameter TunnelOptions")
	}
	wanted, err := tunnelLog(in.TunnelOptions.LogOptions)
	if err != nil {
		return nil, err
	}
	var out *ec2.ModifyVpnTunnelOptionsOutput
	err = s.change(ctx, func(l look) error {
		c, err := liveVPNConnection(l, text(in.VpnConnectionId))
		if err != nil {
			return err
		}
		n, err := c.tunnel(text(in.VpnTunnelOutsideIpAddress))
		if err != nil {
			return err
		}
		logs := make([]TunnelLog, tunnels)
		copy(logs, c.Logs)
		logs[n] = wanted
		c.Logs = logs
		shown := c.describe()
		out = &ec2.ModifyVpnTunnelOptionsOutput{VpnConnection: &shown}
		return vpnConnectionNoun.put(l, c)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (s *Service) modifyVpnTunnelOptionsChecks(ctx context.Context, in *ec2.ModifyVpnTunnelOptionsInput) ([]api.Check, error) {
	return s.on(ctx, "ModifyVpnTunnelOptions", thing{&vpnConnectionNoun, in.VpnConnectionId})
}
