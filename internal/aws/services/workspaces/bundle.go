package workspaces

import (
	"fmt"
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

// graphics are the compute types with a GPU (Amazon WorkSpaces Bundles, product
// page; Amazon EC2 instance types G4dn, G6, Gr6, G6f and Gr6f, whose names they
// have). No provider gives a desktop one: see Service.graphic.
var graphics = map[types.Compute]size{
	types.ComputeGraphicsG4dn:        {"Graphics.g4dn", 4, 16 << 10},
	types.ComputeGraphicsproG4dn:     {"GraphicsPro.g4dn", 16, 64 << 10},
	types.ComputeGraphicsG6Xlarge:    {"Graphics.g6.xlarge", 4, 16 << 10},
	types.ComputeGraphicsG62xlarge:   {"Graphics.g6.2xlarge", 8, 32 << 10},
	types.ComputeGraphicsG64xlarge:   {"Graphics.g6.4xlarge", 16, 64 << 10},
	types.ComputeGraphicsG68xlarge:   {"Graphics.g6.8xlarge", 32, 128 << 10},
	types.ComputeGraphicsG616xlarge:  {"Graphics.g6.16xlarge", 64, 256 << 10},
	types.ComputeGraphicsGr64xlarge:  {"Graphics.gr6.4xlarge", 16, 128 << 10},
	types.ComputeGraphicsGr68xlarge:  {"Graphics.gr6.8xlarge", 32, 256 << 10},
	types.ComputeGraphicsG6fLarge:    {"Graphics.g6f.large", 2, 8 << 10},
	types.ComputeGraphicsG6fXlarge:   {"Graphics.g6f.xlarge", 4, 16 << 10},
	types.ComputeGraphicsG6f2xlarge:  {"Graphics.g6f.2xlarge", 8, 32 << 10},
	types.ComputeGraphicsG6f4xlarge:  {"Graphics.g6f.4xlarge", 16, 64 << 10},
	types.ComputeGraphicsGr6f4xlarge: {"Graphics.gr6f.4xlarge", 16, 128 << 10},
}

// graphic refuses compute types with a GPU; it takes others, and none. AWS has no
// such refusal to be like: it has GPUs.
func (s *Service) graphic(asked ...types.Compute) *refusal {
	for _, c := range asked {
		if _, ok := graphics[c]; !ok {
			continue
		}
		why := "no desktop here has one"
		if s.noGPU != nil {
			why = s.noGPU()
		}
		return &refusal{codeUnavailable, fmt.Sprintf("The compute type %s needs a GPU, and %s.", c, why)}
	}
	return nil
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
	bundle("wsb-d12perfo0", types.ComputePerformance, 80, 100),
	bundle("wsb-d12power0", types.ComputePower, 175, 100),
	bundle("wsb-d12pwpro0", types.ComputePowerpro, 175, 100),
	bundle("wsb-d12stand0", types.ComputeStandard, 80, 50),
	bundle("wsb-d12value0", types.ComputeValue, 80, 10),
	bundle("wsb-g12g4dn00", types.ComputeGraphicsG4dn, 100, 100),
	bundle("wsb-g12g60100", types.ComputeGraphicsG6Xlarge, 100, 100),
	bundle("wsb-g12g60200", types.ComputeGraphicsG62xlarge, 100, 100),
	bundle("wsb-g12g60400", types.ComputeGraphicsG64xlarge, 100, 100),
	bundle("wsb-g12g60800", types.ComputeGraphicsG68xlarge, 100, 100),
	bundle("wsb-g12g61600", types.ComputeGraphicsG616xlarge, 100, 100),
	bundle("wsb-g12g6f000", types.ComputeGraphicsG6fLarge, 100, 100),
	bundle("wsb-g12g6f100", types.ComputeGraphicsG6fXlarge, 100, 100),
	bundle("wsb-g12g6f200", types.ComputeGraphicsG6f2xlarge, 100, 100),
	bundle("wsb-g12g6f400", types.ComputeGraphicsG6f4xlarge, 100, 100),
	bundle("wsb-g12pg4dn0", types.ComputeGraphicsproG4dn, 100, 100),
	bundle("wsb-g12r60400", types.ComputeGraphicsGr64xlarge, 100, 100),
	bundle("wsb-g12r60800", types.ComputeGraphicsGr68xlarge, 100, 100),
	bundle("wsb-g12r6f400", types.ComputeGraphicsGr6f4xlarge, 100, 100),
}

func bundle(id string, c types.Compute, root, user int) Bundle {
	s, with := sizes[c], ""
	if g, ok := graphics[c]; ok {
		s, with = g, "a GPU, "
	}
	image, content := "office", "English and Japanese"
	if c == types.ComputeValue {
		image, content = "small", "window manager and terminal"
	}
	return Bundle{
		ID: id, Name: s.name + " with Debian 12 (" + content + ")",
		Description: s.name + " bundle with Debian 12, " + with + strconv.FormatFloat(s.cpus, 'f', -1, 64) + " vCPU, " +
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
