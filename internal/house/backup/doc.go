// Package backup copies a data folder into one file while its plane runs, and
// makes a data folder of such a file.
//
// A backup is a gzip-compressed tar archive (POSIX.1-2001): manifest.json, a
// consistent copy of the store, and every other file but desktops' volumes. The
// manifest carries the size and the SHA-256 of each file; a backup counts as
// written when it was read back and compared, and restore believes no file that
// does not match. It holds every secret of the plane, so its mode is 0600.
//
// A recording that goes on while it is saved is saved up to where it was: files
// of recordings only grow, and one that is cut short is whole up to there.
//
// Objects of S3 lie beside the store in files of their own. They never change,
// and one that is deleted stays for minutes after its record is gone, so hard
// links made right after the copy of the store hold everything that it names.
package backup

// version is the format of the archive.
const version = 1

// storeFile is the store's place in a data folder.
const storeFile = "tamachi.db"

// manifest is the first file of an archive.
type manifest struct {
	Version int
	Files   []entry // in the order of the archive
}

// entry is a file of a backup.
type entry struct {
	Path   string // slash-separated, below the data folder
	Size   int64
	SHA256 string // hex
}
