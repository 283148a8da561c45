package documents

import (
	"regexp"
	"strconv"
)

// checkManifest looks at the manifest of a package. Source: Distributor,
// "Create a package (advanced)".
func checkManifest(root *value) error {
	err := members(root, "", []string{"schemaVersion", "version", "packages"}, "description", "publisher", "files")
	if err != nil {
		return err
	}
	if err := want(root, "", "version", words); err != nil {
		return err
	}
	files := root.get("files")
	if files != nil {
		if err := checkFiles(files); err != nil {
			return err
		}
	}
	return checkPackages(root.get("packages"), files)
}

var sha256Text = regexp.MustCompile(`^[0-9a-fA-F]{64}$`)

func checkFiles(files *value) error {
	if files.kind != object {
		return invalidContent("/files", "it must be an object")
	}
	for i, name := range files.keys {
		at := "/files/" + name
		if !attachmentName.MatchString(name) {
			return invalidContent(at, "a file's name has 3 to 128 letters, digits and _ - .")
		}
		if err := members(files.kids[i], at, []string{"checksums"}, "size"); err != nil {
			return err
		}
		sums := files.kids[i].get("checksums")
		if sums.kind != object || !sha256Text.MatchString(sums.get("sha256").str()) {
			return invalidContent(at+"/checksums", "it must have a sha256 of 64 hexadecimal digits")
		}
		if size := files.kids[i].get("size"); size != nil {
			if n, err := strconv.ParseInt(size.text, 10, 64); err != nil || n < 0 || n > maxFile {
				return invalidContent(at+"/size", "it must be a number of bytes, at most 1 GB")
			}
		}
	}
	return nil
}

// checkPackages goes down platform, version and architecture to the file.
func checkPackages(packages, files *value) error {
	if packages.kind != object {
		return invalidContent("/packages", "it must be an object")
	}
	for i, platform := range packages.keys {
		at := "/packages/" + platform
		if packages.kids[i].kind != object {
			return invalidContent(at, "it must be an object of versions")
		}
		for j, version := range packages.kids[i].keys {
			at := at + "/" + version
			architectures := packages.kids[i].kids[j]
			if architectures.kind != object {
				return invalidContent(at, "it must be an object of architectures")
			}
			for k, one := range architectures.kids {
				at := at + "/" + architectures.keys[k] + "/file"
				name := one.get("file")
				if name == nil || name.kind != words || files.get(name.text) == nil {
					return invalidContent(at, "it must be the name of one of the files")
				}
			}
		}
	}
	return nil
}
