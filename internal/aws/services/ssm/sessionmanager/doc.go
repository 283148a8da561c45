// Package sessionmanager is the room of Session Manager: sessions on managed
// nodes, which people hold with the stock session-manager-plugin.
//
// What stands behind it: StartSession sends an interactive_shell order over the
// node's control channel and hands the caller a token; the agent and the
// plugin meet in the gateway, which passes their frames on. A session ends
// when its node says so, when TerminateSession asks for it, or when the plane
// finds that its time is over: idle time and longest duration are unknown to
// agents.
//
// States: Connecting until node and client have met, Connected, Disconnected
// while the client is away, Terminating until the node has said how it ended,
// then Terminated, or Failed when it never began.
//
// Where it differs from AWS:
//
//   - A WorkSpace's id (ws-...) may stand for the node of its desktop.
//   - A session outlives a restart of the plane: agent and plugin come back to
//     it by themselves, the plugin by ResumeSession.
//   - Sessions on ECS tasks do not exist here.
package sessionmanager
