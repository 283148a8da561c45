package account

import (
	"context"
	"time"

	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Theirs is a moment of this machine's clock by the account's clock, so that it
// can be held against times of the trail: a machine that is ahead would take a
// call of its own for one of the past. How far it is ahead is known to a second,
// by the Date of an answer (RFC 9110, 6.6.1), and nothing is done about less.
func (a *Account) Theirs(ctx context.Context, t time.Time) (time.Time, error) {
	out, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return t, Explain("sts:GetCallerIdentity", err)
	}
	theirs, said := awsmiddleware.GetServerTime(out.ResultMetadata)
	ours, known := awsmiddleware.GetResponseAt(out.ResultMetadata)
	if ahead := ours.Sub(theirs); said && known && ahead > time.Second {
		return t.Add(-ahead), nil
	}
	return t, nil
}
