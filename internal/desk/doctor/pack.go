package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tamachi/internal/desk/probe"
)

// account is what may stand in a script for a user.
var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// pack looks at a desktop from inside. The user's name comes into the script:
// one that could be more than a name is refused.
func pack(user string) (probe.Pack, error) {
	if !accountName.MatchString(user) {
		return probe.Pack{}, fmt.Errorf("%q is no name of an account that can be asked about", user)
	}
	fill := strings.NewReplacer("USER", user).Replace
	return probe.Pack{Name: "desktop", Shell: fill(shell), PowerShell: fill(powerShell)}, nil
}

// The shell is what draws windows and panels. dpkg(1), --verify: the third
// character 5 says that a file is not what was installed; documents that an
// image leaves out are no damage.
const shell = `export LC_ALL=C
echo @@clock; date -u +%s
echo @@disk; df -P / /home 2>/dev/null | awk 'NR>1{print $6 "\t" $5}' | sort -u
echo @@session; ps -e -o comm= | grep -E -x 'Xvnc|Xorg|Xwayland|gnome-session-b' | sort -u
echo @@shell; ps -e -o comm= | grep -E -x 'openbox|xfwm4|xfce4-panel|gnome-shell|mate-panel|kwin_x11|kwin_wayland' | sort -u
echo @@profile
h=$(getent passwd 'USER' | cut -d: -f6); [ -n "$h" ] || h=/home/'USER'
if [ ! -d "$h" ]; then printf 'missing\t%s\n' "$h"; else
 o=$(stat -c %U "$h"); [ "$o" = 'USER' ] || printf 'owner\t%s\t%s\n' "$o" "$(stat -c %Z "$h")"
 for f in "$h"/.profile "$h"/.config "$h"/.cache; do [ ! -e "$f" ] || [ "$(stat -c %U "$f")" = 'USER' ] || printf 'owner\t%s\t%s\n' "$f" "$(stat -c %Z "$f")"; done
 t=$(awk -v h="$h" '$2==h || $2=="/home"{o=$4} END{print o}' /proc/mounts); case ",$t," in *,ro,*) printf 'readonly\t%s\n' "$h";; esac
fi
echo @@installs; { grep -h ' install ' /var/log/dpkg.log 2>/dev/null | awk '{print $1 "T" $2 "Z\t" $4}'; rpm -qa --qf '%{INSTALLTIME:date}\t%{NAME}\n' 2>/dev/null; } | tail -50
` + probe.LogonShell + `echo @@verify; ` + verify + "\n"

// verify writes each damaged file with when it was changed.
const verify = `dpkg --verify 2>/dev/null | awk '$1!="missing" && substr($1,3,1)=="5" && $2!="c"{print "changed\t" $NF} $1=="missing" && $2!="c"{print "missing\t" $NF}' | grep -v -E '/usr/share/(doc|man|locale|info|lintian|help|gnome)|\.pyc$' | head -20 | while IFS='	' read -r k f; do printf '%s\t%s\t%s\n' "$k" "$f" "$(stat -c %Z "$f" 2>/dev/null)"; done`

// A profile is its user's by the SID of its key; where the account cannot be asked
// for, by the name of its folder, which Windows may have made longer (NAME.DOMAIN).
// Temporary profiles are in TEMP and TEMP.DOMAIN.001. Event 1033 tells of
// installations that failed, too. sfc takes ten minutes and longer, so the probe asks
// what Windows knows already of its component store.
// Source: "Fix a temporary user profile", Microsoft Learn: a key that ends in .bak
// under ProfileList; MsiInstaller events 1033 (name, version, language, status) and
// 11707; "Error Codes", Windows Installer: 1641 and 3010 are successes.
const powerShell = `'@@clock'; [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
` + probe.DiskPowerShell + `'@@session'; (Get-CimInstance Win32_ComputerSystem).UserName
'@@shell'; Get-Process explorer -ErrorAction SilentlyContinue | Select-Object -First 1 | ForEach-Object Name
'@@profile'; $sid = try { (New-Object Security.Principal.NTAccount 'USER').Translate([Security.Principal.SecurityIdentifier]).Value } catch { }
Get-ChildItem 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList' | ForEach-Object { $p = (Get-ItemProperty $_.PSPath).ProfileImagePath; $mine = if ($sid) { ($_.PSChildName -replace '\.bak$') -eq $sid } else { $p -like '*\USER' -or $p -like '*\USER.*' }
if ($mine -and $_.PSChildName -like '*.bak') { "backup$t$p" } elseif ($mine -and -not (Test-Path -LiteralPath $p)) { "missing$t$p" }
if ($p -cmatch '\\TEMP(\.[^\\]+)?$') { "temporary$t$p" } }
` + probe.LogonPowerShell + `'@@installs'; Get-WinEvent -FilterHashtable @{LogName='Application'; ProviderName='MsiInstaller'; Id=1033,11707; StartTime=(Get-Date).AddDays(-7)} -MaxEvents 50 -ErrorAction SilentlyContinue | Where-Object { $_.Id -ne 1033 -or "$($_.Properties[3].Value)" -in '0', '1641', '3010' } | ForEach-Object { "$($_.TimeCreated.ToUniversalTime().ToString('s'))Z$t$($_.Properties[0].Value)" }
` + imagePowerShell

// imagePowerShell asks whether the component store is known to be damaged, which
// does not look for damage.
// Source: Repair-WindowsImage, Microsoft Learn; ImageHealthState.
const imagePowerShell = `'@@image'; (Repair-WindowsImage -Online -CheckHealth -ErrorAction SilentlyContinue).ImageHealthState
`

