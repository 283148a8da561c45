package incus

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

// Prepare makes the images and sends them to the server.
func (p *Provider) Prepare(ctx context.Context, progress func(desktops.Progress)) error {
	for _, variant := range p.options.Images {
		name, err := p.ensure(ctx, variant, progress)
		if err != nil {
			return err
		}
		if progress != nil {
			progress(desktops.Progress{Step: "image " + name + " is there", Percent: 100})
		}
	}
	return nil
}

// ensure returns the alias of a variant's image on the server, made here and
// sent there if it must be.
func (p *Provider) ensure(ctx context.Context, variant string, progress func(desktops.Progress)) (string, error) {
	recipe, err := image.Of(variant, p.options.Mirror)
	if err != nil {
		return "", fmt.Errorf("%w: %w", desktops.ErrNoImage, err)
	}
	alias := "tamachi-" + recipe.Name()
	if err := p.known(ctx, alias); !errors.Is(err, desktops.ErrNotFound) {
		return alias, err
	}
	done, err := p.turn(ctx, alias)
	if err != nil {
		return "", err
	}
	defer done()
	if err := p.known(ctx, alias); !errors.Is(err, desktops.ErrNotFound) { // sent while we waited
		return alias, err
	}
	store := image.Store{Dir: p.options.CacheDir, Mirror: p.options.Mirror, Exe: p.options.Exe}
	name, err := store.Ensure(ctx, variant, progress)
	if err != nil {
		return "", err
	}
	folder, err := store.Path(name)
	if err != nil {
		return "", err
	}
	if progress != nil {
		progress(desktops.Progress{Step: "image " + variant + ": sending it to the Incus server", Percent: 95})
	}
	if err := p.send(ctx, alias, folder); err != nil {
		return "", fmt.Errorf("send image %s to the Incus server: %w", alias, err)
	}
	return alias, nil
}

// known asks for an image's alias: ErrNotFound says that the server has none.
func (p *Provider) known(ctx context.Context, alias string) error {
	return p.server.get(ctx, path("images", "aliases", alias), shared(), nil)
}

// send sends an image as one tar file and gives it its alias.
func (p *Provider) send(ctx context.Context, alias, folder string) error {
	out, in := io.Pipe()
	hash := sha256.New()
	go func() { // ends with the image, or when the server reads no more
		in.CloseWithError(p.pack(io.MultiWriter(in, hash), alias, folder))
	}()
	defer out.Close()
	a, err := p.server.request(ctx, http.MethodPost, path("images"), shared(),
		http.Header{"Content-Type": {"application/octet-stream"}, "X-Incus-Filename": {alias + ".tar"}}, out)
	if err == nil {
		err = p.server.wait(ctx, a)
	}
	if err != nil && !taken(err) {
		return err
	}
	err = p.server.call(ctx, http.MethodPost, path("images", "aliases"), shared(), map[string]any{
		"name": alias, "description": "desktops of Tamachi", "target": hex.EncodeToString(hash.Sum(nil)),
	}, nil)
	if taken(err) {
		return nil
	}
	return err
}

// pack writes the image: what it is, the root folder, our binary in it (Incus
// documentation, "Image format", unified tarball).
func (p *Provider) pack(to io.Writer, alias, folder string) error {
	w := tar.NewWriter(to)
	machine, err := architecture()
	if err != nil {
		return err
	}
	about, err := json.Marshal(map[string]any{ // JSON is YAML
		"architecture": machine, "creation_date": 1,
		"properties": map[string]string{"description": alias, "program": p.program},
	})
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: "metadata.yaml", Mode: 0o644, Size: int64(len(about)), Format: tar.FormatPAX}); err != nil {
		return err
	}
	if _, err := w.Write(about); err != nil {
		return err
	}
	tree := packing{w, map[uint64]string{}}
	if err := filepath.WalkDir(folder, func(at string, _ fs.DirEntry, err error) error {
		name := "rootfs" + strings.TrimPrefix(at, folder)
		if err != nil || name == "rootfs"+image.Program {
			return err
		}
		return tree.add(at, name)
	}); err != nil {
		return err
	}
	if err := tree.add(p.options.Exe, "rootfs"+image.Program); err != nil {
		return err
	}
	return w.Close()
}

// packing is a tar file in the making.
type packing struct {
	out  *tar.Writer
	seen map[uint64]string // inodes with several names
}

func (t packing) add(at, name string) error {
	st, err := os.Lstat(at)
	if err != nil {
		return err
	}
	link := ""
	if st.Mode()&fs.ModeSymlink != 0 {
		if link, err = os.Readlink(at); err != nil {
			return err
		}
	}
	h, err := tar.FileInfoHeader(st, link)
	if err != nil {
		return err
	}
	h.Name, h.Format, h.AccessTime, h.ChangeTime = name, tar.FormatPAX, time.Time{}, time.Time{}
	h.Uname, h.Gname = "", ""
	if name == "rootfs"+image.Program {
		h.Uid, h.Gid, h.Mode = 0, 0, 0o755
	}
	var sys unix.Stat_t
	if err := unix.Lstat(at, &sys); err != nil {
		return err
	}
	if st.Mode().IsRegular() && sys.Nlink > 1 {
		if first, ok := t.seen[sys.Ino]; ok {
			h.Typeflag, h.Linkname, h.Size = tar.TypeLink, first, 0
		} else {
			t.seen[sys.Ino] = name
		}
	}
	if err := t.out.WriteHeader(h); err != nil || h.Typeflag != tar.TypeReg {
		return err
	}
	f, err := os.Open(at)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(t.out, f)
	return err
}

// architecture is this machine's, as the kernel calls it.
func architecture() (string, error) {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "", err
	}
	return unix.ByteSliceToString(u.Machine[:]), nil
}

// sum is the sum of a file.
func sum(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// renew puts our binary into an instance, which does not run, unless it has
// this one already: from its image, or from an earlier start.
func (p *Provider) renew(ctx context.Context, in instance) error {
	has := in.Config[keyProgram]
	if has == "" {
		has = in.Config["image.program"]
	}
	if has == p.program {
		return nil
	}
	f, err := os.Open(p.options.Exe)
	if err != nil {
		return err
	}
	defer f.Close()
	err = p.put(ctx, in.Name, image.Program, 0o755, f)
	if err != nil {
		return fmt.Errorf("put this program into the desktop: %w", err)
	}
	return p.server.call(ctx, http.MethodPatch, path("instances", in.Name), nil, map[string]any{
		"config": map[string]string{keyProgram: p.program},
	}, nil)
}
