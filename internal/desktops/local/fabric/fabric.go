package fabric

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/google/nftables"

	"tamachi/internal/desktops"
	"tamachi/internal/netpath"
)

// Fabric is the networks of one data folder.
type Fabric struct {
	mark string

	mu     sync.Mutex
	spaces map[string]*space // guarded by mu; by id of the network
	seats  map[string]chair  // guarded by mu; by id of the desktop
	out    *Uplink           // guarded by mu; nil while no network is led out
	host   *space            // guarded by mu; of out
}

// chair is a seat with what its subnet says of it.
type chair struct {
	desktops.Seat
	subnet netpath.Subnet
}

// Machine is a running desktop: its lease names its interface, its first process
// its network namespace.
type Machine struct{ Lease, PID int }

// New names the networks of a data folder by its mark, which is that of its
// bridge.
func New(mark string) *Fabric {
	return &Fabric{mark: mark, spaces: map[string]*space{}, seats: map[string]chair{}}
}

// Arrange makes the networks what n says. running tells of the desktops that
// run; those that start later come by Seat.
func (f *Fabric) Arrange(n desktops.Networks, running func() map[string]Machine) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.open(idsOf(n.World)); err != nil {
		return err
	}
	plans := map[string]*plan{}
	var errs []error
	for id, s := range f.spaces {
		plans[id] = s.planOf(n)
		errs = append(errs, s.filter(plans[id])) // before anything can pass
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	errs = append(errs, f.join(pairsOf(n.World)), f.leave(n.World.Networks))
	f.seats = seatsOf(n)
	machines := running()
	for _, id := range slices.Sorted(maps.Keys(machines)) {
		errs = append(errs, f.seat(id, machines[id]))
	}
	errs = append(errs, f.clear(machines))
	for id, s := range f.spaces {
		errs = append(errs, s.route(plans[id]))
	}
	return errors.Join(errs...)
}

// idsOf lists what has a namespace: networks and transit gateways.
func idsOf(w netpath.World) (out []string) {
	for _, n := range w.Networks {
		out = append(out, n.ID)
	}
	for _, t := range w.Transits {
		out = append(out, t.ID)
	}
	return out
}

// open opens the namespaces that are wanted and gives up the others.
func (f *Fabric) open(wanted []string) error {
	names := map[string]bool{}
	var errs []error
	for _, id := range wanted {
		s, ok := f.spaces[id]
		if !ok {
			var err error
			if s, err = openSpace(f.mark, id); err != nil {
				errs = append(errs, err)
				continue
			}
			f.spaces[id] = s
		}
		names[s.name] = true
	}
	for id, s := range f.spaces {
		if !names[s.name] {
			s.close()
			delete(f.spaces, id)
		}
	}
	there, err := spacesOf(f.mark)
	errs = append(errs, err)
	for _, name := range there {
		if !names[name] {
			errs = append(errs, empty(name), dropSpace(name))
		}
	}
	return errors.Join(errs...)
}

// seatsOf lists the seats by desktop; one in an unknown subnet is none.
func seatsOf(n desktops.Networks) map[string]chair {
	out := map[string]chair{}
	for _, seat := range n.Seats {
		for _, network := range n.World.Networks {
			if network.ID != seat.Network {
				continue
			}
			if i := slices.IndexFunc(network.Subnets, func(s netpath.Subnet) bool { return s.ID == seat.Subnet }); i >= 0 {
				out[seat.Desktop] = chair{seat, network.Subnets[i]}
			}
		}
	}
	return out
}

// Seat joins a desktop that starts to its network, if it has a place in one.
func (f *Fabric) Seat(desktop string, m Machine) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seat(desktop, m)
}

func (f *Fabric) seat(desktop string, m Machine) error {
	c, ok := f.seats[desktop]
	if !ok {
		return nil
	}
	s, ok := f.spaces[c.Network]
	if !ok {
		return nil // Arrange has said why
	}
	return s.plug(c, m, f.mark)
}

// Unseat takes a desktop's interface away. It goes by itself some time after
// the last process of the desktop.
func (f *Fabric) Unseat(lease int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var errs []error
	for _, s := range f.spaces {
		errs = append(errs, s.remove(portOf(lease)))
	}
	return errors.Join(errs...)
}

// clear takes away the interfaces of desktops that have no place here any more.
func (f *Fabric) clear(machines map[string]Machine) error {
	wanted := map[string]map[string]bool{}
	for id, m := range machines {
		c, ok := f.seats[id]
		if !ok {
			continue
		}
		if wanted[c.Network] == nil {
			wanted[c.Network] = map[string]bool{}
		}
		wanted[c.Network][portOf(m.Lease)] = true
	}
	var errs []error
	for id, s := range f.spaces {
		errs = append(errs, s.sweep(desktopPort, wanted[id]))
	}
	return errors.Join(errs...)
}

// Lower removes all networks.
func (f *Fabric) Lower() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seats = map[string]chair{}
	err := f.open(nil)
	if f.out != nil {
		err = errors.Join(err, f.cut(nftables.WithNetNSFd(int(f.out.Host))))
	}
	return err
}

// Close lets go of the networks, which live on.
func (f *Fabric) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id, s := range f.spaces {
		s.close()
		delete(f.spaces, id)
	}
	if f.host != nil {
		f.host.close()
		f.host, f.out = nil, nil
	}
}
