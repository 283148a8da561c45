package webaccess

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"tamachi/internal/desktops"
)

// office is a desktop's printer: its end of the door.
type office struct{ opened chan net.Conn }

func (o office) DialDoor(_ context.Context, _ string, d desktops.Door) (net.Conn, error) {
	if d != desktops.Printer {
		return nil, desktops.ErrLacking
	}
	ours, theirs := net.Pipe()
	o.opened <- theirs
	return ours, nil
}

// send prints a document, and returns what is said to it.
func send(t *testing.T, door net.Conn, in *bufio.Reader, title, body string) string {
	t.Helper()
	var word desktops.PaperWord
	if err := desktops.WriteLine(door, desktops.Paper{Title: title}); err != nil {
		t.Fatal(err)
	}
	if err := desktops.WritePages(door, strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	if err := desktops.ReadLine(in, &word); err != nil {
		t.Fatal(err)
	}
	return word.Refuse
}

func TestWhatADesktopPrintsIsForItsSessionAlone(t *testing.T) {
	d := newDesk()
	h, base := house(t, d)
	o := office{make(chan net.Conn, 1)}
	h.o.Doors = o
	var kept []Sheet
	h.o.Printed = func(_ context.Context, _ desktops.Session, s Sheet) error {
		if s.Title == "broken" {
			return errBroken
		}
		kept = append(kept, s)
		return nil
	}
	c, screen := connected(t, d, base)
	defer screen.Close()
	go drain(screen)
	door := <-o.opened
	defer door.Close()
	in := bufio.NewReader(door)
	var word desktops.PaperWord
	if err := desktops.ReadLine(in, &word); err != nil || word.Refuse != "" {
		t.Fatalf("the first word: %+v, %v", word, err)
	}
	const body = "%PDF-1.7 minutes"
	for _, row := range []struct{ name, title, body, want string }{
		{"a PDF", "議事録/1", body, ""},
		{"a text", "notes", "dear all", "no PDF"},
		{"one that is too large", "book", "%PDF-" + strings.Repeat(" ", thickest), "larger than 32 MB"},
		{"one that could not be written down", "broken", body, "could not be recorded"},
	} {
		if got := send(t, door, in, row.title, row.body); row.want == "" && got != "" || !strings.Contains(got, row.want) {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
	if len(kept) != 1 || kept[0].Title != "議事録/1" || kept[0].Size != int64(len(body)) {
		t.Errorf("what is known of it: %+v", kept)
	}
	own := []string{"Cookie", cookieName + "=secret-" + deskA}
	if got := bodyText(t, get(t, base+Prefix+"workspace/"+deskA+"/state", own...)); !strings.Contains(got, `"papers":[{"n":1,"title":"議事録/1","size":16}]`) {
		t.Errorf("what the page is told: %s", got)
	}
	res := get(t, base+Prefix+"workspace/"+deskA+"/paper/1", own...)
	if got := bodyText(t, res); got != body || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment; filename*=utf-8''") {
		t.Errorf("the document: got %q, %v", got, res.Header)
	}
	d.mu.Lock()
	d.sessions["other"] = desktops.Visit{ID: deskA, State: "AVAILABLE", Grant: "another"}
	d.mu.Unlock()
	if res := get(t, base+Prefix+"workspace/"+deskA+"/paper/1", "Cookie", cookieName+"=other"); res.StatusCode != http.StatusNotFound {
		t.Errorf("for another session of the desktop: want 404, got %d", res.StatusCode)
	}
	if err := c.CloseNow(); err != nil {
		t.Fatal(err)
	}
}

func bodyText(t *testing.T, res *http.Response) string {
	t.Helper()
	return strings.TrimSpace(body(t, res))
}

func TestAPrinterIsToldWhyNothingIsTaken(t *testing.T) {
	d := newDesk()
	d.rules = desktops.Rules{ClipboardOut: true}
	h, base := house(t, d)
	o := office{make(chan net.Conn, 1)}
	h.o.Doors = o
	c, screen := connected(t, d, base)
	defer screen.Close()
	go drain(screen)
	door := <-o.opened
	defer door.Close()
	in := bufio.NewReader(door)
	var word desktops.PaperWord
	if err := desktops.ReadLine(in, &word); err != nil || !strings.Contains(word.Refuse, "not allowed") {
		t.Fatalf("the first word: %+v, %v", word, err)
	}
	if got := send(t, door, in, "a", "%PDF-1.7"); !strings.Contains(got, "not allowed") { // whatever the printer does with it
		t.Errorf("printed all the same: got %q", got)
	}
	if err := c.CloseNow(); err != nil {
		t.Fatal(err)
	}
}

func TestPapersAreFewAndGoAway(t *testing.T) {
	p := &papers{}
	for i := range mostPapers + 2 {
		if !p.add("a", string(rune('a'+i)), []byte("x"), midnight) {
			t.Fatal("no room")
		}
	}
	if got := p.of("a", midnight); len(got) != mostPapers || got[0].title != "c" || p.size != mostPapers {
		t.Errorf("got %+v, %d bytes", got, p.size)
	}
	big := bytes.Repeat([]byte("x"), mostPaper/8)
	for i := range 8 {
		if p.add(string(rune('b'+i)), "big", big, midnight) != (i < 7) {
			t.Errorf("the %dth of an eighth of all", i+1)
		}
	}
	if got := p.of("a", midnight.Add(paperLife*2)); len(got) != 0 || p.size != 0 {
		t.Errorf("an hour later: %+v, %d bytes", got, p.size)
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("議事録.pdf")
	f.Add("../../etc/passwd")
	f.Fuzz(func(t *testing.T, title string) {
		got := fileName(title)
		if !strings.HasSuffix(got, ".pdf") || strings.ContainsAny(got, "/\\\"\r\n\x00") || strings.HasPrefix(got, ".") && got != ".pdf" {
			t.Errorf("%q: got %q", title, got)
		}
	})
}
