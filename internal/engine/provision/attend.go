package provision

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"tamachi/internal/desktops"
)

// attend looks at one desktop and does what its record asks for. settled is
// false when the room or the provider could not be asked: then the desktop is
// looked at again.
func (e *Engine) attend(ctx context.Context, it item) (settled bool) {
	if strings.HasPrefix(it.key.id, "wsi-") {
		return e.discard(ctx, it)
	}
	job, found, err := e.Room.Job(ctx, it.key.account, it.key.region, it.key.id)
	if err != nil {
		return e.lost(ctx, it, err)
	}
	if !found {
		return true
	}
	work := e.workOf(job)
	if work == nil {
		return e.keep(ctx, it, job) && e.observe(ctx, it, job)
	}
	now, fault := e.work(ctx, job, work)
	if ctx.Err() != nil {
		return false // broken off, not failed: the next start goes on
	}
	outcome := desktops.Outcome{Desktop: now}
	if fault != nil {
		outcome = desktops.Outcome{Code: fault.code, Message: fault.Error()}
		e.opts.Log.Warn("desktop work failed", "account", job.Account, "action", job.State, "resource", job.ID, "err", fault)
	}
	if err := e.Room.Settle(ctx, job, outcome); err != nil {
		return e.lost(ctx, it, err)
	}
	return true
}

// Tries is how often work is begun that fails for no reason that a person must
// mend: what a busy machine answers once it seldom answers twice.
const Tries = 2

// work does the work behind a state; methods of the provider may be repeated.
func (e *Engine) work(ctx context.Context, job desktops.Job, do func(context.Context, desktops.Job) (desktops.Desktop, *fault)) (now desktops.Desktop, failed *fault) {
	for try := range Tries {
		if now, failed = do(ctx, job); failed == nil || !failed.passing() || ctx.Err() != nil || try == Tries-1 {
			break
		}
		e.opts.Log.WarnContext(ctx, "desktop work is tried again", "account", job.Account, "action", job.State, "resource", job.ID, "err", failed)
	}
	return now, failed
}

func (e *Engine) lost(ctx context.Context, it item, err error) bool {
	if ctx.Err() == nil {
		e.opts.Log.Error("desktop not looked after", "account", it.key.account, "resource", it.key.id, "err", err)
	}
	return false
}

// workOf is the work behind a transitional state; nil for the others.
func (e *Engine) workOf(job desktops.Job) func(context.Context, desktops.Job) (desktops.Desktop, *fault) {
	switch job.State {
	case "PENDING":
		return e.create
	case "STARTING":
		return e.start
	case "REBOOTING":
		return e.reboot
	case "REBUILDING":
		return e.rebuild
	case "RESTORING":
		return e.restore
	case "SUSPENDED":
		return e.capture
	case "UPDATING":
		return e.resize
	case "STOPPING":
		return e.stop
	case "TERMINATING":
		return e.destroy
	}
	return nil
}

// keep makes the copy of a desktop's volumes that its record asks for.
func (e *Engine) keep(ctx context.Context, it item, job desktops.Job) bool {
	if !job.Keep || job.State != "AVAILABLE" {
		return true
	}
	now, err := e.Provider.Keep(ctx, job.ID)
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		now.KeptAt = time.Time{}
		e.opts.Log.Warn("desktop not copied", "account", job.Account, "resource", job.ID, "err", err)
	}
	if err := e.Room.Kept(ctx, job, now.KeptAt); err != nil {
		return e.lost(ctx, it, err)
	}
	return true
}

// observe compares a desktop at rest with what is there, if somebody said that
// it may differ. A change of the record says no such thing.
func (e *Engine) observe(ctx context.Context, it item, job desktops.Job) bool {
	if !it.inspect || job.State != "AVAILABLE" && job.State != "UNHEALTHY" {
		return true
	}
	now, err := e.Provider.Inspect(ctx, job.ID)
	cause := it.cause
	switch {
	case errors.Is(err, desktops.ErrNotFound):
		now, cause = desktops.Desktop{ID: job.ID, State: desktops.Stopped}, "the desktop is not on this machine any more; rebuild it"
	case err != nil:
		return e.lost(ctx, it, err)
	case cause != "":
		cause += "; reboot the desktop to heal it"
	case now.State == desktops.Sick:
		cause = "the display does not answer; reboot the desktop to heal it"
	default:
		cause = "the desktop does not run; reboot it to start it again"
	}
	if err := e.Room.Observe(ctx, job, now, cause); err != nil {
		return e.lost(ctx, it, err)
	}
	if job.State == "AVAILABLE" && now.State != desktops.Running {
		e.opts.Log.Warn("desktop unhealthy", "account", job.Account, "resource", job.ID, "err", cause)
	}
	return true
}

