package probe

import "strings"

// The section logon: each logon script of the desktop's user, and what became of
// it. A desktop of a plane writes down how it carried its policies out; Windows
// keeps the scripts of its Group Policy, of which it is only seen whether they are
// there. What the account of the agent cannot tell is left out: a variable that only
// users have (%LOGONSERVER%) stays as it is. A server is knocked at before its path is
// looked for, which takes 21 seconds where it is away.
// Source: [MS-GPSCR]: a script that is only a name is in the folder Scripts\Logon of
// its policy, whose key above has FileSysPath; else it is a program of the path.
const (
	LogonShell = `echo @@logon; awk '/"LogonScript": \{/{on=1} on&&/"State":/{s=$0; gsub(/.*: "|",?$/,"",s)} on&&/"Detail":/{d=$0; sub(/^[^:]*: "/,"",d); sub(/",?$/,"",d)} on&&/\}/{print s "\t" (d==""?"-":d); exit}' /var/log/tamachi/policy.json 2>/dev/null || :
`
	LogonPowerShell = `'@@logon'; if ($pipe) { $far = @{}; Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\State\*\Scripts\Logon\*\*' -ErrorAction SilentlyContinue | Where-Object Script | ForEach-Object { $n = [Environment]::ExpandEnvironmentVariables($_.Script).Trim('" '); $f = $n; if (-not [IO.Path]::IsPathRooted($n)) { $f = "$((Get-ItemProperty $_.PSParentPath).FileSysPath)\Scripts\Logon\$n" }; if ($n -like '*%*') { return }
$h = if ($f -match '^\\\\([^\\]+)\\') { $Matches[1] }; if ($h -and $far[$h] -eq $null) { $far[$h] = try { (New-Object Net.Sockets.TcpClient).ConnectAsync($h, 445).Wait(3000) } catch { $false } }
"$(if ($h -and -not $far[$h]) { 'unreachable' } elseif ((Test-Path -LiteralPath $f) -or (Get-Command $n -CommandType Application -ErrorAction SilentlyContinue)) { 'there' } else { 'missing' })$t$f" } }
`
)

// Script is a logon script.
type Script struct {
	State ScriptState `json:"state"`
	What  string      `json:"what,omitempty"` // its path, or why it failed
}

// ScriptState says what became of a logon script.
type ScriptState string

// The states of a logon script.
const (
	ScriptThere   ScriptState = "there" // where that is known, it ran or runs
	ScriptMissing ScriptState = "missing"
	ScriptFailed  ScriptState = "failed"
)

// Logon reads the section logon. What it has no word for is dropped.
func (s Sections) Logon() (out []Script) {
	for _, row := range s.Rows("logon", 2) {
		one := Script{What: strings.TrimPrefix(row[1], "-")} // - is nothing to say
		switch row[0] {
		case "there", "CARRIED_OUT", "RUNNING":
			one.State = ScriptThere
		case "missing":
			one.State = ScriptMissing
		case "unreachable":
			one.State, one.What = ScriptFailed, one.What+": its server does not answer on port 445"
		case "FAILED":
			one.State = ScriptFailed
			if strings.HasSuffix(one.What, "no such file on the desktop") {
				one.State = ScriptMissing
			}
		default:
			continue
		}
		out = append(out, one)
	}
	return out
}
