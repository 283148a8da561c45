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
	return plan.Actions{Mend: plan.One(seeMended, mend).Needs(
		[]string{"ssm:GetCommandInvocation", "ssm:ListCommands"}, []string{"ssm:SendCommand"},
	)}
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

// sfc writes what it found and did in words; w32tm asks for the time.
// Source: "Use the System File Checker tool", Microsoft Learn.
const mendPowerShell = `[Console]::OutputEncoding = [Text.Encoding]::UTF8
w32tm /resync /force | Out-Null
'@@sfc'; sfc /scannow
'@@done'
exit 0
`

// comment is how a command is known again: SendCommand has no client token.
func comment(token string) string { return "tamachi repair " + token }

func seeMended(ctx context.Context, a *account.Account, ask plan.Ask[Mending]) (plan.Seen, error) {
	var sent *types.Command
	in := &ssm.ListCommandsInput{
		InstanceId: &ask.Input.Node, MaxResults: aws.Int32(50),
		Filters: []types.CommandFilter{{Key: types.CommandFilterKeyInvokedAfter, Value: aws.String(ask.Input.Since.Add(-time.Minute).UTC().Format("2006-01-02T15:04:05Z"))}},
	}
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		in.NextToken = token
		out, err := a.Nodes.ListCommands(ctx, in)
		if err != nil {
			return nil, account.Explain("ssm:ListCommands", err)
		}
		for _, c := range out.Commands {
			if sent == nil && strings.HasPrefix(aws.ToString(c.Comment), comment(ask.Token)) {
				sent = &c
			}
		}
		return out.NextToken, nil
	})
	if err != nil {
		return plan.Seen{}, err
	}
	if sent == nil {
		return plan.Seen{State: plan.Todo}, nil
	}
	out, err := a.Nodes.GetCommandInvocation(ctx, &ssm.GetCommandInvocationInput{CommandId: sent.CommandId, InstanceId: &ask.Input.Node})
	if err != nil {
		if account.Explain("", err).Code == "InvocationDoesNotExist" { // on AWS it is there a moment later
			return plan.Seen{State: plan.Moving, Note: "sent"}, nil
		}
		return plan.Seen{}, account.Explain("ssm:GetCommandInvocation", err)
	}
	return mended(out.Status, aws.ToString(out.StandardOutputContent)), nil
}

// mended reads the end of a repair.
func mended(status types.CommandInvocationStatus, output string) plan.Seen {
	switch status {
	case types.CommandInvocationStatusPending, types.CommandInvocationStatusInProgress, types.CommandInvocationStatusDelayed:
		return plan.Seen{State: plan.Moving, Note: "the repair is " + string(status)}
	case types.CommandInvocationStatusSuccess:
	default:
		return plan.Seen{State: plan.Moving, Failed: true, Note: "the repair ended as " + string(status)}
	}
	s := probe.Parse(output)
	seen := read(s)
	_, whole := s["done"]
	switch {
	case !whole:
		return plan.Seen{State: plan.Moving, Failed: true, Note: "the repair was cut off"}
	case len(seen.Files) > 0 || seen.SFC == "damaged" || seen.SFC == "unrepaired":
		return plan.Seen{State: plan.Moving, Failed: true, Note: "found damage, could not repair: " + shownFiles(&seen)}
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
		document, script = "AWS-RunPowerShellScript", mendPowerShell
	}
	_, err := a.Nodes.SendCommand(ctx, &ssm.SendCommandInput{
		DocumentName: &document, InstanceIds: []string{ask.Input.Node}, Comment: aws.String(comment(ask.Token)),
		Parameters: map[string][]string{"commands": {script}, "executionTimeout": {"3600"}},
	})
	if err != nil {
		return account.Explain("ssm:SendCommand", err)
	}
	return nil
}
