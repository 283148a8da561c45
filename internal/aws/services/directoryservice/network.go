package directoryservice

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/directoryservice/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// admit lets a new directory in: there is room for one of its kind, its subnets
// are such as it needs, and it gets an id.
func (s *Service) admit(tx *store.Tx, call *api.Call, r *record) error {
	if err := quota(tx, call, r.kind()); err != nil {
		return err
	}
	if err := s.site(tx, call, r); err != nil {
		return err
	}
	return s.unique(tx, r)
}

// site refuses subnets that are not two of one network in different Availability
// Zones. Which of them AWS calls which error was seen there (moto, which was
// written after it).
func (s *Service) site(tx *store.Tx, call *api.Call, r *record) error {
	if r.VPCID == "" {
		return nil
	}
	zones, foreign := make([]string, len(r.SubnetIDs)), false
	for i, id := range r.SubnetIDs {
		vpc, zone, err := s.ports.Networks.Site(tx, store.In(call.Place()), id)
		if err != nil {
			return err
		}
		if vpc == "" {
			return badSubnets(call)
		}
		zones[i], foreign = zone, foreign || vpc != r.VPCID
	}
	switch {
	case zones[0] == zones[1]:
		return client(call, "Invalid subnet ID(s). The two subnets must be in different Availability Zones.")
	case foreign:
		return client(call, "Invalid VPC ID.")
	}
	r.Zones = zones
	return nil
}

func badSubnets(call *api.Call) error {
	return badParameter(call, "Invalid subnet ID(s). They must correspond to two subnets in different Availability Zones.")
}

func client(call *api.Call, text string) error {
	return &types.ClientException{Message: &text, RequestId: &call.RequestID}
}

// Houses tells whether a subnet of a scope has servers of a directory: on AWS
// those have network interfaces in it, so that it cannot be deleted.
func (s *Service) Houses(tx *store.Tx, sc store.Scope, subnet string) (bool, error) {
	all, err := directories.List(tx, sc, store.Page{})
	return slices.ContainsFunc(all, func(r *record) bool { return slices.Contains(r.SubnetIDs, subnet) }), err
}
