package workspaces

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/desktops"
	"tamachi/internal/store"
)

// State is the state of a desktop, in the API's words.
type State string

// The states that a desktop takes here. The API knows more; they come with the
// operations that lead to them.
const (
	Pending     State = "PENDING"
	Available   State = "AVAILABLE"
	Unhealthy   State = "UNHEALTHY"
	Rebooting   State = "REBOOTING"
	Starting    State = "STARTING"
	Rebuilding  State = "REBUILDING"
	Terminating State = "TERMINATING"
	Stopping    State = "STOPPING"
	Stopped     State = "STOPPED"
	Error       State = "ERROR"
	Updating    State = "UPDATING"
	Restoring   State = "RESTORING"
	Suspended   State = "SUSPENDED"   // while an image of it is made
	Maintenance State = "MAINTENANCE" // while another desktop takes its place
	// AdminMaintenance is what an administrator asks for: the desktop runs, and
	// its user is kept out.
	AdminMaintenance State = "ADMIN_MAINTENANCE"
)

// Desktop is a WorkSpace.
type Desktop struct {
	ID              string
	DirectoryID     string
	UserName        string // as the directory writes it
	BundleID        string
	State           State
	Move            int // grows with every change of State
	ErrorCode       string
	ErrorMessage    string
	ComputerName    string
	IPAddress       string // of the provider; empty until there was a desktop
	SubnetID        string
	Compute         string
	RootGiB         int
	UserGiB         int
	RunningMode     string
	AutoStopMinutes int // 0 unless RunningMode is AUTO_STOP
	Tags            map[string]string
	CreatedAt       time.Time
	CreatedBy       string // request id of CreateWorkspaces
	ChangedAt       time.Time
	ChangedBy       string    // request id of the call that asked last; empty when the service moved
	ConnectedAt     time.Time // when a user was last known to be connected; zero is never
	ExtendedAt      time.Time `json:",omitzero"`  // when its user last asked for more time; zero is never
	Change          *Change   `json:",omitempty"` // while it is UPDATING
	MigratesFrom    string    `json:",omitempty"` // id of the desktop whose place it takes, until it has
	Was             State     `json:",omitempty"` // before MAINTENANCE
	Imaging         string    `json:",omitempty"` // id of the image while it is SUSPENDED
	KeptAt          time.Time `json:",omitzero"`  // when the last snapshot was made; zero is never
	Keep            bool      `json:",omitempty"` // a snapshot is wanted as soon as it runs
	KeepDue         string    `json:",omitempty"` // key of the moment of the next one
	Sized           sizings   `json:",omitempty"` // when each size was last changed
	Told            int       `json:",omitempty"` // changes that the history has seen
	MeteredAt       time.Time `json:",omitzero"`  // up to when its use is in the months; zero is before it was there
	MaintainedAt    time.Time `json:",omitzero"`  // when it was last started for its maintenance; zero is never
	Uninvited       bool      `json:",omitempty"` // its user is to be told when it is ready for the first time
	Administrator   bool      `json:",omitempty"` // its user is one in it, as its directory said when it was made or rebuilt
}

var desktopTable = store.Table[Desktop]{
	Name:  "workspaces.desktops",
	Reach: store.Regional,
	Key:   func(d *Desktop) string { return d.ID },
	Indexes: map[string]func(*Desktop) string{
		"directory": func(d *Desktop) string { return d.DirectoryID },
		"user":      func(d *Desktop) string { return userKey(d.DirectoryID, d.UserName) },
		"bundle":    func(d *Desktop) string { return d.BundleID },
		"name":      func(d *Desktop) string { return strings.ToLower(d.UserName) },
	},
}

// Past is a desktop that was terminated, as it was at its end.
type Past struct {
	Desktop      Desktop
	TerminatedAt time.Time
}

var history = store.Table[Past]{
	Name:  "workspaces.history",
	Reach: store.Regional,
	Key:   func(p *Past) string { return p.Desktop.ID },
	Indexes: map[string]func(*Past) string{
		"name": func(p *Past) string { return strings.ToLower(p.Desktop.UserName) },
	},
}

// userKey finds the desktop of a user; names are not case-sensitive (API
// reference, WorkspaceRequest).
func userKey(directoryID, name string) string { return directoryID + "/" + strings.ToLower(name) }

