package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// officeOnly is the policy of the first incident, for an office elsewhere.
const officeOnly = `{"Version":"2012-10-17","Statement":[{"Sid":"OfficeOnly","Effect":"Deny","Action":"*","Resource":"*","Condition":{
  "NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"},"Bool":{"aws:ViaAWSService":"false"}}}]}`

// guardTry tries a policy on the events of a plane's trail, and on as many in
// CloudTrail's files.
func guardTry(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	if err := fill(ctx, s, p); err != nil {
		return nil, fmt.Errorf("fill the trail: %w", err)
	}
	file := filepath.Join(p.dir, "office.json")
	if err := os.WriteFile(file, []byte(officeOnly), 0o600); err != nil {
		return nil, err
	}
	figures = make([]figure, 0, 2)
	f, err := p.try(ctx, "guard try over the trail", s.events, file)
	if figures = append(figures, f); err != nil {
		return figures, err
	}
	folder := filepath.Join(p.dir, "files")
	if err := writeFiles(folder, s.events); err != nil {
		return figures, err
	}
	f, err = p.try(ctx, "guard try over files", s.events, file, "--from", folder)
	return append(figures, f), err
}

// try runs the command, wants it to have read all events, and says how long it
// took by the clock and by the processor.
func (p *plane) try(ctx context.Context, name string, events int, file string, more ...string) (figure, error) {
	cmd := exec.CommandContext(ctx, p.settings.binary, append([]string{"guard", "try", file, "--json"}, more...)...)
	cmd.Env = append(os.Environ(), p.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	took := time.Since(start)
	if exit, ok := errors.AsType[*exec.ExitError](err); err != nil && (!ok || exit.ExitCode() != 1) { // 1: somebody would be cut off
		return figure{}, fmt.Errorf("%s: %w: %s", name, err, errs.String())
	}
	var result struct {
		EventsRead int               `json:"eventsRead"`
		Rows       []json.RawMessage `json:"rows"`
	}
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		return figure{}, err
	}
	if result.EventsRead < events || len(result.Rows) == 0 {
		return figure{}, fmt.Errorf("%s: want %d events and who is cut off, got %d and %d rows", name, events, result.EventsRead, len(result.Rows))
	}
	cpu := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return figure{
		name: name, must: "60 s (10 s)", unit: "s", values: []float64{took.Seconds()},
		note: fmt.Sprintf("%d events; the command's own processor time %.1f s", result.EventsRead, cpu.Seconds()),
	}, nil
}

// filed is how many records a file of a trail has.
const filed = 10_000

// writeFiles writes the files of a trail, a hundred people's calls in each.
func writeFiles(folder string, events int) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for n := 0; n < events; n += filed {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, `{"Records":[`)
		for i := range min(filed, events-n) {
			if i > 0 {
				fmt.Fprint(z, ",")
			}
			fmt.Fprintf(z, record, i%100, n+i, time.Now().UTC().Format(time.RFC3339), []string{"PutParameter", "GetParameter", "SendCommand"}[i%3], i%250)
		}
		fmt.Fprint(z, `]}`)
		if err := z.Close(); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("%06d.json.gz", n/filed)), b.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// record is one as CloudTrail writes it.
const record = `{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE%[1]d:ann","arn":"arn:aws:sts::111122223333:assumed-role/deploy%[1]d/ann","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"AROAEXAMPLE%[1]d","arn":"arn:aws:iam::111122223333:role/deploy%[1]d","accountId":"111122223333","userName":"deploy%[1]d"},"attributes":{"creationDate":"2026-11-20T08:00:00Z","mfaAuthenticated":"false"}}},"eventTime":"%[3]s","eventSource":"ssm.amazonaws.com","eventName":"%[4]s","awsRegion":"ap-northeast-1","sourceIPAddress":"198.51.100.%[5]d","userAgent":"aws-cli/2.17.0 md/awscrt ua/2.0 os/linux lang/python#3.11.8","requestParameters":{"name":"/office/%[2]d","value":"HIDDEN","type":"String","tags":[{"key":"say","value":"\"hello\""}]},"responseElements":{"version":1,"tier":"Standard"},"requestID":"1b2c3d4e-0000-4000-8000-%012[2]d","eventID":"2b2c3d4e-0000-4000-8000-%012[2]d","readOnly":false,"resources":[{"ARN":"arn:aws:ssm:ap-northeast-1:111122223333:parameter/office/%[2]d","accountId":"111122223333"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"ssm.ap-northeast-1.amazonaws.com"}}`
