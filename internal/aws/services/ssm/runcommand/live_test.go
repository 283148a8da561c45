package runcommand

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tamachi/internal/nodes"
)

func (r *room) piece(command string, n int, offset int64, data string) (next int64, full bool) {
	r.t.Helper()
	next, full, err := r.JobOutput(r.t.Context(), nodeID(n), nodes.Output{
		JobID: job(command, n), Step: "aws:runShellScript", Stream: "stdout", Offset: offset, Data: []byte(data),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return next, full
}

func TestOutputIsKeptOnceAndInOrder(t *testing.T) {
	r := newRoom(t)
	c := r.send(2, nil)
	r.ack(c, 0, 200)
	for _, row := range []struct {
		name   string
		node   int
		job    string
		offset int64
		data   string
		next   int64
		full   bool
	}{
		{"the first piece", 0, c, 0, "hello ", 6, false},
		{"the same again", 0, c, 0, "hello ", 6, false},
		{"one too far", 0, c, 100, "x", 6, false},
		{"the next", 0, c, 6, "world", 11, false},
		{"another node has its own", 1, c, 0, "x", 1, false},
		{"one that is too large", 0, c, 11, strings.Repeat("x", mostPiece+1), 0, true},
		{"of an unknown command", 0, "11111111-1111-4111-8111-111111111111", 0, "x", 0, true},
	} {
		next, full := r.piece(row.job, row.node, row.offset, row.data)
		if next != row.next || full != row.full {
			t.Errorf("%s: got %d and %v, want %d and %v", row.name, next, full, row.next, row.full)
		}
	}
	r.reply(c, 0, "Success", step("Success", 0))
	if _, full := r.piece(c, 0, 11, "late"); !full {
		t.Error("a piece after the end was taken")
	}
}

// follow reads all that is new, as a client does.
func (r *room) follow(command, node, place string) (text string, ended []Ended, last Progress) {
	r.t.Helper()
	seen := map[string]int64{}
	for range 20 {
		p, err := r.Follow(r.t.Context(), account, region, command, node, place)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, w := range p.Output {
			if at := w.Node + w.Step + w.Stream; w.Offset+int64(len(w.Data)) > seen[at] {
				text += string(w.Data[max(0, seen[at]-w.Offset):])
				seen[at] = w.Offset + int64(len(w.Data))
			}
		}
		ended, last = append(ended, p.Ended...), p
		if p.Place == place || p.Done {
			break
		}
		place = p.Place
	}
	return text, ended, last
}

func TestFollowTellsEachThingOnce(t *testing.T) {
	r := newRoom(t)
	c := r.send(2, nil)
	other := r.send(1, nil)
	r.ack(c, 0, 200)
	r.piece(c, 0, 0, "one ")
	text, ended, p := r.follow(c, "", "")
	if text != "one " || len(ended) > 0 || p.Done || p.Status != "InProgress" {
		t.Errorf("at first: %q, %v, %+v", text, ended, p)
	}
	r.piece(c, 0, 4, "two")
	r.reply(other, 0, "Success", step("Success", 0))
	if text, _, p = r.follow(c, "", p.Place); text != "two" {
		t.Errorf("then: %q", text)
	}
	r.reply(c, 0, "Failed", nodes.Step{Name: "aws:runShellScript", Status: "Failed", Code: 3, Stdout: "one two", StartedAt: morning, FinishedAt: morning})
	r.reply(c, 1, "Success", step("Success", 0))
	_, ended, p = r.follow(c, "", p.Place)
	if len(ended) != 2 || !p.Done || p.Details != "Failed" {
		t.Errorf("at the end: %v, %+v", ended, p)
	}
	text, ended, _ = r.follow(c, nodeID(0), "")
	if text != "one two" || len(ended) != 1 || ended[0].Code != 3 {
		t.Errorf("one node from the beginning: %q, %v", text, ended)
	}
	for _, row := range []struct{ account, command, node string }{
		{account, "11111111-1111-4111-8111-111111111111", ""}, {account, c, nodeID(5)}, {"999999999999", c, ""},
	} {
		if _, err := r.Follow(t.Context(), row.account, region, row.command, row.node, ""); !errors.Is(err, ErrNoCommand) {
			t.Errorf("%v: got %v, want %v", row, err, ErrNoCommand)
		}
	}
	r.clk.Advance(31 * 24 * time.Hour)
	if _, err := r.Upkeep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Follow(t.Context(), account, region, c, "", ""); !errors.Is(err, ErrNoCommand) {
		t.Errorf("after thirty days: %v", err)
	}
}
