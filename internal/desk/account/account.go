package account

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/url"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/route53resolver"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/smithy-go/logging"
	"golang.org/x/time/rate"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account/bare"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/notify"
)

// World is what a duty needs of the machine it runs on. The command that
// starts the duty hands it in, so that tests can freeze all of it.
type World struct {
	Getenv   func(string) string
	Clock    clock.Clock
	Rand     io.Reader      // cryptographically random
	Location *time.Location // in which people read times

	// Tell writes to people, by the settings; nil where the program has no way to.
	Tell func(context.Context, notify.Post) error
}

// Account is one account in one Region, seen with one set of credentials.
type Account struct {
	Region   string
	Endpoint string // AWS_ENDPOINT_URL or the profile's endpoint_url; "" is AWS itself

	Identity    *sts.Client
	Desktops    *workspaces.Client
	Trail       *cloudtrail.Client
	Directories *directoryservice.Client
	Accounts    *organizations.Client
	Rights      *iam.Client
	People      *dsdata.Client
	Objects     *s3.Client
	Tags        *resourcegroupstaggingapi.Client
	Networks    *ec2.Client
	Metrics     *cloudwatch.Client
	Nodes       *ssm.Client
	Keys        *kms.Client
	Topics      *sns.Client
	Buses       *eventbridge.Client
	Quotas      *servicequotas.Client
	Resolver    *route53resolver.Client
	Logs        *cloudwatchlogs.Client

	plane *bare.Client // of its own operations
	cfg   aws.Config
}

// Options choose an account other than the environment's.
type Options struct {
	Profile string
	Region  string
	Calls
}

// attempts is how often a call is tried: the desk shares its account's rate
// with everybody else's tools, so it waits rather than fails.
const attempts = 6

// longest is how long it waits in between: somebody sits before it.
const longest = 5 * time.Second

// Load reads the standard AWS configuration (environment, shared files,
// profile; AWS SDKs and Tools Reference Guide) and makes the clients. Calls
// retry adaptively: throttling slows the desk down. Errors are *Problem.
func Load(ctx context.Context, o Options) (*Account, error) { return load(ctx, o, o.limit()) }

func load(ctx context.Context, o Options, pace *rate.Limiter) (*Account, error) {
	opts := []func(*config.LoadOptions) error{
		config.WithLogger(logging.Nop{}), // what matters comes back as an error
		config.WithRetryer(func() aws.Retryer {
			return retry.NewAdaptiveMode(func(a *retry.AdaptiveModeOptions) {
				a.StandardOptions = append(a.StandardOptions, func(s *retry.StandardOptions) {
					s.MaxAttempts, s.MaxBackoff = attempts, longest
					s.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(hopeless), retry.IsErrorRetryableFunc(brokenOff)}, s.Retryables...)
				})
			})
		}),
	}
	if o.Profile != "" {
		opts = append(opts, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Region != "" {
		opts = append(opts, config.WithRegion(o.Region))
	}
	var cfg aws.Config
	opts = append(opts, config.WithAssumeRoleCredentialOptions(func(r *stscreds.AssumeRoleOptions) {
		r.Client = entrance{r.Client, &cfg}
	}))
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return nil, Explain("", err)
	}
	if cfg.Region == "" {
		return nil, &Problem{Kind: NoRegion}
	}
	if cfg.HTTPClient == nil {
		cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = patient{cfg.HTTPClient, cmp.Or(o.Patience, defaultPatience)}
	if o.shared != nil {
		cfg.HTTPClient = counted{cfg.HTTPClient, &o.shared.made}
	}
	if pace != nil {
		cfg.HTTPClient = paced{cfg.HTTPClient, pace}
	}
	cfg.HTTPClient = Steady(cfg.HTTPClient)
	return New(cfg), nil
}

// entrance assumes a profile's role at the endpoint that all else is asked at,
// and as all else is asked. The SDK would ask AWS itself, with a client of its
// own: it makes that before it knows of AWS_ENDPOINT_URL and of our pace.
type entrance struct {
	stscreds.AssumeRoleAPIClient
	cfg *aws.Config
}

// AssumeRole asks for the role's credentials.
func (e entrance) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, opts ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	endpoint := sts.NewFromConfig(*e.cfg).Options().BaseEndpoint
	return e.AssumeRoleAPIClient.AssumeRole(ctx, in, append(opts, func(o *sts.Options) { o.BaseEndpoint, o.HTTPClient = endpoint, e.cfg.HTTPClient })...)
}

// hopeless refuses a second try where the endpoint is no address, where nobody
// listens at it, or where a status 500 came with a body that is no AWS error:
// AWS never answers so, and an endpoint that lacks an operation would do it
// again. Nor is a call made twice that must not be, where it may have taken effect.
func hopeless(err error) aws.Ternary {
	if Unsure(err) || notAWS(err) || nowhere(err) || errors.Is(err, syscall.ECONNREFUSED) {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

// brokenOff tries again where a connection ended within an answer, as the SDK
// does where it ended before.
func brokenOff(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// nowhere tells of a request whose URL no client could ask, such as that of
// the endpoint "localhost:4566" without http://.
func nowhere(err error) bool {
	asked, ok := errors.AsType[*url.Error](err)
	if !ok {
		return false
	}
	u, err := url.Parse(asked.URL)
	return err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == ""
}

// New makes the clients of a configuration.
func New(cfg aws.Config) *Account {
	return &Account{
		Region:      cfg.Region,
		Endpoint:    aws.ToString(cfg.BaseEndpoint),
		Identity:    sts.NewFromConfig(cfg),
		Desktops:    workspaces.NewFromConfig(cfg),
		Trail:       cloudtrail.NewFromConfig(cfg),
		Directories: directoryservice.NewFromConfig(cfg),
		Accounts:    organizations.NewFromConfig(cfg),
		Rights:      iam.NewFromConfig(cfg),
		People:      dsdata.New(cfg),
		// An endpoint of somebody's own has no name for each bucket.
		Objects:  s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = cfg.BaseEndpoint != nil }),
		Tags:     resourcegroupstaggingapi.NewFromConfig(cfg),
		Networks: ec2.NewFromConfig(cfg),
		Metrics:  cloudwatch.NewFromConfig(cfg),
		Nodes:    ssm.NewFromConfig(cfg),
		Keys:     kms.NewFromConfig(cfg),
		Topics:   sns.NewFromConfig(cfg),
		Buses:    eventbridge.NewFromConfig(cfg),
		Quotas:   servicequotas.NewFromConfig(cfg),
		Resolver: route53resolver.NewFromConfig(cfg),
		Logs:     cloudwatchlogs.NewFromConfig(cfg),
		plane:    bare.New(cfg, "Tamachi", "tamachi"),
		cfg:      cfg,
	}
}

// As is the same account seen with the temporary credentials of a session.
func (a *Account) As(c *types.Credentials) *Account {
	cfg := a.cfg.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(
		aws.ToString(c.AccessKeyId), aws.ToString(c.SecretAccessKey), aws.ToString(c.SessionToken))
	return New(cfg)
}

// Pause waits for d, or until ctx ends. Whoever watches AWS must ask again and
// again: it sends no word when a desktop is ready.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
