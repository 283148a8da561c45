// Package join turns a Linux host into a managed node of a plane, and undoes
// it: names in the hosts file, the plane's certificate authority in the host's
// trust store, the agent's configuration, its registration and start.
//
// What it promises: each file is noted with what it was before it is changed,
// so that Leave restores the host even after a join that was cut off; a file
// that somebody changed since is not overwritten, only what join added is
// taken out; nothing that was running before is stopped.
//
// The agent is the host's own amazon-ssm-agent where one is installed and not
// registered, else the agent of this binary.
package join
