package morning

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/smithy-go"

	"tamachi/internal/desk/account"
)

// wire lets the SDK's own client for desktops speak to the cloud, without a
// socket: the repair goes through clients.
type wire struct{ cloud *cloud }

// account is the cloud as a repair has it.
func (c *cloud) account() *account.Account {
	return account.New(aws.Config{
		Region: "ap-northeast-1", BaseEndpoint: aws.String("http://127.0.0.1:4566"), HTTPClient: wire{c}, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
}

func (w wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if w.cloud.console && r.URL.Path == "/_tamachi/console/" {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Body: http.NoBody}, nil
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	out, err := w.call(r.Context(), operation, body)
	status := http.StatusOK
	if refused, ok := errors.AsType[*smithy.GenericAPIError](err); ok {
		status, out, err = http.StatusBadRequest, map[string]string{"__type": refused.Code, "message": refused.Message}, nil
	}
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(out)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.1"}}, Body: io.NopCloser(bytes.NewReader(b)), Request: r,
	}, err
}

func (w wire) call(ctx context.Context, operation string, body []byte) (any, error) {
	switch operation {
	case "DescribeWorkspaces":
		return pass(ctx, body, w.cloud.DescribeWorkspaces)
	case "TerminateWorkspaces":
		return pass(ctx, body, w.cloud.TerminateWorkspaces)
	case "CreateWorkspaces":
		return pass(ctx, body, w.cloud.CreateWorkspaces)
	case "DescribeTags":
		return pass(ctx, body, w.cloud.DescribeTags)
	}
	return nil, fmt.Errorf("the repair called %s", operation)
}

func pass[In, Out any](ctx context.Context, body []byte, call func(context.Context, *In, ...func(*workspaces.Options)) (*Out, error)) (any, error) {
	in := new(In)
	if err := json.Unmarshal(body, in); err != nil {
		return nil, err
	}
	return call(ctx, in)
}
