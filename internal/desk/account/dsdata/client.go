// Package dsdata is a small client of AWS Directory Service Data, the service
// of a directory's users, for which no SDK module can be had. It signs and
// retries as the SDK does and returns the SDK's kinds of error.
// Source: Directory Service Data API Reference.
package dsdata

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"tamachi/internal/clock"
)

const (
	signingName = "ds-data"
	sdkID       = "Directory Service Data"
	// maxAnswer bounds what is read of an answer; a page of users is far below.
	maxAnswer = 8 << 20
)

// Client calls Directory Service Data. It is safe for concurrent use.
type Client struct {
	cfg      aws.Config
	endpoint string
	http     aws.HTTPClient
	signer   *v4.Signer
	retryer  aws.Retryer
	now      func() time.Time
}

// New makes a client of a configuration.
func New(cfg aws.Config) *Client {
	c := &Client{
		cfg:      cfg,
		endpoint: endpoint(cfg),
		http:     cfg.HTTPClient,
		signer:   v4.NewSigner(),
		now:      clock.Real{}.Now,
	}
	if c.http == nil {
		c.http = awshttp.NewBuildableClient()
	}
	if cfg.Retryer != nil {
		c.retryer = cfg.Retryer()
	} else {
		c.retryer = retry.NewStandard()
	}
	return c
}

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
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode %s: %w", operation, err)
	}
	target := c.endpoint + path + "?" + url.Values{"DirectoryId": {directory}}.Encode()
	for attempt := 1; ; attempt++ {
		err := c.once(ctx, operation, target, body, out)
		if err == nil || attempt >= c.retryer.MaxAttempts() || !c.retryer.IsErrorRetryable(err) {
			return err
		}
		delay, delayErr := c.retryer.RetryDelay(attempt, err)
		if delayErr != nil {
			return err
		}
		t := time.NewTimer(delay)
		select {
		case <-ctx.Done():
			t.Stop()
			return ctx.Err()
		case <-t.C:
		}
	}
}

func (c *Client) once(ctx context.Context, operation, target string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("address %s: %w", operation, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "tamachi-desk")
	if c.cfg.Credentials == nil {
		return fmt.Errorf("get credentials: %w", errNoCredentials)
	}
	creds, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("get credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, creds, req, hex.EncodeToString(sum[:]), signingName, c.cfg.Region, c.now()); err != nil {
		return fmt.Errorf("sign %s: %w", operation, err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return &smithyhttp.RequestSendError{Err: err}
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return &smithyhttp.RequestSendError{Err: err}
	}
	if len(answer) > maxAnswer {
		return fmt.Errorf("%s: the answer is over %d bytes", operation, maxAnswer)
	}
	if resp.StatusCode/100 != 2 {
		return refusal(operation, resp, answer)
	}
	if err := json.Unmarshal(answer, out); len(answer) > 0 && err != nil {
		return fmt.Errorf("%s: read the answer: %w", operation, err)
	}
	return nil
}

var errNoCredentials = fmt.Errorf("no credentials")

// refusal makes the SDK's error of an answer that is not 2xx. The code is in a
// header, the message in the body (AWS restJson1 protocol, "Operation error
// serialization").
func refusal(operation string, resp *http.Response, answer []byte) error {
	var said struct {
		Type    string `json:"__type"`
		Code    string `json:"code"`
		Message string `json:"message"` // encoding/json also reads "Message"
	}
	notJSON := json.Unmarshal(answer, &said)
	code := resp.Header.Get("X-Amzn-Errortype")
	for _, other := range []string{said.Type, said.Code} {
		if code == "" {
			code = other
		}
	}
	code, _, _ = strings.Cut(code, ":")
	if i := strings.LastIndexByte(code, '#'); i >= 0 {
		code = code[i+1:]
	}
	fault := smithy.FaultClient
	if resp.StatusCode >= 500 {
		fault = smithy.FaultServer
	}
	inner := fmt.Errorf("status %d", resp.StatusCode)
	switch {
	case code == "" && notJSON != nil:
		inner = &smithy.DeserializationError{Err: notJSON}
	case code != "":
		inner = &smithy.GenericAPIError{Code: code, Message: said.Message, Fault: fault}
	}
	return &smithy.OperationError{ServiceID: sdkID, OperationName: operation, Err: &awshttp.ResponseError{
		ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: inner},
		RequestID:     resp.Header.Get("X-Amzn-Requestid"),
	}}
}
