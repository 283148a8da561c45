package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
	"tamachi/internal/desktops/local/removal"
)

// captured is an image that was made of a desktop: a layer over the image that
// the desktop has. It lies in images/<id>/ of the provider's folder, which is
// closed to all but root: the layer's owners are those of the desktop's inside,
// and a set-user-id file of theirs must not be found by a user of the host.
type captured struct {
	Base      string // the image below it
	At        time.Time
	Discarded bool // given up; it goes with the last desktop that stands on it
}

const (
	capturedFile = "image.json"
	layerFolder  = "layer"
	// layers is how many may lie over one another: their names must fit into
	// the options of one mount.
	layers = 40
)

// imageForm is the form of an image's id (AWS, WorkSpaces API: WorkspaceImageId).
var imageForm = regexp.MustCompile(`^wsi-[0-9a-z]{8,63}$`)

func (o Options) imagesFolder() string         { return filepath.Join(o.Dir, "images") }
func (o Options) imageFolder(id string) string { return filepath.Join(o.imagesFolder(), id) }

// captured reads what is known of a captured image; ErrNoImage if there is none.
func (o Options) captured(id string) (captured, error) {
	var c captured
	err := load(filepath.Join(o.imageFolder(id), capturedFile), &c)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("image %s: %w", id, desktops.ErrNoImage)
	}
	return c, err
}

// layersOf are the folders that lie over one another in an image, the upmost
// first; bottom finds the folder of an image that was not captured.
func (o Options) layersOf(image string, bottom func(string) (string, error)) ([]string, error) {
	var out []string
	for imageForm.MatchString(image) {
		c, err := o.captured(image)
		if err != nil {
			return nil, err
		}
		out = append(out, filepath.Join(o.imageFolder(image), layerFolder))
		if len(out) > layers {
			return nil, fmt.Errorf("image %s has more than %d layers", image, layers)
		}
		image = c.Base
	}
	last, err := bottom(image)
	return append(out, last), err
}

// Capture makes an image of a desktop's root volume.
func (p *Provider) Capture(ctx context.Context, id, image string) error {
	d, done, err := p.turn(ctx, "capture", id)
	if err != nil {
		return err
	}
	defer done()
	if err := errors.Join(p.lacking(desktops.Images), p.space()); err != nil {
		return fmt.Errorf("capture desktop %s: %w", id, err)
	}
	if !imageForm.MatchString(image) {
		return fmt.Errorf("capture desktop %s: %q is no id of an image", id, image)
	}
	if _, err := p.options.captured(image); !errors.Is(err, desktops.ErrNoImage) {
		return err
	}
	if err := p.capture(ctx, d, image); err != nil {
		return fmt.Errorf("capture desktop %s: %w", id, err)
	}
	return nil
}

func (p *Provider) capture(ctx context.Context, d *desktop, image string) error {
	rec, o := d.record(), p.options
	if below, err := p.ground.roots(rec.Image); err != nil {
		return err
	} else if len(below) >= layers {
		return fmt.Errorf("its image has %d layers already; make the desktop anew from a fresh image first", len(below))
	}
	if err := os.MkdirAll(o.imagesFolder(), 0o700); err != nil {
		return err
	}
	made := o.imageFolder(".new-" + image)
	if err := p.remove(made); err != nil {
		return err
	}
	if err := os.Mkdir(made, 0o700); err != nil {
		return err
	}
	layer := filepath.Join(made, layerFolder)
	err := p.still(ctx, d, func() error {
		return p.storageOf(rec).Layer(ctx, filepath.Join(d.folder, rootFolder), layer, p.ground.owner(d.lease))
	})
	if err == nil {
		err = depersonalize(layer, inside.Login(rec.Spec))
	}
	if err == nil {
		err = save(filepath.Join(made, capturedFile), captured{Base: rec.Image, At: o.Clock.Now().UTC()})
	}
	if err == nil {
		err = os.Rename(made, o.imageFolder(image))
	}
	if err != nil {
		return errors.Join(err, p.remove(made))
	}
	return syncFolder(o.imagesFolder())
}

