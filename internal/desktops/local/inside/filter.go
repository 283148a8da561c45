package inside

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"tamachi/internal/desktops/local/volume/btrfs"
)

// refused are the calls of the kernel that no program of a desktop needs and
// that have been the way out of a user namespace before: keys and programs of
// the kernel, its modules, its clock, its handles on files. Namespaces stay
// allowed, because a browser makes its own sandbox of them.
var refused = append([]uint32{
	unix.SYS_ACCT, unix.SYS_ADD_KEY, unix.SYS_BPF, unix.SYS_CLOCK_ADJTIME, unix.SYS_CLOCK_SETTIME,
	unix.SYS_ADJTIMEX, unix.SYS_DELETE_MODULE, unix.SYS_FANOTIFY_INIT, unix.SYS_FINIT_MODULE,
	unix.SYS_INIT_MODULE, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER, unix.SYS_IO_URING_SETUP,
	unix.SYS_KEXEC_FILE_LOAD, unix.SYS_KEXEC_LOAD, unix.SYS_KEYCTL, unix.SYS_LOOKUP_DCOOKIE,
	unix.SYS_MIGRATE_PAGES, unix.SYS_MOVE_PAGES, unix.SYS_NAME_TO_HANDLE_AT, unix.SYS_NFSSERVCTL,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_PERF_EVENT_OPEN, unix.SYS_QUOTACTL, unix.SYS_QUOTACTL_FD, unix.SYS_REBOOT,
	unix.SYS_REQUEST_KEY, unix.SYS_SETTIMEOFDAY, unix.SYS_SWAPOFF, unix.SYS_SWAPON, unix.SYS_SYSLOG,
	unix.SYS_USERFAULTFD, unix.SYS_VHANGUP,
}, refusedHere...)

// families are those of the sockets that a desktop may have. Others, vsock and
// packet among them, reach past its network or into rarely used code.
var families = []uint32{unix.AF_UNIX, unix.AF_INET, unix.AF_INET6, unix.AF_NETLINK}

// requests are those of ioctl that are refused: words put into a terminal, and
// subvolumes, which would be outside of the bound of the volume that they are in.
var requests = append([]uint32{unix.TIOCSTI, unix.TIOCLINUX}, btrfs.MakingRequests()...)

// Where the kernel puts what a filter may look at (seccomp(2), seccomp_data).
const (
	numberAt      = 0
	archAt        = 4
	firstArgument = 16 // the low half, on the little-endian machines that we build for
	secondOne     = 24
)

// What a filter answers.
var (
	allow   = bpf.RetConstant{Val: unix.SECCOMP_RET_ALLOW}
	kill    = bpf.RetConstant{Val: unix.SECCOMP_RET_KILL_PROCESS}
	refuse  = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)}
	unknown = bpf.RetConstant{Val: unix.SECCOMP_RET_ERRNO | uint32(unix.EAFNOSUPPORT)}
)

// filter is the program that each call of a desktop's processes passes.
func filter() []bpf.Instruction {
	program := []bpf.Instruction{
		bpf.LoadAbsolute{Off: archAt, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: auditArch, SkipTrue: 1},
		kill, // numbers mean something else in another architecture's calls
		bpf.LoadAbsolute{Off: numberAt, Size: 4},
		bpf.JumpIf{Cond: bpf.JumpLessThan, Val: otherNumbers, SkipTrue: 1},
		refuse,
	}
	for _, number := range refused {
		program = append(program, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: number, SkipTrue: 1}, refuse)
	}
	return append(append(append(program, sockets()...), controls()...), allow)
}

// sockets lets only some families be made; the call's number is loaded, and is
// so afterwards.
func sockets() []bpf.Instruction {
	check := []bpf.Instruction{bpf.LoadAbsolute{Off: firstArgument, Size: 4}}
	for _, family := range families {
		check = append(check, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: family, SkipTrue: 1}, allow)
	}
	check = append(check, unknown)
	return append([]bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: unix.SYS_SOCKET, SkipTrue: 1},
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SYS_SOCKETPAIR, SkipTrue: uint8(len(check))},
	}, check...)
}

func controls() []bpf.Instruction {
	check := []bpf.Instruction{bpf.LoadAbsolute{Off: secondOne, Size: 4}}
	for _, request := range requests {
		check = append(check, bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: request, SkipTrue: 1}, refuse)
	}
	return append([]bpf.Instruction{
		bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: unix.SYS_IOCTL, SkipTrue: uint8(len(check))},
	}, check...)
}

// confine puts the filter on this thread, which becomes the desktop's first
// process; all its descendants have it. Root of the user namespace may do so
// without giving up set-user-id programs such as sudo.
func confine() error {
	raw, err := bpf.Assemble(filter())
	if err != nil {
		return fmt.Errorf("assemble the filter of calls: %w", err)
	}
	program := unix.SockFprog{Len: uint16(len(raw)), Filter: (*unix.SockFilter)(unsafe.Pointer(&raw[0]))}
	err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
	runtime.KeepAlive(raw)
	if err != nil {
		return fmt.Errorf("filter the calls of the desktop: %w", err)
	}
	return nil
}
