package workspaces

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/desktops"
)

// What users may choose among, smallest first. An administrator may have volumes
// of other sizes too.
var (
	computeTypes = []types.Compute{types.ComputeValue, types.ComputeStandard, types.ComputePerformance, types.ComputePower, types.ComputePowerpro}
	volumeSizes  = []int{10, 50, 80, 100, 175, 250, 500, 1000, 2000}
)

// offers are what the user of a desktop may choose for it, as far as the
// directory lets them and the desktop can be changed now (WorkSpaces
// Administration Guide, "Enable self-service WorkSpaces management capabilities
// for your users").
func (d *Desktop) offers(may *types.SelfservicePermissions) []desktops.Offer {
	if d.State != Available && d.State != Stopped {
		return nil
	}
	var out []desktops.Offer
	add := func(lets types.ReconnectEnum, what desktops.Favor, now desktops.Choice, others []desktops.Choice) {
		if lets == types.ReconnectEnumEnabled && len(others) > 0 {
			out = append(out, desktops.Offer{What: what, Now: now, Others: others})
		}
	}
	var computes, modes, roots, users []desktops.Choice
	for _, c := range computeTypes {
		if string(c) != d.Compute {
			computes = append(computes, computeChoice(c))
		}
	}
	for _, m := range []types.RunningMode{types.RunningModeAlwaysOn, types.RunningModeAutoStop} {
		if string(m) != d.RunningMode {
			modes = append(modes, desktops.Choice{Value: string(m)})
		}
	}
	for _, gib := range volumeSizes {
		if gib > d.RootGiB && fitting(gib, d.UserGiB) {
			roots = append(roots, volumeChoice(gib))
		}
		if gib > d.UserGiB && fitting(d.RootGiB, gib) {
			users = append(users, volumeChoice(gib))
		}
	}
	add(may.ChangeComputeType, desktops.Compute, computeChoice(types.Compute(d.Compute)), computes)
	add(may.SwitchRunningMode, desktops.Mode, desktops.Choice{Value: d.RunningMode}, modes)
	add(may.IncreaseVolumeSize, desktops.RootVolume, volumeChoice(d.RootGiB), roots)
	add(may.IncreaseVolumeSize, desktops.UserVolume, volumeChoice(d.UserGiB), users)
	return out
}

func computeChoice(c types.Compute) desktops.Choice {
	s := sizes[c]
	return desktops.Choice{Value: string(c), Text: fmt.Sprintf("%s: %g vCPU, %d GB", c, s.cpus, s.memoryMiB>>10)}
}

func volumeChoice(gib int) desktops.Choice {
	return desktops.Choice{Value: strconv.Itoa(gib), Text: strconv.Itoa(gib) + " GB"}
}