// furnish makes the desktop as its directory says now: when it is rebuilt or takes
// another one's place. Source: WorkSpaces Administration Guide, "Update directory
// details for your WorkSpaces", local administrator setting.
func (d *Desktop) furnish(tx *store.Tx, sc store.Scope) error {
	dir, err := directories.Get(tx, sc, d.DirectoryID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		d.Administrator = dir.Settings.Administrators
	}
	return err
}

// Administers tells whether the user of a desktop is an administrator in it; not
// of one that is not there.
func (s *Service) Administers(ctx context.Context, account, region, id string) (is bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) error {
		d, err := desktopTable.Get(tx, store.In(account, region), id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			is = d.Administrator
		}
		return err
	})
	return is, err
}

// move changes the state and forgets the last failure.
func (d *Desktop) move(to State, now time.Time) {
	d.State, d.ErrorCode, d.ErrorMessage = to, "", ""
	d.Move++
	d.ChangedAt, d.ChangedBy = now, ""
}

// job is the work to do for the desktop.
func (d *Desktop) job(tx *store.Tx, sc store.Scope) (desktops.Job, error) {
	compute, root, user := d.Compute, d.RootGiB, d.UserGiB
	if w := d.Change; w != nil {
		compute, root, user = w.Compute, w.RootGiB, w.UserGiB
	}
	userOf := ""
	if d.State == Pending {
		userOf = d.MigratesFrom
	}
	s := sizes[types.Compute(compute)]
	b, _, err := bundleOf(tx, sc, d.BundleID)
	if err != nil {
		return desktops.Job{}, err
	}
	var groups []string
	joins := serviceAccount
	dir, err := directories.Get(tx, sc, d.DirectoryID)
	if err == nil {
		groups, joins = dir.groups(), dir.account()
	} else if !errors.Is(err, store.ErrNotFound) {
		return desktops.Job{}, err
	}
	return desktops.Job{
		Account: sc.Account, Region: sc.Region, ID: d.ID, State: string(d.State), Since: d.ChangedAt, Move: d.Move,
		DirectoryID: d.DirectoryID, Bundle: d.BundleID, Compute: d.Compute, RunningMode: d.RunningMode, Subnet: d.SubnetID, Groups: groups, ServiceAccount: joins, Administrator: d.Administrator, Keep: d.Keep, Image: d.Imaging,
		Spec: desktops.Spec{
			ID: d.ID, ComputerName: d.ComputerName, UserName: d.UserName, Image: b.Image,
			CPUs: s.cpus, MemoryMiB: s.memoryMiB, RootGiB: root, UserGiB: user, UserOf: userOf, Tags: d.Tags,
		},
	}, nil
}

// pending is what CreateWorkspaces tells of a new desktop: no more than AWS does
// (AWS CLI reference, create-workspaces, examples).
func (d *Desktop) pending() types.Workspace {
	return types.Workspace{
		WorkspaceId: &d.ID, DirectoryId: &d.DirectoryID, UserName: &d.UserName, BundleId: &d.BundleID,
		State: types.WorkspaceState(d.State),
	}
}

func (d *Desktop) describe() types.Workspace {
	out := types.Workspace{
		WorkspaceId: &d.ID, DirectoryId: &d.DirectoryID, UserName: &d.UserName, BundleId: &d.BundleID,
		State: types.WorkspaceState(d.State), SubnetId: api.Optional(d.SubnetID), IpAddress: api.Optional(d.IPAddress),
		ErrorCode: api.Optional(d.ErrorCode), ErrorMessage: api.Optional(d.ErrorMessage),
		WorkspaceProperties: &types.WorkspaceProperties{
			RunningMode: types.RunningMode(d.RunningMode), ComputeTypeName: types.Compute(d.Compute),
			RootVolumeSizeGib: new(int32(d.RootGiB)), UserVolumeSizeGib: new(int32(d.UserGiB)),
			Protocols: []types.Protocol{types.ProtocolWsp},
		},
		ModificationStates: d.modifications(),
	}
	if d.IPAddress != "" { // nobody has seen the name before there was a machine
		out.ComputerName = &d.ComputerName
	}
	if d.AutoStopMinutes > 0 {
		out.WorkspaceProperties.RunningModeAutoStopTimeoutInMinutes = new(int32(d.AutoStopMinutes))
	}
	return out
}
