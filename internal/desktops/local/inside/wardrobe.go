package inside

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
	"tamachi/internal/desktops/local/image"
)

// The files by which provider and desktop speak of policies.
const (
	// GuiseFile is what policies make of the desktop, in the agent's folder,
	// which its root alone reads: desktops.Guise.
	GuiseFile = "guise.json"
	// WornFile is how that was carried out, in the signals folder:
	// desktops.Worn.
	WornFile = "worn.json"
	// policyLog is the same for who looks in the desktop.
	policyLog = "/var/log/tamachi/policy.json"
)

// largestGuise bounds what is read.
const largestGuise = 1 << 20

// wardrobe carries a guise out. Only process 1's one goroutine uses it.
type wardrobe struct {
	login  string
	guise  desktops.Guise
	worn   desktops.Worn
	gids   []uint32
	covers map[string]bool // programs that cannot be started
	wall   *service
}

// newWardrobe dresses a desktop whose session is about to begin. What fails is
// told in the worn file and stops nothing.
func newWardrobe(login string) *wardrobe {
	w := &wardrobe{login: login, covers: map[string]bool{}}
	w.read()
	w.put()
	return w
}

// read takes the guise of now; one that cannot be read is none.
func (w *wardrobe) read() {
	var err error
	if w.guise, err = readGuise(filepath.Join(image.Identity, GuiseFile)); err != nil {
		fmt.Fprintf(os.Stderr, "policies are not carried out: %v\n", err)
	}
}

// readGuise reads a guise whole or not at all: half a policy is nobody's. Where
// there is no file there is no policy.
func readGuise(path string) (desktops.Guise, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return desktops.Guise{}, nil
	}
	if err != nil {
		return desktops.Guise{}, err
	}
	defer f.Close()
	var g desktops.Guise
	if err := json.NewDecoder(io.LimitReader(f, largestGuise)).Decode(&g); err != nil {
		return desktops.Guise{}, fmt.Errorf("read %s: %w", path, err)
	}
	return g, nil
}

// put makes what does not wait for a session.
func (w *wardrobe) put() {
	w.worn = desktops.Worn{At: clock.Real{}.Now().UTC(), Groups: w.guise.Groups, Settings: maps.Clone(w.worn.Settings)}
	if w.worn.Settings == nil {
		w.worn.Settings = map[string]desktops.Effect{}
	}
	var err error
	if w.gids, err = enlist(groupFile, w.login, w.guise.Groups); err != nil {
		w.worn.Groups = nil
		w.note("Groups", err)
	}
	w.note(desktops.Administering, administer(sudoProgram, sudoRights, w.guise.Administrator))
	if !w.guise.Administrator {
		delete(w.worn.Settings, desktops.Administering)
	}
	w.note(desktops.SettingSoftware, w.cover(w.guise.Software))
	if w.guise.Software == nil {
		delete(w.worn.Settings, desktops.SettingSoftware)
	}
	if w.guise.Wallpaper == "" {
		delete(w.worn.Settings, desktops.SettingWallpaper)
	} else {
		w.note(desktops.SettingWallpaper, picture(w.guise.Wallpaper))
	}
	w.tell()
}

// note keeps how a setting went.
func (w *wardrobe) note(setting string, err error) {
	o := desktops.Effect{State: desktops.Carried}
	if err != nil {
		o = desktops.Effect{State: desktops.Amiss, Detail: err.Error()}
	}
	w.worn.Settings[setting] = o
}

// tell writes how everything went.
func (w *wardrobe) tell() {
	text, err := json.MarshalIndent(w.worn, "", "  ")
	if err == nil {
		err = errors.Join(replace(filepath.Join(image.Signals, WornFile), string(text)+"\n", 0o644), replace(policyLog, string(text)+"\n", 0o644))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "tell how policies were carried out: %v\n", err)
	}
}

// dressed gives services their groups, and adds those of the session.
func (w *wardrobe) dressed(list []*service) []*service {
	user := list[0]
	w.wall = &service{
		name: "wallpaper", uid: person, env: slices.Clone(user.env), dir: user.dir, after: showing, mayEnd: true,
		args: []string{image.Program, "desktop-init", "wallpaper", w.guise.Wallpaper},
	}
	if w.guise.Wallpaper == "" {
		w.wall.after = never // there may be one later
	}
	list = append(list, w.wall)
	if script := w.logonScript(); script != nil {
		script.env, script.dir = slices.Clone(user.env), user.dir
		list = append(list, script)
	}
	for _, v := range list {
		if v.uid == person {
			v.groups = w.gids
		}
	}
	return list
}

// logonScript is the service that runs the script of the policy, nil when there
// is none or it cannot be run: a missing script is found in the worn file.
func (w *wardrobe) logonScript() *service {
	path := w.guise.LogonScript
	if path == "" {
		return nil
	}
	if err := runnable(path); err != nil {
		w.note(desktops.SettingLogonScript, err)
		w.tell()
		return nil
	}
	w.worn.Settings[desktops.SettingLogonScript] = desktops.Effect{State: desktops.Going}
	w.tell()
	return &service{name: "logon", uid: person, after: managed, args: []string{path}, once: func(end string) {
		var err error
		if end != "" {
			err = fmt.Errorf("it ended with %s", end)
		}
		w.note(desktops.SettingLogonScript, err)
		w.tell()
	}}
}

// runnable says why a file cannot be run as a logon script.
func runnable(path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("%q is no path from the root on", path)
	}
	st, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file on the desktop", path)
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", path)
	case st.Mode().Perm()&0o001 == 0:
		return fmt.Errorf("%s may not be run by the desktop's user", path)
	}
	return nil
}

// renew dresses a desktop in whose session somebody is. Programs that run keep
// their groups, and the logon script has had its time.
func (s *supervisor) renew() {
	w := s.wardrobe
	w.read()
	w.put()
	for _, v := range s.services {
		if v.uid == person {
			v.groups = w.gids
		}
	}
	args := []string{image.Program, "desktop-init", "wallpaper", w.guise.Wallpaper}
	if slices.Equal(args, w.wall.args) {
		return
	}
	w.wall.args, w.wall.after = args, showing
	if w.wall.pid != 0 {
		_ = syscall.Kill(w.wall.pid, syscall.SIGTERM) // its end starts it anew
	} else if s.come >= showing {
		s.start(w.wall)
	}
}

// watchGuise tells when another guise comes.
func watchGuise(come chan<- struct{}) error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		return err
	}
	if _, err := unix.InotifyAddWatch(fd, image.Identity, unix.IN_MOVED_TO); err != nil {
		unix.Close(fd)
		return err
	}
	events := os.NewFile(uintptr(fd), "policies")
	go func() { // ends with the desktop
		defer events.Close()
		buffer := make([]byte, 4096)
		for {
			if _, err := events.Read(buffer); err != nil {
				return
			}
			select {
			case come <- struct{}{}:
			default: // it will look anyway
			}
		}
	}()
	return nil
}
