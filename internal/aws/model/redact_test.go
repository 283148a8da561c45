package model_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/directoryservice"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"

	"tamachi/internal/aws/model"
)

func TestRedacted(t *testing.T) {
	for _, row := range []struct {
		name, service, op string
		value             any
		of                func(*model.Operation, any) json.RawMessage
		want              string
	}{
		{
			"a password is hidden, names begin small", "ds", "ResetUserPassword",
			&directoryservice.ResetUserPasswordInput{DirectoryId: aws.String("d-1"), UserName: aws.String("svc"), NewPassword: aws.String("geheim")},
			model.Redacted, `{"directoryId":"d-1","userName":"svc","newPassword":"HIDDEN_DUE_TO_SECURITY_REASONS"}`,
		},
		{
			"keys of maps keep their letters, a sensitive map is hidden whole", "ssm", "SendCommand",
			&ssm.SendCommandInput{DocumentName: aws.String("D"), Targets: []ssmtypes.Target{{Key: aws.String("tag:X"), Values: []string{"a"}}}, Parameters: map[string][]string{"commands": {"secret"}}},
			model.Redacted, `{"targets":[{"key":"tag:X","values":["a"]}],"documentName":"D","parameters":"HIDDEN_DUE_TO_SECURITY_REASONS"}`,
		},
		{"nothing given is null", "ssm", "SendCommand", &ssm.SendCommandInput{}, model.Redacted, `null`},
		{"a struct that does not fit is null", "ssm", "SendCommand", &struct{}{}, model.Redacted, `null`},
		{
			"an output hides its secrets and writes times as the trail does", "sts", "GetFederationToken",
			&sts.GetFederationTokenOutput{Credentials: &ststypes.Credentials{
				AccessKeyId: aws.String("ASIA1"), SecretAccessKey: aws.String("geheim"), SessionToken: aws.String("t"),
				Expiration: aws.Time(time.Date(2026, 11, 22, 16, 5, 6, 0, time.UTC)),
			}},
			model.RedactedOutput,
			`{"credentials":{"accessKeyId":"ASIA1","secretAccessKey":"HIDDEN_DUE_TO_SECURITY_REASONS","sessionToken":"t","expiration":"Nov 22, 2026, 4:05:06 PM"}}`,
		},
		{
			"a body is not read", "s3", "PutObject", &s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String("k"), Body: strings.NewReader("geheim")},
			model.Redacted,
			`{"bucket":"b","key":"k"}`,
		},
	} {
		got, err := json.Marshal(row.of(operation(t, row.service, row.op), row.value))
		if err != nil || string(got) != row.want {
			t.Errorf("%s:\nwant %s\ngot  %s %v", row.name, row.want, got, err)
		}
	}
}

func TestTextsAreWrittenAsEncodingJSONReadsThem(t *testing.T) {
	for _, text := range []string{"", "plain", `say "no" \ yes`, "line\nand tab\t", "日本語 <&>", "\u2028", "\x00\x1f\x7f", "not \xff UTF-8"} {
		var got string
		written := model.AppendString([]byte("x"), text)
		if err := json.Unmarshal(written[1:], &got); err != nil || got != strings.ToValidUTF8(text, "\uFFFD") {
			t.Errorf("%q became %s: %q, %v", text, written, got, err)
		}
	}
}
