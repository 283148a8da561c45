package account

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

// Quotas reads the quotas of an account in a Region.
type Quotas interface {
	ListServiceQuotas(context.Context, *servicequotas.ListServiceQuotasInput, ...func(*servicequotas.Options)) (*servicequotas.ListServiceQuotasOutput, error)
	ListAWSDefaultServiceQuotas(context.Context, *servicequotas.ListAWSDefaultServiceQuotasInput, ...func(*servicequotas.Options)) (*servicequotas.ListAWSDefaultServiceQuotasOutput, error)
}

var _ Quotas = (*servicequotas.Client)(nil)

// QuotasOf reads the quotas of a service by their names. What was never raised
// is in the list of defaults alone.
// Source: Service Quotas API Reference, ListServiceQuotas.
func QuotasOf(ctx context.Context, api Quotas, service string) (map[string]float64, error) {
	all := map[string]float64{}
	note := func(quotas []types.ServiceQuota) {
		for _, q := range quotas {
			all[aws.ToString(q.QuotaName)] = aws.ToFloat64(q.Value)
		}
	}
	err := Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListAWSDefaultServiceQuotas(ctx, &servicequotas.ListAWSDefaultServiceQuotasInput{ServiceCode: &service, NextToken: token})
		if err != nil {
			return nil, Explain("servicequotas:ListAWSDefaultServiceQuotas", err)
		}
		note(out.Quotas)
		return out.NextToken, nil
	})
	if err != nil {
		return nil, err
	}
	err = Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListServiceQuotas(ctx, &servicequotas.ListServiceQuotasInput{ServiceCode: &service, NextToken: token})
		if err != nil {
			return nil, Explain("servicequotas:ListServiceQuotas", err)
		}
		note(out.Quotas)
		return out.NextToken, nil
	})
	return all, err
}
