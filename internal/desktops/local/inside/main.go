package inside

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
	"tamachi/internal/desktops/local/volume"
)

// Main is the hidden subcommand desktop-init; args follow its name. It returns
// the exit code.
func Main(args []string) int {
	if err := run(args); err != nil {
		fmt.Fprintln(os.Stderr, "desktop-init:", err)
		return 1
	}
	return 0
}

func run(args []string) error {
	if len(args) == 2 && args[0] == "wallpaper" {
		return wallpaper(args[1])
	}
	if len(args) != 1 {
		return errors.New("this subcommand is for the program's own use")
	}
	switch args[0] {
	case "image":
		return image.Main(os.Stdin)
	case "volume":
		return volume.Main(context.Background(), os.Stdin)
	case "probe":
		return nil
	case "stage":
		return reporting(stage)
	case "enter":
		return reporting(enter)
	case "detach":
		return reporting(detach)
	case "alone":
		return reporting(alone)
	case "container":
		return container()
	case "guest":
		return guest()
	case "display":
		return relay(Socket)
	case string(desktops.Speaker), string(desktops.Microphone), string(desktops.Printer):
		return relay(filepath.Join(filepath.Dir(Socket), args[0]))
	case "first":
		plan, err := readPlan()
		if err != nil {
			return err
		}
		return first(plan)
	default:
		return fmt.Errorf("unknown step %q", args[0])
	}
}

// reporting runs a step and reports its error to the provider too.
func reporting(step func(Plan) error) error {
	plan, err := readPlan()
	if err == nil {
		err = step(plan)
	}
	if err != nil {
		tell(Report{Error: err.Error()})
	}
	return err
}
