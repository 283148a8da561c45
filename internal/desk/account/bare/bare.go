// Package bare makes signed calls of services for which no SDK module can be
// had. It signs and retries as the SDK does and returns the SDK's kinds of error.
package bare

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
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

// maxAnswer bounds what is read of an answer; a page of users is far below.
const maxAnswer = 8 << 20

// Client calls one service. It is safe for concurrent use.
type Client struct {
	service, signing string
	cfg              aws.Config
	http             aws.HTTPClient
	signer           *v4.Signer
	retryer          aws.RetryerV2
	now              func() time.Time
}

// New makes a client of a configuration for the service of a name (in errors)
// and a signing name.
func New(cfg aws.Config, service, signing string) *Client {
	c := &Client{service: service, signing: signing, cfg: cfg, http: cfg.HTTPClient, signer: v4.NewSigner(), now: clock.Real{}.Now}
	if c.http == nil {
		c.http = awshttp.NewBuildableClient()
	}
	var r aws.Retryer = retry.NewStandard()
	if cfg.Retryer != nil {
		r = cfg.Retryer()
	}
	if v2, ok := r.(aws.RetryerV2); ok {
		c.retryer = v2
	} else {
		c.retryer = retry.AddWithMaxAttempts(r, r.MaxAttempts()).(aws.RetryerV2) //nolint:errcheck,forcetypeassert // the SDK's own wrapper is one
	}
	return c
}

// Call is one operation: JSON to a URL.
type Call struct {
	Operation, URL string
	Header         http.Header
	In, Out        any
}

// Do makes a call, and makes it again where the SDK would. With an adaptive
// retryer it waits for its turn before each attempt.
func (c *Client) Do(ctx context.Context, call Call) error {
	body, err := json.Marshal(call.In)
	if err != nil {
		return fmt.Errorf("encode %s: %w", call.Operation, err)
	}
	repaid := func(error) error { return nil }
	for attempt := 1; ; attempt++ {
		done, err := c.retryer.GetAttemptToken(ctx)
		if err != nil {
			return err
		}
		err = c.once(ctx, call, body)
		_ = repaid(err) // what it cannot take back is its own matter
		_ = done(err)
		if err == nil || attempt >= c.retryer.MaxAttempts() || !c.retryer.IsErrorRetryable(err) {
			return err
		}
		var none error
		if repaid, none = c.retryer.GetRetryToken(ctx, err); none != nil {
			return err
		}
		delay, none := c.retryer.RetryDelay(attempt, err)
		if none != nil {
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

func (c *Client) once(ctx context.Context, call Call, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, call.URL, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("address %s: %w", call.Operation, err)
	}
	maps.Copy(req.Header, call.Header)
	req.Header.Set("User-Agent", "tamachi-desk")
	if c.cfg.Credentials == nil {
		return fmt.Errorf("get credentials: %w", errNoCredentials)
	}
	keys, err := c.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("get credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := c.signer.SignHTTP(ctx, keys, req, hex.EncodeToString(sum[:]), c.signing, c.cfg.Region, c.now()); err != nil {
		return fmt.Errorf("sign %s: %w", call.Operation, err)
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
		return fmt.Errorf("%s: the answer is over %d bytes", call.Operation, maxAnswer)
	}
	if resp.StatusCode/100 != 2 {
		return c.refusal(call.Operation, resp, answer)
	}
	if err := json.Unmarshal(answer, call.Out); len(answer) > 0 && err != nil {
		return fmt.Errorf("%s: read the answer: %w", call.Operation, err)
	}
	return nil
}

var errNoCredentials = errors.New("no credentials")

// refusal makes the SDK's error of an answer that is not 2xx. The code is in a
// header, the message in the body (AWS restJson1 protocol, "Operation error
// serialization").
func (c *Client) refusal(operation string, resp *http.Response, answer []byte) error {
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
	return &smithy.OperationError{ServiceID: c.service, OperationName: operation, Err: &awshttp.ResponseError{
		ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: resp}, Err: inner},
		RequestID:     resp.Header.Get("X-Amzn-Requestid"),
	}}
}
