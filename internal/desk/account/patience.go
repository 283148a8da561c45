package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// patient gives a call up when the endpoint says nothing for a time, before its
// answer or within it. The SDK by itself would wait for ever; a bound on the
// whole would cut long downloads.
type patient struct {
	client   aws.HTTPClient
	patience time.Duration
}

// Do sends, and watches the answer to its end.
func (p patient) Do(r *http.Request) (*http.Response, error) {
	silence := fmt.Errorf("no answer within %s: %w", p.patience, os.ErrDeadlineExceeded)
	ctx, give := context.WithCancelCause(r.Context())
	timer := time.AfterFunc(p.patience, func() { give(silence) })
	res, err := p.client.Do(r.WithContext(ctx))
	if err != nil {
		timer.Stop()
		if errors.Is(context.Cause(ctx), silence) {
			err = silence
		}
		give(nil)
		return res, sent(r.Context(), err)
	}
	res.Body = &watched{ReadCloser: res.Body, ctx: ctx, give: give, silence: silence, timer: timer, patience: p.patience}
	return res, nil
}

// watched is a body that is being waited for.
type watched struct {
	io.ReadCloser
	ctx      context.Context //nolint:containedctx // of the one request that this is the answer to
	give     context.CancelCauseFunc
	silence  error
	timer    *time.Timer
	patience time.Duration
}

// Read reads what is there.
func (w *watched) Read(b []byte) (int, error) {
	w.timer.Reset(w.patience)
	n, err := w.ReadCloser.Read(b)
	if err != nil && !errors.Is(err, io.EOF) && errors.Is(context.Cause(w.ctx), w.silence) {
		err = w.silence
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = sent(w.ctx, err)
	}
	return n, err
}

// Close ends the watch.
func (w *watched) Close() error {
	w.timer.Stop()
	defer w.give(nil)
	return w.ReadCloser.Close()
}
