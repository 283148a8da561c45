package image

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/settings"
)

// pack asks the master for the programs and signatures of the list, and its
// questions. What GetCommandInvocation brings is short, so only what is asked for
// is written. Names come into the script quoted.
func pack(want settings.Acceptance) probe.Pack {
	names := append([]string{}, want.Antivirus.Any...)
	for _, p := range want.Programs {
		names = append(names, p.Names()...)
	}
	var shell, power strings.Builder
	shell.WriteString("export LC_ALL=C\necho @@programs\n")
	power.WriteString("'@@programs'\n")
	if len(names) > 0 {
		shell.WriteString(strings.Replace(shellPrograms, "PATTERNS", shellPatterns(names), 1))
		power.WriteString(strings.Replace(powerPrograms, "PATTERNS", powerPatterns(names), 1))
	}
	shell.WriteString(shellSignatures)
	power.WriteString(powerSignatures)
	for i, p := range want.Probes {
		if p.Shell != "" {
			fmt.Fprintf(&shell, "echo @@probe-%d; out=$(sh -c %s 2>&1); code=$?; printf '%%s\\n' \"$out\" | head -c 1000; echo; echo @@code-%d; echo $code\n", i, plan.Shell(p.Shell), i)
		}
		if p.PowerShell != "" {
			fmt.Fprintf(&power, "'@@probe-%d'; $code = 0; $global:LASTEXITCODE = 0; try { $out = (& ([scriptblock]::Create(%s)) *>&1 | Out-String -Width 1000).Trim(); $code = $LASTEXITCODE } catch { $out = \"$_\"; $code = 1 }; $out.Substring(0, [Math]::Min(1000, $out.Length)); '@@code-%d'; $code\n", i, powerQuote(p.PowerShell), i)
		}
	}
	shell.WriteString("true\n")
	return probe.Pack{Name: "image", Shell: shell.String(), PowerShell: power.String()}
}

// Names and versions are in lower case, which is one process for all of them.
const shellPrograms = `{ dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Version}\n' 2>/dev/null | sed -n 's/^installed\t//p'; rpm -qa --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n' 2>/dev/null; } | tr A-Z a-z | while IFS='	' read -r n v; do
 case $n in PATTERNS) printf '%s\t%s\n' "$n" "$v";; esac
done | head -200
`

// Programs of both widths, and of users who are signed in: the agent is the account
// SYSTEM, whose own key (HKCU) has none of theirs.
// Source: Microsoft Learn, "Uninstall Registry Key".
const powerPrograms = `$all = Get-ItemProperty 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*','HKLM:\SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall\*','Registry::HKEY_USERS\*\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\*' -ErrorAction SilentlyContinue | Where-Object DisplayName
foreach ($p in PATTERNS) { $all | Where-Object { $_.DisplayName -like $p } | Select-Object -First 20 | ForEach-Object { "$($_.DisplayName)$t$($_.DisplayVersion)" } }
`

// Source: freshclam.conf(5), DatabaseDirectory.
const shellSignatures = `echo @@signatures
for f in /var/lib/clamav/daily.cld /var/lib/clamav/daily.cvd; do [ ! -e "$f" ] || printf 'clamav\t%s\n' "$(stat -c %Y "$f")"; done
`

// Source: Microsoft Learn, MSFT_MpComputerStatus.
const powerSignatures = `'@@signatures'; try { $s = Get-MpComputerStatus -ErrorAction Stop; if ($s.AntivirusEnabled) { "Microsoft Defender$t$(([DateTimeOffset]$s.AntivirusSignatureLastUpdated).ToUnixTimeSeconds())" } } catch {}
`

// shellPatterns writes names as patterns of case: what is no * is quoted.
func shellPatterns(names []string) string {
	var all []string
	for _, n := range names {
		parts := strings.Split(strings.ToLower(n), "*")
		for i := range parts {
			if parts[i] != "" {
				parts[i] = "'" + strings.ReplaceAll(parts[i], "'", `'\''`) + "'"
			}
		}
		all = append(all, strings.Join(parts, "*"))
	}
	return strings.Join(all, "|")
}

// powerPatterns writes names as patterns of -like, in which * is any text and a
// backtick takes the meaning of the other signs away.
func powerPatterns(names []string) string {
	escape := strings.NewReplacer("`", "``", "[", "`[", "]", "`]", "?", "`?")
	var all []string
	for _, n := range names {
		all = append(all, powerQuote(escape.Replace(n)))
	}
	return "@(" + strings.Join(all, ",") + ")"
}

// powerQuote writes a text that PowerShell takes as it is. It ends a quotation at
// typographic quotation marks as well.
func powerQuote(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("'‘’‚‛", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	return "'" + b.String() + "'"
}

// Installed is a program of the master.
type Installed = probe.Program

// Signatures is how old an antivirus' knowledge is.
type Signatures struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Answer is what a probe of the list brought.
type Answer struct {
	Asked  bool   `json:"asked"` // it is written for this system
	Code   string `json:"code,omitempty"`
	Output string `json:"output,omitempty"`
}

// Seen is what the pack brought.
type Seen struct {
	Programs   []Installed  `json:"programs,omitempty"`
	Signatures []Signatures `json:"signatures,omitempty"`
	Answers    []Answer     `json:"answers,omitempty"` // one for each probe of the list
}

func read(s probe.Sections, probes int) Seen {
	var seen Seen
	for _, row := range s.Rows("programs", 2) {
		if row[0] != "" {
			seen.Programs = append(seen.Programs, Installed{Name: row[0], Version: row[1]})
		}
	}
	for _, row := range s.Rows("signatures", 2) {
		if n, err := strconv.ParseInt(row[1], 10, 64); err == nil && n > 0 && n < 1<<40 {
			seen.Signatures = append(seen.Signatures, Signatures{row[0], time.Unix(n, 0).UTC()})
		}
	}
	for i := range probes {
		n := strconv.Itoa(i)
		_, asked := s["probe-"+n]
		seen.Answers = append(seen.Answers, Answer{Asked: asked, Code: s.Word("code-" + n), Output: strings.Join(s["probe-"+n], "\n")})
	}
	return seen
}
