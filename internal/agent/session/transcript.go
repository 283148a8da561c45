package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path"
	"strings"
	"sync"
)

// mostTaped bounds what a transcript keeps on the node until it is stored.
const mostTaped = 1 << 30

// tape keeps what a session showed, and brings it where the preferences want
// it. A nil tape keeps nothing.
type tape struct {
	t    *talk
	file *os.File // nil when nothing goes to S3

	log io.WriteCloser // nil when nothing goes to CloudWatch Logs

	mu   sync.Mutex
	size int64 // guarded by mu
	err  error // guarded by mu; the first of the file
}

// record begins a transcript, if the preferences want one. A session whose
// transcript cannot be kept does not begin.
func (t *talk) record(ctx context.Context) error {
	in := t.order.Inputs
	if in.Bucket == "" && in.Group == "" {
		return nil
	}
	if in.Bucket != "" && t.o.Store == nil {
		return errors.New("this node cannot write to S3")
	}
	if in.Group != "" && t.o.Logs == nil {
		return errors.New("this node cannot write to CloudWatch Logs")
	}
	if err := t.checkSealed(ctx); err != nil {
		return err
	}
	one := &tape{t: t}
	if in.Bucket != "" {
		f, err := os.CreateTemp(t.o.Folder, "session-")
		if err != nil {
			return fmt.Errorf("keep the transcript: %w", err)
		}
		_ = os.Remove(f.Name()) // it lives as long as it is open, whatever happens
		one.file = f
	}
	if in.Group != "" {
		log, err := t.o.Logs(ctx, in.Group, t.o.Session, in.Streaming)
		if err != nil {
			return fmt.Errorf("keep the transcript: %w", err)
		}
		one.log = log
	}
	t.tape = one
	return nil
}

// checkSealed refuses to keep a transcript where it would not be encrypted, if
// the preferences want that. The texts are the SSM Agent's, for the client.
func (t *talk) checkSealed(ctx context.Context) error {
	in := t.order.Inputs
	for _, place := range []struct {
		name, what string
		wanted     bool
		sealed     func(context.Context, string) (bool, error)
		short      string
	}{
		{in.Group, "CloudWatch Logs log group", in.SealedGroup, t.o.GroupSealed, "log group"},
		{in.Bucket, "Amazon S3 bucket", in.SealedBucket, t.o.BucketSealed, "bucket"},
	} {
		if place.name == "" || !place.wanted {
			continue
		}
		ok, err := place.sealed(ctx, place.name)
		if err != nil {
			return fmt.Errorf("Couldn't start the session because we are unable to validate encryption on %s. Error: %w", place.what, err) //nolint:staticcheck,revive // as above
		}
		if !ok {
			//nolint:staticcheck,revive // as above
			return fmt.Errorf("We couldn't start the session because encryption is not set up on the selected %s. Either encrypt the %s or choose an option to enable logging without encryption.", place.what, place.short)
		}
	}
	return nil
}

// write keeps what was shown. It never waits for the plane.
func (p *tape) write(shown []byte) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.file != nil && p.err == nil && p.size < mostTaped {
		n, err := p.file.Write(shown)
		p.size, p.err = p.size+int64(n), err
	}
	if p.log != nil {
		_, _ = p.log.Write(shown) // it tells its trouble when it is closed
	}
}

// finish stores the transcript and says where. That it could not be stored is
// told to the client, since the session has ended.
func (p *tape) finish(ctx context.Context, out *Outcome) {
	if p == nil {
		return
	}
	in, id := p.t.order.Inputs, p.t.o.Session
	if p.log != nil {
		if err := p.log.Close(); err != nil {
			p.trouble(out, "CloudWatch Logs", err)
		} else {
			out.LogGroup, out.LogStream = in.Group, id
		}
	}
	if p.file == nil {
		return
	}
	defer p.file.Close()
	p.mu.Lock()
	err := p.err
	p.mu.Unlock()
	if err == nil {
		_, err = p.file.Seek(0, io.SeekStart)
	}
	if err == nil {
		out.Bucket, out.Key = in.Bucket, path.Join(strings.Trim(in.Prefix, "/"), id+".log")
		err = p.t.o.Store(ctx, out.Bucket, out.Key, p.file)
	}
	if err != nil {
		out.Bucket, out.Key = "", ""
		p.trouble(out, "S3", err)
	}
}

func (p *tape) trouble(out *Outcome, where string, err error) {
	p.t.o.Log.Warn("transcript was not stored", slog.String("resource", p.t.o.Session), slog.Any("err", err))
	if out.Output == "" {
		out.Output = "The transcript could not be stored in " + where + "."
	}
}
