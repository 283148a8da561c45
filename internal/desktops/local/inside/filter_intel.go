//go:build amd64

package inside

import "golang.org/x/sys/unix"

const (
	auditArch = unix.AUDIT_ARCH_X86_64
	// otherNumbers is where the numbers of the x32 calls begin, which are of
	// the same architecture (seccomp(2)).
	otherNumbers = 0x40000000
)

// refusedHere are calls that only this architecture has.
var refusedHere = []uint32{
	unix.SYS_CREATE_MODULE, unix.SYS_GET_KERNEL_SYMS, unix.SYS_IOPERM, unix.SYS_IOPL, unix.SYS_MODIFY_LDT,
	unix.SYS_QUERY_MODULE, unix.SYS__SYSCTL, unix.SYS_USELIB, unix.SYS_USTAT,
}
