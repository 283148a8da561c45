package house

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/gate"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/services/accessanalyzer"
	"tamachi/internal/aws/services/cloudtrail"
	"tamachi/internal/aws/services/cloudwatch"
	"tamachi/internal/aws/services/cloudwatchlogs"
	"tamachi/internal/aws/services/desk"
	"tamachi/internal/aws/services/directoryservice"
	"tamachi/internal/aws/services/directoryservicedata"
	"tamachi/internal/aws/services/ec2"
	"tamachi/internal/aws/services/eventbridge"
	"tamachi/internal/aws/services/iam"
	"tamachi/internal/aws/services/kms"
	"tamachi/internal/aws/services/organizations"
	"tamachi/internal/aws/services/resourcegroups"
	"tamachi/internal/aws/services/resourcegroupstaggingapi"
	"tamachi/internal/aws/services/s3"
	"tamachi/internal/aws/services/sns"
	"tamachi/internal/aws/services/ssm"
	"tamachi/internal/aws/services/sts"
	"tamachi/internal/aws/services/tamachi"
	"tamachi/internal/aws/services/workspaces"
	"tamachi/internal/aws/wire"
	"tamachi/internal/config"
	"tamachi/internal/engine/metrics"
	"tamachi/internal/engine/notice"
	"tamachi/internal/engine/provision"
	"tamachi/internal/engine/upkeep"
	"tamachi/internal/store"
)

// rooms are the services of the plane, and what runs beside them.
type rooms struct {
	iam         *iam.Service
	sts         *sts.Service
	accounts    *organizations.Service
	kms         *kms.Service
	s3          *s3.Service
	trail       *cloudtrail.Recorder
	events      *cloudtrail.Service
	logs        *cloudwatchlogs.Service
	metrics     *cloudwatch.Service
	measures    *metrics.Engine
	directories *directories
	fleet       *fleet
	workspaces  *workspaces.Service
	ec2         *ec2.Service
	tamachi     *tamachi.Service
	groups      *resourcegroups.Service
	sns         *sns.Service
	bridge      *eventbridge.Service
	tagging     *resourcegroupstaggingapi.Service
	all         []api.Service
	chores      map[string]upkeep.Chore // work that time brings, by room
	upkeep      *upkeep.Engine
	runners     []func(context.Context) error
}

// tables lists what all rooms store.
func tables() []store.Definition {
	return slices.Concat(
		[]store.Definition{&identities, &bodyKeys},
		iam.Tables(), sts.Tables(), kms.Tables(), s3.Tables(), cloudtrail.Tables(), cloudwatch.Tables(), cloudwatchlogs.Tables(), directoryservice.Tables(), directoryservicedata.Tables(),
		workspaces.Tables(), tamachi.Tables(), organizations.Tables(), ssm.Tables(), ec2.Tables(), notice.Tables(),
		resourcegroups.Tables(), sns.Tables(), eventbridge.Tables(),
	)
}

