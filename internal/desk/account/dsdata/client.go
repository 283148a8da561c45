// Package dsdata is a small client of AWS Directory Service Data, the service
// of a directory's users, for which no SDK module can be had.
// Source: Directory Service Data API Reference.
package dsdata

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tamachi/internal/desk/account/bare"
)

const (
	signingName = "ds-data"
	sdkID       = "Directory Service Data"
)

// Client calls Directory Service Data. It is safe for concurrent use.
type Client struct {
	endpoint string
	calls    *bare.Client
}

// New makes a client of a configuration.
func New(cfg aws.Config) *Client { return &Client{endpoint(cfg), bare.New(cfg, sdkID, signingName)} }

// endpoint follows the rules of AWS_ENDPOINT_URL: the service's own setting,
// then the general one, then AWS.
// Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints".
func endpoint(cfg aws.Config) string {
	type perService interface {
		GetServiceBaseEndpoint(ctx context.Context, sdkID string) (string, bool, error)
	}
	for _, source := range cfg.ConfigSources {
		if s, ok := source.(perService); ok {
			if u, found, err := s.GetServiceBaseEndpoint(context.Background(), sdkID); err == nil && found {
				return strings.TrimRight(u, "/")
			}
		}
	}
	if cfg.BaseEndpoint != nil {
		return strings.TrimRight(*cfg.BaseEndpoint, "/")
	}
	return "https://ds-data." + cfg.Region + "." + suffix(cfg.Region)
}

// suffix is the DNS suffix of the partition that a Region belongs to.
func suffix(region string) string {
	if strings.HasPrefix(region, "cn-") {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// call makes one operation: POST to path, DirectoryId in the query, the rest of
// the input as JSON.
func (c *Client) call(ctx context.Context, operation, path, directory string, in, out any) error {
	return c.calls.Do(ctx, bare.Call{
		Operation: operation, URL: c.endpoint + path + "?" + url.Values{"DirectoryId": {directory}}.Encode(),
		Header: http.Header{"Content-Type": {"application/json"}}, In: in, Out: out,
	})
}
