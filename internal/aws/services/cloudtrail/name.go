package cloudtrail

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

var (
	nameLetters   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	bucketName    = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	adjacent      = regexp.MustCompile(`[._-]{2}`)
	letterOrDigit = regexp.MustCompile(`^[A-Za-z0-9]$`)
)

// checkName holds a trail's name to the rules.
// Source: CloudTrail API Reference, "CreateTrail", Name.
func checkName(name string) error {
	refuse := func(format string, args ...any) error {
		return &types.InvalidTrailNameException{Message: aws.String(fmt.Sprintf(format, args...))}
	}
	switch n := len(name); {
	case n < 3:
		return refuse("Trail name too short. Minimum allowed length: 3 characters. Specified name length: %d characters.", n)
	case n > 128:
		return refuse("Trail name too long. Maximum allowed length: 128 characters. Specified name length: %d characters.", n)
	case !nameLetters.MatchString(name):
		return refuse("Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), and underscores (_).")
	case !letterOrDigit.MatchString(name[:1]):
		return refuse("Trail name must starts with a letter or number.")
	case !letterOrDigit.MatchString(name[n-1:]):
		return refuse("Trail name must ends with a letter or number.")
	case adjacent.MatchString(name):
		return refuse("Trail name must not have adjacent periods, underscores or dashes.")
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return refuse("Trail name must not be in IP address format.")
	}
	return nil
}

// checkBucket holds a bucket's name to S3's rules.
// Source: Amazon S3 User Guide, "Bucket naming rules".
func checkBucket(name string) error {
	_, err := netip.ParseAddr(name)
	if err == nil || !bucketName.MatchString(name) || strings.Contains(name, "..") {
		return &types.InvalidS3BucketNameException{Message: aws.String("Bucket name " + cut(name) + " is not valid.")}
	}
	return nil
}

// checkPrefix bounds a key prefix.
// Source: CloudTrail API Reference, "CreateTrail", S3KeyPrefix.
func checkPrefix(prefix string) error {
	if len(prefix) > 200 {
		return &types.InvalidS3PrefixException{Message: aws.String("S3 prefix is longer than the maximum length: 200")}
	}
	return nil
}