// build furnishes the rooms and plugs one room's method into the other's port.
func (h *House) build(ctx context.Context) (err error) {
	known := &rolesAndKeys{}
	trail := cloudtrail.NewRecorder(h.store, h.o.Log)
	s := sts.New(h.store, h.o.IDs, h.o.Clock, sts.Ports{Identities: known, MFA: known, Messages: messages{h.box}})
	r := &rooms{
		iam:         iam.New(h.store, h.o.IDs, h.o.Clock, iam.Ports{Former: s, Above: above{h}, Trail: attempts{h}}),
		sts:         s,
		kms:         kms.New(h.store, h.o.IDs, h.o.Clock, h.box, kms.Ports{Trail: trail}),
		trail:       trail,
		events:      cloudtrail.New(h.store, h.o.IDs, h.o.Clock, cloudtrail.Ports{Bucket: trailBucket{h}, Box: h.box}, cloudtrail.Options{}),
		logs:        cloudwatchlogs.New(h.store, h.o.IDs, h.o.Clock, cloudwatchlogs.Ports{Bucket: logBucket{h}}),
		metrics:     cloudwatch.New(h.store, h.o.IDs, h.o.Clock, cloudwatch.Ports{Actions: alarmActions{h}, Events: happenings{h}}),
		directories: h.openDirectories(),
	}
	known.iam = r.iam
	r.sns = sns.New(h.store, h.o.IDs, h.o.Clock, h.openTopics())
	r.bridge = eventbridge.New(h.store, h.o.IDs, h.o.Clock, eventbridge.Ports{Targets: ruleTargets{h}, Web: ruleWeb{h.outside}, Box: h.box})
	r.groups = resourcegroups.New(h.store, resourcegroups.Ports{Resources: everything{h}})
	r.ec2 = ec2.New(h.store, h.o.IDs, h.o.Clock, r.directories)
	r.directories.networks = r.ec2
	if r.s3, err = h.openBodies(ctx); err != nil {
		return err
	}
	if r.fleet, err = h.openFleet(ctx, r.sts, r.iam); err != nil {
		return err
	}
	r.workspaces = workspaces.New(h.store, h.o.IDs, h.o.Clock, workspaces.Ports{People: people{r.directories}, Invitations: invites{r}, Networks: r.ec2, Guises: guises{h}, Strict: workspaces.Strict{On: h.o.Config.Throttle == gate.Strict, Desktops: h.o.Config.DesktopQuota}, LogoURL: h.logoURL, NoGPU: func() string { return h.desktops.About().NoGPU }, Events: happenings{h}})
	r.measures = metrics.New(h.o.Clock, h.o.Log, metrics.Ports{Room: r.workspaces, Meter: h.meter(), Records: desktopRecords{r.metrics}})
	if h.shelf, err = h.openShelf(ctx); err != nil {
		return err
	}
	playback, export := h.recordingURLs()
	r.tamachi = tamachi.New(h.store, h.o.IDs, h.o.Clock, tamachi.Ports{
		Subjects: groups{h}, Members: groups{h}, SignIns: signIns{r.directories}, Wardrobe: guises{h},
		Desktops: screens{r.workspaces, &h.image}, Inventory: past{r.fleet}, Nodes: r.fleet.ssm, TicketURL: h.ticketURL, PlaybackURL: playback, ExportURL: export, Commands: followed{h}, Records: r.workspaces,
		People: r.directories, Passwords: r.directories.users, Notices: h.notices,
		InvitationURL: h.invitationURL, SignInURL: h.signInURL, Sender: h.noReply, Events: happenings{h},
	})
	r.accounts = organizations.New(h.store, h.o.IDs, h.o.Clock, h.o.Config.Domain, organizations.Ports{Founder: r.iam, Events: accountEvents{h}, MaxAccounts: h.mostAccounts()})
	r.tagging = resourcegroupstaggingapi.New(h.store, resourcegroupstaggingapi.Ports{Rooms: r.taggable(), Calls: tagCalls{h}})
	deskPorts, serveDesk := h.deskPorts()
	r.all = []api.Service{
		r.accounts, r.iam, r.sts, r.kms, r.s3, r.events, r.logs, r.metrics, r.directories.Service, r.directories.users, r.workspaces, r.tamachi,
		r.fleet.ssm, r.fleet.messages, r.fleet.mail, r.ec2,
		r.tagging, r.groups, r.sns, r.bridge, accessanalyzer.New(), desk.New(deskPorts),
	}
	r.chores = map[string]upkeep.Chore{"ssm": r.fleet.ssm, "iam": r.iam, "kms": r.kms, "s3": r.s3, "workspaces": r.workspaces, "cloudtrail": r.events, "logs": r.logs, "cloudwatch": r.metrics, "measures": r.measures, "notices": h.notices, "tamachi": r.tamachi, "ds": r.directories.Service}
	r.chores["bounces"] = h.notices.Collector()
	r.chores["sns"], r.chores["events"], r.chores["organizations"] = r.sns, r.bridge, r.accounts
	r.upkeep = upkeep.New(h.bell, h.o.Clock, h.o.Log, r.chores)
	h.rooms = r
	if err := h.openDoor(); err != nil {
		return err
	}
	r.runners = []func(context.Context) error{
		r.trail.Run, r.directories.server.Run, h.provisioner().Run, h.arranger().Run, h.stopper().Run, h.maintainer().Run, r.fleet.delivery.Run, r.fleet.associations.Run, r.fleet.automations.Run, h.prepareDesktops, h.keepHouse, h.keepNodeRole, h.web.Record, h.runStore, r.upkeep.Run,
	}
	r.runners = append(r.runners, h.deskRunners(serveDesk)...)
	return nil
}

