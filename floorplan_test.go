package tamachi_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A room is a folder of the services with operations in it, or one that says
// it has some. All have one floor plan, so that a reader of one knows all.
func TestRoomsFollowTheFloorPlan(t *testing.T) {
	rooms := 0
	err := filepath.WalkDir(filepath.Join("internal", "aws", "services"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		verbs, err := filepath.Glob(filepath.Join(path, "op_*.go"))
		if err != nil || len(verbs) == 0 {
			return err
		}
		rooms++
		t.Run(path, func(t *testing.T) { checkRoom(t, path, verbs) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if rooms == 0 {
		t.Fatal("no rooms found")
	}
}

func checkRoom(t *testing.T, path string, verbs []string) {
	contents := filepath.Base(path) + ".go"
	methods, rows := contentsOf(t, filepath.Join(path, contents))
	for _, want := range []string{"New", "Operations"} {
		if !slices.Contains(methods, want) {
			t.Errorf("%s has no %s: it is the room's table of contents", contents, want)
		}
	}
	if _, err := os.Stat(filepath.Join(path, "doc.go")); err != nil && !hasPackageComment(t, filepath.Join(path, contents)) {
		t.Errorf("neither doc.go nor %s says what the room is", contents)
	}
	// A room with very many rows has the halves of its table in contents_*.go.
	parts, err := filepath.Glob(filepath.Join(path, "contents_*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		_, more := contentsOf(t, part)
		rows = append(rows, more...)
	}
	var files []string
	for _, v := range verbs {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(v), "op_"), ".go")
		files = append(files, name)
		if declared, _ := contentsOf(t, v); !slices.Contains(declared, name) {
			t.Errorf("%s does not declare %s", filepath.Base(v), name)
		}
		if !slices.Contains(rows, name) {
			t.Errorf("%s has no row in Operations", name)
		}
	}
	for _, row := range rows {
		if !slices.Contains(files, row) {
			t.Errorf("the row %s has no file op_%s.go", row, row)
		}
	}
}

// contentsOf lists the functions of a file and the names of the api rows in
// it.
func contentsOf(t *testing.T, file string) (functions, rows []string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			functions = append(functions, n.Name.Name)
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || len(n.Args) < 2 || !slices.Contains([]string{"Read", "Write", "Data", "Public", "Authenticated", "Stream", "Guest", "Link"}, sel.Sel.Name) {
				break
			}
			pkg, isPackage := sel.X.(*ast.Ident)
			name, isText := n.Args[0].(*ast.BasicLit)
			if isPackage && pkg.Name == "api" && isText {
				rows = append(rows, strings.Trim(name.Value, `"`))
			}
		}
		return true
	})
	return functions, rows
}

func hasPackageComment(t *testing.T, file string) bool {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return f.Doc != nil
}
