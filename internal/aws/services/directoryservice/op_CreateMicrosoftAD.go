package directoryservice

import (
	"context"
	"fmt"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// admin is the administrator of a Managed Microsoft AD: an ordinary user whom
// AWS gives rights. Source: API Reference, CreateMicrosoftAD.
const admin = "Admin"

// CreateMicrosoftAD makes a directory of the Managed Microsoft AD kind, on the
// same server as the others.
func (s *Service) CreateMicrosoftAD(ctx context.Context, in *ds.CreateMicrosoftADInput) (*ds.CreateMicrosoftADOutput, error) {
	call := api.CallFrom(ctx)
	r, err := s.newRecord(call, order{
		name: *in.Name, short: in.ShortName, description: in.Description, vpc: in.VpcSettings, network: in.NetworkType, tags: in.Tags,
	})
	if err != nil {
		return nil, err
	}
	r.Type, r.Edition = string(types.DirectoryTypeMicrosoftAd), string(types.DirectoryEditionEnterprise)
	switch in.Edition {
	case "":
	case types.DirectoryEditionHybrid:
		return nil, &types.UnsupportedOperationException{
			Message: say("A directory of the Hybrid edition is made of one that you have, which is not available here."), RequestId: &call.RequestID,
		}
	default:
		r.Edition = string(in.Edition)
	}
	sealed, err := s.ports.Users.Seal(ctx, *in.Password)
	if err != nil {
		return nil, fmt.Errorf("seal the administrator's password: %w", err)
	}
	if err := s.st.Update(ctx, func(tx *store.Tx) error { return s.found(tx, call, r, admin, sealed) }); err != nil {
		return nil, err
	}
	return &ds.CreateMicrosoftADOutput{DirectoryId: &r.ID}, nil
}

func (s *Service) createMicrosoftADChecks(_ context.Context, in *ds.CreateMicrosoftADInput) ([]api.Check, error) {
	return giving(api.OnAny("ds:CreateMicrosoftAD"), in.Tags), nil
}
