package policy

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Written is a policy document whose statements are kept as they were written, for
// those who add and remove statements by their Sid.
type Written struct {
	Version   string            `json:",omitempty"`
	ID        string            `json:"Id,omitempty"`
	Statement []json.RawMessage `json:"Statement"`
}

// ReadWritten takes a document apart that Parse or ParseResource took.
func ReadWritten(text string) (Written, error) {
	var w Written
	if err := json.Unmarshal([]byte(text), &w); err == nil {
		return w, nil
	}
	var one struct { // a policy may have one statement without a list
		Version   string
		ID        string `json:"Id"`
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &one); err != nil {
		return w, fmt.Errorf("read a policy's statements: %w", err)
	}
	return Written{one.Version, one.ID, []json.RawMessage{one.Statement}}, nil
}

func sidOf(statement json.RawMessage) string {
	var head struct{ Sid string }
	_ = json.Unmarshal(statement, &head) // it was read as a policy
	return head.Sid
}

// Has tells whether a statement has that Sid.
func (w *Written) Has(sid string) bool {
	return slices.ContainsFunc(w.Statement, func(one json.RawMessage) bool { return sidOf(one) == sid })
}

// Add adds a statement.
func (w *Written) Add(statement map[string]any) error {
	one, err := json.Marshal(statement)
	if err != nil {
		return fmt.Errorf("write a statement: %w", err)
	}
	w.Statement = append(w.Statement, one)
	return nil
}

// Remove removes the statements of a Sid; it tells whether there were any.
func (w *Written) Remove(sid string) bool {
	n := len(w.Statement)
	w.Statement = slices.DeleteFunc(w.Statement, func(one json.RawMessage) bool { return sidOf(one) == sid })
	return len(w.Statement) < n
}

// Text is the document as it is now.
func (w *Written) Text() (string, error) {
	b, err := json.Marshal(w)
	return string(b), err
}
