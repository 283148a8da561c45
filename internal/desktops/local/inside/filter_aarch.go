//go:build arm64

package inside

import "golang.org/x/sys/unix"

const (
	auditArch    = unix.AUDIT_ARCH_AARCH64
	otherNumbers = 0x40000000 // none here
)

// refusedHere are calls that only this architecture has.
var refusedHere []uint32
