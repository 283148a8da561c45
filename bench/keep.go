package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

// What the home of a desktop holds that is rebuilt or restored, what happens to
// its root volume before, and how both are looked at after: the change of the
// root volume is gone, and the home is as it was.
const (
	fillHome   = "set -e; cd /home/*; mkdir bench; cd bench; head -c 300000000 /dev/urandom | split -a 4 -b 100000 -"
	homeDigest = "set -e; cd /home/*/bench; ls | wc -l; cat * | sha256sum"
	changeRoot = "set -e; head -c 100000000 /dev/urandom > /opt/bench"
	spoilHome  = "set -e; cd /home/*/bench; rm x*a; echo other > xaab"
	rootIsNew  = "test ! -e /opt/bench"
	filled     = "300 MB of 3,000 files in the home, 100 MB on the root volume; the home's digest is the same after, the root volume's change is gone"
)

// rebuild gives a desktop with a full home a fresh root volume.
func rebuild(ctx context.Context, p *plane) ([]figure, error) {
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	id := *all[0].WorkspaceId
	if _, _, err := p.run(ctx, id, fillHome); err != nil {
		return nil, fmt.Errorf("fill the home: %w", err)
	}
	took, err := p.renewed(ctx, id, changeRoot, func() error {
		out, err := p.ws.RebuildWorkspaces(ctx, &workspaces.RebuildWorkspacesInput{RebuildWorkspaceRequests: []types.RebuildRequest{{WorkspaceId: &id}}})
		if err != nil {
			return err
		}
		return refused(out.FailedRequests)
	})
	return []figure{millis("RebuildWorkspaces to AVAILABLE, 300 MB in the home", "10 s (4 s)", took, filled)}, err
}

// restore puts both volumes of a desktop with a full home back to its snapshot.
// A desktop's first snapshot is made when it is there for the first time, so the
// home comes from another desktop, by a migration.
func restore(ctx context.Context, p *plane) ([]figure, error) {
	all, err := p.available(ctx)
	if err != nil {
		return nil, err
	}
	from := all[0]
	if _, _, err := p.run(ctx, *from.WorkspaceId, "rm -rf /home/*/bench; "+fillHome); err != nil {
		return nil, fmt.Errorf("fill the home: %w", err)
	}
	id, err := p.migrate(ctx, from)
	if err != nil {
		return nil, err
	}
	took, err := p.renewed(ctx, id, changeRoot+"; "+spoilHome, func() error {
		_, err := p.ws.RestoreWorkspace(ctx, &workspaces.RestoreWorkspaceInput{WorkspaceId: &id})
		return err
	})
	return []figure{millis("RestoreWorkspace to AVAILABLE, 300 MB in the home", "10 s (4 s)", took, filled+"; some of the home's files were deleted and changed before")}, err
}

// renewed spoils a desktop, has it renewed, and sees what is left, again and
// again; it returns how long each took until the desktop was AVAILABLE.
func (p *plane) renewed(ctx context.Context, id, spoil string, renew func() error) (took []time.Duration, err error) {
	want, _, err := p.run(ctx, id, homeDigest)
	if err != nil {
		return nil, err
	}
	for range p.settings.rounds {
		if _, _, err := p.run(ctx, id, spoil); err != nil {
			return nil, fmt.Errorf("spoil the desktop: %w", err)
		}
		start := time.Now()
		if err := renew(); err != nil {
			return nil, err
		}
		if err := p.reach(ctx, id, types.WorkspaceStateAvailable); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
		got, _, err := p.run(ctx, id, rootIsNew+" && ("+homeDigest+")")
		if err != nil {
			return nil, fmt.Errorf("look at what is left: %w", err)
		}
		if got != want {
			return nil, fmt.Errorf("the home was %s and is %s", want, got)
		}
	}
	return took, nil
}

// migrate moves a desktop to another bundle and waits for the new one, its agent
// and its snapshot.
func (p *plane) migrate(ctx context.Context, from types.Workspace) (id string, err error) {
	bundle := "wsb-d12stand0"
	if aws.ToString(from.BundleId) == bundle {
		bundle = "wsb-d12value0"
	}
	out, err := p.ws.MigrateWorkspace(ctx, &workspaces.MigrateWorkspaceInput{SourceWorkspaceId: from.WorkspaceId, BundleId: &bundle})
	if err != nil {
		return "", err
	}
	id = *out.TargetWorkspaceId
	if err := p.reach(ctx, id, types.WorkspaceStateAvailable); err != nil {
		return "", fmt.Errorf("wait for the migrated desktop: %w", err)
	}
	if err := p.reach(ctx, *from.WorkspaceId, ""); err != nil {
		return "", fmt.Errorf("wait until the old desktop is gone: %w", err)
	}
	if _, err := p.onlineBy(ctx, "InstanceIds", id); err != nil {
		return "", fmt.Errorf("wait for the agent of the migrated desktop: %w", err)
	}
	err = until(ctx, look, func() (bool, error) {
		out, err := p.ws.DescribeWorkspaceSnapshots(ctx, &workspaces.DescribeWorkspaceSnapshotsInput{WorkspaceId: &id})
		return err == nil && len(out.RestoreSnapshots) > 0, err
	})
	if err != nil {
		return "", fmt.Errorf("wait for the snapshot: %w", err)
	}
	return id, nil
}
