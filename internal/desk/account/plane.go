package account

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/smithy-go"

	"tamachi/internal/clock"
)

// Plane calls an operation of the plane's own, which AWS does not have: on AWS
// itself it is answered as an unknown operation, without a call. Such operations
// are signed as the service tamachi. Errors are *Problem.
func (a *Account) Plane(ctx context.Context, operation string, in, out any) error {
	action := "tamachi:" + operation
	if a.Endpoint == "" {
		return &Problem{Kind: Unknown, Action: action, Message: "AWS has no such operation"}
	}
	if err := a.plane(ctx, operation, in, out); err != nil {
		return Explain(action, err)
	}
	return nil
}

// mostOfPlane bounds what is read of an answer.
const mostOfPlane = 8 << 20

func (a *Account) plane(ctx context.Context, operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(a.Endpoint, "/")+"/", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Tamachi."+operation)
	if a.cfg.Credentials == nil {
		return &Problem{Kind: NoCredentials}
	}
	who, err := a.cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return fmt.Errorf("get credentials: %w", err)
	}
	sum := sha256.Sum256(body)
	if err := v4.NewSigner().SignHTTP(ctx, who, req, hex.EncodeToString(sum[:]), "tamachi", a.Region, clock.Real{}.Now()); err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	client := a.cfg.HTTPClient
	if client == nil {
		client = aws.HTTPClient(http.DefaultClient)
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, mostOfPlane))
	if err != nil {
		return err
	}
	if res.StatusCode == http.StatusOK {
		return json.Unmarshal(answer, out)
	}
	var said struct {
		Type    string `json:"__type"`
		Message string
	}
	if json.Unmarshal(answer, &said) != nil || said.Type == "" {
		return &Problem{Kind: Unknown, Message: "the endpoint is no plane: " + res.Status}
	}
	return &smithy.GenericAPIError{Code: said.Type, Message: said.Message}
}
