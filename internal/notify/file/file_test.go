package file_test

import (
	"os"
	"path/filepath"
	"testing"

	"tamachi/internal/notify"
	"tamachi/internal/notify/file"
	"tamachi/internal/notify/notifytest"
)

func TestSuite(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) (notify.Sender, func() []notifytest.Arrived) {
		dir := filepath.Join(t.TempDir(), "outbox")
		return file.New(dir), func() []notifytest.Arrived {
			var out []notifytest.Arrived
			names, err := os.ReadDir(dir)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			for _, n := range names {
				if i, err := n.Info(); err != nil || i.Mode() != 0o600 {
					t.Errorf("%s: want mode 0600, got %v, %v", n.Name(), i.Mode(), err)
				}
				b, err := os.ReadFile(filepath.Join(dir, n.Name()))
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, notifytest.Read(t, b))
			}
			return out
		}
	})
}

func TestAnOutboxThatCannotBeWrittenSaysSo(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := file.New(filepath.Join(taken, "outbox")).Send(t.Context(), notifytest.Notice("n-1"))
	if err == nil {
		t.Fatal("want an error, got none")
	}
	if _, err := os.Stat(filepath.Join(taken, "outbox")); err == nil {
		t.Errorf("want no outbox, got %v", err)
	}
}
