package desk

import (
	"context"
	"time"

	"tamachi/internal/aws/api"
)

// DescribeCostSummaryInput says of which system desktops are that do not tell
// theirs, as the price table writes it.
type DescribeCostSummaryInput struct{ OperatingSystem, Language *string }

// DescribeCostSummaryOutput is what desktops have used since the month began (of
// UTC), and what that costs by the price table of the desk.
type DescribeCostSummaryOutput struct{ Summary *CostSummary }

// CostSummary is a month so far. Amounts are decimal numbers in the currency of
// the table; one that is not known is not there.
type CostSummary struct {
	Month          *string
	At             *time.Time
	Modes          []ModeCost
	RunningSeconds *int64
	Cost, Currency *string
	Unpriced       *Sentence // why there is no cost
	Untold         *int32    // desktops without a cost, as nobody says what system they run
	Systems        []string  // of the table
	Prices         []string  // where they are from
	Missing        []string  // prices that it does not have: they count nothing
	BreakEvens     []BreakEven
	Changes        *int32   // of sweeps that were applied, and stood this month
	Savings        []Saving // of those whose prices are known
	Unanswered     []string // what the caller may not see
}

// ModeCost is what was used under the fee of a running mode.
type ModeCost struct {
	RunningMode    *string
	Desktops       *int32 // that have it now
	RunningSeconds *int64 // that the month's fee covers, or that is paid by the hour
	Cost           *string
}

// BreakEven is from how many hours a month on ALWAYS_ON costs less.
type BreakEven struct {
	ComputeTypeName, OperatingSystem     *string
	RootVolumeSizeGib, UserVolumeSizeGib *int32
	Desktops                             *int32
	Hours                                *string
}

// Saving is what changes were meant to save this month, and have at least.
type Saving struct{ Currency, Promised, Realised *string }

// DescribeCostSummary tells what this month costs so far.
func (s *Service) DescribeCostSummary(ctx context.Context, in *DescribeCostSummaryInput) (*DescribeCostSummaryOutput, error) {
	if s.ports.Costs == nil {
		return nil, none()
	}
	found, err := s.ports.Costs.Costs(ctx, visitor(api.CallFrom(ctx), in.Language), value(in.OperatingSystem))
	if err != nil {
		return nil, refused(err)
	}
	return &DescribeCostSummaryOutput{found}, nil
}

// Who may describe desktops may know how long they ran; what else it calls is
// checked call by call.
func (s *Service) describeCostSummaryChecks(context.Context, *DescribeCostSummaryInput) ([]api.Check, error) {
	return api.OnAny(looks), nil
}
