// Package load is a load client: connections that stay open, each of which
// writes prepared requests one after the other as fast as answers come. The
// requests are signed beforehand, so that the client costs little of the
// machine that it shares with what it measures; it runs in a process of its
// own (Spawn).
package load

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Job is one run.
type Job struct {
	Address     string // host:port, without TLS
	Connections int
	Long        time.Duration
	Want        string // text that every answer's body holds; the status must be 200
	// Requests are whole HTTP/1.1 requests with their bodies; every connection
	// begins at another one and goes round. A signature of Signature Version 4
	// is good for five minutes.
	Requests [][]byte `json:"-"`
}

// Result is what a run measured.
type Result struct {
	Calls     int
	PerSecond float64
	P50, P99  time.Duration
}

// run sends the requests and counts answers. One wrong answer ends it.
func run(ctx context.Context, j Job) (Result, error) {
	if len(j.Requests) == 0 || j.Connections < 1 {
		return Result{}, errors.New("nothing to send")
	}
	ctx, cancel := context.WithTimeout(ctx, j.Long)
	defer cancel()
	var (
		mu    sync.Mutex
		all   []time.Duration // guarded by mu
		first error           // guarded by mu
		wg    sync.WaitGroup
	)
	start := time.Now()
	for i := range j.Connections {
		wg.Go(func() {
			took, err := j.work(ctx, i*len(j.Requests)/j.Connections)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil && first == nil {
				first = err
				cancel()
			}
		})
	}
	wg.Wait()
	if first != nil {
		return Result{}, first
	}
	if len(all) == 0 {
		return Result{}, fmt.Errorf("no call ended within %s", j.Long)
	}
	slices.Sort(all)
	return Result{
		Calls: len(all), PerSecond: float64(len(all)) / time.Since(start).Seconds(),
		P50: all[len(all)/2], P99: all[len(all)*99/100],
	}, nil
}

// work is one connection; it is made anew when the server closes it.
func (j Job) work(ctx context.Context, at int) ([]time.Duration, error) {
	var took []time.Duration
	var conn net.Conn
	var in *bufio.Reader
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for ; ; at++ {
		start := time.Now()
		if conn == nil {
			var err error
			if conn, err = new(net.Dialer).DialContext(ctx, "tcp", j.Address); err != nil {
				return took, unlessOver(ctx, err)
			}
			in = bufio.NewReaderSize(conn, 16<<10)
			deadline, _ := ctx.Deadline()
			if err := conn.SetDeadline(deadline); err != nil {
				return took, err
			}
		}
		closing, err := exchange(conn, in, j.Requests[at%len(j.Requests)], j.Want)
		if ctx.Err() != nil {
			return took, nil //nolint:nilerr // the end of the run cut this call off
		}
		if err != nil {
			return took, unlessOver(ctx, err)
		}
		took = append(took, time.Since(start))
		if closing {
			conn.Close()
			conn = nil
		}
	}
}

// unlessOver forgives an error that the end of the run brought: no other
// timeout is set, and that of a dial may come before the context's.
func unlessOver(ctx context.Context, err error) error {
	if timeout, ok := errors.AsType[net.Error](err); ctx.Err() != nil || ok && timeout.Timeout() {
		err = nil
	}
	return err
}

func exchange(conn net.Conn, in *bufio.Reader, request []byte, want string) (closing bool, err error) {
	if _, err := conn.Write(request); err != nil {
		return false, err
	}
	a, err := readAnswer(in)
	if err != nil {
		return false, err
	}
	if a.status != "200" || !bytes.Contains(a.body, []byte(want)) {
		return false, fmt.Errorf("answered %s: %.300s", a.status, a.body)
	}
	return a.closing, nil
}

// Argument is the first argument of a program that Spawn starts.
const Argument = "load"

// Spawn runs the job in a process of its own: this program again, whose main
// must call Serve when its first argument is Argument.
func Spawn(ctx context.Context, j Job) (Result, error) {
	self, err := os.Executable()
	if err != nil {
		return Result{}, err
	}
	var in, out, notes bytes.Buffer
	if err := write(&in, j); err != nil {
		return Result{}, err
	}
	c := exec.CommandContext(ctx, self, Argument)
	c.Stdin, c.Stdout, c.Stderr = &in, &out, &notes
	if err := c.Run(); err != nil {
		return Result{}, fmt.Errorf("load client: %w: %s", err, bytes.TrimSpace(notes.Bytes()))
	}
	var r Result
	return r, json.Unmarshal(out.Bytes(), &r)
}

// Serve is the other end of Spawn: it reads a job and writes its result.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	j, err := read(bufio.NewReader(in))
	if err != nil {
		return err
	}
	r, err := run(ctx, j)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// write sends a job: its description in a line, then each request after its
// length.
func write(w io.Writer, j Job) error {
	if err := json.NewEncoder(w).Encode(j); err != nil {
		return err
	}
	for _, r := range j.Requests {
		if err := binary.Write(w, binary.BigEndian, uint32(len(r))); err != nil {
			return err
		}
		if _, err := w.Write(r); err != nil {
			return err
		}
	}
	return nil
}

func read(r *bufio.Reader) (Job, error) {
	var j Job
	line, err := r.ReadBytes('\n')
	if err != nil {
		return j, err
	}
	if err := json.Unmarshal(line, &j); err != nil {
		return j, err
	}
	for {
		var n uint32
		err := binary.Read(r, binary.BigEndian, &n)
		if errors.Is(err, io.EOF) {
			return j, nil
		}
		if err != nil {
			return j, err
		}
		request := make([]byte, n)
		if _, err := io.ReadFull(r, request); err != nil {
			return j, err
		}
		j.Requests = append(j.Requests, request)
	}
}

// Raw renders a signed request and its body as it goes over the wire.
func Raw(r *http.Request, body []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.Method, r.URL.RequestURI(), r.URL.Host)
	_ = r.Header.Write(&b) // a buffer takes everything
	b.WriteString("Content-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	b.Write(body)
	return b.Bytes()
}
