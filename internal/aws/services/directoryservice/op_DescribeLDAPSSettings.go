package directoryservice

import (
	"context"

	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
)

// DescribeLDAPSSettings tells how it stands with LDAPS. There is one type, so
// there is one page.
func (s *Service) DescribeLDAPSSettings(ctx context.Context, in *ds.DescribeLDAPSSettingsInput) (*ds.DescribeLDAPSSettingsOutput, error) {
	r, err := s.inspect(ctx, *in.DirectoryId)
	if err != nil {
		return nil, err
	}
	if _, err := startOf(api.CallFrom(ctx), "DescribeLDAPSSettings "+r.ID, in.NextToken); err != nil {
		return nil, err
	}
	info := types.LDAPSSettingInfo{LDAPSStatus: r.ldapsStatus(), LastUpdatedDateTime: &r.Created}
	if r.LDAPS != nil {
		info.LDAPSStatusReason, info.LastUpdatedDateTime = given(r.LDAPS.Reason), &r.LDAPS.Since
	}
	return &ds.DescribeLDAPSSettingsOutput{LDAPSSettingsInfo: []types.LDAPSSettingInfo{info}}, nil
}

func (s *Service) describeLDAPSSettingsChecks(ctx context.Context, in *ds.DescribeLDAPSSettingsInput) ([]api.Check, error) {
	return s.on(ctx, "ds:DescribeLDAPSSettings", *in.DirectoryId)
}
