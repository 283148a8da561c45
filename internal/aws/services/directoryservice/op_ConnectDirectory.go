package directoryservice

import (
	"context"
	"fmt"
	"net/netip"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostDNS is how many DNS servers a connector may be given.
const mostDNS = 4

// ConnectDirectory makes an AD Connector. It answers at once, in the stage
// Requested; whether the directory is there and takes the service account is
// found out by Upkeep, as on AWS, and told by the stage.
func (s *Service) ConnectDirectory(ctx context.Context, in *ds.ConnectDirectoryInput) (*ds.ConnectDirectoryOutput, error) {
	call := api.CallFrom(ctx)
	if err := connectable(call, in.ConnectSettings); err != nil {
		return nil, err
	}
	v := in.ConnectSettings
	r, err := s.newRecord(call, order{
		name: *in.Name, short: in.ShortName, description: in.Description, network: in.NetworkType, tags: in.Tags,
		vpc: &types.DirectoryVpcSettings{VpcId: v.VpcId, SubnetIds: v.SubnetIds},
	})
	if err != nil {
		return nil, err
	}
	r.Type, r.Size, r.SID = string(types.DirectoryTypeAdConnector), string(in.Size), ""
	r.Stage = string(types.DirectoryStageRequested)
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		if err := s.admit(tx, call, r); err != nil {
			return err
		}
		sealed, err := s.sealSecret(connectPurpose(r.ID), *in.Password)
		if err != nil {
			return fmt.Errorf("seal the service account's password: %w", err)
		}
		r.Connect = &connect{UserName: *v.CustomerUserName, Sealed: sealed, DNS: v.CustomerDnsIps}
		return directories.Put(tx, store.In(call.Place()), r)
	})
	if err != nil {
		return nil, err
	}
	return &ds.ConnectDirectoryOutput{DirectoryId: &r.ID}, nil
}

// connectable checks what the model cannot.
func connectable(call *api.Call, v *types.DirectoryConnectSettings) error {
	if len(v.CustomerDnsIpsV6) > 0 {
		return badParameter(call, "CustomerDnsIpsV6 is not available here: the network type is IPv4.")
	}
	if len(v.CustomerDnsIps) == 0 || len(v.CustomerDnsIps) > mostDNS {
		return badParameter(call, "CustomerDnsIps must name one to %d DNS servers.", mostDNS)
	}
	for _, ip := range v.CustomerDnsIps {
		addr, err := netip.ParseAddr(ip)
		if err != nil || !addr.Is4() || addr.IsUnspecified() || addr.IsMulticast() {
			return badParameter(call, "Invalid DNS IP address: %s", ip)
		}
	}
	return nil
}

func (s *Service) connectDirectoryChecks(_ context.Context, in *ds.ConnectDirectoryInput) ([]api.Check, error) {
	return giving(api.OnAny("ds:ConnectDirectory"), in.Tags), nil
}
