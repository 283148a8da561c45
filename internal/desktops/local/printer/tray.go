package printer

import (
	"bufio"
	"errors"
	"io"
	"net"
	"slices"
	"sync"

	"tamachi/internal/desktops"
)

// tray is one who takes documents.
type tray struct {
	conn    net.Conn
	refuse  string // why nothing is taken; "" takes
	answers chan desktops.PaperWord
	gone    chan struct{} // closed when the connection has ended
	busy    sync.Mutex    // held while a document goes through
}

// Take has documents go through a connection of the door, until it ends.
func (p *Printer) Take(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var word desktops.PaperWord
	if err := desktops.ReadLine(in, &word); err != nil {
		return
	}
	t := &tray{conn: conn, refuse: word.Refuse, answers: make(chan desktops.PaperWord, 1), gone: make(chan struct{})}
	defer close(t.gone)
	p.change(func() { p.trays = append(p.trays, t) })
	defer p.change(func() { p.trays = slices.DeleteFunc(p.trays, func(other *tray) bool { return other == t }) })
	for {
		var word desktops.PaperWord
		if err := desktops.ReadLine(in, &word); err != nil {
			return
		}
		select {
		case t.answers <- word:
		default:
			return // an answer that nobody waits for
		}
	}
}

// errAway means that whoever took the document went away meanwhile.
var errAway = errors.New("the browser went away while the document was printed")

// print hands a document over; refused is why it was not taken.
func (t *tray) print(title string, document io.Reader) (refused string, err error) {
	t.busy.Lock()
	defer t.busy.Unlock()
	if err := desktops.WriteLine(t.conn, desktops.Paper{Title: title}); err != nil {
		return "", errAway
	}
	if err := desktops.WritePages(t.conn, document); err != nil {
		return "", err
	}
	select {
	case word := <-t.answers:
		return word.Refuse, nil
	case <-t.gone:
		return "", errAway
	}
}
