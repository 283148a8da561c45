package doctor

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/change"
	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
)

// Mend is the name of the action that repairs a desktop from inside.
const Mend = "ssm:SendCommand/Repair"

// Mending is its input.
type Mending struct {
	Node    string    `json:"node"`
	Windows bool      `json:"windows,omitempty"`
	User    string    `json:"user"`
	Since   time.Time `json:"since"` // when the plan was made
}

// Actions are the actions of this package.
func Actions() plan.Actions {
	return plan.Actions{Mend: plan.One(seeMended, mend).Needs(change.ScriptReads(), change.ScriptWrites())}
}

// mendShell gives the profile's own files back to their user, ends what dpkg left
// half done, and installs packages whose files were changed anew. Then it verifies
// once more. Files that the user could have put there to reach others (links) are
// left alone.
const mendShell = `export LC_ALL=C DEBIAN_FRONTEND=noninteractive
damaged() { ` + verify + `; }
h=$(getent passwd 'USER' | cut -d: -f6)
[ -z "$h" ] || for f in "$h" "$h"/.profile "$h"/.config "$h"/.cache; do
 [ ! -e "$f" ] || [ -L "$f" ] || { [ ! -d "$f" ] && [ "$(stat -c %h "$f")" != 1 ]; } || [ "$(stat -c %U "$f")" = 'USER' ] || { chown -h 'USER': "$f" && printf '@@owner\n%s\n' "$f"; }
done
if command -v dpkg > /dev/null; then
 apt="apt-get -y -q -o Acquire::Retries=0 -o Acquire::http::Timeout=20"
 [ -z "$(dpkg --audit 2>/dev/null)" ] || { dpkg --configure -a; $apt -f install; } < /dev/null > /dev/null 2>&1
 bad=$(damaged | cut -f2)
 [ -z "$bad" ] || printf '%s\n' "$bad" | xargs -r -d '\n' dpkg -S 2>/dev/null | cut -d: -f1 | sort -u | xargs -r $apt install --reinstall < /dev/null > /dev/null 2>&1
 echo @@verify; damaged
fi
echo @@done
`

// mendPowerShell has the component store mended before sfc, which takes its files
// from there. sfc writes what it found and did in words, in UTF-16 whatever the
// console's code page is, and its progress between carriage returns. w32tm asks for
// the time.
// Source: "Use the System File Checker tool", Microsoft Learn.
const mendPowerShell = `w32tm /resync /force 2>&1 | Out-Null
if ((Repair-WindowsImage -Online -CheckHealth -ErrorAction SilentlyContinue).ImageHealthState -eq 'Repairable') { Repair-WindowsImage -Online -RestoreHealth -ErrorAction SilentlyContinue | Out-Null }
'@@sfc'; $f = [IO.Path]::GetTempFileName(); Start-Process sfc.exe '/scannow' -NoNewWindow -Wait -RedirectStandardOutput $f
Get-Content -LiteralPath $f -Encoding Unicode | Where-Object { $_.Trim() -and $_ -notmatch '\d%' }; Remove-Item -LiteralPath $f
` + imagePowerShell + `'@@done'
`

// comment is how a command is known again: SendCommand has no client token.
func comment(token string) string { return "tamachi repair " + token }

func (m Mending) script(token string) change.Script {
	return change.Script{Node: m.Node, Comment: comment(token), Since: m.Since}
}

func seeMended(ctx context.Context, a *account.Account, ask plan.Ask[Mending]) (plan.Seen, error) {
	return ask.Input.script(ask.Token).See(ctx, a, func(_ *types.Command, out *ssm.GetCommandInvocationOutput) plan.Seen {
		return mended(out.Status, aws.ToString(out.StandardOutputContent))
	})
}

// mended reads the end of a repair.
func mended(status types.CommandInvocationStatus, output string) plan.Seen {
	if seen, well := change.Ended("the repair", status); !well {
		return seen
	}
	s := probe.Parse(output)
	seen := read(s)
	said, windows := s["sfc"]
	_, whole := s["done"]
	switch {
	case !whole:
		return plan.Seen{State: plan.Moving, Failed: true, Note: "the repair was cut off"}
	case len(seen.Files) > 0 || seen.System == damaged || seen.System == unrepaired:
		return plan.Seen{State: plan.Moving, Failed: true, Note: "found damage, could not repair: " + shownFiles(&seen)}
	case windows && sfc(strings.Join(said, " ")) == "":
		return plan.Seen{State: plan.Moving, Failed: true, Note: "nobody can tell what it did; sfc said: " + clipped(strings.Join(said, " "))}
	}
	note := "nothing is found damaged any more"
	if owners := s["owner"]; len(owners) > 0 {
		note = fmt.Sprintf("gave %d files back to their user; %s", len(owners), note)
	}
	return plan.Seen{State: plan.Done, Note: note}
}

func mend(ctx context.Context, a *account.Account, ask plan.Ask[Mending]) error {
	if !accountName.MatchString(ask.Input.User) {
		return fmt.Errorf("%q is no name of an account that can be asked about", ask.Input.User)
	}
	document, script := "AWS-RunShellScript", strings.ReplaceAll(mendShell, "USER", ask.Input.User)
	if ask.Input.Windows {
		document, script = "AWS-RunPowerShellScript", probe.PowerShell(mendPowerShell)
	}
	return ask.Input.script(ask.Token).Send(ctx, a, document, script, "3600")
}
