// Package amazon holds the documents of owner Amazon: files, one a document,
// named as the document is and kept in a folder that is named as its type.
// Every one of them is written for this house: names, types and defaults of
// parameters are those that AWS documents, the texts and the scripts are not.
//
// A document is JSON or YAML; a new one needs nothing but its file.
package amazon

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed documents
var files embed.FS

// Document is a document of owner Amazon.
type Document struct {
	Name    string
	Type    string // Command, Policy, Session, Automation
	Format  string // JSON or YAML
	Content []byte
}

// Documents returns all of them, sorted by type and name. A file that is none
// is a mistake of the house.
func Documents() []Document {
	var out []Document
	err := fs.WalkDir(files, "documents", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(file)
		if err != nil {
			return err
		}
		format := map[string]string{".json": "JSON", ".yaml": "YAML"}[path.Ext(file)]
		if format == "" {
			return fmt.Errorf("%s is neither .json nor .yaml", file)
		}
		out = append(out, Document{
			Name: strings.TrimSuffix(path.Base(file), path.Ext(file)), Type: path.Base(path.Dir(file)),
			Format: format, Content: text,
		})
		return nil
	})
	if err != nil {
		panic("amazon: " + err.Error())
	}
	return out
}
