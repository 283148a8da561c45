package house_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/webaccess"
	"tamachi/internal/webaccess/recording"
)

// films lists the recordings of a status; "" lists all.
func (o *office) films(status string) []any {
	o.t.Helper()
	in := map[string]any{}
	if status != "" {
		in["Status"] = status
	}
	out, fault := o.own("ListDesktopRecordings", in)
	if fault != "" {
		o.t.Fatalf("list recordings: %s", fault)
	}
	return out["Recordings"].([]any)
}

// reel is what a visitor's player gets: the index, and the pictures from its
// first chunk on.
func (v visitor) reel(id string) (index map[string]any, pictures []recording.Message) {
	v.o.t.Helper()
	status, index := v.ask(http.MethodGet, "recording/"+id+"/index", nil)
	chunks, _ := index["chunks"].([]any)
	if status != http.StatusOK || len(chunks) == 0 {
		return index, nil
	}
	res, err := v.Get(v.o.HTTP() + webaccess.Prefix + "recording/" + id + "/chunks/0")
	if err != nil {
		v.o.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		v.o.t.Fatalf("chunks: %d, %v", res.StatusCode, err)
	}
	for len(b) > 0 {
		n := binary.BigEndian.Uint32(b)
		list, err := recording.Messages(b[4 : 4+n])
		if err != nil {
			v.o.t.Fatal(err)
		}
		pictures, b = append(pictures, list...), b[4+n:]
	}
	return index, pictures
}

// get follows an address that an operation gave.
func (v visitor) get(url any) *http.Response {
	v.o.t.Helper()
	res, err := v.Get(url.(string))
	if err != nil {
		v.o.t.Fatal(err)
	}
	v.o.t.Cleanup(func() { res.Body.Close() })
	return res
}

