package workspaces

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// owner is who owns the catalogue's bundles, as on AWS.
const owner = "AMAZON"

// size is what a compute type means: limits of a desktop (Amazon WorkSpaces
// Bundles, product page).
type size struct {
	name      string
	cpus      float64
	memoryMiB int
}

var sizes = map[types.Compute]size{
	types.ComputeValue:       {"Value", 1, 2 << 10},
	types.ComputeStandard:    {"Standard", 2, 4 << 10},
	types.ComputePerformance: {"Performance", 2, 8 << 10},
	types.ComputePower:       {"Power", 4, 16 << 10},
	types.ComputePowerpro:    {"PowerPro", 8, 32 << 10},
}

// Bundle is a bundle of the catalogue, or of an account as desktops are made of
// it.
type Bundle struct {
	ID          string
	Name        string
	Description string
	ImageID     string
	Image       string // variant of the provider's image, or a captured one
	Compute     types.Compute
	RootGiB     int
	UserGiB     int
}

// published is when the catalogue was made.
var published = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// catalogue is sorted by id. The ids are part of what scripts rely on: they
// never change.
var catalogue = []Bundle{
	bundle("wsb-d12perfo0", "Performance", types.ComputePerformance, 80, 100),
	bundle("wsb-d12power0", "Power", types.ComputePower, 175, 100),
	bundle("wsb-d12pwpro0", "PowerPro", types.ComputePowerpro, 175, 100),
	bundle("wsb-d12stand0", "Standard", types.ComputeStandard, 80, 50),
	bundle("wsb-d12value0", "Value", types.ComputeValue, 80, 10),
}

func bundle(id, name string, c types.Compute, root, user int) Bundle {
	s := sizes[c]
	image, content := "office", "English and Japanese"
	if c == types.ComputeValue {
		image, content = "small", "window manager and terminal"
	}
	return Bundle{
		ID: id, Name: name + " with Debian 12 (" + content + ")",
		Description: name + " bundle with Debian 12, " + strconv.FormatFloat(s.cpus, 'f', -1, 64) + " vCPU, " +
			strconv.Itoa(s.memoryMiB>>10) + " GiB memory, " + strconv.Itoa(root) + " GB root volume, " + strconv.Itoa(user) + " GB user volume",
		ImageID: "wsi-d12" + image + "00", Image: image,
		Compute: c, RootGiB: root, UserGiB: user,
	}
}

func findBundle(id string) (Bundle, bool) {
	for _, b := range catalogue {
		if b.ID == id {
			return b, true
		}
	}
	return Bundle{}, false
}

func (b Bundle) describe() types.WorkspaceBundle {
	return types.WorkspaceBundle{
		BundleId: &b.ID, Name: &b.Name, Description: &b.Description, Owner: new(owner), ImageId: &b.ImageID,
		BundleType: types.BundleTypeRegular, State: types.WorkspaceBundleStateAvailable,
		ComputeType:  &types.ComputeType{Name: b.Compute},
		RootStorage:  &types.RootStorage{Capacity: new(strconv.Itoa(b.RootGiB))},
		UserStorage:  &types.UserStorage{Capacity: new(strconv.Itoa(b.UserGiB))},
		CreationTime: new(published), LastUpdatedTime: new(published),
	}
}
