package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	orgtypes "github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"
)

// Reach says which accounts and Regions a duty looks at. The zero Reach is the
// account and Region of the standard AWS environment.
type Reach struct {
	Profiles     []string // of the AWS configuration
	Regions      []string
	Role         string   // the name of a role to assume in Accounts
	Accounts     []string // 12 digits
	Organization bool     // every active account of the organization, by Role
	Calls
}

// Flags adds the options that choose accounts and Regions.
func (r *Reach) Flags(fs *pflag.FlagSet) {
	fs.StringSliceVar(&r.Profiles, "profile", nil, "AWS profile; several: a,b")
	fs.StringSliceVar(&r.Regions, "region", nil, "AWS Region; several: a,b")
	fs.StringVar(&r.Role, "role", "", "look into other accounts by the role of this name: with --accounts or --organization")
	fs.StringSliceVar(&r.Accounts, "accounts", nil, "with --role: account ids, a,b")
	fs.BoolVar(&r.Organization, "organization", false, "with --role: every active account of the organization")
	r.Calls.Flags(fs)
}

// Check tells what is wrong with the options.
func (r *Reach) Check() error {
	switch {
	case (len(r.Accounts) > 0 || r.Organization) != (r.Role != ""):
		return errors.New("--role goes with --accounts or --organization")
	case len(r.Accounts) > 0 && r.Organization:
		return errors.New("--accounts and --organization exclude each other")
	case r.Role != "" && len(r.Profiles) > 1:
		return errors.New("--role goes with one profile")
	}
	for _, id := range r.Accounts {
		if !accountID.MatchString(id) {
			return fmt.Errorf("--accounts %q: want 12 digits", id)
		}
	}
	return r.Calls.Check()
}

var accountID = regexp.MustCompile(`^\d{12}$`)

// Place is one account in one Region, or why nothing can be seen there.
type Place struct {
	Profile string   `json:"profile,omitempty"`
	Account string   `json:"account,omitempty"` // "" until the place is asked, where a profile names it
	Region  string   `json:"region,omitempty"`
	Problem *Problem `json:"problem,omitempty"`

	Eyes *Account `json:"-"` // nil where there is a problem
}

// Title is how people call the place.
func (p *Place) Title() string {
	var parts []string
	for _, part := range []string{p.Profile, p.Account, p.Region} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, " ")
}

// Open makes the clients of every place, in the order of profiles, accounts and
// Regions. A place that cannot be opened carries its problem: it never hides
// the others. The error is about the whole. For a visitor it is where they are.
func Open(ctx context.Context, r Reach) ([]Place, error) {
	if v := VisitIn(ctx); v != nil {
		return []Place{{Region: v.Hands.Region, Eyes: v.Hands}}, nil
	}
	pace := r.limit()
	profiles := r.Profiles
	if len(profiles) == 0 {
		profiles = []string{""}
	}
	var places []Place
	for _, profile := range profiles {
		for _, region := range orDefault(r.Regions) {
			a, err := load(ctx, Options{Profile: profile, Region: region, Calls: r.Calls}, pace)
			if err != nil {
				places = append(places, Place{Profile: profile, Region: region, Problem: Explain("", err)})
				continue
			}
			if r.Role == "" {
				places = append(places, Place{Profile: profile, Region: a.Region, Eyes: a})
				continue
			}
			inside, err := r.inside(ctx, a)
			if err != nil {
				return nil, err
			}
			places = append(places, inside...)
		}
	}
	return places, nil
}

func orDefault(regions []string) []string {
	if len(regions) == 0 {
		return []string{""}
	}
	return regions
}

// inside are the accounts into which a role leads, in the Region of a. The
// account whose credentials these are needs no role.
func (r *Reach) inside(ctx context.Context, a *Account) ([]Place, error) {
	me, err := a.Identity.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, Explain("sts:GetCallerIdentity", err)
	}
	ids := r.Accounts
	if r.Organization {
		if ids, err = activeAccounts(ctx, a.Accounts); err != nil {
			return nil, err
		}
	}
	var places []Place
	for _, id := range ids {
		if id == aws.ToString(me.Account) {
			places = append(places, Place{Account: id, Region: a.Region, Eyes: a})
			continue
		}
		cfg := a.cfg.Copy()
		arn := "arn:" + partition(a.Region) + ":iam::" + id + ":role/" + r.Role
		cfg.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(sts.NewFromConfig(a.cfg), arn, func(o *stscreds.AssumeRoleOptions) {
			o.RoleSessionName = "tamachi-desk"
		}))
		places = append(places, Place{Account: id, Region: a.Region, Eyes: New(cfg)})
	}
	return places, nil
}

// partition is the first part of an ARN of a Region.
// Source: IAM User Guide, "Amazon Resource Names (ARNs)".
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

// Organization reads the accounts of an organization.
type Organization interface {
	ListAccounts(context.Context, *organizations.ListAccountsInput, ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error)
}

// activeAccounts reads the ids of the organization's accounts that can be used.
func activeAccounts(ctx context.Context, api Organization) ([]string, error) {
	var ids []string
	err := Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListAccounts(ctx, &organizations.ListAccountsInput{NextToken: token})
		if err != nil {
			return nil, err
		}
		for _, one := range out.Accounts {
			if one.Status == orgtypes.AccountStatusActive {
				ids = append(ids, aws.ToString(one.Id))
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, Explain("organizations:ListAccounts", err)
	}
	return ids, nil
}

// placesAtOnce is how many places are looked at side by side. Each Region of an
// account has a call rate of its own.
const placesAtOnce = 8

// Each looks at every place that was opened, some at a time, and calls done
// after each, one at a time. What look returns becomes the place's problem.
func Each(ctx context.Context, places []Place, look func(context.Context, int, *Place) error, done func(ready int)) error {
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(placesAtOnce)
	ended := make(chan int)
	for i := range places {
		g.Go(func() error {
			if p := &places[i]; p.Problem == nil {
				if err := look(inner, i, p); err != nil {
					p.Problem = Explain("", err)
				}
			}
			select {
			case ended <- i:
			case <-inner.Done():
			}
			return nil
		})
	}
	for n := range places {
		select {
		case <-ended:
			done(n + 1)
		case <-ctx.Done():
			_ = g.Wait() // they end, for their context has
			return ctx.Err()
		}
	}
	return g.Wait()
}
