package guard

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// lines are records as CloudTrail writes them, of a hundred people, a few of
// whom call from elsewhere.
func lines(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"Records":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		source := "192.0.2.7"
		if i%50 == 0 {
			source = fmt.Sprintf("198.51.100.%d", i%7)
		}
		fmt.Fprintf(&b, `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE%[1]d:ann","arn":"arn:aws:sts::111122223333:assumed-role/deploy%[1]d/ann","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE%[1]d","arn":"arn:aws:iam::111122223333:role/deploy%[1]d","accountId":"111122223333","userName":"deploy%[1]d"},"attributes":{"creationDate":"2026-11-20T08:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"2026-11-20T09:%02[2]d:00Z","eventSource":"ssm.amazonaws.com","eventName":"%[3]s","awsRegion":"ap-northeast-1","sourceIPAddress":"%[4]s","userAgent":"aws-cli/2.17.0 md/awscrt#0.20.11 ua/2.0 os/linux#6.1 lang/python#3.11.8 cfg/retry-mode#standard","requestParameters":{"name":"/office/%[5]d","value":"HIDDEN","type":"String","tags":[{"key":"team","value":"red"},{"key":"say","value":"\"hello\""}]},"responseElements":{"version":1,"tier":"Standard"},"requestID":"1b2c3d4e-0000-4000-8000-%012[5]d","eventID":"2b2c3d4e-0000-4000-8000-%012[5]d","readOnly":false,"resources":[{"ARN":"arn:aws:ssm:ap-northeast-1:111122223333:parameter/office/%[6]d","accountId":"111122223333"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"ssm.ap-northeast-1.amazonaws.com"}}`,
			i%100, i%60, []string{"PutParameter", "GetParameter", "SendCommand"}[i%3], source, i, i%1000)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

// BenchmarkTryFolder replays files of a trail: the figure is for one record.
func BenchmarkTryFolder(b *testing.B) {
	const each = 20_000
	folder := b.TempDir()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	if _, err := w.Write(lines(each)); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for i := range max(b.N/each, 1) {
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.json.gz", i)), z.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	p, err := Read("office.json", office, SCP, false)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	t, err := fromFolder(context.Background(), folder, time.Time{}, p, Target{}, func(int) {})
	if err != nil {
		b.Fatal(err)
	}
	if r := t.Result(); r.Decided == 0 || len(r.Rows) == 0 {
		b.Fatalf("got %+v", r)
	}
}
