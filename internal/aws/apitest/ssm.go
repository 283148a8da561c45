package apitest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// SSM is Systems Manager of a plane that a test has to itself, as the
// administrator calls it over a socket.
type SSM struct {
	*ssm.Client
	Plane *Plane
	T     *testing.T
}

// OpenSSM starts such a plane.
func OpenSSM(t *testing.T) SSM {
	t.Helper()
	p := Start(t, Options{})
	return SSM{ssm.NewFromConfig(p.Config()), p, t}
}
