package tamachi

import (
	"tamachi/internal/aws/api"
	"tamachi/internal/clock"
	"tamachi/internal/id"
	"tamachi/internal/store"
)

// Service is the room.
type Service struct {
	st    *store.Store
	ids   *id.Source
	clk   clock.Clock
	ports Ports
	live  *live
}

// New returns the room over its store and ports.
func New(st *store.Store, ids *id.Source, clk clock.Clock, ports Ports) *Service {
	return &Service{st: st, ids: ids, clk: clk, ports: ports, live: &live{ids: map[string]bool{}}}
}

// Name is the name of the model table.
func (s *Service) Name() string { return "tamachi" }

// Operations is the table of contents.
func (s *Service) Operations() []api.Operation {
	return []api.Operation{
		api.Write("AcceptInvitation", s.AcceptInvitation, s.acceptInvitationChecks),
		api.Write("AddTemporaryGroupMember", s.AddTemporaryGroupMember, s.addTemporaryGroupMemberChecks),
		api.Data("CheckNode", s.CheckNode, s.checkNodeChecks),
		api.Read("DescribeDesktopSession", s.DescribeDesktopSession, s.describeDesktopSessionChecks),
		api.Write("EndDesktopSession", s.EndDesktopSession, s.endDesktopSessionChecks),
		api.Read("ListDesktopSessions", s.ListDesktopSessions, s.listDesktopSessionsChecks),
		api.Read("CompareInventory", s.CompareInventory, s.compareInventoryChecks),
		api.Write("CreateDesktopPolicy", s.CreateDesktopPolicy, s.createDesktopPolicyChecks),
		api.Write("DeleteDesktopPolicy", s.DeleteDesktopPolicy, s.deleteDesktopPolicyChecks),
		api.Write("DeleteDesktopRecording", s.DeleteDesktopRecording, s.deleteDesktopRecordingChecks),
		api.Write("ExportDesktopRecording", s.ExportDesktopRecording, s.exportDesktopRecordingChecks),
		api.Read("ListDesktopRecordings", s.ListDesktopRecordings, s.listDesktopRecordingsChecks),
		api.Write("PlayDesktopRecording", s.PlayDesktopRecording, s.playDesktopRecordingChecks),
		api.Write("StartDesktopRecording", s.StartDesktopRecording, s.startDesktopRecordingChecks),
		api.Write("StopDesktopRecording", s.StopDesktopRecording, s.stopDesktopRecordingChecks),
		api.Read("DescribeDesktopHistory", s.DescribeDesktopHistory, s.describeDesktopHistoryChecks),
		api.Read("DescribeDesktopUsage", s.DescribeDesktopUsage, s.describeDesktopUsageChecks),
		api.Read("ExplainDesktopPolicies", s.ExplainDesktopPolicies, s.explainDesktopPoliciesChecks),
		api.Write("ExtendDesktop", s.ExtendDesktop, s.extendDesktopChecks),
		api.Read("FollowCommand", s.FollowCommand, s.followCommandChecks),
		api.Read("ListDesktopPolicies", s.ListDesktopPolicies, s.listDesktopPoliciesChecks),
		api.Read("ListTemporaryGroupMembers", s.ListTemporaryGroupMembers, s.listTemporaryGroupMembersChecks),
		api.Read("ListDirectorySignIns", s.ListDirectorySignIns, s.listDirectorySignInsChecks),
		api.Write("ResetUserSecondFactor", s.ResetUserSecondFactor, s.resetUserSecondFactorChecks),
		api.Write("UnlockDirectoryUser", s.UnlockDirectoryUser, s.unlockDirectoryUserChecks),
		api.Write("UpdateDirectorySignIn", s.UpdateDirectorySignIn, s.updateDirectorySignInChecks),
		api.Write("UpdateDesktopPolicy", s.UpdateDesktopPolicy, s.updateDesktopPolicyChecks),
		api.Read("ListInvitations", s.ListInvitations, s.listInvitationsChecks),
		api.Write("JoinDesktop", s.JoinDesktop, s.joinDesktopChecks),
		api.Write("OpenDesktop", s.OpenDesktop, s.openDesktopChecks),
		api.Write("SendInvitation", s.SendInvitation, s.sendInvitationChecks),
	}
}

// Tables lists what the room keeps.
func Tables() []store.Definition {
	return []store.Definition{&tickets, &sessions, &people, &deskSessions, &invitations, &policies, &terms, &films}
}
