package probe

import "strings"

// PowerShell makes of commands that write lines a script for Windows PowerShell as
// the agent of Systems Manager starts it: without a profile, with its output in a
// pipe, perhaps without a console. The lines go to that pipe themselves, in UTF-8:
// the host would write them in the code page of the console (932 in Japan), which
// nobody can set where there is none. Only where a policy allows no classes of .NET
// (constrained language mode) does the host write them. Source: docs/decisions/0062-windows-outputs.md.
func PowerShell(commands string) string {
	return before + strings.TrimSuffix(commands, "\n") + after
}

const (
	before = `$ProgressPreference = 'SilentlyContinue'
$pipe = New-Object IO.StreamWriter -ArgumentList @([Console]::OpenStandardOutput(), (New-Object Text.UTF8Encoding $false))
if ($pipe) { $pipe.AutoFlush = $true }
& {
$t = "` + "`t" + `"
`
	after = `
} | ForEach-Object { if ($pipe) { $pipe.WriteLine("$_") } else { "$_" } }
exit 0
`
)
