package doctor

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"tamachi/internal/desk/plan"
	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/probe/recorded"
)

func TestRecordedDesktopIsRead(t *testing.T) {
	p, err := pack("takeda.hanako")
	if err != nil {
		t.Fatal(err)
	}
	recorded.Each(t, os.Getenv(recorded.Folder), p, func(t *testing.T, s probe.Sections) {
		seen := read(s)
		recorded.All(t, s, "disk", len(seen.Disks))
		recorded.All(t, s, "profile", len(seen.Profile))
		recorded.All(t, s, "logon", len(s.Logon()))
		for _, line := range s["installs"] { // two events are one installation
			when, name, _ := strings.Cut(line, "\t")
			if !slices.ContainsFunc(seen.Installs, func(i Install) bool { return i.Name == product(name) }) || strings.ContainsRune(name, '\ufffd') {
				t.Errorf("want %s at %s understood, got %+v", name, when, seen.Installs)
			}
		}
		if image := s.Word("image"); image != "Healthy" && image != "" && health[image] == "" {
			t.Errorf("want a state of the component store that is known, got %q", image)
		}
		if seen.Clock.IsZero() || len(seen.Disks) == 0 {
			t.Errorf("want a clock and disks, got %+v", seen)
		}
	})
}

func TestRecordedRepairIsRead(t *testing.T) {
	recorded.Each(t, os.Getenv(recorded.Folder), probe.Pack{Name: "mend", PowerShell: mendPowerShell}, func(t *testing.T, s probe.Sections) {
		var b strings.Builder
		for _, name := range []string{"sfc", "image", "done"} {
			b.WriteString("@@" + name + "\n" + strings.Join(s[name], "\n") + "\n")
		}
		if got := mended(types.CommandInvocationStatusSuccess, b.String()); got.State != plan.Done && !strings.Contains(got.Note, "could not repair") {
			t.Errorf("want what sfc said understood, got %+v of %q", got, s["sfc"])
		}
	})
}