// A recording is begun, goes on over a restart of the plane, is seen by its
// subject, played, taken away and deleted; all of that is in the trail.
func TestADesktopIsRecorded(t *testing.T) {
	o := open(t)
	id := o.desktop()
	o.Becomes(id, types.WorkspaceStateAvailable)
	out, fault := o.own("StartDesktopRecording", map[string]any{"WorkspaceId": id, "Reason": "case 4711", "DurationMinutes": 5})
	if fault != "" {
		t.Fatalf("start: %s, %v", fault, out)
	}
	rec := out["Recording"].(map[string]any)["RecordingId"].(string)
	for _, row := range []struct{ operation, key, value, fault string }{
		{"StartDesktopRecording", "WorkspaceId", id, "InvalidResourceStateException"},
		{"StartDesktopRecording", "WorkspaceId", "ws-zzzzzzzzz", "ResourceNotFoundException"},
		{"StopDesktopRecording", "RecordingId", "rec-00000000000000000", "ResourceNotFoundException"},
		{"PlayDesktopRecording", "RecordingId", "rec-00000000000000000", "ResourceNotFoundException"},
		{"ExportDesktopRecording", "RecordingId", "rec-00000000000000000", "ResourceNotFoundException"},
		{"DeleteDesktopRecording", "RecordingId", "rec-00000000000000000", "ResourceNotFoundException"},
	} {
		if _, fault := o.own(row.operation, map[string]any{row.key: row.value, "Reason": "x"}); fault != row.fault && row.operation != "StopDesktopRecording" && row.operation != "DeleteDesktopRecording" {
			t.Errorf("%s %s: got %q, want %s", row.operation, row.value, fault, row.fault)
		}
		if _, fault := o.own(row.operation, map[string]any{row.key: row.value}); row.operation != "StartDesktopRecording" && fault != row.fault {
			t.Errorf("%s %s: got %q, want %s", row.operation, row.value, fault, row.fault)
		}
	}
	if _, fault := o.own("ListDesktopRecordings", map[string]any{"NextToken": "x"}); fault != "ValidationException" {
		t.Errorf("a page that is none: got %q", fault)
	}
	told := func() bool {
		v := o.visitor()
		ticket, fault := o.own("OpenDesktop", map[string]any{"WorkspaceId": id})
		if fault != "" {
			t.Fatalf("open: %s", fault)
		}
		v.get(ticket["Url"])
		_, state := v.ask(http.MethodGet, "workspace/"+id+"/state", nil)
		names, _ := state["recorded"].([]any)
		return len(names) == 1
	}
	o.eventually("user to be told of the recording", told)
	play := func() visitor {
		v := o.visitor()
		out, fault := o.own("PlayDesktopRecording", map[string]any{"RecordingId": rec})
		if fault != "" {
			t.Fatalf("play: %s", fault)
		}
		if res := v.get(out["Url"]); res.StatusCode != http.StatusOK || !strings.HasSuffix(res.Request.URL.Path, "/recording/"+rec+"/") {
			t.Fatalf("the page: got %d at %s", res.StatusCode, res.Request.URL.Path)
		}
		if res := o.visitor().get(out["Url"]); res.StatusCode != http.StatusGone {
			t.Errorf("a ticket that was used: want 410, got %d", res.StatusCode)
		}
		return v
	}
	v := play()
	var before int
	o.eventually("first pictures", func() bool {
		_, pictures := v.reel(rec)
		before = len(pictures)
		return before > 2
	})
	if f := o.films("RECORDING"); len(f) != 1 || f[0].(map[string]any)["Reason"] != "case 4711" {
		t.Errorf("the recordings that run: got %v", f)
	}
	o.Restart() // killed or stopped: the file and the facts are the same
	v = play()
	o.eventually("recording to go on after a restart", func() bool {
		index, pictures := v.reel(rec)
		if len(pictures) > 0 {
			if seen, err := recording.Look(pictures[0].Data); err != nil || seen.Width != 64 || seen.Height != 48 {
				t.Fatalf("the first message: got %+v, %v, want the size of the screen", seen, err)
			}
		}
		return index["live"] == true && len(pictures) > before+2
	})
	if status, _ := o.visitor().ask(http.MethodGet, "recording/"+rec+"/index", nil); status != http.StatusUnauthorized {
		t.Errorf("without a session: want 401, got %d", status)
	}
	if status, _ := v.ask(http.MethodGet, "workspace/"+id+"/state", nil); status != http.StatusUnauthorized {
		t.Errorf("a session of a recording opens no desktop: want 401, got %d", status)
	}
	if out, fault := o.own("StopDesktopRecording", map[string]any{"RecordingId": rec}); fault != "" || out["Recording"].(map[string]any)["EndReason"] != "STOPPED" {
		t.Errorf("stop: got %v, %s", out, fault)
	}
	if _, fault := o.own("StopDesktopRecording", map[string]any{"RecordingId": rec}); fault != "InvalidResourceStateException" {
		t.Errorf("stop twice: got %s", fault)
	}
	o.eventually("facts about the file", func() bool {
		f := o.films("ENDED")
		return len(f) == 1 && f[0].(map[string]any)["SizeBytes"].(float64) > 0
	})
	if told() {
		t.Error("the user is told of a recording that has ended")
	}
	out, fault = o.own("ExportDesktopRecording", map[string]any{"RecordingId": rec, "Reason": "for the police"})
	if fault != "" {
		t.Fatalf("export: %s", fault)
	}
	res := o.visitor().get(out["Url"])
	file, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment; filename=\""+id) ||
		!bytes.Contains(file, []byte(`id="c0"`)) || !bytes.HasSuffix(file, []byte("</html>\n")) {
		t.Errorf("the file: got %d, %v, %v, %d bytes", res.StatusCode, err, res.Header, len(file))
	}
	if _, fault := o.own("DeleteDesktopRecording", map[string]any{"RecordingId": rec}); fault != "" {
		t.Errorf("delete: %s", fault)
	}
	if status, _ := v.ask(http.MethodGet, "recording/"+rec+"/index", nil); status != http.StatusNotFound {
		t.Errorf("the player of what was deleted: want 404, got %d", status)
	}
	o.eventually("file to be gone", func() bool { return len(o.films("DELETED")) == 1 })
	for _, event := range []string{"StartDesktopRecording", "PlayDesktopRecording", "StopDesktopRecording", "ExportDesktopRecording", "DeleteDesktopRecording"} {
		o.eventually(event+" to be in the trail", func() bool { return len(o.lookup(event)) > 0 })
	}
}
