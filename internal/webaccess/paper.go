package webaccess

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"tamachi/internal/desktops"
)

// Bounds of what is printed. Documents are in memory, for a short while: a plane
// that is killed has lost them, and they are printed again.
const (
	thickest   = 32 << 20         // bytes of one
	mostPapers = 5                // of a session; the oldest goes for a newer
	mostPaper  = 256 << 20        // bytes of all
	paperLife  = 30 * time.Minute // in which they are to be fetched
	printAgain = 2 * time.Second  // a printer that is not there is asked again
)

// Sheet is a printed document, for who keeps that it was.
type Sheet struct {
	Title string
	Size  int64
}

// paper is a document that waits to be fetched.
type paper struct {
	number int
	title  string
	body   []byte
	at     time.Time
}

// papers are the documents that were printed, by the browser session that they
// are for: nobody else gets them.
type papers struct {
	mu   sync.Mutex
	last int                // guarded by mu
	size int                // guarded by mu
	by   map[string][]paper // guarded by mu
}

// owner is whose a document is.
func owner(v desktops.Visit) string { return v.ID + " " + v.Grant }

// add keeps a document; false when there is no room.
func (p *papers) add(of, title string, body []byte, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy(now)
	if p.by == nil {
		p.by = map[string][]paper{}
	}
	if len(p.by[of]) >= mostPapers {
		p.size -= len(p.by[of][0].body)
		p.by[of] = p.by[of][1:]
	}
	if p.size+len(body) > mostPaper {
		return false
	}
	p.last++
	p.size += len(body)
	p.by[of] = append(p.by[of], paper{p.last, title, body, now})
	return true
}

// tidy drops what nobody fetched in time.
func (p *papers) tidy(now time.Time) {
	for of, list := range p.by {
		for len(list) > 0 && now.Sub(list[0].at) > paperLife {
			p.size -= len(list[0].body)
			list = list[1:]
		}
		if p.by[of] = list; len(list) == 0 {
			delete(p.by, of)
		}
	}
}

// of lists a session's documents.
func (p *papers) of(owner string, now time.Time) []paper {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tidy(now)
	return append([]paper(nil), p.by[owner]...)
}

// listed is a document as the page is told of it.
type listed struct {
	Number int    `json:"n"`
	Title  string `json:"title"`
	Size   int    `json:"size"`
}

func (h *Handler) listed(v desktops.Visit) (list []listed) {
	for _, p := range h.papers.of(owner(v), h.o.Clock.Now()) {
		list = append(list, listed{p.number, p.title, len(p.body)})
	}
	return list
}

// paper gives a document out, to the session that it was printed for.
func (h *Handler) paper(w http.ResponseWriter, r *http.Request) {
	v, _, ok := h.visit(w, r)
	if !ok {
		return
	}
	for _, p := range h.papers.of(owner(v), h.o.Clock.Now()) {
		if strconv.Itoa(p.number) == r.PathValue("n") {
			w.Header().Set("Content-Type", "application/pdf")
			w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(p.title)}))
			http.ServeContent(w, r, "", p.at, bytes.NewReader(p.body))
			return
		}
	}
	http.Error(w, "there is no such document; print it again", http.StatusNotFound)
}

// fileName makes a title fit for any file system.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimSuffix(title, ".pdf"))
	if name = strings.Trim(name, ". "); name == "" {
		name = "document"
	}
	return name + ".pdf"
}

// prints takes what the desktop prints while this stream is open, or tells it
// why nothing is taken.
func (j *joint) prints(ctx context.Context) error {
	for {
		conn, err := j.h.o.Doors.DialDoor(ctx, j.s.ID, desktops.Printer)
		if errors.Is(err, desktops.ErrLacking) {
			return nil
		}
		if err == nil {
			stop := context.AfterFunc(ctx, func() { conn.Close() })
			err = j.serve(ctx, conn)
			stop()
			conn.Close()
		}
		wait := time.NewTimer(printAgain)
		select {
		case <-ctx.Done():
			wait.Stop()
			return nil
		case <-wait.C:
			j.h.o.Log.Debug("the printer is opened again", "resource", j.s.ID, "err", err)
		}
	}
}

// serve takes documents until the printer's connection ends.
func (j *joint) serve(ctx context.Context, conn net.Conn) error {
	word := desktops.PaperWord{}
	if !j.rules.Printing {
		word.Refuse = "Printing to the browser is not allowed for this desktop. Ask your administrator."
	}
	if err := desktops.WriteLine(conn, word); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	for {
		var p desktops.Paper
		if err := desktops.ReadLine(in, &p); err != nil {
			return err
		}
		var body bytes.Buffer
		_, err := desktops.ReadPages(in, &body, thickest)
		if errors.Is(err, desktops.ErrTorn) {
			return err
		}
		if err := desktops.WriteLine(conn, desktops.PaperWord{Refuse: j.keep(ctx, p, body.Bytes(), err)}); err != nil {
			return err
		}
	}
}

// keep keeps a document for its owner, after it is written down that there was
// one; it returns why it is not taken.
func (j *joint) keep(ctx context.Context, p desktops.Paper, body []byte, err error) (refused string) {
	switch {
	case !j.rules.Printing:
		return "Printing to the browser is not allowed for this desktop."
	case err != nil:
		return "The document is larger than 32 MB."
	case !bytes.HasPrefix(body, []byte("%PDF-")):
		return "The document is no PDF."
	}
	title := strings.ToValidUTF8(p.Title[:min(len(p.Title), 255)], "")
	if j.h.o.Printed != nil {
		if err := j.h.o.Printed(context.WithoutCancel(ctx), j.s, Sheet{Title: title, Size: int64(len(body))}); err != nil {
			j.h.o.Log.Error("keep that a document was printed", "resource", j.s.ID, "err", err)
			return "The document could not be recorded. Try again in a moment."
		}
	}
	if !j.h.papers.add(owner(j.s.Visit), title, body, j.h.o.Clock.Now()) {
		return "Too many documents wait to be fetched. Fetch some, and print again."
	}
	return ""
}
