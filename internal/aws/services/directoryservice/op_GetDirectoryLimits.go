package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// GetDirectoryLimits tells how many directories there may be and are.
func (s *Service) GetDirectoryLimits(ctx context.Context, _ *ds.GetDirectoryLimitsInput) (*ds.GetDirectoryLimitsOutput, error) {
	call := api.CallFrom(ctx)
	var have map[types.DirectoryType]int
	err := s.st.View(ctx, func(tx *store.Tx) (err error) {
		have, err = count(tx, call)
		return err
	})
	if err != nil {
		return nil, err
	}
	of := func(kind types.DirectoryType) (limit, now *int32, reached bool) {
		most := limits()[kind]
		return new(int32(most)), new(int32(have[kind])), have[kind] >= most
	}
	var l types.DirectoryLimits
	l.CloudOnlyDirectoriesLimit, l.CloudOnlyDirectoriesCurrentCount, l.CloudOnlyDirectoriesLimitReached = of(types.DirectoryTypeSimpleAd)
	l.CloudOnlyMicrosoftADLimit, l.CloudOnlyMicrosoftADCurrentCount, l.CloudOnlyMicrosoftADLimitReached = of(types.DirectoryTypeMicrosoftAd)
	l.ConnectedDirectoriesLimit, l.ConnectedDirectoriesCurrentCount, l.ConnectedDirectoriesLimitReached = of(types.DirectoryTypeAdConnector)
	return &ds.GetDirectoryLimitsOutput{DirectoryLimits: &l}, nil
}

func (s *Service) getDirectoryLimitsChecks(context.Context, *ds.GetDirectoryLimitsInput) ([]api.Check, error) {
	return api.OnAny("ds:GetDirectoryLimits"), nil
}
