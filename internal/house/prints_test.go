package house_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/apitest"
	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/fake"
	"tamachi/internal/webaccess"
)

// printing are desktops with printers.
type printing struct {
	*fake.Provider
	doors chan net.Conn
}

// DialDoor opens a printer.
func (p printing) DialDoor(_ context.Context, _ string, d desktops.Door) (net.Conn, error) {
	if d != desktops.Printer {
		return nil, desktops.ErrLacking
	}
	ours, theirs := net.Pipe()
	p.doors <- theirs
	return ours, nil
}

// A document that a desktop prints is in the trail before anybody gets it, and a
// desktop policy closes the printer and the speaker.
func TestWhatIsPrintedIsInTheTrail(t *testing.T) {
	p := printing{fake.Open(fake.NewWorld(clock.Real{})), make(chan net.Conn, 8)}
	o := openOn(t, apitest.Options{Desktops: p})
	id := o.desktop()
	o.Becomes(id, types.WorkspaceStateAvailable)
	enter := func() (v visitor, first desktops.PaperWord, door net.Conn, in *bufio.Reader) {
		out, fault := o.own("OpenDesktop", map[string]any{"WorkspaceId": id})
		if fault != "" {
			t.Fatal(fault)
		}
		v = o.visitor()
		v.get(out["Url"])
		o.Screen(v.Client, id)
		door = <-p.doors
		in = bufio.NewReader(door)
		if err := desktops.ReadLine(in, &first); err != nil {
			t.Fatal(err)
		}
		return v, first, door, in
	}
	v, first, door, in := enter()
	if first.Refuse != "" {
		t.Fatalf("the first word: %+v", first)
	}
	if err := desktops.WriteLine(door, desktops.Paper{Title: "議事録"}); err != nil {
		t.Fatal(err)
	}
	if err := desktops.WritePages(door, strings.NewReader("%PDF-1.7")); err != nil {
		t.Fatal(err)
	}
	var word desktops.PaperWord
	if err := desktops.ReadLine(in, &word); err != nil || word.Refuse != "" {
		t.Fatalf("printed: %+v, %v", word, err)
	}
	res := v.get(o.HTTP() + webaccess.Prefix + "workspace/" + id + "/paper/1")
	if b, err := io.ReadAll(res.Body); err != nil || string(b) != "%PDF-1.7" {
		t.Errorf("the document: got %q, %v", b, err)
	}
	found := o.lookup("PrintDocument")
	if len(found) != 1 || !strings.Contains(found[0], `"title":"議事録"`) || !strings.Contains(found[0], `"bytes":8`) || !strings.Contains(found[0], id) {
		t.Errorf("the trail: got %v", found)
	}
	_, fault := o.own("CreateDesktopPolicy", map[string]any{
		"DirectoryId": o.directory, "Name": "quiet", "Scope": "DIRECTORY", "Settings": map[string]any{"Printing": "DISABLED", "Sound": "DISABLED", "Microphone": "DISABLED"},
	})
	if fault != "" {
		t.Fatal(fault)
	}
	v, first, _, _ = enter()
	if !strings.Contains(first.Refuse, "not allowed") {
		t.Errorf("where a policy forbids it: got %+v", first)
	}
	if _, state := v.ask(http.MethodGet, "workspace/"+id+"/state", nil); state["sound"] != nil || state["microphone"] != nil {
		t.Errorf("where a policy forbids sound and microphone the page is told %v", state)
	}
}
