// Command tamachi-desktop is the part of the product that runs inside of
// desktops. `make` embeds it in the product, which hands it to its desktops
// (package small); nobody starts it by hand.
package main

import (
	"fmt"
	"os"

	"tamachi/internal/house/guest"
)

func main() {
	code, inside := guest.Main(os.Args[1:])
	if !inside {
		fmt.Fprintln(os.Stderr, "tamachi-desktop: this program is for desktops only; people start tamachi")
		code = 2
	}
	os.Exit(code)
}
