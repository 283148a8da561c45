package probe

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// Reach is what a desktop finds of a host: who it asks for names, what they
// answer, and whether the port takes a connection.
type Reach struct {
	Servers   []string `json:"servers,omitempty"` // DNS
	Addresses []string `json:"addresses,omitempty"`
	Port      string   `json:"port"` // open, refused, silent; "" is not known
}

// host is what may stand in a script: a name as DNS has it, or an address.
var host = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)

// ReachPack asks for a host by name, and knocks at a port of it. The host comes
// from a person: one that is no host is refused.
func ReachPack(name string, port int) (Pack, error) {
	if !host.MatchString(name) || port < 1 || port > 65535 {
		return Pack{}, fmt.Errorf("%q, port %d: want the name of a host or an IPv4 address", name, port)
	}
	fill := strings.NewReplacer("HOST", name, "PORT", fmt.Sprint(port)).Replace
	return Pack{Name: "reach", Shell: fill(reachShell), PowerShell: fill(reachPowerShell)}, nil
}

// KnockPack knocks at a port some times, until it is open: what was put right in a
// network takes a moment until it is so.
func KnockPack(address netip.Addr, port int) Pack {
	fill := strings.NewReplacer("HOST", address.String(), "PORT", strconv.Itoa(port)).Replace
	return Pack{Name: "knock", Shell: fill(knockShell), PowerShell: fill(knockPowerShell)}
}

// timeout ends with 124 where the time is over (timeout(1)).
const portShell = `timeout 5 bash -c ': < /dev/tcp/HOST/PORT' 2>/dev/null; case $? in 0) w=open;; 124) w=silent;; *) w=refused;; esac`

const knockShell = `export LC_ALL=C
echo @@port; for n in 1 2 3 4 5 6; do ` + portShell + `; [ $w != open ] || break; sleep 1; done; echo $w
`

const reachShell = `export LC_ALL=C
echo @@dns; awk '$1=="nameserver"{print $2}' /etc/resolv.conf 2>/dev/null
echo @@name; getent ahostsv4 HOST | awk '{print $1}' | sort -u
echo @@port; ` + portShell + `; echo $w
`

// The classes of .NET say nothing in words, other than Test-NetConnection. Where a
// policy allows no classes, nobody knocked: nothing is said of the port.
const portPowerShell = `$w = 'unknown'; $c = New-Object Net.Sockets.TcpClient; $a = $c.BeginConnect('HOST', PORT, $null, $null)
if ($a) { if ($a.AsyncWaitHandle.WaitOne(5000)) { try { $c.EndConnect($a); $w = 'open' } catch { $w = 'refused' } } else { $w = 'silent' }; $c.Close() }`

const knockPowerShell = `'@@port'; foreach ($n in 1..6) { ` + portPowerShell + `
if ($w -eq 'open') { break }; Start-Sleep 1 }; $w
`

const reachPowerShell = `'@@dns'; Get-DnsClientServerAddress -AddressFamily IPv4 | ForEach-Object ServerAddresses | Select-Object -Unique
'@@name'; try { [Net.Dns]::GetHostAddresses('HOST') | Where-Object AddressFamily -eq InterNetwork | ForEach-Object IPAddressToString } catch {}
'@@port'; ` + portPowerShell + `; $w
`

// Reach reads what ReachPack brought.
func (s Sections) Reach() Reach {
	r := Reach{Servers: addresses(s["dns"]), Addresses: addresses(s["name"])}
	switch word := s.Word("port"); word {
	case "open", "refused", "silent":
		r.Port = word
	}
	return r
}

func addresses(lines []string) (out []string) {
	for _, line := range lines {
		if a, err := netip.ParseAddr(strings.TrimSpace(line)); err == nil && a.Zone() == "" {
			out = append(out, a.String())
		}
	}
	return out
}