// depersonalize takes out of a layer what is one desktop's own: the person's
// account, the names that each start writes, and the logs. The layer was
// written by the desktop: os.Root follows no link out of it.
func depersonalize(layer, person string) error {
	root, err := os.OpenRoot(layer)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, path := range []string{"etc/hostname", "etc/machine-id", "etc/hosts", "var/log/tamachi", "root/.bash_history"} {
		if err := root.RemoveAll(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, path := range []string{"etc/passwd", "etc/passwd-", "etc/group", "etc/group-", "etc/shadow", "etc/shadow-"} {
		if err := dropAccount(root, path, person); err != nil {
			return err
		}
	}
	return nil
}

// dropAccount takes the lines of one account out of a file of accounts.
func dropAccount(root *os.Root, path, name string) error {
	st, err := root.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() { // a start needs a file here: the image below has one
		return root.RemoveAll(path)
	}
	text, err := root.ReadFile(path)
	if err != nil {
		return err
	}
	var out strings.Builder
	for line := range strings.Lines(string(text)) {
		if before, _, _ := strings.Cut(line, ":"); before != name {
			out.WriteString(line)
		}
	}
	return root.WriteFile(path, []byte(out.String()), st.Mode().Perm())
}

// Discard gives an image up.
func (p *Provider) Discard(_ context.Context, image string) error {
	if err := p.lacking(desktops.Images); err != nil {
		return fmt.Errorf("discard image %s: %w", image, err)
	}
	if !imageForm.MatchString(image) {
		return nil
	}
	c, err := p.options.captured(image)
	if errors.Is(err, desktops.ErrNoImage) {
		return nil
	}
	if err != nil {
		return err
	}
	c.Discarded = true
	p.choosing.Lock()
	err = save(filepath.Join(p.options.imageFolder(image), capturedFile), c)
	p.choosing.Unlock()
	if err != nil {
		return fmt.Errorf("discard image %s: %w", image, err)
	}
	p.sweepImages()
	return nil
}

// sweepImages removes the discarded images on which nothing stands any more.
// What cannot be removed is tried again the next time.
func (p *Provider) sweepImages() {
	p.choosing.Lock()
	defer p.choosing.Unlock()
	for range layers { // an image goes, and then perhaps the one below it
		removed, err := p.sweepOnce()
		if err != nil {
			p.options.Logger.Error("discarded images not removed", "err", err)
		}
		if err != nil || !removed {
			return
		}
	}
}

func (p *Provider) sweepOnce() (removed bool, err error) {
	entries, err := os.ReadDir(p.options.imagesFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	used, idle := p.imagesInUse(), []string(nil)
	for _, e := range entries {
		if !imageForm.MatchString(e.Name()) { // half made by an earlier provider, or by a capture of now
			continue
		}
		c, err := p.options.captured(e.Name())
		if err != nil {
			return false, err
		}
		used[c.Base] = true
		if c.Discarded {
			idle = append(idle, e.Name())
		}
	}
	for _, name := range idle {
		if used[name] {
			continue
		}
		if err := removal.Discard(p.options.imageFolder(name), p.options.trashFolder()); err != nil {
			return removed, err
		}
		removed = true
	}
	return removed, nil
}

// imagesInUse are the images of desktops and of their kept copies.
func (p *Provider) imagesInUse() map[string]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]bool{}
	for _, d := range p.desktops {
		out[d.record().Image] = true
		if k := d.copy(); k != nil {
			out[k.Image] = true
		}
	}
	return out
}

// imageFor returns the name of the image for a desktop that has the image now;
// a captured one that is given up stays good for those that have it.
func (p *Provider) imageFor(ctx context.Context, wanted, now string) (string, error) {
	if !imageForm.MatchString(wanted) {
		return p.ground.image(ctx, wanted)
	}
	if err := p.lacking(desktops.Images); err != nil {
		return "", err
	}
	c, err := p.options.captured(wanted)
	if err == nil && c.Discarded && wanted != now {
		err = fmt.Errorf("image %s was deleted: %w", wanted, desktops.ErrNoImage)
	}
	return wanted, err
}

// inherit makes the user volume of a new desktop as a copy of another's.
func (p *Provider) inherit(ctx context.Context, to string, rec record) error {
	from, err := p.lookup("copy the user volume of", rec.Spec.UserOf)
	if err != nil {
		return err
	}
	if from.record().Spec.ID == "" { // it is being made, and could be waiting for us in turn
		return fmt.Errorf("copy the user volume of %s: %w", from.id, desktops.ErrNotFound)
	}
	done, err := from.take(ctx)
	if err != nil {
		return err
	}
	defer done()
	if its := from.record().Storage; its != rec.Storage {
		return fmt.Errorf("copy the user volume of %s: its storage is %q and that of new desktops %q: %w",
			from.id, its, rec.Storage, desktops.ErrLacking)
	}
	shift := p.ground.owner(rec.Lease) - p.ground.owner(from.lease)
	err = p.still(ctx, from, func() error {
		return p.storage.Copy(ctx, filepath.Join(from.folder, userFolder), to, shift)
	})
	if err != nil {
		return fmt.Errorf("copy the user volume of %s: %w", from.id, err)
	}
	return nil
}
