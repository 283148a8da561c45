package apitest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Account asks for an account of the plane's organization, waits for it as
// clients do, and returns its number.
func (p *Plane) Account(name, email string) string {
	p.t.Helper()
	c, ctx := organizations.NewFromConfig(p.Config()), p.t.Context()
	out, err := c.CreateAccount(ctx, &organizations.CreateAccountInput{AccountName: &name, Email: &email})
	if err != nil {
		p.t.Fatal(err)
	}
	return aws.ToString(p.Made(out.CreateAccountStatus.Id).AccountId)
}

// Made waits until a request for an account has come to its end.
func (p *Plane) Made(request *string) (status *types.CreateAccountStatus) {
	p.t.Helper()
	c, ctx := organizations.NewFromConfig(p.Config()), p.t.Context()
	if err := p.Upkeep(ctx); err != nil { // at once, not at the next round
		p.t.Fatal(err)
	}
	Eventually(p.t, "the account", func() bool {
		out, err := c.DescribeCreateAccountStatus(ctx, &organizations.DescribeCreateAccountStatusInput{CreateAccountRequestId: request})
		if err != nil {
			p.t.Fatal(err)
		}
		status = out.CreateAccountStatus
		return status.State != types.CreateAccountStateInProgress
	})
	return status
}
