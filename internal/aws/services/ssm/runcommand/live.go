package runcommand

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"tamachi/internal/nodes"
	"tamachi/internal/store"
)

// Output that nodes send while a command runs. AWS has nothing like it: there
// the first 24,000 characters arrive at the end.

const (
	// mostKept is how much of one stream of a step is kept here; all of it is in
	// S3 when the command says so.
	mostKept  = 10 << 20
	mostPiece = 64 << 10
)

// outputTable is the name under which the feed tells of pieces of output.
const outputTable = "ssm.command-output"

// piece is a part of what a step of an invocation has written.
type piece struct {
	Command, Node string
	Step, Stream  string
	Offset        int64
	Data          []byte
}

// pieces of one stream lie side by side, in their order.
var pieces = store.Table[piece]{
	Name: outputTable, Reach: store.Regional,
	Key: func(p *piece) string {
		return streamOf(p.Command, p.Node, p.Step, p.Stream) + fmt.Sprintf("%012d", p.Offset)
	},
}

func streamOf(command, node, step, stream string) string {
	return command + "." + node + "/" + step + "/" + stream + "/"
}

// under is the part of the table whose keys begin with a text that ends in a
// slash or a dot.
func under(prefix string, p store.Page) store.Page {
	p.Min, p.Max = prefix, prefix[:len(prefix)-1]+string(prefix[len(prefix)-1]+1)
	return p
}

// JobOutput keeps a piece of output and says which offset is wanted next. A
// piece that is not the next one is not kept, so that each byte is there once.
func (s *Service) JobOutput(ctx context.Context, node string, o nodes.Output) (next int64, full bool, err error) {
	command, ok := commandOf(node, o.JobID)
	if !ok || len(o.Data) > mostPiece || len(o.Step) > 128 || strings.ContainsAny(o.Step, "/\x00") {
		return 0, true, nil
	}
	err = s.st.Update(ctx, func(tx *store.Tx) error {
		next, full = 0, true
		l := s.ledger(tx)
		b, err := l.book(command)
		if err != nil || b == nil {
			return err
		}
		p, err := l.page(b, node)
		if err != nil || p == nil || p.i.over() {
			return err
		}
		last, err := pieces.List(tx, b.scope, under(streamOf(command, node, o.Step, o.Stream), store.Page{Limit: 1, Descending: true}))
		if err != nil {
			return err
		}
		if len(last) > 0 {
			next = last[0].Offset + int64(len(last[0].Data))
		}
		if full = next+int64(len(o.Data)) > mostKept; full || o.Offset != next {
			return nil
		}
		next += int64(len(o.Data))
		return pieces.Put(tx, b.scope, &piece{Command: command, Node: node, Step: o.Step, Stream: o.Stream, Offset: o.Offset, Data: o.Data})
	})
	return next, full, err
}

// Progress is what is new of a command since a place.
type Progress struct {
	Output          []Written
	Ended           []Ended // nodes
	Status, Details string
	Done            bool   // nothing more will come
	Place           string // go on from here
}

// Written is text that a step wrote. Pieces may come more than once: what is
// before an offset that is known is to be left out.
type Written struct {
	Node, Step, Stream string
	Offset             int64
	Data               []byte
}

// Ended is a node that is done.
type Ended struct {
	Node, Status, Details string
	Code                  int
}

// ErrNoCommand reports a command that does not exist, or was not sent to the
// node.
var ErrNoCommand = errors.New("no such command")

const (
	// mostNews is how much a look at a command brings.
	mostNews = 100
	newsRead = 500
)
