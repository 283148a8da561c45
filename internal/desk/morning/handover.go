package morning

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"tamachi/internal/desk/shelf"
)

// Note is what somebody leaves for who comes next.
type Note struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	To   []string  `json:"to,omitempty"`
	Text string    `json:"text,omitempty"` // in the writer's own words
	Open []string  `json:"open,omitempty"` // what the evening found, in the writer's language

	Accounts []string `json:"accounts,omitempty"` // that it is about
}

// notes is the file of all notes.
const notes = "handover.jsonl"

// mostNotes are kept; the newest is shown.
const mostNotes = 400

// keep writes a note down.
func (n *Note) keep(s shelf.Shelf) error {
	j, _, err := shelf.Latest(s.Folder(notes), mostNotes)
	if err != nil {
		return fmt.Errorf("keep the note: %w", err)
	}
	return errors.Join(j.Append(n), j.Close())
}

// lastNote reads the newest note, or nil.
func lastNote(s shelf.Shelf) (*Note, error) {
	lines, err := shelf.Lines(s.Folder(notes))
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(lines) == 0 {
		return nil, nil //nolint:nilnil // there is none
	}
	if err != nil {
		return nil, fmt.Errorf("read the hand-over note: %w", err)
	}
	var n Note
	if err := json.Unmarshal(lines[len(lines)-1], &n); err != nil {
		return nil, fmt.Errorf("read the hand-over note: %w", err)
	}
	return &n, nil
}

// lines is the note as it is shown and sent.
func (n *Note) lines() []string {
	var out []string
	for line := range strings.Lines(n.Text) {
		out = append(out, strings.TrimSpace(line))
	}
	for _, o := range n.Open {
		out = append(out, "- "+o)
	}
	return out
}
