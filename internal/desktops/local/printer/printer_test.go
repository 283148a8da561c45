package printer

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// ask makes a request as a program does.
func ask(operation uint16, document string, values ...string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{2, 0}, operation)
	b = append(b, 0, 0, 0, 7, operationGroup)
	r := &reply{b: b}
	r.add(tagCharset, "attributes-charset", "utf-8")
	for i := 0; i < len(values); i += 2 {
		r.add(tagName, values[i], values[i+1])
	}
	return append(r.bytes(), document...)
}

func post(p *Printer, body []byte) (status uint16, text string) {
	r := httptest.NewRequest(http.MethodPost, "/printers/"+name, bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/ipp")
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		return uint16(w.Code), w.Body.String()
	}
	return binary.BigEndian.Uint16(w.Body.Bytes()[2:]), w.Body.String()
}

// plane takes documents, and says what is answered to each.
func plane(t *testing.T, p *Printer, refuse, answer string) (documents chan string) {
	t.Helper()
	ours, theirs := net.Pipe()
	documents = make(chan string, 1)
	go p.Take(theirs)
	t.Cleanup(func() { ours.Close() })
	if err := desktops.WriteLine(ours, desktops.PaperWord{Refuse: refuse}); err != nil {
		t.Fatal(err)
	}
	go func() {
		in := bufio.NewReader(ours)
		for {
			var paper desktops.Paper
			var b bytes.Buffer
			if desktops.ReadLine(in, &paper) != nil {
				return
			}
			if _, err := desktops.ReadPages(in, &b, 1<<20); err != nil {
				return
			}
			documents <- paper.Title + ": " + b.String()
			if desktops.WriteLine(ours, desktops.PaperWord{Refuse: answer}) != nil {
				return
			}
		}
	}()
	for { // Take has read the first word when the printer knows of it
		p.mu.Lock()
		n := len(p.trays)
		p.mu.Unlock()
		if n > 0 {
			return documents
		}
		<-time.After(time.Millisecond)
	}
}

const document = "%PDF-1.7 some pages"

func TestADocumentIsPrintedOnceSomebodyHasIt(t *testing.T) {
	p := New(clock.Real{})
	if status, said := post(p, ask(printJob, document)); status != notAccepting || !strings.Contains(said, nobody) {
		t.Errorf("while nobody looks: got %#x, %q", status, said)
	}
	documents := plane(t, p, "", "")
	if status, _ := post(p, ask(printJob, document, "job-name", "議事録")); status != ok {
		t.Errorf("print: got %#x", status)
	}
	if got := <-documents; got != "議事録: "+document {
		t.Errorf("what came: %q", got)
	}
	// As CUPS's own programs do it: first the job, then its document.
	status, said := post(p, ask(createJob, "", "job-name", "b"))
	number := uint32(3)
	if status != ok || !strings.Contains(said, "ipp://localhost/jobs/3") {
		t.Fatalf("announce: got %#x, %q", status, said)
	}
	id := string(binary.BigEndian.AppendUint32(nil, number))
	if status, _ := post(p, ask(sendDocument, document, "job-id", id)); status != ok {
		t.Errorf("send: got %#x", status)
	}
	if got := <-documents; got != "b: "+document {
		t.Errorf("what came: %q", got)
	}
	for _, row := range []struct {
		name   string
		body   []byte
		status uint16
	}{
		{"a second document of a job", ask(sendDocument, document, "job-id", id), notPossible},
		{"the document of no job", ask(sendDocument, document, "job-id", "\x00\x00\x00\x63"), notFound},
		{"a text", ask(printJob, "some text"), badFormat},
		{"what says that it is PostScript", ask(printJob, document, "document-format", "application/postscript"), badFormat},
		{"what a job became", ask(getJob, "", "job-uri", "ipp://localhost/jobs/3"), ok},
		{"a job that is over, taken back", ask(cancelJob, "", "job-id", id), notPossible},
		{"what this printer does not do", ask(0x0010, ""), unsupported},
		{"no IPP", []byte("GET /"), http.StatusBadRequest},
	} {
		if status, said := post(p, row.body); status != row.status {
			t.Errorf("%s: want %#x, got %#x, %q", row.name, row.status, status, said)
		}
	}
	if status, said := post(p, ask(cupsPrinters, "")); status != ok || !strings.Contains(said, "printer-is-accepting-jobs\x00\x01\x01") {
		t.Errorf("the list of printers: got %#x, %q", status, said)
	}
}

func TestAPrinterSaysWhyItTakesNothing(t *testing.T) {
	p := New(clock.Real{})
	plane(t, p, "Printing is not allowed.", "")
	for name, operation := range map[string]uint16{"print": printJob, "announce": createJob, "ask before": validateJob} {
		if status, said := post(p, ask(operation, document)); status != notAccepting || !strings.Contains(said, "Printing is not allowed.") {
			t.Errorf("%s: got %#x, %q", name, status, said)
		}
	}
	if _, said := post(p, ask(getPrinter, "")); !strings.Contains(said, "printer-state-message\x00\x18Printing is not allowed.") || !strings.Contains(said, "printer-is-accepting-jobs\x00\x01\x00") {
		t.Errorf("the printer's state: got %q", said)
	}
	q := New(clock.Real{})
	documents := plane(t, q, "", "The document is too large.")
	if status, said := post(q, ask(printJob, document)); status != notAccepting || !strings.Contains(said, "too large") {
		t.Errorf("what was not taken: got %#x, %q", status, said)
	}
	<-documents
}

func FuzzRequest(f *testing.F) {
	f.Add(ask(printJob, document, "job-name", "a", "job-id", "\x00\x00\x00\x01"))
	f.Add(ask(getPrinter, ""))
	f.Fuzz(func(t *testing.T, in []byte) {
		p := New(clock.Real{})
		if status, said := post(p, in); status == http.StatusOK || len(said) == 0 {
			t.Errorf("got %d, %q", status, said)
		}
	})
}
