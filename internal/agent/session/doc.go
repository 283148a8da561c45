// Package session is the node's side of Session Manager: a shell on a terminal,
// a command, or a port, held by somebody's session-manager-plugin over a data
// channel.
//
// What it promises: every byte arrives once and in order, whatever happens to
// the channel, which is opened anew when it breaks; a client that reads slowly
// slows what it reads down and costs a bounded amount of memory; what a session
// started ends with it.
//
// Who a session is: where the preferences turn Run As on, the user they name
// (or the caller's tag), who must exist, else the session fails. Otherwise
// ssm-user where the node has such a user, else the user that the agent runs
// as. No user is made and no sudoers file is written: that is where it departs
// from the SSM Agent. A command of a document that says runAsElevated runs as
// the agent.
//
// Commands of InteractiveCommands and NonInteractiveCommands are split as a
// shell would split them and run without one, as the SSM Agent does.
package session
