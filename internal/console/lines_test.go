package console

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const source = "../../console/src"

// operations are how a call is named in the console's sources: a command of the
// SDK, an operation of ours, or a path of the data of directories.
var operations = regexp.MustCompile(`new ([A-Z]\w+)Command\(|(?:desk|ours)(?:<.*?>+)?\('(\w+)'|'/Users/(\w+)'`)

// names are what a file exports, and where.
var names = regexp.MustCompile(`(?m)^export (?:async )?(?:function|const) (\w+)`)

var onlyLook = regexp.MustCompile(`^(Describe|Get|List|Lookup|Search)`)

// changing are the functions of one file that do more than look, with what they
// call.
func changing(text string) map[string]string {
	out := map[string]string{}
	at := names.FindAllStringSubmatchIndex(text, -1)
	for i, m := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		for _, call := range operations.FindAllStringSubmatch(text[m[0]:end], -1) {
			if op := call[1] + call[2] + call[3]; !onlyLook.MatchString(op) {
				out[text[m[2]:m[3]]] = op
			}
		}
	}
	return out
}

// TestEveryActionHasItsLine: whatever part of the console changes something, or has
// the plane do something, shows the line that does the same.
func TestEveryActionHasItsLine(t *testing.T) {
	read := func(pattern string) map[string]string {
		out := map[string]string{}
		files, err := filepath.Glob(filepath.Join(source, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("want sources at %s, got %v", pattern, err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			out[f] = string(b)
		}
		return out
	}
	screens := read("p*/*.tsx")
	if without := "import { apply } from '../aws/desk';"; shows(without) || !uses(without, "desk", "apply") {
		t.Error("want a part without a line to be seen as one")
	}
	var all []string
	for f, text := range read("aws/*.ts") {
		room := strings.TrimSuffix(filepath.Base(f), ".ts")
		for name, op := range changing(text) {
			all = append(all, op)
			used := false
			for screen, text := range screens {
				if !uses(text, room, name) {
					continue
				}
				used = true
				if !shows(text) {
					t.Errorf("%s calls %s of %s (%s): want its line for the terminal beside it", filepath.Base(screen), name, room, op)
				}
			}
			if !used {
				t.Errorf("%s of %s (%s): want a page that uses it", name, room, op)
			}
		}
	}
	for _, op := range []string{"ApplyPlan", "PlanDuty", "RunDuty", "DecideRequest", "SendCommand", "CancelCommand", "StartSession", "TerminateSession", "DisableAlarmActions", "OpenDesktop", "DisableUser"} {
		if !slices.Contains(all, op) {
			t.Errorf("want %s among what the console does, got %v", op, all)
		}
	}
}

func uses(screen, room, name string) bool {
	return regexp.MustCompile(`import \{[^}]*\b` + name + `\b[^}]*\} from '\.\./aws/` + room + `'`).MatchString(screen)
}

func shows(screen string) bool {
	return strings.Contains(screen, "<Cli") || strings.Contains(screen, "commands=")
}
