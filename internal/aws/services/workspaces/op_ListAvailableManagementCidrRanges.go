package workspaces

import (
	"context"
	"net/netip"

	"github.com/aws/aws-sdk-go-v2/service/workspaces"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// mostRanges is how many ranges are in a page (API reference,
// ListAvailableManagementCidrRanges).
const mostRanges = 5

// ListAvailableManagementCidrRanges lists, within a range, those that no network
// of the account in the Region touches. Every account may bring its licences
// here, so every one may ask.
func (s *Service) ListAvailableManagementCidrRanges(ctx context.Context, in *workspaces.ListAvailableManagementCidrRangesInput) (*workspaces.ListAvailableManagementCidrRangesOutput, error) {
	inside, err := netip.ParsePrefix(text(in.ManagementCidrRangeConstraint))
	if err != nil {
		return nil, invalid("The range " + text(in.ManagementCidrRangeConstraint) + " is not valid.")
	}
	list := "ListAvailableManagementCidrRanges " + inside.Masked().String()
	from, err := after(list, in.NextToken)
	if err != nil {
		return nil, err
	}
	var last netip.Addr
	if from != "" {
		if last, err = netip.ParseAddr(from); err != nil {
			return nil, err
		}
	}
	most := mostRanges
	if in.MaxResults != nil {
		most = int(*in.MaxResults)
	}
	var used []netip.Prefix
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		used, err = s.blocks(tx, store.In(api.CallFrom(ctx).Place()))
		return err
	})
	if err != nil {
		return nil, err
	}
	found := freeRanges(inside.Masked(), last, used, most+1)
	out := &workspaces.ListAvailableManagementCidrRangesOutput{ManagementCidrRanges: []string{}}
	if len(found) > most {
		found = found[:most]
		out.NextToken = new(api.Token(list, found[most-1].Addr().String()))
	}
	for _, p := range found {
		out.ManagementCidrRanges = append(out.ManagementCidrRanges, p.String())
	}
	return out, nil
}

func (s *Service) listAvailableManagementCidrRangesChecks(context.Context, *workspaces.ListAvailableManagementCidrRangesInput) ([]api.Check, error) {
	return api.OnAny("workspaces:ListAvailableManagementCidrRanges"), nil
}
