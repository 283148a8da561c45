package agent

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
	"time"
)

// The output of a step goes to the plane while the step runs, when the plane
// has asked for it (TamachiOutput in the job's content; AWS does not). Pieces
// are numbered by their offset and acknowledged, so that a lost channel costs
// nothing. Output that is small and soon there is left to the reply.

const (
	typeOutput    = "tamachi_output"
	typeOutputAck = "tamachi_output_ack"

	liveEvery = 200 * time.Millisecond
	// liveAfter is how long a step must run for its output to be sent before its
	// end.
	liveAfter = 500 * time.Millisecond
	// livePiece is the most that one frame carries.
	livePiece = 32 << 10
	// liveAgain is when a piece that was not acknowledged is sent again, and
	// liveAtEnd how long an ended step waits for its last one.
	liveAgain = 3 * time.Second
	liveAtEnd = 30 * time.Second
)

// piece is a part of an output on the wire.
type piece struct {
	JobID  string `json:"jobId"`
	Step   string `json:"step"`
	Stream string `json:"stream"` // stdout or stderr
	Offset int64  `json:"offset"`
	Data   []byte `json:"data"`
}

// pieceAck says what is wanted next; Full that nothing more is.
type pieceAck struct {
	JobID  string `json:"jobId"`
	Step   string `json:"step"`
	Stream string `json:"stream"`
	Next   int64  `json:"next"`
	Full   bool   `json:"full"`
}

func (p *pieceAck) key() string { return p.JobID + " " + p.Step + " " + p.Stream }

// liveAcks brings acknowledgements to those that wait for them.
type liveAcks struct {
	mu      sync.Mutex
	waiting map[string]chan pieceAck // guarded by mu
}

func (l *liveAcks) wait(key string) (acks <-chan pieceAck, done func()) {
	c := make(chan pieceAck, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string]chan pieceAck{}
	}
	l.waiting[key] = c
	return c, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.waiting, key)
	}
}

// receiveOutputAck passes an acknowledgement on; one that nobody waits for is
// let be.
func (a *agent) receiveOutputAck(f frame) {
	var ack pieceAck
	if json.Unmarshal(f.Payload, &ack) != nil {
		return
	}
	a.pieces.mu.Lock()
	defer a.pieces.mu.Unlock()
	if c := a.pieces.waiting[ack.key()]; c != nil {
		select {
		case c <- ack:
		default: // one is there that says the same
		}
	}
}

// pump sends a stream's spool while it grows.
type pump struct {
	a     *agent
	at    pieceAck // job, step and stream; Next is what has been acknowledged
	spool *os.File
	size  func() int64
	small int64 // output up to this size is left to the reply, if it is soon there

	began time.Time
	live  bool
}

var errPieces = errors.New("the output was not taken while the command ran; its end is in S3 only, if it was sent there")

// run returns when all has been taken after ended was closed, or nothing more
// is wanted.
func (p *pump) run(ctx context.Context, ended <-chan struct{}) error {
	acks, done := p.a.pieces.wait(p.at.key())
	defer done()
	p.began = p.a.cfg.Clock.Now()
	every := time.NewTicker(liveEvery)
	defer every.Stop()
	var last <-chan time.Time // set when the step is over
	for {
		select {
		case <-every.C:
		case <-ended:
			ended, last = nil, time.After(liveAtEnd)
		}
		size := p.size()
		long := p.a.cfg.Clock.Now().Sub(p.began) >= liveAfter
		p.live = p.live || size > p.small || (last == nil && size > 0 && long)
		for p.live && p.at.Next < p.size() {
			p.send(ctx)
			again := time.NewTimer(liveAgain)
			select {
			case ack := <-acks:
				p.at.Next = min(max(ack.Next, 0), p.size())
				p.at.Full = ack.Full
			case <-again.C:
			case <-ended:
				ended, last = nil, time.After(liveAtEnd)
			case <-last:
				again.Stop()
				return errPieces
			}
			again.Stop()
			if p.at.Full {
				return nil
			}
		}
		if last != nil {
			return nil
		}
	}
}

func (p *pump) send(ctx context.Context) {
	data := make([]byte, livePiece)
	n, err := p.spool.ReadAt(data, p.at.Next)
	if err != nil && !errors.Is(err, io.EOF) {
		return
	}
	payload, err := json.Marshal(piece{p.at.JobID, p.at.Step, p.at.Stream, p.at.Next, data[:n]})
	if err != nil {
		return // strings and bytes
	}
	p.a.send(ctx, frame{Type: typeOutput, ID: p.a.cfg.IDs.UUID(), Payload: payload})
}
