package tamachi_test

import (
	"go/parser"
	"path"
	"slices"
	"strings"
	"testing"
)

// Every package says what it is for, once, in a comment that begins with its
// name.
func TestEveryPackageHasItsComment(t *testing.T) {
	comments := map[string][]string{} // by folder: the files that carry the comment
	packages := map[string]string{}
	for _, s := range sources(t, ".", parser.ParseComments|parser.PackageClauseOnly) {
		name := s.file.Name.Name
		if s.test && strings.HasSuffix(name, "_test") && packages[s.folder] != "" && packages[s.folder] != name {
			continue
		}
		if !s.test || packages[s.folder] == "" {
			packages[s.folder] = name
		}
		if s.file.Doc == nil {
			continue
		}
		comments[s.folder] = append(comments[s.folder], s.name)
		text := s.file.Doc.Text()
		want := "Package " + name + " "
		if name == "main" {
			want = "Command " + path.Base(s.folder) + " "
		}
		if !strings.HasPrefix(text, want) {
			t.Errorf("%s: the package comment begins %q, want %q", path.Join(s.folder, s.name), first(text), want)
		}
	}
	for folder := range packages {
		switch files := comments[folder]; len(files) {
		case 1:
		case 0:
			t.Errorf("%s: no package comment", folder)
		default:
			slices.Sort(files)
			t.Errorf("%s: package comments in %v, want one", folder, files)
		}
	}
}

func first(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
