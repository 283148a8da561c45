package local

import (
	"os/exec"
	"syscall"
	"testing"
)

// A plain desktop's user may have the number of the root of a namespaced
// desktop of another plane on this machine.
func TestEndingAPlainUserSparesDesktopsInNamespaces(t *testing.T) {
	const uid = 3_999_990_000
	apart := exec.CommandContext(t.Context(), "sleep", "60")
	apart.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: uid, Size: 1}},
		Credential:  &syscall.Credential{},
	}
	plain := exec.CommandContext(t.Context(), "sleep", "60")
	plain.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	for _, c := range []*exec.Cmd{apart, plain} {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- plain.Wait() }()
	if err := endUser(t.Context(), uid); err != nil {
		t.Fatal(err)
	}
	<-ended
	var status syscall.WaitStatus
	if pid, err := syscall.Wait4(apart.Process.Pid, &status, syscall.WNOHANG, nil); pid != 0 || err != nil {
		t.Fatalf("want the process in its own namespace alive, got %d, %v, %v", pid, status, err)
	}
	_ = apart.Process.Kill()
	_ = apart.Wait()
}
