package webaccess

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// imported finds the modules that a module names, as our scripts and noVNC write
// it (ECMAScript, "Imports").
var imported = regexp.MustCompile(`(?m)^(?:import|export|\})[^'"\n]*['"](\.{1,2}/[^'"\n]+)['"]`)

// modules are the addresses of all that a script of ours needs. A browser that
// is told of them at once asks for them side by side; by itself it reads one
// module to learn of the next, six deep for a desktop.
func modules(start string, viewer fs.FS) (all []string) {
	trees := []struct {
		prefix string
		files  fs.FS
	}{{Prefix + "assets/", ownAssets()}, {Prefix + "novnc/", viewer}}
	all = []string{Prefix + "assets/" + start}
	for i := 0; i < len(all); i++ {
		for _, t := range trees {
			name, here := strings.CutPrefix(all[i], t.prefix)
			if !here {
				continue
			}
			b, err := fs.ReadFile(t.files, name)
			if err != nil { // the browser will say so
				continue
			}
			for _, m := range imported.FindAllSubmatch(b, -1) {
				if next := path.Join(path.Dir(all[i]), string(m[1])); !slices.Contains(all, next) {
					all = append(all, next)
				}
			}
		}
	}
	return all[1:]
}
