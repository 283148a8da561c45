package incus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/inside"
)

// imageForm is the form of an image's id (AWS, WorkSpaces API:
// WorkspaceImageId), as long as an instance's name may be.
var imageForm = regexp.MustCompile(`^wsi-[0-9a-z]{8,46}$`)

// Capture makes an image of a desktop's root volume: a stopped instance, of
// which others are copied. It has its name when it is whole.
func (p *Provider) Capture(ctx context.Context, id, image string) error {
	err := p.with(ctx, id, func(rec record) error {
		if !imageForm.MatchString(image) {
			return fmt.Errorf("%q is no id of an image", image)
		}
		if _, there, err := p.instance(ctx, image); err != nil || there {
			return err
		}
		return p.capture(ctx, rec, image)
	})
	if err != nil {
		return fmt.Errorf("capture desktop %s: %w", id, err)
	}
	return nil
}

func (p *Provider) capture(ctx context.Context, rec record, image string) error {
	in, err := p.settled(ctx, rec)
	if err != nil {
		return err
	}
	made := "new-" + image
	if err := p.remove(ctx, made); err != nil { // of a capture that was cut short
		return err
	}
	err = p.still(ctx, in, func() error {
		return p.copyInstance(ctx, in.Name, made, map[string]string{
			keyWanted: stopped, inside.GuestPlan: "", inside.GuestAgent: "", "raw.lxc": "",
		})
	})
	if err == nil {
		err = p.depersonalize(ctx, made, inside.Login(rec.Spec))
	}
	if err == nil {
		err = p.server.call(ctx, http.MethodPost, path("instances", made), nil, map[string]any{"name": image}, nil)
	}
	if err != nil {
		return errors.Join(err, p.remove(context.WithoutCancel(ctx), made))
	}
	return nil
}

// depersonalize takes out of an image what is one desktop's own: the person's
// account, the names that each start writes, and the logs.
func (p *Provider) depersonalize(ctx context.Context, name, person string) error {
	for _, at := range []string{"/etc/hostname", "/etc/machine-id", "/etc/hosts", "/var/log/tamachi", "/root/.bash_history"} {
		if err := p.wipe(ctx, name, at); err != nil {
			return err
		}
	}
	for _, at := range []string{"/etc/passwd", "/etc/passwd-", "/etc/group", "/etc/group-", "/etc/shadow", "/etc/shadow-"} {
		if err := p.dropAccount(ctx, name, at, person); err != nil {
			return err
		}
	}
	return nil
}

// wipe removes a file, or a directory with the files in it; none is no error.
func (p *Provider) wipe(ctx context.Context, name, at string) error {
	f, err := p.look(ctx, name, at)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range f.names {
		if err := p.wipe(ctx, name, at+"/"+entry); err != nil {
			return err
		}
	}
	return p.server.call(ctx, http.MethodDelete, path("instances", name, "files"), url.Values{"path": {at}}, nil, nil)
}

// dropAccount takes the lines of one account out of a file of accounts.
func (p *Provider) dropAccount(ctx context.Context, name, at, account string) error {
	f, err := p.look(ctx, name, at)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if f.kind != "file" {
		return fmt.Errorf("%s of the desktop is no file", at)
	}
	var out strings.Builder
	for line := range strings.Lines(string(f.content)) {
		if before, _, _ := strings.Cut(line, ":"); before != account {
			out.WriteString(line)
		}
	}
	if out.Len() == len(f.content) {
		return nil
	}
	mode := 0o644
	if strings.HasPrefix(at, "/etc/shadow") {
		mode = 0o640
	}
	return p.put(ctx, name, at, mode, strings.NewReader(out.String()))
}

// Discard gives an image up.
func (p *Provider) Discard(ctx context.Context, image string) error {
	if !imageForm.MatchString(image) {
		return nil
	}
	err := p.server.call(ctx, http.MethodPatch, path("instances", image), nil, map[string]any{"config": map[string]string{keyGiven: up}}, nil)
	if errors.Is(err, desktops.ErrNotFound) {
		return nil
	}
	if err == nil {
		err = p.sweep(ctx)
	}
	if err != nil {
		return fmt.Errorf("discard image %s: %w", image, err)
	}
	return nil
}

// sweep removes the images that were given up and that no desktop has any more.
func (p *Provider) sweep(ctx context.Context) error {
	p.choosing.Lock()
	defer p.choosing.Unlock()
	recs, err := p.records(ctx)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, rec := range recs {
		used[rec.Image] = true
		if rec.Kept != nil {
			used[rec.Kept.Image] = true
		}
	}
	var all []instance
	if err := p.server.get(ctx, path("instances"), url.Values{"recursion": {"1"}}, &all); err != nil {
		return err
	}
	for _, in := range all {
		if imageForm.MatchString(in.Name) && in.Config[keyGiven] == up && !used[in.Name] {
			if err := p.remove(ctx, in.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// imageFor returns the name of the image for a desktop that has the image now;
// a captured one that is given up stays good for those that have it. The caller
// holds choosing until it is in the desktop's record.
func (p *Provider) imageFor(ctx context.Context, wanted, now string) (string, error) {
	if !imageForm.MatchString(wanted) {
		return p.ensure(ctx, wanted, nil)
	}
	in, there, err := p.instance(ctx, wanted)
	if err == nil && (!there || in.Config[keyGiven] == up && wanted != now) {
		err = fmt.Errorf("image %s: %w", wanted, desktops.ErrNoImage)
	}
	return wanted, err
}
