// Command testinit stands for the product's binary in the tests of package
// local: its subcommand desktop-init is the real one, its agent only shows
// where and as what it runs.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"tamachi/internal/desktops/local"
	"tamachi/internal/id"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "desktop-init" {
		os.Exit(local.InitMain(os.Args[2:]))
	}
	if len(os.Args) == 4 && os.Args[1] == "agent" && os.Args[2] == "--config" {
		if err := agent(os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	fmt.Fprintln(os.Stderr, "usage: testinit desktop-init STEP | testinit agent --config FILE")
	os.Exit(2)
}

// agent reads its configuration as the real one does, makes an identity once,
// and stays until it is told to end.
func agent(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var config local.AgentConfig
	if err := json.Unmarshal(text, &config); err != nil {
		return err
	}
	file := filepath.Join(config.Folder, "identity")
	if _, err := os.Stat(file); os.IsNotExist(err) {
		if err := os.WriteFile(file, []byte("mi-"+id.Random().Hex(17)), 0o600); err != nil {
			return err
		}
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	return nil
}