// create joins the directory, gets an activation and makes the desktop. It is
// also how a desktop comes back that the provider has lost, and how a creation
// that was broken off is begun again: what these left behind is retired first.
func (e *Engine) create(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	if now, err := e.Provider.Inspect(ctx, job.ID); err == nil && now.State == desktops.Running {
		return now, nil // made before a crash that came before its outcome was told
	}
	if err := e.Directories.Join(ctx, job.Account, job.Region, job.DirectoryID); err != nil {
		return desktops.Desktop{}, notJoined(job, err)
	}
	held, err := e.Room.Held(ctx, job)
	if err != nil {
		return desktops.Desktop{}, notJoined(job, err)
	}
	if !held {
		return desktops.Desktop{}, orphan(job)
	}
	if err := e.Activations.Retire(ctx, job.Account, job.Region, job.ID); err != nil {
		return desktops.Desktop{}, notRetired(err)
	}
	id, code, err := e.Activations.Activate(ctx, job.Account, job.Region, job.ID)
	if err != nil {
		return desktops.Desktop{}, &fault{"Activation.Refused", "making an activation for the desktop's agent failed", err, ""}
	}
	spec := job.Spec
	if spec.Addr, err = e.seat(ctx, job); err != nil {
		if ctx.Err() == nil {
			e.retireUnused(ctx, job)
		}
		return desktops.Desktop{}, failed("giving the desktop an address", err)
	}
	if spec.UserOf != "" { // its volume is copied at rest
		if err := e.Provider.Stop(ctx, spec.UserOf); err != nil && !errors.Is(err, desktops.ErrNotFound) {
			return desktops.Desktop{}, failed("stopping the desktop that is migrated", err)
		}
	}
	spec.Owner, spec.Node, spec.Guise = e.opts.Owner, e.opts.Node, e.guise(ctx, job)
	spec.Node.Region, spec.Node.ActivationID, spec.Node.ActivationCode = job.Region, id, code
	if spec.Node.Directory, err = e.Directories.Names(ctx, job.Account, job.Region, job.DirectoryID); err != nil {
		e.opts.Log.WarnContext(ctx, "desktop is made without its directory's names", "account", job.Account, "resource", job.ID, "err", err)
	}
	now, err := e.Provider.Create(ctx, spec)
	if err != nil && ctx.Err() == nil {
		e.retireUnused(ctx, job)
	}
	return now, failed("creating the desktop", err)
}

// seat is the desktop's address in its subnet; not valid where it has none.
func (e *Engine) seat(ctx context.Context, job desktops.Job) (netip.Addr, error) {
	if e.Networks == nil || job.Subnet == "" {
		return netip.Addr{}, nil
	}
	return e.Networks.Seat(ctx, job)
}

// retireUnused takes back the activation of a desktop that could not be made.
// The desktop's own failure is what its record tells.
func (e *Engine) retireUnused(ctx context.Context, job desktops.Job) {
	if err := e.Activations.Retire(ctx, job.Account, job.Region, job.ID); err != nil {
		e.opts.Log.Error("unused activation not deleted", "account", job.Account, "resource", job.ID, "err", err)
	}
}

func (e *Engine) start(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	e.dress(ctx, job)
	now, err := e.Provider.Start(ctx, job.ID)
	if errors.Is(err, desktops.ErrNotFound) {
		return e.create(ctx, job)
	}
	return now, failed("starting the desktop", err)
}

func (e *Engine) reboot(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	if err := e.Provider.Stop(ctx, job.ID); err != nil && !errors.Is(err, desktops.ErrNotFound) {
		return desktops.Desktop{}, failed("stopping the desktop for its reboot", err)
	}
	return e.start(ctx, job)
}

// rebuild makes the desktop anew when there is none, as after a failed create.
func (e *Engine) rebuild(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	e.dress(ctx, job)
	now, err := e.Provider.Rebuild(ctx, job.ID, job.Spec.Image)
	if errors.Is(err, desktops.ErrNotFound) {
		return e.create(ctx, job)
	}
	return now, failed("rebuilding the desktop", err)
}

func (e *Engine) restore(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	e.dress(ctx, job)
	now, err := e.Provider.Restore(ctx, job.ID)
	return now, failed("restoring the desktop", err)
}

// capture makes an image of the desktop's root volume.
func (e *Engine) capture(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	return desktops.Desktop{ID: job.ID}, failed("making the image", e.Provider.Capture(ctx, job.ID, job.Image))
}

// discard gives up an image that was deleted.
func (e *Engine) discard(ctx context.Context, it item) bool {
	capture, err := e.Room.Capture(ctx, it.key.account, it.key.region, it.key.id)
	if err == nil && capture != "" {
		err = e.Provider.Discard(ctx, capture)
	}
	if err == nil {
		err = e.Room.Forget(ctx, it.key.account, it.key.region, it.key.id)
	}
	if err != nil {
		return e.lost(ctx, it, err)
	}
	return true
}

// resize is done when there is nothing to resize, as after a failed create: who
// makes the desktop makes it of the new size.
func (e *Engine) resize(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	now, err := e.Provider.Resize(ctx, job.ID, desktops.Size{
		CPUs: job.Spec.CPUs, MemoryMiB: job.Spec.MemoryMiB, RootGiB: job.Spec.RootGiB, UserGiB: job.Spec.UserGiB,
	})
	if errors.Is(err, desktops.ErrNotFound) {
		err = nil
	}
	return now, failed("resizing the desktop", err)
}

// stop is done when there is nothing to stop, as after a failed create.
func (e *Engine) stop(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	err := e.Provider.Stop(ctx, job.ID)
	if errors.Is(err, desktops.ErrNotFound) {
		err = nil
	}
	return desktops.Desktop{ID: job.ID, State: desktops.Stopped}, failed("stopping the desktop", err)
}

// destroy removes the desktop, and then its node: by then nobody is left who
// could register once more.
func (e *Engine) destroy(ctx context.Context, job desktops.Job) (desktops.Desktop, *fault) {
	if err := e.Provider.Destroy(ctx, job.ID); err != nil {
		return desktops.Desktop{}, failed("removing the desktop", err)
	}
	if err := e.Activations.Retire(ctx, job.Account, job.Region, job.ID); err != nil {
		return desktops.Desktop{}, notRetired(err)
	}
	if e.Networks != nil {
		if err := e.Networks.Vacate(ctx, job); err != nil {
			return desktops.Desktop{}, failed("giving the desktop's address back", err)
		}
	}
	return desktops.Desktop{}, nil
}