// Seen is what a probe found.
type Seen struct {
	Clock    time.Time    `json:"clock,omitzero"`
	Disks    []probe.Disk `json:"disks,omitempty"`
	Session  bool         `json:"session"` // there is something that the shell could draw on
	Shell    []string     `json:"shell,omitempty"`
	Profile  []Damage     `json:"profile,omitempty"`
	Logon    []Damage     `json:"logonScripts,omitempty"` // missing ones, and those that failed
	Installs []Install    `json:"installs,omitempty"`
	Files    []Damage     `json:"files,omitempty"`  // of the system
	System   condition    `json:"system,omitempty"` // as sfc and the component store of Windows say, the worse of both
}

// condition is that of the system's files; the later, the worse.
type condition string

const (
	clean      condition = "clean"
	repaired   condition = "repaired"
	damaged    condition = "damaged"
	unrepaired condition = "unrepaired"
)

// worse is the worse of two conditions.
func (c condition) worse(o condition) condition {
	order := []condition{"", clean, repaired, damaged, unrepaired}
	return order[max(slices.Index(order, c), slices.Index(order, o))]
}

// Damage is one thing that is not as it should be.
type Damage struct {
	Kind string    `json:"kind"`
	What string    `json:"what"`
	At   time.Time `json:"at,omitzero"` // when it was changed, where that can be told
}

// Install is a program that was installed.
type Install struct {
	At   time.Time `json:"at"`
	Name string    `json:"name"`
}

// read reads what the pack brought.
func read(s probe.Sections) Seen {
	seen := Seen{Disks: s.Disks(), Session: len(s["session"]) > 0, Profile: damages(s, "profile"), Files: damages(s, "verify"), System: sfc(strings.Join(s["sfc"], " ")).worse(health[s.Word("image")])}
	if n, err := strconv.ParseInt(s.Word("clock"), 10, 64); err == nil && n >= 0 && n < 1<<40 {
		seen.Clock = time.Unix(n, 0).UTC()
	}
	for _, name := range s["shell"] {
		seen.Shell = append(seen.Shell, strings.TrimSpace(name))
	}
	for _, script := range s.Logon() {
		if script.State != probe.ScriptThere {
			seen.Logon = append(seen.Logon, Damage{Kind: string(script.State), What: script.What})
		}
	}
	for _, row := range s.Rows("installs", 2) {
		one := Install{Name: product(row[1])}
		var err error
		if one.At, err = time.Parse(time.RFC3339, row[0]); err == nil && one.Name != "" && !slices.ContainsFunc(seen.Installs, one.same) {
			seen.Installs = append(seen.Installs, one)
		}
	}
	return seen
}

// product is the name of a product in what Windows Installer says. Event 1033 has
// it alone; 11707 has a sentence, "Product: NAME -- Installation completed
// successfully.", in the language of Windows.
func product(said string) string {
	name, _, sentence := strings.Cut(said, " -- ")
	if !sentence {
		return strings.TrimSpace(said)
	}
	for _, colon := range []string{": ", "： ", "：", ":"} {
		if word, rest, ok := strings.Cut(name, colon); ok && !strings.Contains(strings.TrimSpace(word), " ") { // French has a space before the colon
			return strings.TrimSpace(rest)
		}
	}
	return strings.TrimSpace(name)
}

// same tells of the two events of one installation, which come within a minute.
func (i Install) same(o Install) bool {
	return i.Name == o.Name && i.At.Sub(o.At).Abs() <= time.Minute
}

func damages(s probe.Sections, name string) (out []Damage) {
	for _, row := range s.Rows(name, 2) {
		what, changed, _ := strings.Cut(row[1], "\t")
		if row[0] == "" || what == "" {
			continue
		}
		d := Damage{Kind: row[0], What: what}
		if n, err := strconv.ParseInt(changed, 10, 64); err == nil && n > 0 && n < 1<<40 {
			d.At = time.Unix(n, 0).UTC()
		}
		out = append(out, d)
	}
	return out
}

// health is what the values of ImageHealthState mean. Healthy is said of a store that
// nobody ever looked through, too, so it means nothing.
var health = map[string]condition{"Repairable": damaged, "NonRepairable": unrepaired}

// verdicts are parts of the sentences of sfc in English and Japanese; those that
// contain others come first.
// Source: "Use the System File Checker tool", Microsoft Learn, in both languages.
var verdicts = []struct {
	part  string
	means condition
}{
	{"did not find any integrity violations", clean},
	{"整合性違反を検出しませんでした", clean},
	{"successfully repaired", repaired},
	{"正常に修復", repaired},
	{"unable to fix some", unrepaired},
	{"修復できませ", unrepaired},
	{"found integrity violations", damaged},
	{"整合性違反を検出しました", damaged},
	{"整合性違反が検出されました", damaged},
	{"found corrupt files", damaged},
	{"破損したファイルが見つかり", damaged},
}

func sfc(said string) condition {
	for _, v := range verdicts {
		if strings.Contains(said, v.part) {
			return v.means
		}
	}
	return ""
}

// clipped is the beginning of what a tool said, for a note.
func clipped(said string) string {
	if said = strings.Join(strings.Fields(said), " "); utf8.RuneCountInString(said) > 200 {
		said = string([]rune(said)[:200]) + " ..."
	}
	return said
}
