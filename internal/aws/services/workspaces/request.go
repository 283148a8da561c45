package workspaces

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// autoStopStep is the step and the default of the auto stop timeout, minutes
// (API reference, WorkspaceProperties).
const autoStopStep = 60

// checkRequest refuses what a desktop here cannot have.
func checkRequest(r *types.WorkspaceRequest) *refusal {
	unsupported := func(what string) *refusal {
		return &refusal{codeUnsupported, what + " is not supported."}
	}
	switch {
	case on(r.RootVolumeEncryptionEnabled), on(r.UserVolumeEncryptionEnabled), r.VolumeEncryptionKey != nil:
		return unsupported("Encryption of volumes")
	case r.WorkspaceName != nil, text(r.UserName) == "[UNDEFINED]":
		return unsupported("A user-decoupled WorkSpace")
	case r.Ipv6Address != nil:
		return unsupported("An IPv6 address")
	}
	p := r.WorkspaceProperties
	if p == nil {
		return nil
	}
	for _, protocol := range p.Protocols {
		if protocol != types.ProtocolWsp {
			return unsupported("The protocol " + string(protocol))
		}
	}
	if p.OperatingSystemName != "" {
		return unsupported("The operating system " + string(p.OperatingSystemName))
	}
	if g := p.GlobalAccelerator; g != nil && g.Mode == types.AGAModeForWorkSpaceEnumEnabledAuto {
		return unsupported("Global Accelerator") // directories have none either, so that INHERITED is off
	}
	return nil
}

func on(p *bool) bool { return p != nil && *p }

// computeOf is the compute type that was asked for; "" is none.
func computeOf(p *types.WorkspaceProperties) types.Compute {
	if p == nil {
		return ""
	}
	return p.ComputeTypeName
}

// configure sets size and running mode from the bundle and the properties that
// were asked for. Volumes that do not go together are an error of the whole call,
// as on AWS.
func (d *Desktop) configure(b Bundle, p *types.WorkspaceProperties) (*refusal, error) {
	d.Compute, d.RootGiB, d.UserGiB = string(b.Compute), b.RootGiB, b.UserGiB
	if p == nil {
		p = &types.WorkspaceProperties{}
	}
	if p.ComputeTypeName != "" {
		if _, ok := sizes[p.ComputeTypeName]; !ok {
			return &refusal{codeUnsupported, "The compute type " + string(p.ComputeTypeName) + " is not supported."}, nil
		}
		d.Compute = string(p.ComputeTypeName)
	}
	no := d.resize(p)
	if !fitting(d.RootGiB, d.UserGiB) {
		return nil, invalid(sizes[types.Compute(d.Compute)].name + ": Invalid root and user volume size selected. Root and user volume size (GB) must be (80|10), (80|50), (80|100), (175+|100+).")
	}
	if no != nil {
		return no, nil
	}
	return d.run(p), nil
}

// resize takes the volumes that were asked for; none is smaller than its
// bundle's.
func (d *Desktop) resize(p *types.WorkspaceProperties) (no *refusal) {
	for _, v := range []struct {
		name  string
		asked *int32
		have  *int
	}{{"root", p.RootVolumeSizeGib, &d.RootGiB}, {"user", p.UserVolumeSizeGib, &d.UserGiB}} {
		if v.asked == nil {
			continue
		}
		if int(*v.asked) < *v.have {
			no = &refusal{codeInvalid, fmt.Sprintf("The %s volume of this bundle can have %d to 2000 GB, not %d.", v.name, *v.have, *v.asked)}
		}
		*v.have = int(*v.asked)
	}
	return no
}

func (d *Desktop) run(p *types.WorkspaceProperties) *refusal {
	d.RunningMode = string(p.RunningMode)
	timeout := p.RunningModeAutoStopTimeoutInMinutes
	switch p.RunningMode {
	case "", types.RunningModeAlwaysOn:
		d.RunningMode = string(types.RunningModeAlwaysOn)
		if timeout != nil {
			return &refusal{"AutoStopTimeoutIsNotApplicableForAnAlwaysOnWorkspace", "RunningModeAutoStopTimeoutInMinutes is not applicable for WorkSpace with running mode set to ALWAYS_ON."}
		}
	case types.RunningModeManual:
		if timeout != nil {
			return &refusal{"AutoStopTimeoutIsNotDefaultForManualWorkspace", "RunningModeAutoStopTimeoutInMinutes is not applicable for WorkSpace with running mode set to MANUAL."}
		}
	case types.RunningModeAutoStop:
		d.AutoStopMinutes = autoStopStep
		if timeout != nil {
			d.AutoStopMinutes = int(*timeout)
		}
		if d.AutoStopMinutes < autoStopStep || d.AutoStopMinutes%autoStopStep != 0 {
			return &refusal{codeInvalid, "RunningModeAutoStopTimeoutInMinutes must be a multiple of 60."}
		}
	default:
		return &refusal{codeInvalid, "The running mode " + d.RunningMode + " is unknown."}
	}
	return nil
}
