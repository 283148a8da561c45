// Package setup holds what the providers that make desktops of our images are
// all told, and what it is when it is not said.
package setup

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"tamachi/internal/clock"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/id"
)

// Base is what every such provider needs. Dir, PlanePort, Clock and IDs must be
// given.
type Base struct {
	Dir       string   // of the provider's own state, below the data folder
	CacheDir  string   // of images, shared by all planes of the machine; "" is image.DefaultDir
	Mirror    string   // Debian mirror for images; "" is Debian's own
	Exe       string   // the static binary whose subcommand desktop-init is inside.Main; "" is this program
	PlanePort int      // where the plane listens for desktops
	Images    []string // variants that Prepare makes; none means "office"
	Agent     []string // arguments with which Exe is started as a desktop's agent; nil is inside.AgentCommand, an empty list no agent

	Clock  clock.Clock
	IDs    *id.Source
	Logger *slog.Logger // nil means silence
}

// Complete checks what was given and fills in the rest. An error begins with
// the name of the provider.
func (b Base) Complete(provider string) (Base, error) {
	if b.Dir == "" || b.Clock == nil || b.IDs == nil {
		return b, errors.New(provider + ": folder, clock and ids must be given")
	}
	if b.PlanePort < 1 || b.PlanePort > 65535 {
		return b, fmt.Errorf("%s: %d is no port of the plane", provider, b.PlanePort)
	}
	var err error
	if b.Dir, err = filepath.Abs(b.Dir); err != nil {
		return b, err
	}
	if b.CacheDir == "" {
		b.CacheDir = image.DefaultDir
	}
	if b.Exe == "" {
		if b.Exe, err = os.Executable(); err != nil {
			return b, err
		}
	}
	if len(b.Images) == 0 {
		b.Images = []string{"office"}
	}
	if b.Agent == nil {
		b.Agent = inside.AgentCommand()
	}
	if b.Logger == nil {
		b.Logger = slog.New(slog.DiscardHandler)
	}
	return b, nil
}
