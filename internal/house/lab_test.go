package house_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/config"
	"tamachi/internal/house"
)

// openLab runs a lab until the test ends, in a folder that must stay empty.
func openLab(t *testing.T) *house.Lab {
	t.Helper()
	empty := t.TempDir()
	t.Chdir(empty)
	cfg := config.Default(func(name string) string {
		if name == "TAMACHI_TALLY" {
			return os.Getenv(name)
		}
		return ""
	})
	cfg.Listen, cfg.Lab = "127.0.0.1:0", true
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	l, err := house.OpenLab(ctx, house.Options{Config: cfg, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ended, ready := make(chan error, 1), make(chan struct{})
	go func() { ended <- l.Run(ctx, func() { close(ready) }) }()
	<-ready
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the lab ended with %v", err)
		}
		if left, err := os.ReadDir(empty); err != nil || len(left) > 0 {
			t.Errorf("a lab is in memory only, but wrote %v (%v)", left, err)
		}
	})
	return l
}

func as(l *house.Lab, key, secret string) aws.Config {
	return aws.Config{
		Region: "eu-west-1", BaseEndpoint: aws.String(l.HTTP()), RetryMaxAttempts: 1,
		HTTPClient:  &http.Client{Transport: &apitest.Steady{}},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
}

func whoami(t *testing.T, cfg aws.Config) string {
	t.Helper()
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Arn
}

func TestWhomAKeyOfALabStandsFor(t *testing.T) {
	l := openLab(t)
	for name, row := range map[string]struct{ key, want string }{
		"any key":       {"test", "arn:aws:iam::123456789012:root"},
		"twelve digits": {"111122223333", "arn:aws:iam::111122223333:root"},
		"a stranger's":  {"AKIAIOSFODNN7EXAMPLE", "arn:aws:iam::123456789012:root"},
	} {
		if got := whoami(t, as(l, row.key, "whatever")); got != row.want {
			t.Errorf("%s: got %s, want %s", name, got, row.want)
		}
	}
	root := iam.NewFromConfig(as(l, "111122223333", "x"))
	if _, err := root.CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("abe")}); err != nil {
		t.Fatal(err)
	}
	key, err := root.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: aws.String("abe")})
	if err != nil {
		t.Fatal(err)
	}
	abe := as(l, *key.AccessKey.AccessKeyId, "not the secret")
	if got := whoami(t, abe); got != "arn:aws:iam::111122223333:user/abe" {
		t.Errorf("a key that the lab issued: got %s", got)
	}
	_, err = ssm.NewFromConfig(abe).PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("x"), Value: aws.String("y"), Type: types.ParameterTypeString})
	apitest.Refused(t, "a user without policies", err, "AccessDeniedException", "")
}

func TestAResetEmptiesALab(t *testing.T) {
	l := openLab(t)
	cfg := as(l, "111122223333", "x")
	parameters := ssm.NewFromConfig(cfg)
	objects := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	for range 3 {
		_, err := parameters.PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("x"), Value: aws.String("y"), Type: types.ParameterTypeString})
		if err != nil {
			t.Fatalf("put into an empty lab: %v", err)
		}
		if _, err := objects.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String("things"), CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
		}); err != nil {
			t.Fatalf("make a bucket in an empty lab: %v", err)
		}
		begin := time.Now()
		res, err := http.Post(l.HTTP()+"/_tamachi/reset", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		t.Logf("the reset took %s", time.Since(begin))
		if res.StatusCode != http.StatusOK {
			t.Fatalf("reset answered %d", res.StatusCode)
		}
		_, err = parameters.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("x")})
		if _, gone := errors.AsType[*types.ParameterNotFound](err); !gone {
			t.Errorf("after the reset: got %v, want ParameterNotFound", err)
		}
		buckets, err := objects.ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if err != nil || len(buckets.Buckets) > 0 {
			t.Errorf("after the reset: buckets %v, %v", buckets, err)
		}
	}
	res, err := http.Get(l.HTTP() + "/_tamachi/reset")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET of the reset answered %d, want 405", res.StatusCode)
	}
}

func TestResetsWaitForCallsUnderWay(t *testing.T) {
	l := openLab(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 4)
	for i := range 4 {
		go func() {
			client := ssm.NewFromConfig(as(l, "111122223333", "x"))
			var err error
			for n := 0; ctx.Err() == nil && err == nil; n++ {
				_, err = client.PutParameter(context.WithoutCancel(ctx), &ssm.PutParameterInput{
					Name: aws.String(string(rune('a' + i))), Value: aws.String("v"), Type: types.ParameterTypeString, Overwrite: aws.Bool(true),
				})
			}
			done <- err
		}()
	}
	for range 8 {
		if err := l.Reset(t.Context()); err != nil {
			t.Error(err)
		}
	}
	cancel()
	for range 4 {
		if err := <-done; err != nil {
			t.Errorf("a call met the reset: %v", err)
		}
	}
}

func TestALabListensOnLoopbackOnly(t *testing.T) {
	for listen, ok := range map[string]bool{"127.0.0.1:4566": true, "localhost:4566": true, "[::1]:4566": true, "0.0.0.0:4566": false, ":4566": false, "192.0.2.1:4566": false} {
		cfg := config.Default(func(string) string { return "" })
		cfg.Listen, cfg.Lab = listen, true
		if err := cfg.Validate(); (err == nil) != ok {
			t.Errorf("%s: %v, want ok %v", listen, err, ok)
		}
	}
}
