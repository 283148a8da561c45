package printer

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"tamachi/internal/clock"
)

// name is the printer's.
const name = "Browser"

const uri = "ipp://localhost/printers/" + name

// nobody is why nothing is taken while no browser is there.
const nobody = "No browser shows this desktop now: connect, and print again."

// Printer takes documents from programs and hands them to who looks.
type Printer struct {
	clock clock.Clock
	began time.Time

	mu    sync.Mutex
	trays []*tray         // guarded by mu; who takes documents, the newest last
	jobs  map[uint32]*job // guarded by mu; the newest
	last  uint32          // guarded by mu; number of the newest job
}

// New returns a printer that nobody takes documents from yet.
func New(c clock.Clock) *Printer {
	return &Printer{clock: c, began: c.Now(), jobs: map[uint32]*job{}}
}

// job is a document, from its announcement on.
type job struct {
	title string
	state uint32
	why   string
}

// States of jobs and printers (RFC 8011, sections 5.3.7 and 5.4.11).
const (
	jobHeld    = 4 // its document has not come yet
	jobCancel  = 7
	jobAborted = 8
	jobDone    = 9

	idle    = 3
	stopped = 5

	mostJobs = 100 // that are remembered
)

func (p *Printer) change(do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	do()
}

// ready returns who takes documents now, or why nobody does.
func (p *Printer) ready() (t *tray, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.trays) == 0 {
		return nil, nobody
	}
	t = p.trays[len(p.trays)-1]
	return t, t.refuse
}

// announce makes a job.
func (p *Printer) announce(title string) (number uint32) {
	p.change(func() {
		p.last++
		number = p.last
		p.jobs[number] = &job{title: title, state: jobHeld}
		delete(p.jobs, number-mostJobs)
	})
	return number
}

// Listen serves programs at the socket of CUPS, and those who take documents at
// the door, until the listeners are closed.
func (p *Printer) Listen(programs, door net.Listener) error {
	go func() { // ends with the door
		for {
			conn, err := door.Accept()
			if err != nil {
				return
			}
			go p.Take(conn) // ends with the connection
		}
	}()
	s := &http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10}
	return s.Serve(programs)
}

// ServeHTTP answers an IPP request.
func (p *Printer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/ipp") {
		http.NotFound(w, r) // a PPD, an icon: programs do without
		return
	}
	body := bufio.NewReader(r.Body)
	q, err := readRequest(io.LimitReader(body, 256<<10))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	// The limit's reader has taken no more than the request: it reads a field
	// at a time.
	out := p.operate(q, body)
	w.Header().Set("Content-Type", "application/ipp")
	_, _ = w.Write(out.bytes()) // the program went away
}
