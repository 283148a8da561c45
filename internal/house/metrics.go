package house

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	wstypes "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/services/cloudwatch"
	"tamachi/internal/engine/metrics"
)

// meter tells what desktops used.
func (h *House) meter() metrics.Meter {
	if h.o.Meter != nil {
		return h.o.Meter(h.desktops)
	}
	return h.desktops
}

// desktopRecords stores what was measured of desktops, by desktop and by what
// several of them share, as AWS has it.
type desktopRecords struct{ room *cloudwatch.Service }

var _ metrics.Records = desktopRecords{}

// Record stores the samples of each account and Region together.
func (r desktopRecords) Record(ctx context.Context, samples []metrics.Sample) error {
	type place struct{ account, region string }
	var order []place
	of := map[place][]cloudwatch.Sample{}
	for _, s := range samples {
		p := place{s.Account, s.Region}
		if of[p] == nil {
			order = append(order, p)
		}
		for _, d := range dimensions(s) {
			of[p] = append(of[p], cloudwatch.Sample{
				Metric: s.Metric, Unit: types.StandardUnit(s.Unit), Dimensions: []types.Dimension{d}, At: s.At, Value: s.Value,
			})
		}
	}
	for _, p := range order {
		if err := r.room.Record(ctx, p.account, p.region, "AWS/WorkSpaces", of[p]); err != nil {
			return err
		}
	}
	return nil
}

// dimensions are what a sample is found by, each alone. Every desktop here has
// the one protocol.
func dimensions(s metrics.Sample) (all []types.Dimension) {
	for _, d := range []struct{ name, value string }{
		{"WorkspaceId", s.ID},
		{"DirectoryId", s.DirectoryID},
		{"RunningMode", s.RunningMode},
		{"Protocol", string(wstypes.ProtocolWsp)},
		{"ComputeType", s.Compute},
		{"BundleId", s.Bundle},
	} {
		all = append(all, types.Dimension{Name: &d.name, Value: &d.value})
	}
	return all
}
