package directoryservice

import "tamachi/internal/store"

// Sites are networks in which every subnet is of one VPC, in a zone that its id
// ends with.
type Sites struct{}

func (Sites) Site(_ *store.Tx, _ store.Scope, subnet string) (vpc, zone string, err error) {
	return "vpc-12345678", "zone-" + subnet[len(subnet)-1:], nil
}
