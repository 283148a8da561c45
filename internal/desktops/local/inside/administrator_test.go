package inside

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheUsersRightsComeAndGo(t *testing.T) {
	rights := filepath.Join(t.TempDir(), "sudoers.d", "tamachi")
	if err := administer("/bin/sh", rights, false); err != nil {
		t.Errorf("no rights where there were none: %v", err)
	}
	for range 2 {
		if err := administer("/bin/sh", rights, true); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(rights)
	if err != nil || string(text) != "#1000 ALL=(ALL:ALL) NOPASSWD: ALL\n" {
		t.Errorf("rights: %q, %v", text, err)
	}
	if st, err := os.Stat(rights); err != nil || st.Mode().Perm() != 0o440 {
		t.Errorf("want a file that sudo reads, got %v, %v", st, err)
	}
	if err := administer("/nowhere/sudo", rights, true); err == nil {
		t.Error("an image without sudo: want an error")
	}
	if err := administer("/bin/sh", rights, false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(rights); err == nil {
		t.Error("want the rights gone")
	}
}
