package agent

import (
	"context"
	"errors"
	"io"
	"sync"
)

// storeTranscript writes a session's transcript into a bucket.
func (a *agent) storeTranscript(ctx context.Context, bucket, key string, body io.ReadSeeker) error {
	ctx, cancel := context.WithTimeout(ctx, uploadWithin)
	defer cancel()
	return a.putObject(ctx, bucket, key, body)
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