// deskRunners are what the desk keeps running in the plane; none without one.
func (h *House) deskRunners(serve func(context.Context) error) []func(context.Context) error {
	if serve == nil {
		return nil
	}
	runners := []func(context.Context) error{serve}
	if keep := h.o.Desk.Keep; keep != nil {
		runners = append(runners, func(ctx context.Context) error { keep(ctx); return nil })
	}
	return runners
}

// mostAccounts is how many accounts an organization may have: AWS's default where
// its quotas hold, else any number. Source: Organizations User Guide, "Quotas for
// AWS Organizations".
func (h *House) mostAccounts() int {
	if h.o.Config.Throttle == gate.Strict {
		return 10
	}
	return 0
}

// provisioner makes the engine of desktops.
func (h *House) provisioner() *provision.Engine {
	return provision.New(h.store, h.bell, provision.Ports{
		Room: h.rooms.workspaces, Directories: join{h.rooms.directories, h.o.Config.Domain},
		Activations: h.activations(), Networks: seats{h.rooms.ec2}, Provider: h.desktops, Guises: guises{h},
	}, provision.Options{Node: h.node(), Owner: h.me.ID, Log: h.o.Log})
}

func (h *House) activations() activations {
	return activations{h.gate.As(workspacesPrincipal), h.rooms.fleet.ssm, h.rooms.iam}
}

// workspacesPrincipal is whom the engine of desktops acts as.
const workspacesPrincipal = "workspaces.amazonaws.com"

// servicePrincipals lists what engines may do in a service's name.
var servicePrincipals = map[string][]string{
	dsPrincipal:     {"ds:AccessDSData", "ds-data:RemoveGroupMember"}, // when a membership ends
	eventsPrincipal: {"logs:CreateLogStream", "logs:PutLogEvents"},    // AWS's console makes a policy of Logs for it
	workspacesPrincipal: {
		"iam:CreateRole", "iam:AttachRolePolicy", "ssm:CreateActivation", "iam:PassRole", "ssm:AddTagsToResource", "ssm:DeleteActivation", "ssm:DeregisterManagedInstance",
		"ds:ResetUserPassword",                                                                                // for a person who holds the link of an invitation
		"workspaces:StartWorkspaces",                                                                          // for a person who comes
		"workspaces:StopWorkspaces",                                                                           // when nobody does
		"workspaces:RebootWorkspaces", "workspaces:RebuildWorkspaces", "workspaces:ModifyWorkspaceProperties", // at a user's wish, where their directory lets them
	},
}

func (h *House) openDoor() (err error) {
	h.gate, err = gate.New(gate.Options{
		Services: h.rooms.all, Models: model.Load, Recorder: h.rooms.trail, Principals: principals{h.rooms.iam}, Organizations: h.rooms.accounts, Controls: controls{h.rooms.accounts},
		Clock: h.o.Clock, IDs: h.o.IDs, Log: h.o.Log, Messages: messages{h.box}, ServicePrincipals: servicePrincipals, Throttle: h.o.Config.Throttle,
	})
	if err != nil {
		return err
	}
	var models []*model.Service
	for _, s := range h.rooms.all {
		m, err := model.Load(s.Name())
		if err != nil {
			return fmt.Errorf("load the model of %s: %w", s.Name(), err)
		}
		models = append(models, m)
	}
	var through wire.Gate = h.gate
	if h.o.Config.Tally != "" {
		if h.tally, err = openTally(h.gate, h.o.Config.Tally); err != nil {
			return fmt.Errorf("open the tally: %w", err)
		}
		through = h.tally
	}
	pageKey, err := h.pageKey()
	if err != nil {
		return err
	}
	h.door, err = wire.New(wire.Options{
		Gate: witness{through, h.rooms.iam}, Verifier: h.verifier(), Models: models,
		Clock: h.o.Clock, IDs: h.o.IDs, Region: h.o.Config.Region, Regions: config.Region, Domain: h.o.Config.Domain, PageKey: pageKey,
		Pages: h.pages(), Origins: h.rooms.s3, Log: h.o.Log,
	})
	return err
}

// pageKey seals paging tokens; those of a lab end with it.
func (h *House) pageKey() ([]byte, error) {
	if h.o.Config.Lab {
		return randomKey(), nil
	}
	return secret(filepath.Join(h.o.Config.Data, "page.key"))
}
