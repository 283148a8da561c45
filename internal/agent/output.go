package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// destination says where the whole output of a command's steps goes.
type destination struct {
	CommandId, DocumentName               string
	OutputS3BucketName, OutputS3KeyPrefix string
	CloudWatchLogGroupName                string
	CloudWatchOutputEnabled               any    // "true" in the SSM Agent's protocol
	TamachiOutput                         string // "live": the plane takes output while a step runs
}

// readDestination reads the part of a job's content that says it; a content
// that cannot be read was refused before.
func readDestination(content string) destination {
	var d destination
	if json.Unmarshal([]byte(content), &d) != nil {
		return destination{}
	}
	return d
}

func (d destination) toLogs() bool { return fmt.Sprint(d.CloudWatchOutputEnabled) == "true" }

// group is the log group: the given one, or that of the document.
func (d destination) group() string {
	if d.CloudWatchLogGroupName != "" {
		return d.CloudWatchLogGroupName
	}
	return "/aws/ssm/" + d.DocumentName[strings.LastIndexByte(d.DocumentName, '/')+1:]
}

// keyPrefix is where a step's objects are: <prefix>/<command>/<node>/
// awsrunShellScript (nodes.md 6).
func (d destination) keyPrefix(node, plugin string) string {
	return path.Join(strings.Trim(d.OutputS3KeyPrefix, "/"), d.CommandId, node, strings.ReplaceAll(plugin, ":", ""))
}

// folderOf is a step's folder below the prefix. A document of schema 1.2 has no
// steps; its plugins are numbered.
func folderOf(s step) string {
	if s.Key == s.Plugin {
		return "0." + strings.ReplaceAll(s.Plugin, ":", "")
	}
	return s.Key
}

const (
	// uploadWithin bounds what a result waits for the store of its output.
	uploadWithin = 5 * time.Minute
	uploadAtEnd  = 3 * time.Second
	// mostSpooled is what S3 takes in one request.
	mostSpooled = 5 << 30
)

// outputs carries the whole output of a job's steps to where the command wants
// it.
type outputs struct {
	a    *agent
	job  string
	dest destination

	problems []string // what did not arrive, for the job's trace
}

// open returns the writers of a step's output; done waits until all has
// arrived or was given up.
func (o *outputs) open(ctx context.Context, s step) (stdout, stderr io.Writer, done func()) {
	var streams [2]*stream
	for i, name := range []string{"stdout", "stderr"} {
		streams[i] = o.openStream(ctx, s, name)
	}
	if streams[0] == nil {
		return nil, nil, nil
	}
	return streams[0], streams[1], func() {
		for _, one := range streams {
			if err := one.close(ctx); err != nil {
				o.problems = append(o.problems, err.Error())
			}
		}
	}
}

// trace says what did not arrive.
func (o *outputs) trace() string { return clip(strings.Join(o.problems, "\n"), 1000) }

// stream is one of a step's two outputs on its way.
type stream struct {
	o     *outputs
	key   string   // in S3; "" when nothing goes there
	spool *os.File // nil when nothing goes to S3 or to the plane
	size  atomic.Int64

	pump    *pump // nil when the plane does not ask
	pumpErr error

	log    *logStream // nil when nothing goes to CloudWatch Logs
	ended  chan struct{}
	all    sync.WaitGroup
	logErr error
	err    error // of the spool
}

func (o *outputs) openStream(ctx context.Context, s step, name string) *stream {
	st := &stream{o: o, ended: make(chan struct{})}
	if o.dest.OutputS3BucketName != "" {
		st.key = path.Join(o.dest.keyPrefix(o.a.id.Node, s.Plugin), folderOf(s), name)
	}
	if st.key != "" || o.dest.TamachiOutput == "live" {
		if st.spool, st.err = os.CreateTemp(o.a.jobs.folder, "output-"); st.err == nil {
			_ = os.Remove(st.spool.Name()) // it lives as long as it is open, whatever happens
		}
	}
	if o.dest.toLogs() {
		at := strings.Join([]string{o.dest.CommandId, o.a.id.Node, strings.ReplaceAll(s.Key, ":", "-"), name}, "/")
		st.log = &logStream{a: o.a, group: o.dest.group(), stream: at}
		st.all.Go(func() { st.logErr = st.log.run(context.WithoutCancel(ctx), st.ended) })
	}
	if st.spool == nil && st.log == nil && st.err == nil {
		return nil
	}
	if o.dest.TamachiOutput == "live" && st.err == nil {
		st.pump = &pump{a: o.a, at: pieceAck{JobID: o.job, Step: s.Key, Stream: name}, spool: st.spool, size: st.size.Load, small: mostStdout}
		if name == "stderr" {
			st.pump.small = mostStderr
		}
		st.all.Go(func() { st.pumpErr = st.pump.run(context.WithoutCancel(ctx), st.ended) })
	}
	return st
}

// Write takes output; it never fails.
func (st *stream) Write(p []byte) (int, error) {
	if have := st.size.Load(); st.spool != nil && st.err == nil && have < mostSpooled {
		n, err := st.spool.Write(p[:min(int64(len(p)), mostSpooled-have)])
		st.size.Add(int64(n))
		st.err = err
	}
	if st.log != nil {
		return st.log.Write(p)
	}
	return len(p), nil
}

// close brings the output to its places. An agent that is to end does not wait
// long for that.
func (st *stream) close(ctx context.Context) error {
	close(st.ended)
	st.all.Wait()
	err := errors.Join(st.logErr, st.pumpErr, st.err)
	if st.spool == nil {
		return err
	}
	defer st.spool.Close()
	if st.size.Load() == 0 || st.err != nil || st.key == "" {
		return err
	}
	within := uploadWithin
	if ctx.Err() != nil {
		within = uploadAtEnd
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), within)
	defer cancel()
	return errors.Join(err, st.o.a.putObject(ctx, st.o.dest.OutputS3BucketName, st.key, st.spool))
}
