package vpc

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// An account whose networks were made when DHCP options were only an id has them
// as a record, and no second default VPC.
func TestOldAccountsGetTheirDHCPOptions(t *testing.T) {
	st, err := store.Open(t.Context(), store.Options{Clock: clock.Real{}, Rehearse: true}, Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s, sc, old := New(st, id.Random(), clock.Real{}, nil), store.In("111122223333", "us-east-1"), "dopt-0123456789abcdef0"
	err = st.Update(t.Context(), func(tx *store.Tx) error { return settled.Put(tx, sc, &Settled{ID: settledKey, DHCP: old}) })
	if err != nil {
		t.Fatal(err)
	}
	ctx := api.WithCall(t.Context(), &api.Call{Account: sc.Account, Region: sc.Region, Time: time.Now(), Caller: api.Caller{Type: api.IAMUser, Account: sc.Account}})
	out, err := s.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{DhcpOptionsIds: []string{old}})
	if err != nil {
		t.Fatal(err)
	}
	if got := *out.DhcpOptions[0].DhcpConfigurations[0].Values[0].Value; got != "ec2.internal" {
		t.Errorf("want the domain of us-east-1, got %s", got)
	}
	networks, err := s.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	if err != nil || len(networks.Vpcs) != 0 {
		t.Errorf("want none, as before, got %+v, %v", networks, err)
	}
}
