package agent

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
)

// storeTranscript writes a session's transcript into a bucket.
func (a *agent) storeTranscript(ctx context.Context, bucket, key string, body io.ReadSeeker) error {
	ctx, cancel := context.WithTimeout(ctx, uploadWithin)
	defer cancel()
	return a.putObject(ctx, bucket, key, body)
}

// bucketSealed tells whether a bucket encrypts what is written into it.
func (a *agent) bucketSealed(ctx context.Context, bucket string) (bool, error) {
	answer, err := a.s3(ctx, http.MethodGet, bucket, "", url.Values{"encryption": {""}}, nil)
	if none := (*refusal)(nil); errors.As(err, &none) && none.Code == "ServerSideEncryptionConfigurationNotFoundError" {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer answer.Close()
	var found struct {
		Algorithm string `xml:"Rule>ApplyServerSideEncryptionByDefault>SSEAlgorithm"`
	}
	if err := xml.NewDecoder(io.LimitReader(answer, 64<<10)).Decode(&found); err != nil {
		return false, err
	}
	return found.Algorithm != "", nil
}

// groupSealed tells whether a log group is encrypted with a key of KMS; one
// that does not exist is not.
func (a *agent) groupSealed(ctx context.Context, group string) (bool, error) {
	creds, err := a.purse.get(ctx)
	if err != nil {
		return false, err
	}
	var out struct {
		LogGroups []struct {
			Name string `json:"logGroupName"`
			Key  string `json:"kmsKeyId"`
		} `json:"logGroups"`
	}
	// Names are listed in order, so that the group itself comes first.
	in := map[string]string{"logGroupNamePrefix": group}
	if err := a.plane.callAt(ctx, "logs", "Logs_20140328.DescribeLogGroups", in, &out, a.withRole(creds, "logs")); err != nil {
		return false, err
	}
	return len(out.LogGroups) > 0 && out.LogGroups[0].Name == group && out.LogGroups[0].Key != "", nil
}

// transcript is a session's transcript on its way to CloudWatch Logs. One that
// is streamed goes out every second, another when it is closed.
type transcript struct {
	log   *logStream
	stop  chan struct{}
	all   sync.WaitGroup
	err   error // belongs to the goroutine, and after it to Close
	later bool
}

var _ io.WriteCloser = (*transcript)(nil)

// logTranscript begins a transcript in a log group, which must exist.
func (a *agent) logTranscript(ctx context.Context, group, name string, streaming bool) (io.WriteCloser, error) {
	if err := a.makeLogStream(ctx, group, name); err != nil {
		return nil, err
	}
	t := &transcript{log: &logStream{a: a, group: group, stream: name, made: true}, stop: make(chan struct{}), later: !streaming}
	if streaming {
		t.all.Go(func() { t.err = t.log.run(context.WithoutCancel(ctx), t.stop) })
	}
	return t, nil
}

// Write takes what the session showed.
func (t *transcript) Write(p []byte) (int, error) { return t.log.Write(p) }

// Close sends what was not sent and says what did not arrive.
func (t *transcript) Close() error {
	close(t.stop)
	t.all.Wait()
	if !t.later {
		return t.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), uploadWithin)
	defer cancel()
	return errors.Join(t.err, t.log.run(ctx, t.stop))
}
