package local_test

import (
	"strings"
	"testing"

	"tamachi/internal/desktops"
)

func TestADesktopWhoseUserFillsWhatIsInMemoryLivesOn(t *testing.T) {
	h := open(t)
	s := spec(one)
	s.MemoryMiB = 256
	if _, err := h.Create(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"/tmp", "/dev/shm"} {
		out, err := h.run(t, one, "setpriv --reuid 1000 --regid 1000 --clear-groups head -c 400M /dev/zero > "+dir+"/fill")
		if err == nil || !strings.Contains(err.Error()+out, "No space left on device") {
			t.Errorf("400 MiB into %s of a desktop of 256 MiB: want no space left, got %q, %v", dir, out, err)
		}
	}
	if d, err := h.Inspect(t.Context(), one); err != nil || d.State != desktops.Running {
		t.Errorf("want the desktop RUNNING, got %+v, %v", d, err)
	}
}
