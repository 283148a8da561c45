package image

import (
	"os"
	"testing"

	"tamachi/internal/desk/probe"
	"tamachi/internal/desk/probe/recorded"
	"tamachi/internal/desk/settings"
)

func TestRecordedImageIsRead(t *testing.T) {
	p := pack(settings.Acceptance{Programs: []settings.Program{{Name: "*"}}, Probes: []settings.ImageProbe{{Name: "version", PowerShell: "cmd /c ver"}}})
	recorded.Each(t, os.Getenv(recorded.Folder), p, func(t *testing.T, s probe.Sections) {
		seen := read(s, 1)
		recorded.All(t, s, "programs", len(seen.Programs))
		recorded.All(t, s, "signatures", len(seen.Signatures))
		if a := seen.Answers[0]; !a.Asked || a.Code == "" || a.Output == "" {
			t.Errorf("want the answer of the probe, got %+v", a)
		}
	})
}
